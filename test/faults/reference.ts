// The undisturbed run: the same records in the same order on the embedded kind, in this process.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../config/load.ts";
import { startHeidewacht } from "../../services/main.ts";
import { freePort, TENANT, writeInstallation } from "../support/loopback.ts";
import { type Outcome, readOutcome } from "../support/outcome.ts";
import type { Shipment } from "../support/replay.ts";
import { shipAll } from "./shipping.ts";

/** @param masterKey of the other installation, so that pseudonyms are the same */
export async function runReference(
  folder: string,
  shipments: Iterable<Shipment>,
  masterKey: string,
): Promise<Outcome> {
  const home = join(folder, "reference");
  mkdirSync(home, { mode: 0o700 });
  const ports = { console: await freePort(), input: await freePort() };
  const installation = writeInstallation(home, ports, masterKey);
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
