// Moves an embedded installation to the servers that another configuration names. The source is only read;
// what is on its way in it is processed first. Can be killed at any moment and begun anew.
import { join } from "node:path";
import { pino } from "pino";
import { AppError } from "../../../config/errors.ts";
import type { LoadedConfig } from "../../../config/load.ts";
import { startHeidewacht } from "../../main.ts";
import { brokenChains } from "./backup.ts";
import { type CarryOptions, carry } from "./carry.ts";
import { checkTenants, checkWitness, type Installation, openInstallation } from "./installation.ts";
import { openJournal } from "./journal.ts";
import type { Part } from "./place.ts";
import { portsPlace } from "./ports-place.ts";
import { leftParts, type MoveResult, resultOf } from "./result.ts";
import { beginTarget, endTarget } from "./target.ts";

const JOURNAL = "migrate.json";

type OnPart = CarryOptions["onPart"];

/**
 * Moves everything and compares both sides.
 * @throws AppError HW_USAGE for configurations that are no such pair, HW_PLACE_TAKEN while the source is in
 * use or when the target has other data, HW_DECRYPT_FAILED when the keys differ
 */
export async function migrate(
  from: LoadedConfig,
  to: LoadedConfig,
  onPart?: OnPart,
): Promise<MoveResult> {
  checkPair(from, to);
  await drain(from);
  const source = await openInstallation(from, true);
  try {
    const target = await openInstallation(to, true);
    try {
      return await move(source, target, onPart);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function move(
  source: Installation,
  target: Installation,
  onPart: OnPart,
): Promise<MoveResult> {
  checkWitness(source.keyWitness, target.keyWitness);
  checkTenants(target.config, source.tenants);
  const journal = openJournal(join(source.dataDir, JOURNAL), nameOf(target));
  const { partitions } = source.config.queue;
  const left = leftParts(target.config, partitions);
  const { tenants } = source;
  if (journal.result === undefined) {
    const isResumed = await beginTarget(target.ports, target.tenants, journal.id, Date.now());
    // What an earlier try wrote is gone, whatever the journal says.
    if (!isResumed) journal.reset();
    const options = { id: journal.id, tenants, partitions };
    const isLeft = ({ name }: Part) => left.some((one) => one.name === name);
    const parts = await carry(
      portsPlace(source.ports, options),
      portsPlace(target.ports, { ...options, partitions: target.config.queue.partitions }),
      { isLeft, progress: journal.progress, ...(onPart && { onPart }) },
    );
    const result = resultOf(parts, left, await brokenChains(target, tenants));
    if (!result.equal) {
      // The next try writes all of it again, which changes nothing that is there.
      journal.reset();
      return result;
    }
    journal.finish(parts);
  }
  await endTarget(target.ports);
  return resultOf(journal.result ?? [], left, []);
}

/** Another target is another move. */
function nameOf({ config }: Installation): string {
  const { bus, store } = config;
  return [...bus.brokers, bus.prefix, ...store.nodes, store.prefix].join(" ");
}

/** @throws AppError HW_USAGE */
function checkPair({ config: from }: LoadedConfig, { config: to }: LoadedConfig): void {
  const isEmbedded = from.bus.kind === "embedded" && from.store.kind === "embedded";
  const isServers = to.bus.kind === "kafka" && to.store.kind === "elasticsearch";
  if (isEmbedded && isServers) return;
  throw new AppError("HW_USAGE", "migrate führt von embedded zu kafka und elasticsearch", {
    place: isEmbedded ? "--to: bus.kind, store.kind" : "--from: bus.kind, store.kind",
    mend: "für alle anderen Wege: heidewacht backup und heidewacht restore",
  });
}

/**
 * Lets the source process what it has accepted, without taking anything new: positions in its queue mean
 * nothing to another one. A clean stop also stores the memory of the detectors that join events.
 */
async function drain(from: LoadedConfig): Promise<void> {
  const { config } = from;
  const nothing = { files: [], syslog: [], relp: [], gelf: [], lumberjack: [], stdin: undefined };
  const inputs = { ...config.inputs, ...nothing, http: { ...config.inputs.http, enabled: false } };
  const console = { ...config.console, host: "127.0.0.1", port: 0 };
  const quiet = { ...from, config: { ...config, inputs, console } };
  const running = await startHeidewacht(quiet, { logger: pino({ level: "warn" }) });
  try {
    for (const { id } of config.tenants) await running.idle(id);
  } finally {
    await running.close();
  }
}
