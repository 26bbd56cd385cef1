// Puts lines that go on with the line before them (statements of PostgreSQL, stack traces of Java) to the
// record that they belong to: those that begin with white space, and Java's `Caused by:`. For sources that
// ask for it, because nothing in other logs says that an indented line is no record of its own.
import type { Multiline } from "../../config/inputs.ts";
import { createBoundedCarry } from "./bounded-carry.ts";
import type { Piece } from "./line-splitter.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** Lines of one record; what comes after them is left out, and the record counts as cut. */
const LINES_MAX = 1000;
const NOTHING = Buffer.alloc(0);
const CAUSE = "Caused by: ";

export interface LineJoiner {
  /** The records that these lines complete: the last one stays open. */
  add(pieces: readonly Piece[]): readonly Piece[];
  /** The open record, when nothing more of it is to come. */
  flush(): readonly Piece[];
  /** Where the open record begins; undefined when there is none. */
  readonly openOffset: number | undefined;
}

/** @param bytesMax longest record; what is above it is left out, and `cut` says so */
export function createLineJoiner(
  multiline: Multiline,
  encoding: TextEncoding,
  bytesMax: number,
): LineJoiner {
  if (multiline === "none") {
    return { add: (pieces) => pieces, flush: () => [], openOffset: undefined };
  }
  const carry = createBoundedCarry(bytesMax);
  const lineFeed = bytesOf("\n", encoding);
  const marks = [" ", "\t", CAUSE].map((text) => bytesOf(text, encoding));
  const isMore = (bytes: Buffer): boolean =>
    marks.some((mark) => bytes.subarray(0, mark.length).equals(mark));
  let open: { offset: number; line: number; lines: number; cut: boolean } | undefined;

  const flush = (): readonly Piece[] => {
    if (open === undefined) return [];
    const { offset, line } = open;
    const { bytes, cut } = carry.take(NOTHING);
    const piece = { bytes, offset, line, cut: cut || open.cut };
    open = undefined;
    return [piece];
  };
  return {
    add(pieces) {
      const done: Piece[] = [];
      for (const { bytes, offset, line, cut } of pieces) {
        if (bytes.length === 0) continue;
        if (open === undefined || !isMore(bytes)) {
          done.push(...flush());
          open = { offset, line, lines: 1, cut };
          carry.append(bytes);
          continue;
        }
        open.lines++;
        open.cut ||= cut || open.lines > LINES_MAX;
        if (open.lines > LINES_MAX) continue;
        carry.append(lineFeed);
        carry.append(bytes);
      }
      return done;
    },
    flush,
    get openOffset() {
      return open?.offset;
    },
  };
}

function bytesOf(text: string, encoding: TextEncoding): Buffer {
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  return encoding === "utf-16be" ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text);
}
