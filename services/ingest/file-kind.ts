// What a file is, told by its first bytes: plain text, gzip, zstd, or something that holds no log lines.

import type { Transform } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "../../config/errors.ts";

export type FileKind = "plain" | "gzip" | "zstd";

/** Bytes that `fileKind` wants to see. */
export const KIND_BYTES = 16;

// 2^27 bytes is what `zstd --long` writes at most without being told otherwise.
const ZSTD_WINDOW_LOG_MAX = 27;
const OUTPUT_CHUNK_BYTES = 256 * 1024;

const FOREIGN: readonly { readonly magic: string; readonly name: string; readonly mend: string }[] =
  [
    {
      magic: "456c6646696c6500",
      name: "a Windows event log (.evtx)",
      mend: "export it as XML or JSON, or ship it by Winlogbeat",
    },
    { magic: "504b0304", name: "a zip archive", mend: "unpack it first" },
    { magic: "377abcaf271c", name: "a 7z archive", mend: "unpack it first" },
    { magic: "fd377a585a00", name: "xz-compressed", mend: "unpack it first, or use .gz or .zst" },
    { magic: "425a68", name: "bzip2-compressed", mend: "unpack it first, or use .gz or .zst" },
    { magic: "53514c69746520666f726d6174", name: "a SQLite data base", mend: "leave it out" },
    { magic: "25504446", name: "a PDF", mend: "leave it out" },
    { magic: "7f454c46", name: "a program", mend: "leave it out" },
    { magic: "89504e47", name: "a picture", mend: "leave it out" },
  ];

/**
 * @param head the first `KIND_BYTES` bytes, or all when there are fewer
 * @throws AppError HW_INPUT_UNREADABLE for formats that are known to hold no lines
 */
export function fileKind(head: Buffer, path: string): FileKind {
  const hex = head.toString("hex");
  if (hex.startsWith("1f8b")) return "gzip";
  // A zstd frame, or one of the sixteen skippable frames that may stand before it.
  if (hex.startsWith("28b52ffd") || /^5[0-9a-f]2a4d18/.test(hex)) return "zstd";
  const foreign = FOREIGN.find((one) => hex.startsWith(one.magic));
  if (foreign === undefined) return "plain";
  throw new AppError("HW_INPUT_UNREADABLE", `this is ${foreign.name}, no text`, {
    place: path,
    mend: foreign.mend,
  });
}

/** A stream that unpacks what a file of this kind holds. */
export function createUnpacker(kind: "gzip" | "zstd"): Transform {
  if (kind === "gzip") return createGunzip({ chunkSize: OUTPUT_CHUNK_BYTES });
  return createZstdDecompress({
    chunkSize: OUTPUT_CHUNK_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
  });
}
