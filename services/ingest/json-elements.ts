// Cuts a JSON document into its records: the elements of an array, or values that stand one after the
// other, pretty-printed or not. Counts brackets only and parses nothing, so that depth and size of a
// hostile document cost no stack and no memory; whether an element is JSON, its parser says.
import { createBoundedCarry } from "./bounded-carry.ts";
import type { Piece, Splitter, SplitterOptions } from "./line-splitter.ts";

const NOTHING = Buffer.alloc(0);
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Expects UTF-8. An outermost array is taken apart; arrays inside it are elements. */
export function createElementSplitter(options: Omit<SplitterOptions, "encoding">): Splitter {
  const carry = createBoundedCarry(options.pieceBytesMax);
  let position = options.firstOffset;
  let line = options.firstLine;
  let inArray = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Where the element at hand began; undefined between elements. */
  let start: { offset: number; line: number } | undefined;
  let resumeOffset = options.firstOffset;

  // Says whether the byte belongs to the element at hand and whether the element ends with it.
  const inside = (byte: number): "more" | "last" | "after" => {
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
      return !inString && depth === 0 ? "last" : "more";
    }
    if (byte === QUOTE) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 0) return "after";
      depth--;
      if (depth === 0) return "last";
    } else if (depth === 0 && (isSpace(byte) || byte === COMMA)) return "after";
    return "more";
  };

  // Between elements: the outer array's brackets, commas and white space are passed over.
  const begins = (byte: number): boolean => {
    if (isSpace(byte) || byte === COMMA) return false;
    if (byte === OPEN_ARRAY && !inArray) {
      inArray = true;
      return false;
    }
    if (byte === CLOSE_ARRAY && inArray) {
      inArray = false;
      return false;
    }
    return true;
  };

  const finish = (last: Buffer, end: number): Piece => {
    const piece = { ...carry.take(last), offset: start?.offset ?? 0, line: start?.line ?? line };
    start = undefined;
    depth = 0;
    resumeOffset = end;
    return piece;
  };

  return {
    push(chunk) {
      const pieces: Piece[] = [];
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        if (inString && !escaped) at = endOfPlain(chunk, at);
        const byte = chunk[at];
        if (byte === undefined) break;
        if (start === undefined && begins(byte)) {
          start = { offset: position + at, line };
          from = at;
        }
        const state = start === undefined ? "more" : inside(byte);
        if (state !== "more") {
          const end = state === "last" ? at + 1 : at;
          pieces.push(finish(chunk.subarray(from, end), position + end));
          if (state === "after" && byte === CLOSE_ARRAY) inArray = false;
        }
        if (byte === LINE_FEED) line++;
      }
      if (start !== undefined) carry.append(chunk.subarray(from));
      position += chunk.length;
      return pieces;
    },
    rest() {
      return start === undefined ? undefined : finish(NOTHING, position);
    },
    get resumeOffset() {
      return resumeOffset;
    },
  };
}

// Most bytes of a log lie in strings: they are passed over without looking at any state.
function endOfPlain(chunk: Buffer, from: number): number {
  let at = from;
  while (at < chunk.length) {
    const byte = chunk[at];
    if (byte === QUOTE || byte === BACKSLASH || byte === LINE_FEED) break;
    at++;
  }
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
