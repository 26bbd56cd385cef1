// Cuts a JSON document into its records: the elements of an array, of the list in an object that only
// wraps it (json-wrapper.ts), or values that stand one after the other, pretty-printed or not. Counts brackets only and parses nothing, so that depth and size of a
// hostile document cost no stack and no memory; whether an element is JSON, its parser says.
import { createBoundedCarry } from "./bounded-carry.ts";
import {
  beginsLikeLead,
  LEAD_BYTES_MAX,
  LEAD_NAME_BYTES,
  leadLength,
  mayBecomeLead,
} from "./json-wrapper.ts";
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
  const scanner = createScanner();
  const outside = createOutside();
  let position = options.firstOffset;
  let line = options.firstLine;
  /** Where the element at hand began; undefined between elements. */
  let start: { offset: number; line: number } | undefined;
  let resumeOffset = options.firstOffset;
  /** A beginning that may yet turn out to be a wrapping object's. */
  let held: Buffer = NOTHING;

  const finish = (last: Buffer, end: number): Piece => {
    const piece = { ...carry.take(last), offset: start?.offset ?? 0, line: start?.line ?? line };
    start = undefined;
    scanner.reset(0);
    resumeOffset = end;
    return piece;
  };

  return {
    push(added) {
      const pieces: Piece[] = [];
      const chunk = held.length === 0 ? added : Buffer.concat([held, added]);
      held = NOTHING;
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        if (scanner.isInText) at = endOfPlain(chunk, at);
        const byte = chunk[at];
        if (byte === undefined) break;
        if (start === undefined && byte === OPEN_OBJECT && outside.mayWrap) {
          const lead = leadAt(chunk, at);
          if (lead === undefined) {
            held = Buffer.from(chunk.subarray(at));
            position += at;
            return pieces;
          }
          if (lead > 0) {
            outside.unwrap();
            line += lineFeeds(chunk.subarray(at, at + lead));
            at += lead - 1;
            continue;
          }
        }
        if (start === undefined && outside.begins(byte)) {
          start = { offset: position + at, line };
          from = at;
        }
        const state = start === undefined ? "more" : scanner.inside(byte);
        if (state !== "more") {
          const end = state === "last" ? at + 1 : at;
          pieces.push(finish(chunk.subarray(from, end), position + end));
          if (state === "after") outside.begins(byte);
        }
        if (byte === LINE_FEED) line++;
      }
      if (start !== undefined) carry.append(chunk.subarray(from));
      position += chunk.length;
      return pieces;
    },
    rest() {
      if (held.length > 0) {
        // It broke off: a damaged record, whose parser says so.
        start = { offset: position, line };
        position += held.length;
        carry.append(held);
        held = NOTHING;
      }
      return start === undefined ? undefined : finish(NOTHING, position);
    },
    get resumeOffset() {
      return resumeOffset;
    },
  };
}

interface Scanner {
  /** Whether the byte belongs to the element at hand and whether the element ends with it. */
  inside(byte: number): "more" | "last" | "after";
  /** Between the quotes of a text, where most bytes mean nothing. */
  readonly isInText: boolean;
  /** @param depth brackets that are open */
  reset(depth: number): void;
}

function createScanner(): Scanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return {
    inside(byte) {
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
    },
    get isInText() {
      return inString && !escaped;
    },
    reset(open) {
      depth = open;
      inString = false;
      escaped = false;
    },
  };
}

/** What stands between elements. */
interface Outside {
  /** Whether an element begins: the outer array's brackets, commas and white space are passed over. */
  begins(byte: number): boolean;
  /** Whether an object here may be one that wraps a list. */
  readonly mayWrap: boolean;
  /** The `[` of a wrapping object's list has been passed. */
  unwrap(): void;
}

function createOutside(): Outside {
  const tail = createScanner();
  let inArray = false;
  let inWrapper = false;
  return {
    begins(byte) {
      if (inWrapper && !inArray) {
        // Behind the list nothing is a record until the wrapping object ends.
        inWrapper = tail.inside(byte) === "more";
        return false;
      }
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
    },
    get mayWrap() {
      return !inArray && !inWrapper;
    },
    unwrap() {
      inArray = true;
      inWrapper = true;
      tail.reset(1);
    },
  };
}

/** Length of a wrapping object's lead, 0 for another object; undefined: more has to come to tell. */
function leadAt(chunk: Buffer, at: number): number | undefined {
  const textTo = (bytes: number) =>
    chunk.toString("latin1", at, Math.min(chunk.length, at + bytes));
  if (!beginsLikeLead(textTo(LEAD_NAME_BYTES))) return 0;
  const text = textTo(LEAD_BYTES_MAX);
  const length = leadLength(text);
  return length === 0 && mayBecomeLead(text) ? undefined : length;
}

function lineFeeds(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count++;
  return count;
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
