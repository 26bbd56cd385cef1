// A file whose content is taken anew when it changes. What can't be read leaves the last good content in
// place and is told once.
import { readFile, stat } from "node:fs/promises";
import { AppError, messageOf } from "../../config/errors.ts";

export interface WatchedFile<T> {
  /** The last good content; undefined when there never was one. */
  readonly current: T | undefined;
  /** Looks whether the file has changed. @returns whether there is a new content; never rejects */
  refresh(): Promise<boolean>;
}

export interface WatchedFileOptions<T> {
  readonly path: string;
  readonly bytesMax: number;
  /** Makes the content; what it throws is a fault of the file. */
  readonly read: (bytes: Buffer) => T | Promise<T>;
  /** Told once for each state of the file that can't be read. */
  readonly onFault: (error: AppError) => void;
}

/** The file is read at the first `refresh`. */
export function watchFile<T>(options: WatchedFileOptions<T>): WatchedFile<T> {
  const { path, bytesMax } = options;
  let current: T | undefined;
  let seen = "";
  return {
    get current() {
      return current;
    },
    async refresh() {
      let state = "missing";
      try {
        const { mtimeMs, size, ino } = await stat(path).catch((error: unknown) => {
          if (seen === state) return { mtimeMs: 0, size: 0, ino: -1 };
          throw error;
        });
        // Missing still, and told already.
        if (ino === -1) return false;
        state = `${mtimeMs} ${size} ${ino}`;
        if (state === seen) return false;
        if (size > bytesMax) {
          throw new AppError("HW_INPUT_TOO_LARGE", `over ${bytesMax} bytes`, { place: path });
        }
        current = await options.read(await readFile(path));
        seen = state;
        return true;
      } catch (cause) {
        if (seen !== state) options.onFault(faultOf(path, cause));
        seen = state;
        return false;
      }
    },
  };
}

function faultOf(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: path, cause });
}
