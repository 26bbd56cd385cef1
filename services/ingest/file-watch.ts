// Keeps a group of files followed: finds new ones by their patterns, recognises those that it knows under
// whatever name rotation gave them, and lets go of those that are gone and quiet. Looks by polling, which
// works on network drives too.
import type { BigIntStats } from "node:fs";
import { type FileHandle, glob, open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../../config/errors.ts";
import type { FilesConfig } from "../../config/inputs.ts";
import { createFollower, type FollowedLine, type Follower } from "./file-follow.ts";
import {
  inodeKey,
  isContinuation,
  isCopy,
  newFileState,
  readAt,
  readHead,
} from "./file-identity.ts";
import { fileKind, KIND_BYTES } from "./file-kind.ts";
import type { FileStateStore, FollowedState } from "./file-state.ts";

export interface FileWatchOptions {
  readonly config: FilesConfig;
  /** Tenant and source: files are remembered under it. */
  readonly group: string;
  readonly store: FileStateStore;
  /** @param key keeps the order of one file's lines */
  readonly publish: (key: string, lines: readonly FollowedLine[]) => Promise<void>;
  readonly onFault: (error: unknown, path: string) => void;
  readonly onCut: (path: string, offset: number) => void;
  readonly now: () => number;
}

interface Watched {
  readonly follower: Follower;
  isGone: boolean;
  /** When it last had something new, milliseconds since 1970 UTC. */
  activeAt: number;
}

/** Does nothing by itself: `files.ts` calls it, one call at a time. */
export class FileWatch {
  readonly #options: FileWatchOptions;
  readonly #watched = new Map<string, Watched>();
  /** Packed or foreign files, by inode: told once. */
  readonly #ignored = new Set<string>();
  readonly #skipsOld: boolean;
  #isFirst = true;

  constructor(options: FileWatchOptions) {
    this.#options = options;
    this.#skipsOld = options.config.startAt === "end" && this.#known().length === 0;
  }

  /** Looks for files that came, moved or went. */
  async discover(): Promise<void> {
    const { config, now } = this.#options;
    const seen = new Set<string>();
    for (const path of await expandPaths(config.paths, config.filesMax)) {
      const stats = await statFile(path);
      if (stats === undefined) continue;
      const key = inodeKey(stats);
      seen.add(key);
      const one = this.#watched.get(key);
      if (one !== undefined) one.follower.state.path = path;
      else await this.#tryFollow(path, stats);
    }
    if (this.#isFirst) await this.#followMoved(seen);
    this.#isFirst = false;
    for (const [key, one] of this.#watched) {
      one.isGone = !seen.has(key);
      one.follower.state.seenAt = now();
    }
  }

  /** Reads on in every file once; whether there was anything. */
  async readOn(): Promise<boolean> {
    const { config, now } = this.#options;
    let isBusy = false;
    for (const [key, one] of this.#watched) {
      try {
        if (await one.follower.readOn()) {
          one.activeAt = now();
          isBusy = true;
        } else if (one.isGone && now() - one.activeAt >= config.closeQuietMs) {
          await one.follower.finish();
          await this.#letGo(key, one);
        }
      } catch (error) {
        if (error instanceof Error && error.name === "AbortError") throw error;
        this.#options.onFault(error, one.follower.state.path);
        await this.#letGo(key, one);
      }
    }
    return isBusy;
  }

  async close(): Promise<void> {
    for (const [key, one] of this.#watched) await this.#letGo(key, one);
  }

  #known(): FollowedState[] {
    const { store, group } = this.#options;
    return [...store.followed].filter((one) => one.group === group);
  }

  async #letGo(key: string, one: Watched): Promise<void> {
    this.#watched.delete(key);
    await one.follower.close();
  }

  async #tryFollow(path: string, stats: BigIntStats): Promise<void> {
    const key = inodeKey(stats);
    if (this.#ignored.has(key) || this.#watched.size >= this.#options.config.filesMax) return;
    try {
      await this.#follow(path, stats);
    } catch (error) {
      // A file that went between look and open is no fault; a foreign one is told of once.
      if (isMissing(error)) return;
      this.#ignored.add(key);
      this.#options.onFault(error, path);
    }
  }

  async #follow(path: string, stats: BigIntStats): Promise<void> {
    const { config, publish, store, now, onCut } = this.#options;
    const key = inodeKey(stats);
    const handle = await open(path, "r");
    try {
      const kind = fileKind(await readAt(handle, 0, KIND_BYTES), path);
      if (kind === "evtx" || kind === "journal") {
        throw new AppError("HW_INPUT_UNREADABLE", "binary logs can't be followed", {
          place: path,
          mend: "read it with `mode: once`, or ship it by Winlogbeat or systemd-journal-upload",
        });
      }
      if (kind !== "plain") {
        this.#ignored.add(key);
        await handle.close();
        return;
      }
      const state = await this.#stateFor(handle, path, stats);
      const follower = createFollower({
        handle,
        state,
        config,
        onCut,
        publish: (lines) => publish(key, lines),
        async replaceState(before, after) {
          store.replace(before, after);
          await store.save();
        },
      });
      this.#watched.set(key, { follower, isGone: false, activeAt: now() });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The remembered state of a file or a new one; durable before anything is read under it. */
  async #stateFor(handle: FileHandle, path: string, stats: BigIntStats): Promise<FollowedState> {
    const { group, store } = this.#options;
    const size = Number(stats.size);
    const known = this.#known();
    const same = known.find(
      (one) => !one.isOver && `${one.device}:${one.inode}` === inodeKey(stats),
    );
    if (same !== undefined && (await isContinuation(handle, size, same))) {
      same.path = path;
      return same;
    }
    let offset = this.#isFirst && this.#skipsOld ? size : 0;
    let header: string | undefined;
    for (const other of known) {
      if (other === same || !(await isCopy(handle, size, other))) continue;
      ({ offset, header } = other);
    }
    const generation = same === undefined ? 0 : same.generation + 1;
    const head = await readHead(handle);
    const state = newFileState(group, path, stats, { generation, offset, head });
    if (header !== undefined) state.header = header;
    store.replace(same, state);
    await store.save();
    return state;
  }

  // What was moved away while nothing ran lies beside its old place, under the same inode.
  async #followMoved(seen: Set<string>): Promise<void> {
    for (const state of this.#known()) {
      const key = `${state.device}:${state.inode}`;
      if (state.isOver || seen.has(key) || this.#watched.has(key)) continue;
      const folder = dirname(state.path);
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const stats = await statFile(path);
        if (stats !== undefined && inodeKey(stats) === key) await this.#tryFollow(path, stats);
      }
    }
  }
}

/** Files that the paths name: themselves, the files of a folder, the matches of a pattern. */
async function expandPaths(paths: readonly string[], filesMax: number): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    if (/[*?[{]/.test(path)) {
      for await (const match of glob(path)) {
        if (found.size >= filesMax) break;
        found.add(match);
      }
      continue;
    }
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true) found.add(path);
    else for (const name of await readdir(path)) found.add(join(path, name));
  }
  return [...found].sort().slice(0, filesMax);
}

async function statFile(path: string): Promise<BigIntStats | undefined> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "EACCES")
  );
}
