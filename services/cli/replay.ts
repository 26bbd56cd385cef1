// `heidewacht replay`: puts what no parser understood back on the way, after a parser or a mapping was
// mended. Works on the data folder while the service is stopped; the next start reads the lines again.
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { pino } from "pino";
import { isAppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import type { Bus } from "../bus/bus.ts";
import { encodeRaw } from "../bus/raw-record.ts";
import { type DeadLetter, readDeadLetter } from "../detect/dead-letter.ts";
import { lockFolder } from "../folder-lock.ts";
import { openPorts } from "../ports.ts";
import { createKeyRing, loadMasterKey } from "../privacy/keys.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";

const GROUP = "replay";
const RECORDS_PER_BATCH_MAX = 500;
const RETRY_DELAY_MS = 500;
const POLL_MS = 20;

export function addReplayCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  program
    .command("replay")
    .description(text.replay)
    .option("-c, --config <file>", text.configOption)
    .option("--data <folder>", text.startData)
    .action(async (options: { config?: string; data?: string }) => {
      const overrides =
        options.data === undefined
          ? {}
          : {
              dataFolder: options.data,
              privacy: { masterKeyFile: `${options.data}/keys/master.key` },
            };
      const loaded = loadConfig(options.config, process.env, overrides);
      for (const [tenant, count] of await replayDeadLetters(loaded)) {
        process.stdout.write(`${text.replayed(tenant, count)}\n`);
      }
    });
}

/**
 * Publishes every dead letter that was not replayed before on `raw` again.
 * @returns tenant → number of lines
 * @throws AppError HW_PLACE_TAKEN while the service runs
 */
export async function replayDeadLetters({
  config,
  folder,
}: LoadedConfig): Promise<Map<string, number>> {
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  const dataDir = at(config.dataFolder);
  const unlock = lockFolder(dataDir);
  const { key } = loadMasterKey(at(config.privacy.masterKeyFile));
  const ring = createKeyRing(key);
  const logger = pino({ level: "warn" });
  const ports = await openPorts({ config, at, dataDir, ring, logger });
  try {
    const counts = new Map<string, number>();
    for (const { id } of config.tenants) counts.set(id, await replayTenant(ports.bus, id));
    return counts;
  } finally {
    await ports.bus.close();
    await ports.store.close();
    await ports.archive.close();
    unlock();
  }
}

async function replayTenant(bus: Bus, tenant: string): Promise<number> {
  let count = 0;
  const consumer = await bus.consume([tenant], {
    topic: "dead-letter",
    group: GROUP,
    recordsPerBatchMax: RECORDS_PER_BATCH_MAX,
    lingerMs: 0,
    retryDelayMs: RETRY_DELAY_MS,
    handle: async ({ records }) => {
      const raw = records.flatMap(({ value }) => {
        const letter = letterOf(value);
        return letter === undefined ? [] : [{ key: undefined, value: encodeRaw(letter.raw) }];
      });
      if (raw.length > 0) await bus.publish(tenant, "raw", raw);
      count += raw.length;
    },
  });
  while ((await bus.lag(tenant, "dead-letter", GROUP)).records > 0) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await consumer.close();
  return count;
}

// Bytes that were no record even on the raw topic stay where they are: there is no line to read in them.
function letterOf(bytes: Uint8Array): DeadLetter | undefined {
  try {
    return readDeadLetter(bytes);
  } catch (error) {
    if (isAppError(error, "HW_PARSE_FAILED")) return undefined;
    throw error;
  }
}
