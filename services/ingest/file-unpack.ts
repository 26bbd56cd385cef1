// Unpacks streams of gzip and zstd, and keeps account of what unpacking gives: a small file that becomes
// endless is given up before it costs hours.
import { pipeline, Readable } from "node:stream";
import { AppError } from "../../config/errors.ts";
import { createUnpacker, type PackedKind } from "./file-kind.ts";

/** All that one file on disk may unpack to. */
const UNPACKED_BYTES_MAX = 256 * 1024 ** 3;
/** Unpacked for each packed byte. Logs reach 10 to 200; deflate can't go over 1,032, zstd can. */
const UNPACKED_RATIO_MAX = 500;
/** Up to here the ratio says nothing: event logs are mostly empty at first. */
export const UNPACKED_BYTES_FREE = 64 * 1024 * 1024;

/** What one file on disk has unpacked to. */
export interface UnpackBudget {
  /** A limit was met: nothing more of the file is worth unpacking. */
  readonly isSpent: boolean;
  /** @throws AppError HW_INPUT_TOO_LARGE, its place the entry that was over a limit */
  spend(bytes: number, place: string): void;
}

/** @param packedBytes size of the file on disk */
export function createUnpackBudget(packedBytes: number): UnpackBudget {
  let unpacked = 0;
  let isSpent = false;
  return {
    get isSpent() {
      return isSpent;
    },
    spend(bytes, place) {
      unpacked += bytes;
      isSpent = unpacked > UNPACKED_BYTES_MAX || isBomb(unpacked, packedBytes);
      if (isSpent) throw bomb(place);
    },
  };
}

/** Whether so many bytes from so few are no log any more. */
export function isBomb(unpackedBytes: number, packedBytes: number): boolean {
  return unpackedBytes > UNPACKED_BYTES_FREE && unpackedBytes > packedBytes * UNPACKED_RATIO_MAX;
}

/** The error for a file or entry that unpacks to too much. */
export function bomb(place: string): AppError {
  return new AppError(
    "HW_INPUT_TOO_LARGE",
    `it unpacks to over ${UNPACKED_RATIO_MAX} times its size, or over ${UNPACKED_BYTES_MAX} bytes`,
    { place, mend: "unpack it by hand if it really is a log" },
  );
}

/**
 * The unpacked bytes. What could be unpacked before a fault comes first.
 * @throws Error of zlib or of the source; AppError HW_INPUT_TOO_LARGE
 */
export async function* unpackBytes(
  kind: PackedKind,
  packed: AsyncIterable<Buffer>,
  place: string,
  budget: UnpackBudget,
): AsyncGenerator<Buffer> {
  const unpacker = createUnpacker(kind);
  let fault: Error | undefined;
  // The iteration below meets the fault too, but only after what was unpacked before it.
  pipeline(readableOf(packed), unpacker, (error) => {
    fault = error ?? undefined;
  });
  try {
    for await (const bytes of unpacker) {
      budget.spend(bytes.length, place);
      yield bytes;
    }
    if (fault !== undefined) throw fault;
  } finally {
    unpacker.destroy();
  }
}

/** A stream of copies: whoever reads it may ask for a chunk while an earlier one is still in use. */
export function readableOf(chunks: AsyncIterable<Buffer>): Readable {
  return Readable.from(copiesOf(chunks), { highWaterMark: 1 });
}

async function* copiesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
