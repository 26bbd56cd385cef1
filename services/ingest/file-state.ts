// Remembers across restarts how far each file was read, in one JSON file that is replaced as a whole. It
// is written only after the records before the offset are durable on the bus.
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { AppError } from "../../config/errors.ts";

/** Bytes at a place of a file, to tell whether they are still the same. */
const markSchema = z.object({
  offset: z.number().int().min(0),
  bytes: z.number().int().min(0),
  sha256: z.string(),
});

const followedSchema = z.object({
  /** Tenant and source for which it is read. */
  group: z.string(),
  /** First part of its records' ids. */
  id: z.string(),
  path: z.string(),
  device: z.string(),
  inode: z.string(),
  /** Rises when the file is emptied and written anew in place. */
  generation: z.number().int().min(0),
  /** Where the next line begins. */
  offset: z.number().int().min(0),
  /** The file's beginning. */
  head: markSchema,
  /** The last line that was read. */
  mark: markSchema.optional(),
  /** Header lines that hold for the next line. */
  header: z.string().optional(),
  /** The file was emptied or replaced in place; kept to recognise a copy of what was read. */
  isOver: z.boolean(),
  /** When it was last seen, milliseconds since 1970 UTC. */
  seenAt: z.number(),
});

const stateSchema = z.object({
  version: z.literal(1),
  followed: z.array(followedSchema),
  /** Fingerprints of finished files that were read to their end. */
  finished: z.array(z.string()),
});

export type Mark = z.infer<typeof markSchema>;
export type FollowedState = z.infer<typeof followedSchema>;
type FileState = z.infer<typeof stateSchema>;

/** How far no one asks any more: files that were gone for so long are forgotten. */
const FORGET_MS = 30 * 24 * 60 * 60 * 1000;
const FINISHED_MAX = 100_000;

/** The state in memory; `save` brings it to disk. */
export interface FileStateStore {
  readonly followed: Set<FollowedState>;
  readonly finished: Set<string>;
  /** Puts one state in the place of another. */
  replace(before: FollowedState | undefined, after: FollowedState): void;
  /** After a crash the old or the new state is there, never a half one. */
  save(): Promise<void>;
}

/**
 * Opens the remembered state; an empty one where there is no file yet.
 * @throws AppError HW_STORE_CORRUPT when the file is damaged
 */
export async function openFileState(path: string, now: () => number): Promise<FileStateStore> {
  const { followed, finished } = await load(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  let last: Promise<void> = Promise.resolve();
  const store: FileStateStore = {
    followed: new Set(followed),
    finished: new Set(finished),
    replace(before, after) {
      if (before?.mark !== undefined) before.isOver = true;
      else if (before !== undefined) store.followed.delete(before);
      after.seenAt = now();
      store.followed.add(after);
    },
    save() {
      // One after the other; a failed one must not stop those after it.
      last = last.then(write, write);
      return last;
    },
  };
  const write = async (): Promise<void> => {
    for (const one of store.followed) {
      if (one.seenAt < now() - FORGET_MS) store.followed.delete(one);
    }
    const state: FileState = {
      version: 1,
      followed: [...store.followed],
      finished: [...store.finished].slice(-FINISHED_MAX),
    };
    const next = `${path}.next`;
    await writeDurably(next, JSON.stringify(state));
    await rename(next, path);
  };
  return store;
}

async function load(path: string): Promise<FileState> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return { version: 1, followed: [], finished: [] };
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("HW_STORE_CORRUPT", "the offsets of followed files can't be read", {
      place: path,
      mend: "move it away: files are read from their beginning, their records keep their ids",
      cause,
    });
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using handle = await open(path, "w", 0o600);
  await handle.writeFile(text);
  await handle.sync();
}
