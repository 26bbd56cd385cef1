// Segment files on disk: append behind the known length, durable before the catalogue learns of it.
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes at `offset` and syncs. Bytes behind `offset` (left over from a crash) are cut off first.
 * When it resolves the bytes survive a power cut.
 */
export async function appendDurably(
  path: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  const file = await open(path, offset === 0 ? "w" : "r+", 0o600);
  try {
    const { size } = await file.stat();
    if (size > offset) await file.truncate(offset);
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.length - written;
      written += (await file.write(bytes, written, rest, offset + written)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  // A new file is only there after a power cut when its folder has been synced too.
  if (offset === 0) await syncFolder(dirname(path));
}

/** The bytes of one frame; shorter than asked for when the file ends before. */
export async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Deletes a segment file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Deletes segment files that a crash has left over: those nobody knows, unless they are young. */
export async function removeStrangers(
  folder: string,
  known: ReadonlySet<string>,
  olderThan: number,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (known.has(name) || !name.endsWith(".seg")) continue;
    const path = join(folder, name);
    if ((await stat(path)).mtimeMs < olderThan) await removeFile(path);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
