// The state of one shard in bytes: which correlations it has groups of (id and what it means, so that a
// changed one is told apart), then each group. Cut into pieces where it is long.
//
//   version 1 byte; number of correlations 4; each: id, meaning (texts)
//   each group: correlation 2, newest 8, first 8, length 4, block
import { AppError } from "../../config/errors.ts";
import { readText, skipText, textBytes, writeText } from "./text-codec.ts";

const VERSION = 1;
/** Under 1 MiB, as `KeyedDetector.store` promises. */
const PIECE_BYTES_MAX = 1_000_000;
const HEAD_BYTES = 5;
const GROUP_BYTES = 22;

/** A correlation as a snapshot names it. */
export interface StoredCorrelation {
  readonly id: string;
  /** Changes with all that changes what the state means. */
  readonly meaning: string;
}

/** A group as a snapshot holds it. */
export interface StoredGroup {
  /** Place in the list of correlations. */
  readonly correlation: number;
  readonly newest: number;
  readonly first: number;
  /** Bytes of the group's block. */
  readonly block: Uint8Array;
}

/** The shard in pieces; none when it has no group. */
export function writeShard(
  correlations: readonly StoredCorrelation[],
  groups: readonly StoredGroup[],
): Uint8Array[] {
  if (groups.length === 0) return [];
  let length = HEAD_BYTES;
  for (const { id, meaning } of correlations) length += textBytes(id) + textBytes(meaning);
  for (const { block } of groups) length += GROUP_BYTES + block.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint32(1, correlations.length);
  let at = HEAD_BYTES;
  for (const { id, meaning } of correlations)
    at = writeText(view, writeText(view, at, id), meaning);
  for (const { correlation, newest, first, block } of groups) {
    view.setUint16(at, correlation);
    view.setFloat64(at + 2, newest);
    view.setFloat64(at + 10, first);
    view.setUint32(at + 18, block.length);
    bytes.set(block, at + GROUP_BYTES);
    at += GROUP_BYTES + block.length;
  }
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < length; from += PIECE_BYTES_MAX) {
    pieces.push(bytes.subarray(from, from + PIECE_BYTES_MAX));
  }
  return pieces;
}

/**
 * What `writeShard` wrote. The groups' blocks are only valid as long as the pieces.
 * @throws AppError HW_STORE_VERSION of a newer version, HW_STORE_CORRUPT where a piece is missing or cut
 */
export function readShard(pieces: readonly Uint8Array[]): {
  readonly correlations: readonly StoredCorrelation[];
  readonly groups: readonly StoredGroup[];
} {
  const correlations: StoredCorrelation[] = [];
  const groups: StoredGroup[] = [];
  if (pieces.length === 0) return { correlations, groups };
  const bytes = joined(pieces);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== VERSION) {
    throw new AppError("HW_STORE_VERSION", `the state of correlations has version ${bytes[0]}`);
  }
  try {
    let at = HEAD_BYTES;
    for (let count = view.getUint32(1); count > 0; count -= 1) {
      const id = readText(view, at);
      at = skipText(view, at);
      correlations.push({ id, meaning: readText(view, at) });
      at = skipText(view, at);
    }
    while (at < bytes.length) {
      const end = at + GROUP_BYTES + view.getUint32(at + 18);
      if (end > bytes.length) throw new RangeError("a group is cut off");
      groups.push({
        correlation: view.getUint16(at),
        newest: view.getFloat64(at + 2),
        first: view.getFloat64(at + 10),
        block: bytes.subarray(at + GROUP_BYTES, end),
      });
      at = end;
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AppError("HW_STORE_CORRUPT", "the state of correlations is damaged", { cause });
  }
  return { correlations, groups };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
