// Follows one growing file by its open handle: renaming does not disturb it, emptying in place begins a
// new generation. An offset is remembered only after the lines before it are durable on the bus; ids are
// file and offset, so that lines read twice after a crash are the same records.
import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { FilesConfig } from "../../config/inputs.ts";
import { markOf, newFileState, readAt, readHead, stillThere } from "./file-identity.ts";
import type { FollowedState } from "./file-state.ts";
import { createHeaderCarry, type HeaderCarry, headerAtBeginning } from "./header-carry.ts";
import { createLineJoiner } from "./indented-lines.ts";
import { createLineSplitter, type Piece, pieceText, type Splitter } from "./line-splitter.ts";
import { detectEncoding, type TextEncoding } from "./text-encoding.ts";

/** One line on its way to the bus. */
export interface FollowedLine {
  readonly id: string;
  readonly text: string;
}

export interface FollowerOptions {
  readonly handle: FileHandle;
  readonly state: FollowedState;
  readonly config: Pick<FilesConfig, "lineBytesMax" | "readBytesMax" | "multiline">;
  /** Resolves when the lines are durable. */
  readonly publish: (lines: readonly FollowedLine[]) => Promise<void>;
  /** Replaces a state by another and makes it durable, before lines are published under its id. */
  readonly replaceState: (before: FollowedState, after: FollowedState) => Promise<void>;
  readonly onCut: (path: string, offset: number) => void;
}

export interface Follower {
  readonly state: FollowedState;
  /** Reads what is new, `readBytesMax` at most; false when nothing is. */
  readOn(): Promise<boolean>;
  /** Publishes a last line without an end. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

const NUL = 0;

/** A follower that goes on where the state says. */
export function createFollower(options: FollowerOptions): Follower {
  const { handle, config } = options;
  let state = options.state;
  let encoding: TextEncoding = "utf-8";
  /** Undefined until the next read has looked at the file's beginning. */
  let splitter: Splitter | undefined;
  let joiner = createLineJoiner(config.multiline, encoding, config.lineBytesMax);
  let headers = createHeaderCarry();
  let position = state.offset;
  let changedNs: bigint | undefined;

  const replace = async (stats: BigIntStats, generation: number): Promise<void> => {
    const from = { generation, offset: 0, head: await readHead(handle) };
    const next = newFileState(state.group, state.path, stats, from);
    await options.replaceState(state, next);
    state = next;
    splitter = undefined;
    position = next.offset;
  };
  const openSplitter = async (): Promise<Splitter> => {
    const found = detectEncoding(await readAt(handle, 0, 3));
    encoding = found.encoding;
    joiner = createLineJoiner(config.multiline, encoding, config.lineBytesMax);
    position = Math.max(state.offset, found.markBytes);
    headers = createHeaderCarry(
      state.header ?? (await headerAtBeginning(handle, encoding, found.markBytes, position)),
    );
    return splitterAt(position, encoding, config.lineBytesMax);
  };
  const publish = async (pieces: readonly Piece[], offset: number): Promise<void> => {
    const records = recordsOf(pieces, encoding, headers, state.id);
    if (records.length > 0) await options.publish(records);
    for (const piece of pieces) if (piece.cut) options.onCut(state.path, piece.offset);
    state.offset = offset;
    if (headers.header !== undefined) state.header = headers.header;
  };
  // The last record stays open, and is read again after a crash, until nothing more can belong to it.
  const take = async (pieces: readonly Piece[], isOver: boolean): Promise<void> => {
    const mark = markAfter(pieces);
    const done = [...joiner.add(pieces), ...(isOver ? joiner.flush() : [])];
    const isNothing = pieces.length + done.length === 0;
    if (!isNothing) await publish(done, joiner.openOffset ?? splitter?.resumeOffset ?? position);
    if (mark !== undefined) state.mark = mark;
  };

  return {
    get state() {
      return state;
    },
    async readOn() {
      const stats = await handle.stat({ bigint: true });
      const size = Number(stats.size);
      if (size === position && stats.mtimeNs === changedNs) {
        await take([], splitter?.resumeOffset === position);
        return false;
      }
      const isSame = size >= position && (await stillThere(handle, state.mark ?? state.head));
      changedNs = stats.mtimeNs;
      if (!isSame) {
        await take([], true);
        await replace(stats, state.generation + 1);
      } else if (splitter === undefined && state.offset === 0 && size > state.head.bytes) {
        // Nothing was read under the id yet: it shall rest on as much of the file as there is.
        await replace(stats, state.generation);
      }
      splitter ??= await openSplitter();
      const chunk = await readAt(handle, position, Math.min(config.readBytesMax, size - position));
      if (chunk.length === 0) return false;
      const start = position === splitter.resumeOffset ? leadingNuls(chunk) : 0;
      position += start;
      if (start > 0) {
        await take([], true);
        state.offset = position;
        splitter = await openSplitter();
      }
      const pieces = splitter.push(chunk.subarray(start));
      position += chunk.length - start;
      await take(pieces, false);
      // A longer head tells files apart more surely; the id stays.
      if (state.head.bytes < state.offset) state.head = await readHead(handle);
      return true;
    },
    async finish() {
      const rest = splitter?.rest();
      await take(rest === undefined ? [] : [rest], true);
      state.offset = position;
    },
    close: () => handle.close(),
  };
}

function recordsOf(
  pieces: readonly Piece[],
  encoding: TextEncoding,
  headers: HeaderCarry,
  id: string,
): FollowedLine[] {
  return pieces.flatMap((piece) => {
    const text = piece.bytes.length === 0 ? undefined : headers.take(pieceText(piece, encoding));
    return text === undefined ? [] : [{ id: `${id}/${piece.offset}`, text }];
  });
}

function splitterAt(offset: number, encoding: TextEncoding, pieceBytesMax: number): Splitter {
  return createLineSplitter({ pieceBytesMax, encoding, firstOffset: offset, firstLine: 1 });
}

// Before the bytes are overwritten by the next read: they are a view of them.
function markAfter(pieces: readonly Piece[]): FollowedState["mark"] {
  const last = pieces.findLast((piece) => piece.bytes.length > 0);
  return last === undefined ? undefined : markOf(last.offset, last.bytes);
}

// A writer that keeps its place after the file was emptied leaves a hole, which reads as NULs.
function leadingNuls(chunk: Buffer): number {
  let count = 0;
  while (count < chunk.length && chunk[count] === NUL) count++;
  return count;
}
