// What a file is, told by its first bytes: text, packed text, an archive, a log in a binary form, or
// something that holds no log.

import type { Transform } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "../../config/errors.ts";
import { EVTX_MAGIC } from "../normalize/evtx/evtx-decoder.ts";

export type PackedKind = "gzip" | "zstd";
/** `journal`: what `journalctl -o export` writes. */
export type FileKind = "plain" | PackedKind | "zip" | "tar" | "evtx" | "journal";

/** Bytes that `fileKind` wants to see. */
export const KIND_BYTES = 512;

const TAR_MAGIC = "ustar";
const TAR_MAGIC_OFFSET = 257;
const JOURNAL_START = "__CURSOR=";
/** Where the name of a zip archive's first entry stands. */
const ZIP_NAME_OFFSET = 30;

// 2^27 bytes is what `zstd --long` writes at most without being told otherwise.
const ZSTD_WINDOW_LOG_MAX = 27;
const OUTPUT_CHUNK_BYTES = 256 * 1024;

const FOREIGN: readonly { readonly magic: string; readonly name: string; readonly mend: string }[] =
  [
    {
      magic: "300000004c664c65",
      name: "an event log of Windows XP (.evt)",
      mend: "save it as .evtx with the event viewer of a newer Windows",
    },
    { magic: "377abcaf271c", name: "a 7z archive", mend: "unpack it first" },
    { magic: "526172211a07", name: "a rar archive", mend: "unpack it first" },
    { magic: "fd377a585a00", name: "xz-compressed", mend: "unpack it first, or use .gz or .zst" },
    { magic: "425a68", name: "bzip2-compressed", mend: "unpack it first, or use .gz or .zst" },
    { magic: "53514c69746520666f726d6174", name: "a SQLite data base", mend: "leave it out" },
    { magic: "25504446", name: "a PDF", mend: "leave it out" },
    { magic: "7f454c46", name: "a program", mend: "leave it out" },
    { magic: "89504e47", name: "a picture", mend: "leave it out" },
  ];

// Zip archives by their first entry: documents and programs hold no logs.
const DOCUMENTS: readonly { readonly entry: string; readonly name: string }[] = [
  { entry: "[Content_Types].xml", name: "an Office document" },
  { entry: "mimetype", name: "an OpenDocument file" },
  { entry: "META-INF/", name: "a Java program" },
];

/**
 * @param head the first `KIND_BYTES` bytes, or all when there are fewer
 * @throws AppError HW_INPUT_UNREADABLE for formats that are known to hold no log
 */
export function fileKind(head: Buffer, place: string): FileKind {
  const hex = head.toString("hex", 0, 16);
  if (hex.startsWith("1f8b")) return "gzip";
  // A zstd frame, or one of the sixteen skippable frames that may stand before it.
  if (hex.startsWith("28b52ffd") || /^5[0-9a-f]2a4d18/.test(hex)) return "zstd";
  const foreign = FOREIGN.find((one) => hex.startsWith(one.magic));
  if (foreign !== undefined) throw notReadable(foreign.name, foreign.mend, place);
  // The second one is an archive without entries.
  if (hex.startsWith("504b0304") || hex.startsWith("504b0506")) {
    const name = head.toString("latin1", ZIP_NAME_OFFSET);
    const document = DOCUMENTS.find((one) => name.startsWith(one.entry));
    if (document !== undefined) throw notReadable(document.name, "leave it out", place);
    return "zip";
  }
  if (head.subarray(0, EVTX_MAGIC.length).equals(EVTX_MAGIC)) return "evtx";
  if (head.toString("latin1", 0, JOURNAL_START.length) === JOURNAL_START) return "journal";
  const magic = head.toString("latin1", TAR_MAGIC_OFFSET, TAR_MAGIC_OFFSET + TAR_MAGIC.length);
  return magic === TAR_MAGIC ? "tar" : "plain";
}

function notReadable(name: string, mend: string, place: string): AppError {
  return new AppError("HW_INPUT_UNREADABLE", `this is ${name}, no log`, { place, mend });
}

/** A stream that unpacks what a file of this kind holds. */
export function createUnpacker(kind: PackedKind): Transform {
  if (kind === "gzip") return createGunzip({ chunkSize: OUTPUT_CHUNK_BYTES });
  return createZstdDecompress({
    chunkSize: OUTPUT_CHUNK_BYTES,
    params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
  });
}
