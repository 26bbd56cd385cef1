// Reads the body of a request piece by piece: unpacked, within limits, and never more of all requests
// together than memory is meant for. Slow senders are the HTTP server's matter (its request timeout).
import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { constants, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { AppError, messageOf } from "../../config/errors.ts";
import type { HttpInputConfig } from "../../config/inputs.ts";

/** Shippers' libraries use windows of up to 8 MiB; a larger one would be memory at the sender's will. */
const ZSTD_WINDOW_LOG_MAX = 23;

export type BodyLimits = Pick<
  HttpInputConfig,
  "compressedBytesMax" | "bodyBytesMax" | "bytesInFlightMax"
>;

export interface BodyReader {
  /**
   * Calls `take` with the unpacked body piece by piece, then resolves to `finish`'s result. Until then
   * the bytes count as in flight.
   * @throws AppError HW_INPUT_TOO_LARGE, HW_INPUT_UNREADABLE (damaged, unknown encoding, broken off),
   *   HW_BUSY (too much under way); what was taken must then be forgotten
   */
  read<Result>(
    request: IncomingMessage,
    take: (chunk: Buffer) => void,
    finish: () => Promise<Result>,
  ): Promise<Result>;
  /**
   * The whole unpacked body, for what can't be read piece by piece, handed to `finish`.
   * @throws AppError as `read`, and HW_INPUT_TOO_LARGE above `bytesMax`
   */
  readWhole<Result>(
    request: IncomingMessage,
    bytesMax: number,
    finish: (body: Buffer) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Calls `take` with a body of any length and waits for it before it reads on: only a piece at a time
   * is in flight.
   * @throws AppError HW_INPUT_UNREADABLE, HW_BUSY, and what `take` throws
   */
  stream(request: IncomingMessage, take: (chunk: Buffer) => Promise<void>): Promise<void>;
}

/** One reader for all requests of an input, because they share what may be in flight. */
export function createBodyReader(limits: BodyLimits): BodyReader {
  let inFlightBytes = 0;
  const fly = (chunk: Buffer): void => {
    inFlightBytes += chunk.length;
    if (inFlightBytes > limits.bytesInFlightMax) {
      throw new AppError("HW_BUSY", "too many bytes are under way");
    }
  };
  const reader: BodyReader = {
    async read(request, take, finish) {
      let ownBytes = 0;
      const count = (chunk: Buffer): void => {
        ownBytes += chunk.length;
        fly(chunk);
        if (ownBytes > limits.bodyBytesMax) throw tooLarge("unpacked", limits.bodyBytesMax);
        take(chunk);
      };
      try {
        await readUnpacked(request, limits.compressedBytesMax, count);
        return await finish();
      } finally {
        inFlightBytes -= ownBytes;
      }
    },
    async readWhole(request, bytesMax, finish) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const take = (chunk: Buffer): void => {
        bytes += chunk.length;
        if (bytes > bytesMax) throw tooLarge("unpacked", bytesMax);
        chunks.push(chunk);
      };
      return reader.read(request, take, () => finish(Buffer.concat(chunks)));
    },
    async stream(request, take) {
      await readUnpacked(request, Number.POSITIVE_INFINITY, async (chunk) => {
        try {
          fly(chunk);
          await take(chunk);
        } finally {
          inFlightBytes -= chunk.length;
        }
      });
    },
  };
  return reader;
}

// The request itself is never destroyed, only drained: the sender shall be able to read our answer.
async function readUnpacked(
  request: IncomingMessage,
  compressedBytesMax: number,
  take: (chunk: Buffer) => void | Promise<void>,
): Promise<void> {
  if (Number(request.headers["content-length"] ?? 0) > compressedBytesMax) {
    throw tooLarge("sent", compressedBytesMax);
  }
  const unpacker = createUnpacker(request.headers["content-encoding"]);
  const body: Readable = unpacker ?? request;
  let sentBytes = 0;
  const onData = (chunk: Buffer): void => {
    sentBytes += chunk.length;
    if (sentBytes > compressedBytesMax) unpacker?.destroy(tooLarge("sent", compressedBytesMax));
  };
  const onBroken = (error: Error): void => {
    unpacker?.destroy(error);
  };
  if (unpacker !== undefined) {
    request.on("data", onData).on("error", onBroken).pipe(unpacker);
  }
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      // Most callers need not wait: a turn of the event loop for each piece would slow them down.
      const work = take(chunk);
      if (work !== undefined) await work;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("HW_INPUT_UNREADABLE", `the body is damaged: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    request.off("data", onData).unpipe();
    unpacker?.destroy();
    request.resume();
  }
}

function createUnpacker(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "zstd":
      return createZstdDecompress({
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
      });
    default:
      throw new AppError("HW_INPUT_UNREADABLE", "the body's encoding is not known", {
        mend: "send it plain, or with gzip, deflate or zstd",
      });
  }
}

function tooLarge(what: string, bytesMax: number): AppError {
  return new AppError("HW_INPUT_TOO_LARGE", `the body, ${what}, is over ${bytesMax} bytes`, {
    mend: "send smaller batches",
  });
}
