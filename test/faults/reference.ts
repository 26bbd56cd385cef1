// The undisturbed run: the same records in the same order on the embedded kind, in this process.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../config/load.ts";
import { startHeidewacht } from "../../services/main.ts";
import type { Store } from "../../services/store/store.ts";
import { copyEpochs, openStoreOf } from "../support/epochs.ts";
import { freePort, TENANT, writeInstallation } from "../support/loopback.ts";
import { type Outcome, readOutcome } from "../support/outcome.ts";
import type { Shipment } from "../support/replay.ts";
import { shipAll } from "./shipping.ts";

/**
 * @param masterKey of the other installation, so that pseudonyms are the same
 * @param store of the other installation, which their keys are taken from
 */
export async function runReference(
  folder: string,
  shipments: Iterable<Shipment>,
  masterKey: string,
  store: Store,
): Promise<Outcome> {
  const home = join(folder, "reference");
  mkdirSync(home, { mode: 0o700 });
  const ports = { console: await freePort(), input: await freePort() };
  const installation = writeInstallation(home, ports, masterKey);
  const own = openStoreOf(installation);
  await copyEpochs(store, own).finally(() => own.close());
  const running = await startHeidewacht(loadConfig(installation.configFile, {}), {
    logger: pino({ level: "silent" }),
  });
  try {
    await shipAll(shipments, installation);
    await running.idle(TENANT);
    return await readOutcome(running, TENANT);
  } finally {
    await running.close();
  }
}
