// A threat list on disk, a file or a folder of files, taken anew when something in it changes. What can't be
// read is told once for each state of it; when nothing of a list can be, its last good content stays.
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { ThreatListConfig } from "../../../config/enrichment.ts";
import { AppError, messageOf } from "../../../config/errors.ts";
import { createIndicatorSet, type IndicatorSet } from "./indicator-set.ts";
import { emptyTally, type ListTally, readList } from "./read-list.ts";

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const FILES_MAX = 20_000;
const DAY_MS = 86_400_000;
const FAULTS_TOLD_MAX = 10;
const EXTENSIONS = new Set(["", ".txt", ".csv", ".json", ".list", ".stix", ".netset", ".ipset"]);
/** What lies beside the events of a MISP feed. */
const NO_LISTS = new Set(["manifest.json", "hashes.csv"]);

export interface WatchedList {
  readonly config: ThreatListConfig;
  readonly current: IndicatorSet | undefined;
  /** @returns whether there is a new content; never rejects */
  refresh(): Promise<boolean>;
}

export interface WatchedListOptions {
  readonly config: ThreatListConfig;
  readonly path: string;
  /** ms UTC. */
  readonly now: () => number;
  /** How many indicators this list may have, with what the others have already. */
  readonly room: () => number;
  readonly parseJson: (text: string) => unknown;
  readonly onFault: (fault: { readonly place: string; readonly message: string }) => void;
  readonly onRead: (config: ThreatListConfig, tally: ListTally) => void;
}

interface ListFile {
  readonly path: string;
  readonly changedAt: number;
  readonly bytes: number;
}

/** Read at the first `refresh`. */
export function watchList(options: WatchedListOptions): WatchedList {
  const { config, path, onFault } = options;
  let current: IndicatorSet | undefined;
  let seen = "";
  return {
    config,
    get current() {
      return current;
    },
    async refresh() {
      let state = "missing";
      try {
        const files = await filesOf(path);
        state = files.map((one) => `${one.path} ${one.changedAt} ${one.bytes}`).join("\n");
        if (state === seen) return false;
        seen = state;
        const read = await readAll(files, options);
        if (read === undefined) return false;
        current = read.set;
        options.onRead(config, read.tally);
        return true;
      } catch (cause) {
        if (seen !== state) onFault({ place: path, message: messageOf(cause) });
        seen = state;
        return false;
      }
    },
  };
}

async function filesOf(path: string): Promise<readonly ListFile[]> {
  const about = await stat(path);
  const file = { path, changedAt: about.mtimeMs, bytes: about.size };
  if (!about.isDirectory()) return [file];
  const names = (await readdir(path)).filter(
    (name) =>
      !name.startsWith(".") && !NO_LISTS.has(name) && EXTENSIONS.has(extname(name).toLowerCase()),
  );
  if (names.length > FILES_MAX) {
    throw new AppError("HW_INPUT_TOO_LARGE", `over ${FILES_MAX} files`, { place: path });
  }
  const files: ListFile[] = [];
  for (const name of names.sort()) {
    const own = join(path, name);
    const { mtimeMs, size, isFile } = await aboutFile(own);
    if (isFile) files.push({ path: own, changedAt: mtimeMs, bytes: size });
  }
  return files;
}

// One that goes away between listing and looking is no fault.
async function aboutFile(path: string) {
  const about = await stat(path).catch(() => undefined);
  return { mtimeMs: about?.mtimeMs ?? 0, size: about?.size ?? 0, isFile: about?.isFile() ?? false };
}

/** Undefined when there were files and none could be read. */
async function readAll(
  files: readonly ListFile[],
  { config, now, room, parseJson, onFault }: WatchedListOptions,
): Promise<{ readonly set: IndicatorSet; readonly tally: ListTally } | undefined> {
  const set = createIndicatorSet(room());
  const tally = emptyTally();
  const { confidence, tlp } = config;
  const reading = { defaults: { confidence, tlp }, expiryMs: config.expiryDays * DAY_MS };
  let failed = 0;
  for (const { path, changedAt, bytes } of files) {
    try {
      if (bytes > FILE_BYTES_MAX) {
        throw new AppError("HW_INPUT_TOO_LARGE", `over ${FILE_BYTES_MAX} bytes`, { place: path });
      }
      const text = await readFile(path, "utf8");
      const about = { ...reading, parseJson, tally, changedAt, now: now() };
      await readList(text, { ...about, add: set.add });
    } catch (cause) {
      failed += 1;
      if (failed <= FAULTS_TOLD_MAX) onFault({ place: path, message: messageOf(cause) });
    }
  }
  return failed > 0 && failed === files.length ? undefined : { set, tally };
}
