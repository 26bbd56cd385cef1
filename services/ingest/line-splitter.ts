// Cuts a stream of bytes into lines, for files, standard input and HTTP bodies alike. Works on bytes, so
// that a character which lies across two chunks stays whole, and keeps at most one line in memory.
import { type BoundedCarry, createBoundedCarry } from "./bounded-carry.ts";
import { decodeText, type TextEncoding, trimToCharacter } from "./text-encoding.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = Buffer.alloc(0);

/** One record of a stream: a line without its end, or an element of a JSON array. */
export interface Piece {
  /** May be a view of the chunk that was pushed: use it before the chunk is filled anew. */
  readonly bytes: Buffer;
  /** Position of its first byte in the stream. */
  readonly offset: number;
  /** Line in which it begins, from 1. */
  readonly line: number;
  /** Longer than the limit; the rest was left out. */
  readonly cut: boolean;
}

export interface Splitter {
  /** The pieces that this chunk completes. */
  push(chunk: Buffer): Piece[];
  /** What stands after the last complete piece; undefined when nothing does. */
  rest(): Piece | undefined;
  /** Position after the last complete piece: reading can begin again here. */
  readonly resumeOffset: number;
}

export interface SplitterOptions {
  readonly pieceBytesMax: number;
  readonly encoding: TextEncoding;
  readonly firstOffset: number;
  readonly firstLine: number;
}

/** Lines end with LF or CR LF; empty lines are pieces too, with no bytes. */
export function createLineSplitter(options: SplitterOptions): Splitter {
  return options.encoding === "utf-8" ? splitBytes(options) : splitPairs(options);
}

/** The text of a piece that a splitter of this encoding made. */
export function pieceText(piece: Piece, encoding: TextEncoding): string {
  return decodeText(piece.cut ? trimToCharacter(piece.bytes, encoding) : piece.bytes, encoding);
}

function splitBytes(options: SplitterOptions): Splitter {
  return splitBy(options, (chunk, from) => chunk.indexOf(LINE_FEED, from), 1, withoutReturn);
}

// UTF-16: the line feed is a pair of bytes at an even place. An odd last byte waits for its partner.
function splitPairs(options: SplitterOptions): Splitter {
  const little = options.encoding === "utf-16le";
  const find = (chunk: Buffer, from: number): number => {
    for (let at = chunk.indexOf(LINE_FEED, from); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
      const start = little ? at : at - 1;
      if (start % 2 === 0 && start >= from && chunk[little ? at + 1 : start] === 0) return start;
    }
    return -1;
  };
  const trim = (bytes: Buffer): Buffer => {
    const end = bytes.length - 2;
    return end >= 0 && (little ? bytes.readUInt16LE(end) : bytes.readUInt16BE(end)) === 0x0d
      ? bytes.subarray(0, end)
      : bytes;
  };
  const inner = splitBy(options, find, 2, trim);
  let half: Buffer = NOTHING;
  return {
    push(chunk) {
      const joined = half.length === 0 ? chunk : Buffer.concat([half, chunk]);
      const even = joined.length & ~1;
      half = Buffer.from(joined.subarray(even));
      return inner.push(joined.subarray(0, even));
    },
    rest: () => inner.rest(),
    get resumeOffset() {
      return inner.resumeOffset;
    },
  };
}

function splitBy(
  options: SplitterOptions,
  findEnd: (chunk: Buffer, from: number) => number,
  endBytes: number,
  trim: (bytes: Buffer) => Buffer,
): Splitter {
  const carry: BoundedCarry = createBoundedCarry(options.pieceBytesMax);
  let chunkStart = options.firstOffset;
  let offset = options.firstOffset;
  let line = options.firstLine;
  const take = (last: Buffer): Piece => {
    const { bytes, cut } = carry.take(last);
    return { bytes: cut ? bytes : trim(bytes), offset, line, cut };
  };
  return {
    push(chunk) {
      const pieces: Piece[] = [];
      let from = 0;
      for (let end = findEnd(chunk, 0); end >= 0; end = findEnd(chunk, from)) {
        pieces.push(take(chunk.subarray(from, end)));
        from = end + endBytes;
        offset = chunkStart + from;
        line++;
      }
      if (from < chunk.length) carry.append(chunk.subarray(from));
      chunkStart += chunk.length;
      return pieces;
    },
    rest() {
      return carry.length === 0 ? undefined : take(NOTHING);
    },
    get resumeOffset() {
      return offset;
    },
  };
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
}
