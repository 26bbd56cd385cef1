// Reads finished files as records: lines of text (UTF-8, UTF-16), the elements of `.json` files, event
// logs, journal exports, packed or in archives. `scan` and the file input use it.
import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";
import type { Multiline } from "../../config/inputs.ts";
import { type Progress, readFileBytes } from "./file-bytes.ts";
import { type RecordBatch, readRecords } from "./file-records.ts";
import { createUnpackBudget } from "./file-unpack.ts";

/** Records of a file, with how far it was read. */
export interface LineBatch extends RecordBatch {
  /** Bytes of the file on disk read so far, for a progress bar. */
  readonly bytesRead: number;
}

export interface ReadLinesOptions {
  readonly lineBytesMax: number;
  readonly signal?: AbortSignal;
  /** Whether lines may belong to the line before them; without it they don't. */
  readonly multiline?: Multiline;
}

const FINGERPRINT_BYTES = 4096;

/**
 * The records of a file in batches of what was read at once (up to 1 MiB).
 * @throws AppError HW_INPUT_UNREADABLE and others, place `file` or `file:line`, after everything readable
 *   before it
 */
export async function* readLines(
  path: string,
  options: ReadLinesOptions,
): AsyncGenerator<LineBatch> {
  const progress: Progress = { bytesRead: 0 };
  const { signal, lineBytesMax } = options;
  const batches = readRecords({
    place: path,
    path,
    chunks: readFileBytes(path, signal, progress),
    lineBytesMax,
    multiline: options.multiline ?? "none",
    signal,
    budget: createUnpackBudget(await sizeOf(path)),
    progress,
    archives: 0,
    packings: 0,
  });
  for await (const batch of batches) yield { ...batch, bytesRead: progress.bytesRead };
}

/**
 * What stays the same when a finished file is read again, also under another folder: name, size,
 * beginning and end. Ids of its records are made from it.
 * @throws AppError HW_INPUT_UNREADABLE
 */
export async function fileFingerprint(path: string): Promise<string> {
  try {
    await using handle = await open(path, "r");
    const { size } = await handle.stat();
    const hash = createHash("sha256").update(`${basename(path)}\0${size}\0`);
    const bytes = Buffer.alloc(FINGERPRINT_BYTES);
    for (const position of [0, Math.max(0, size - FINGERPRINT_BYTES)]) {
      const { bytesRead } = await handle.read(bytes, 0, FINGERPRINT_BYTES, position);
      hash.update(bytes.subarray(0, bytesRead));
    }
    return hash.digest("hex").slice(0, 32);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: path, cause });
}
