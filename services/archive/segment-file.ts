// Segment files on disk: append behind the known length, durable before the catalogue learns of it.
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes at `offset` and syncs. Bytes behind `offset` (left over from a crash) are cut off first.
 * @returns nothing; when it returns the bytes survive a power cut
 */
export function appendDurably(path: string, offset: number, parts: readonly Uint8Array[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, offset === 0 ? "w" : "r+", 0o600);
  try {
    if (fstatSync(file).size > offset) ftruncateSync(file, offset);
    let at = offset;
    for (const part of parts) {
      let written = 0;
      while (written < part.length) {
        written += writeSync(file, part, written, part.length - written, at + written);
      }
      at += part.length;
    }
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The bytes of one frame; shorter than asked for when the file ends before. */
export function readPart(path: string, offset: number, length: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const count = readSync(file, bytes, read, length - read, offset + read);
      if (count === 0) break;
      read += count;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/** Deletes a segment file; one that is gone already is fine. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
