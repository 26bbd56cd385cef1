// Reads finished files as records: lines of text (UTF-8, UTF-16, packed or not) or, in `.json` files, the
// elements of an array. `scan` and the file input use it.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { AppError, messageOf } from "../../config/errors.ts";
import { readFileBytes } from "./file-bytes.ts";
import { createFileSplitter, findLayout } from "./file-layout.ts";
import { type Piece, pieceText } from "./line-splitter.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** A record of a file. */
export interface InputLine {
  readonly text: string;
  /** Place of its first byte in the unpacked file. */
  readonly offset: number;
  /** From 1; for JSON elements the line in which they begin. */
  readonly line: number;
  /** Longer than `lineBytesMax`; the text is its beginning. */
  readonly cut: boolean;
}

export interface LineBatch {
  /** Without empty lines. */
  readonly lines: readonly InputLine[];
  /** Bytes of the file on disk read so far, for a progress bar. */
  readonly bytesRead: number;
  /** One HW_INPUT_TOO_LARGE for each cut line, its place `file:line`. */
  readonly faults: readonly AppError[];
}

export interface ReadLinesOptions {
  readonly lineBytesMax: number;
  readonly signal?: AbortSignal;
}

const FINGERPRINT_BYTES = 4096;

/**
 * The records of a file in batches of what was read at once (up to 1 MiB).
 * @throws AppError HW_INPUT_UNREADABLE, place `file` or `file:line`, after everything readable before it
 */
export async function* readLines(
  path: string,
  options: ReadLinesOptions,
): AsyncGenerator<LineBatch> {
  const layout = await findLayout(path, options.signal);
  const splitter = createFileSplitter(layout, options.lineBytesMax);
  const encoding = layout.records === "elements" ? "utf-8" : layout.encoding;
  let { markBytes } = layout;
  let lastLine = 0;
  let bytesRead = 0;
  let fault: unknown;
  try {
    for await (const chunk of readFileBytes(path, options.signal)) {
      bytesRead = chunk.bytesRead;
      const pieces = splitter.push(chunk.bytes.subarray(markBytes));
      markBytes = 0;
      lastLine = pieces.at(-1)?.line ?? lastLine;
      yield toBatch(path, pieces, encoding, bytesRead);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    fault = error;
  }
  const rest = splitter.rest();
  if (rest !== undefined) yield toBatch(path, [rest], encoding, bytesRead);
  if (fault === undefined) return;
  if (lastLine === 0 || !(fault instanceof AppError)) throw fault;
  throw new AppError(fault.code, fault.message, { place: `${path}:${lastLine}`, cause: fault });
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
    throw new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: path, cause });
  }
}

function toBatch(
  path: string,
  pieces: readonly Piece[],
  encoding: TextEncoding,
  bytesRead: number,
): LineBatch {
  const lines: InputLine[] = [];
  const faults: AppError[] = [];
  for (const piece of pieces) {
    if (piece.bytes.length === 0) continue;
    const { offset, line, cut } = piece;
    lines.push({ text: pieceText(piece, encoding), offset, line, cut });
    if (cut) {
      faults.push(
        new AppError("HW_INPUT_TOO_LARGE", "the record is longer than allowed and was cut", {
          place: `${path}:${line}`,
        }),
      );
    }
  }
  return { lines, bytesRead, faults };
}
