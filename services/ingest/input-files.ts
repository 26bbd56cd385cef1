// Lists the files that paths name: files themselves, folders with everything below them. Sizes come
// along, so that a progress bar knows its end.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";

export interface InputFile {
  readonly path: string;
  /** On disk, packed. */
  readonly bytes: number;
}

export interface InputFiles {
  /** In the order of `paths`, a folder's files sorted by name. */
  readonly files: readonly InputFile[];
  readonly bytesTotal: number;
  /** What could not be looked at below a folder. */
  readonly faults: readonly AppError[];
}

/**
 * Folders are read to the bottom; hidden entries (leading dot) and links to folders are left out.
 * @throws AppError HW_INPUT_UNREADABLE when one of `paths` itself can't be found
 */
export async function listInputFiles(paths: readonly string[]): Promise<InputFiles> {
  const files = new Map<string, InputFile>();
  const faults: AppError[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    if (found.isDirectory()) await listFolder(path, files, faults);
    else files.set(path, { path, bytes: found.size });
  }
  const all = [...files.values()];
  return { files: all, bytesTotal: all.reduce((sum, file) => sum + file.bytes, 0), faults };
}

async function listFolder(
  folder: string,
  files: Map<string, InputFile>,
  faults: AppError[],
): Promise<void> {
  // A stack of folders instead of recursion: how deep it goes is the disk's choice, not ours.
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const current = next;
    const entries = await readdir(current, { withFileTypes: true }).catch((cause: unknown) => {
      faults.push(unreadable(current, cause));
      return [];
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const below: string[] = [];
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory()) below.push(path);
      else await addFile(path, files, faults);
    }
    waiting.push(...below.reverse());
  }
}

async function addFile(
  path: string,
  files: Map<string, InputFile>,
  faults: AppError[],
): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isFile()) files.set(path, { path, bytes: found.size });
  } catch (cause) {
    faults.push(unreadable(path, cause));
  }
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: path, cause });
}
