// The bytes of a finished file, unpacked, chunk by chunk; memory does not grow with the file.
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { AppError, messageOf } from "../../config/errors.ts";
import { createUnpacker, fileKind, KIND_BYTES } from "./file-kind.ts";

const READ_BYTES = 1024 * 1024;
const PACKED_READ_BYTES = 256 * 1024;

export interface FileChunk {
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer;
  /** Bytes of the file, as it lies on disk, read so far. */
  readonly bytesRead: number;
}

/**
 * @throws AppError HW_INPUT_UNREADABLE when the file can't be opened, read or unpacked to its end; what
 *   could be unpacked before a fault is delivered first
 */
export async function* readFileBytes(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<FileChunk> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const head = Buffer.alloc(KIND_BYTES);
    const { bytesRead } = await handle.read(head, 0, KIND_BYTES, 0);
    const kind = fileKind(head.subarray(0, bytesRead), path);
    if (kind === "plain") yield* readPlain(handle, signal);
    else yield* readPacked(path, kind, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof AppError ? cause : unreadable(path, cause);
  } finally {
    await handle.close();
  }
}

async function* readPlain(
  handle: FileHandle,
  signal: AbortSignal | undefined,
): AsyncGenerator<FileChunk> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let position = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield { bytes: buffer.subarray(0, bytesRead), bytesRead: position };
  }
}

async function* readPacked(
  path: string,
  kind: "gzip" | "zstd",
  signal: AbortSignal | undefined,
): AsyncGenerator<FileChunk> {
  const packed = createReadStream(path, { highWaterMark: PACKED_READ_BYTES });
  const unpacker = createUnpacker(kind);
  let fault: Error | undefined;
  // The iteration below meets the fault too, but only after what was unpacked before it.
  pipeline(packed, unpacker, (error) => {
    fault = error ?? undefined;
  });
  try {
    for await (const bytes of unpacker) {
      signal?.throwIfAborted();
      yield { bytes, bytesRead: packed.bytesRead };
    }
    if (fault !== undefined) throw fault;
  } finally {
    packed.destroy();
    unpacker.destroy();
  }
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError("HW_INPUT_UNREADABLE", messageOf(cause), { place: path, cause });
}
