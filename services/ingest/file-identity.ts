// Tells files apart: by device and inode, and by bytes that must still stand where they stood. Names say
// nothing, rotation changes them; inodes say not enough, they are used again.
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FollowedState, Mark } from "./file-state.ts";

/** Enough to hold the first record of most logs, which carries its time. */
const HEAD_BYTES = 1024;
const MARK_BYTES = 256;

/** `device:inode` of a file. */
export function inodeKey(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

/** The beginning of the file as it is now. */
export async function readHead(handle: FileHandle): Promise<Mark> {
  const bytes = await readAt(handle, 0, HEAD_BYTES);
  return { offset: 0, bytes: bytes.length, sha256: hashOf(bytes) };
}

/** A mark at a line that was read; `bytes` are the line's. */
export function markOf(offset: number, bytes: Buffer): Mark {
  const part = bytes.subarray(0, MARK_BYTES);
  return { offset, bytes: part.length, sha256: hashOf(part) };
}

/** Whether the bytes that a mark remembers still stand at its place. */
export async function stillThere(handle: FileHandle, mark: Mark | undefined): Promise<boolean> {
  if (mark === undefined || mark.bytes === 0) return true;
  return hashOf(await readAt(handle, mark.offset, mark.bytes)) === mark.sha256;
}

/** Whether the file's beginning and the last line that was read are as remembered. */
export async function isContinuation(
  handle: FileHandle,
  size: number,
  state: FollowedState,
): Promise<boolean> {
  return (
    size >= state.offset &&
    (await stillThere(handle, state.head)) &&
    (await stillThere(handle, state.mark))
  );
}

/**
 * Whether a file under another inode is a copy of what was read (`copytruncate`). Only said of more than
 * a whole head: short files of one program may well begin with the same line.
 */
export async function isCopy(
  handle: FileHandle,
  size: number,
  state: FollowedState,
): Promise<boolean> {
  const isTelling = state.head.bytes === HEAD_BYTES && state.mark !== undefined;
  return isTelling && (await isContinuation(handle, size, state));
}

/**
 * State of a file that is read from `offset` on. The id rests on where the file lies, when it was made
 * and how it begins, so that it is found again without the remembered state as long as these stay.
 */
export function newFileState(
  group: string,
  path: string,
  stats: BigIntStats,
  from: { readonly generation: number; readonly offset: number; readonly head: Mark },
): FollowedState {
  const identity = [group, stats.dev, stats.ino, stats.birthtimeNs, from.generation];
  return {
    id: hashOf(Buffer.from(`${identity.join("\0")}\0${from.head.sha256}`)).slice(0, 32),
    group,
    path,
    device: String(stats.dev),
    inode: String(stats.ino),
    generation: from.generation,
    offset: from.offset,
    head: from.head,
    isOver: false,
    seenAt: 0,
  };
}

/** Up to `length` bytes at `position`. */
export async function readAt(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
