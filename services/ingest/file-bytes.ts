// The bytes of a finished file or of an entry of an archive, chunk by chunk; memory does not grow with
// the file. What they are is told from the beginning, which is looked at and then given like the rest.
import { open } from "node:fs/promises";

const READ_BYTES = 1024 * 1024;

/** How much of the file on disk was read, for a progress bar. */
export interface Progress {
  bytesRead: number;
}

/** Each chunk is valid until the next one is asked for. @throws Error of the file system */
export async function* readFileBytes(
  path: string,
  signal: AbortSignal | undefined,
  progress: Progress,
): AsyncGenerator<Buffer> {
  await using handle = await open(path, "r");
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (let position = 0; ; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    progress.bytesRead = position;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A stream of bytes whose beginning is known. */
export interface PeekedBytes {
  /** At least as many bytes as were wanted, unless there are fewer. */
  readonly head: Buffer;
  /** All bytes, the head first. A fault behind the head is met here. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Lets go of what is not wanted. */
  close(): Promise<void>;
}

/** @throws Error of the source when not one byte can be read */
export async function peekBytes(
  source: AsyncIterable<Buffer>,
  bytesWanted: number,
): Promise<PeekedBytes> {
  const iterator = source[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let length = 0;
  let isDone = false;
  let fault: { readonly error: unknown } | undefined;
  while (length < bytesWanted && !isDone && fault === undefined) {
    try {
      const next = await iterator.next();
      isDone = next.done === true;
      if (next.done !== true) {
        parts.push(Buffer.from(next.value));
        length += next.value.length;
      }
    } catch (error) {
      if (length === 0) throw error;
      fault = { error };
    }
  }
  const head = Buffer.concat(parts);
  const close = async (): Promise<void> => {
    await iterator.return?.();
  };
  return { head, chunks: chunksOf(), close };

  async function* chunksOf(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      if (fault !== undefined) throw fault.error;
      while (!isDone) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await close();
    }
  }
}
