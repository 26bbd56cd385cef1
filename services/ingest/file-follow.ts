// Follows one growing file by its open handle: renaming does not disturb it, emptying in place begins a
// new generation. An offset is remembered only after the lines before it are durable on the bus; ids are
// file and offset, so that lines read twice after a crash are the same records.
import type { FileHandle } from "node:fs/promises";
import type { FilesConfig } from "../../config/inputs.ts";
import { markOf, newFileState, readAt, readHead, stillThere } from "./file-identity.ts";
import type { FollowedState } from "./file-state.ts";
import { createHeaderCarry, headerAtBeginning } from "./header-carry.ts";
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
  readonly config: Pick<FilesConfig, "lineBytesMax" | "readBytesMax">;
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
  let headers = createHeaderCarry();
  let position = state.offset;
  let changedNs: bigint | undefined;

  const replace = async (next: FollowedState): Promise<void> => {
    await options.replaceState(state, next);
    state = next;
    splitter = undefined;
    position = next.offset;
  };
  const openSplitter = async (): Promise<Splitter> => {
    const found = detectEncoding(await readAt(handle, 0, 3));
    encoding = found.encoding;
    position = Math.max(state.offset, found.markBytes);
    headers = createHeaderCarry(
      state.header ?? (await headerAtBeginning(handle, encoding, found.markBytes, position)),
    );
    return createLineSplitter({
      pieceBytesMax: config.lineBytesMax,
      encoding,
      firstOffset: position,
      firstLine: 1,
    });
  };
  const publish = async (pieces: readonly Piece[], offset: number): Promise<void> => {
    const lines = pieces.filter((piece) => piece.bytes.length > 0);
    const last = lines.at(-1);
    const records = lines.flatMap((piece) => {
      const text = headers.take(pieceText(piece, encoding));
      return text === undefined ? [] : [{ id: `${state.id}/${piece.offset}`, text }];
    });
    if (records.length > 0) await options.publish(records);
    for (const piece of lines) if (piece.cut) options.onCut(state.path, piece.offset);
    state.offset = offset;
    if (headers.header !== undefined) state.header = headers.header;
    if (last !== undefined) state.mark = markOf(last.offset, last.bytes);
  };

  return {
    get state() {
      return state;
    },
    async readOn() {
      const stats = await handle.stat({ bigint: true });
      const size = Number(stats.size);
      if (size === position && stats.mtimeNs === changedNs) return false;
      const isSame = size >= position && (await stillThere(handle, state.mark ?? state.head));
      changedNs = stats.mtimeNs;
      if (!isSame) {
        const head = await readHead(handle);
        const from = { generation: state.generation + 1, offset: 0, head };
        await replace(newFileState(state.group, state.path, stats, from));
      } else if (splitter === undefined && state.offset === 0 && size > state.head.bytes) {
        // Nothing was read under the id yet: it shall rest on as much of the file as there is.
        const from = { generation: state.generation, offset: 0, head: await readHead(handle) };
        await replace(newFileState(state.group, state.path, stats, from));
      }
      splitter ??= await openSplitter();
      const chunk = await readAt(handle, position, Math.min(config.readBytesMax, size - position));
      if (chunk.length === 0) return false;
      const start = position === splitter.resumeOffset ? leadingNuls(chunk) : 0;
      position += start;
      if (start > 0) {
        state.offset = position;
        splitter = await openSplitter();
      }
      const pieces = splitter.push(chunk.subarray(start));
      position += chunk.length - start;
      await publish(pieces, splitter.resumeOffset);
      // A longer head tells files apart more surely; the id stays.
      if (state.head.bytes < state.offset) state.head = await readHead(handle);
      return true;
    },
    async finish() {
      const rest = splitter?.rest();
      if (rest !== undefined) await publish([rest], position);
    },
    close: () => handle.close(),
  };
}

// A writer that keeps its place after the file was emptied leaves a hole, which reads as NULs.
function leadingNuls(chunk: Buffer): number {
  let count = 0;
  while (count < chunk.length && chunk[count] === NUL) count++;
  return count;
}
