// Where `heidewacht rules backtest` takes its events from: the archive of a data folder whose service does
// not run, or files of any format.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AppError, isAppError, messageOf } from "../../config/errors.ts";
import type { LogEvent } from "../../detectors/event.ts";
import { openEmbeddedArchive } from "../archive/embedded.ts";
import { archivedEvents } from "../backtest/archived-events.ts";
import { type GivenEventsTools, givenEvents } from "../backtest/given-events.ts";
import type { BacktestEvent } from "../backtest/result.ts";
import { lockFolder } from "../folder-lock.ts";
import { readLines } from "../ingest/file-read.ts";
import { listInputFiles } from "../ingest/input-files.ts";
import type { Format } from "../normalize/format.ts";
import type { CliLanguage } from "./messages.ts";
import { BACKTEST_MESSAGES } from "./rules-backtest-messages.ts";

const ARCHIVE_FILE = "archive.db";
const LINE_BYTES_MAX = 4 * 1024 * 1024;

/** Event time, half-open [from, to), milliseconds since 1970 UTC. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export interface EventSource {
  readonly tenant: string;
  readonly isArchived: boolean;
  readonly events: (signal: AbortSignal) => AsyncIterable<BacktestEvent>;
  /** Of what there is to read, 0 to 1. */
  readonly shareAt: (event: LogEvent) => number;
  readonly counts: () => { readonly unparsed: number; readonly damaged: number };
  /** What could not be read. */
  readonly faults: readonly { readonly place: string; readonly reason: string }[];
  readonly close: () => Promise<void>;
}

/**
 * The archive of a data folder, locked until it is closed.
 * @param tenant needed where there are several
 * @throws AppError HW_NOT_FOUND, HW_USAGE, HW_PLACE_TAKEN while the service runs
 */
export async function archiveSource(
  folder: string,
  tenant: string | undefined,
  range: TimeRange,
  formats: readonly Format[],
  language: CliLanguage,
): Promise<EventSource> {
  const chosen = tenantOf(folder, tenant, language);
  const unlock = lockFolder(folder);
  let damaged = 0;
  const archive = openEmbeddedArchive({
    dataDir: folder,
    onDamage: () => {
      damaged += 1;
    },
  });
  const { oldest = range.from, newest = range.to } = await archive.statistics(chosen);
  const from = Math.max(range.from, oldest);
  const span = Math.max(1, Math.min(range.to, newest + 1) - from);
  return {
    tenant: chosen,
    isArchived: true,
    events: (signal) =>
      archivedEvents(archive, { tenant: chosen, range, formats, view: (event) => event, signal }),
    shareAt: ({ time }) => Math.min(1, Math.max(0, (time - from) / span)),
    counts: () => ({ unparsed: 0, damaged }),
    faults: [],
    close: async () => {
      await archive.close();
      unlock();
    },
  };
}

function tenantOf(folder: string, tenant: string | undefined, language: CliLanguage): string {
  const text = BACKTEST_MESSAGES[language];
  const found = (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, ARCHIVE_FILE)))
    .map(({ name }) => name);
  const [first] = tenant === undefined ? found : found.filter((name) => name === tenant);
  if (first === undefined) throw new AppError("HW_NOT_FOUND", text.noTenant, { place: folder });
  if (tenant === undefined && found.length > 1) {
    throw new AppError("HW_USAGE", text.whichTenant(found.sort().join(", ")), { place: folder });
  }
  return first;
}

/** Files and folders, read one after the other. */
export async function fileSource(
  paths: readonly string[],
  range: TimeRange,
  tools: Omit<GivenEventsTools, "onUnparsed">,
): Promise<EventSource> {
  const { files, bytesTotal, faults: unlisted } = await listInputFiles(paths);
  const faults = unlisted.map(({ place = "", message }) => ({ place, reason: message }));
  let [unparsed, bytesBefore, bytesRead] = [0, 0, 0];
  const countUnparsed = () => {
    unparsed += 1;
  };
  const given = { ...tools, onUnparsed: countUnparsed };
  const fault = (error: unknown, path: string) => {
    const place = (isAppError(error) ? error.place : undefined) ?? path;
    faults.push({ place, reason: messageOf(error) });
  };
  return {
    tenant: tools.tenant,
    isArchived: false,
    async *events(signal) {
      for (const { path, bytes } of files) {
        try {
          for await (const batch of readLines(path, { lineBytesMax: LINE_BYTES_MAX, signal })) {
            bytesRead = bytesBefore + batch.bytesRead;
            for (const one of batch.faults) fault(one, path);
            for (const one of givenEvents(batch.place, batch.lines, given)) {
              if (one.event.time >= range.from && one.event.time < range.to) yield one;
            }
          }
        } catch (error) {
          signal.throwIfAborted();
          fault(error, path);
        }
        bytesBefore += bytes;
      }
    },
    shareAt: () => Math.min(1, bytesRead / Math.max(1, bytesTotal)),
    counts: () => ({ unparsed, damaged: 0 }),
    faults,
    close: async () => undefined,
  };
}
