// Matches text against pieces of text and wildcards, in time linear in the text for each piece.
import { ANY, ONE, type Piece } from "./rule.ts";

/** Whether the whole of `text` fits the pieces. Case matters: fold both before where it shall not. */
export function globMatches(pieces: readonly Piece[], text: string): boolean {
  return compileGlob(pieces)(text);
}

/** The same, prepared once for many texts. */
export function compileGlob(pieces: readonly Piece[]): (text: string) => boolean {
  return simpleGlob(pieces) ?? segmentsGlob(splitAtAny(pieces));
}

// Equality, prefix, suffix and substring are nearly all there is; V8 has them built in.
function simpleGlob(pieces: readonly Piece[]): ((text: string) => boolean) | undefined {
  const [first, second, third] = pieces;
  if (pieces.length === 0) return (text) => text === "";
  if (pieces.length === 1) {
    if (first === ANY) return () => true;
    return typeof first === "string" ? (text) => text === first : undefined;
  }
  if (pieces.length === 2) {
    if (first === ANY && typeof second === "string") return (text) => text.endsWith(second);
    if (typeof first === "string" && second === ANY) return (text) => text.startsWith(first);
  }
  if (pieces.length === 3 && first === ANY && typeof second === "string" && third === ANY) {
    return (text) => text.includes(second);
  }
  return undefined;
}

function segmentsGlob(segments: readonly Segment[]): (text: string) => boolean {
  const [first = [], ...rest] = segments;
  const last = rest.pop();
  const firstWidth = widthOf(first);
  if (last === undefined) return (text) => firstWidth === text.length && fitsAt(first, text, 0);
  const lastWidth = widthOf(last);
  const inner = rest.map((segment) => ({ segment, width: widthOf(segment) }));
  return (text) => {
    if (!fitsAt(first, text, 0)) return false;
    let at = firstWidth;
    for (const { segment, width } of inner) {
      const found = findSegment(segment, width, text, at);
      if (found === -1) return false;
      at = found + width;
    }
    const end = text.length - lastWidth;
    return end >= at && fitsAt(last, text, end);
  };
}

type Segment = readonly (string | typeof ONE)[];

function splitAtAny(pieces: readonly Piece[]): Segment[] {
  const segments: (string | typeof ONE)[][] = [[]];
  for (const piece of pieces) {
    if (piece === ANY) segments.push([]);
    else segments.at(-1)?.push(piece);
  }
  return segments;
}

function widthOf(segment: Segment): number {
  return segment.reduce<number>((sum, part) => sum + (part === ONE ? 1 : part.length), 0);
}

function fitsAt(segment: Segment, text: string, start: number): boolean {
  let at = start;
  for (const part of segment) {
    if (part === ONE) {
      if (at >= text.length) return false;
      at += 1;
    } else {
      if (!text.startsWith(part, at)) return false;
      at += part.length;
    }
  }
  return true;
}

function findSegment(segment: Segment, width: number, text: string, from: number): number {
  const [first, second] = segment;
  if (segment.length === 1 && typeof first === "string") return text.indexOf(first, from);
  const lastStart = text.length - width;
  // From one place of the first text to the next: V8 searches faster than we walk.
  const before = first === ONE ? 1 : 0;
  const anchor = first === ONE ? second : first;
  if (typeof anchor !== "string") {
    for (let at = from; at <= lastStart; at += 1) if (fitsAt(segment, text, at)) return at;
    return -1;
  }
  let found = text.indexOf(anchor, from + before);
  while (found !== -1 && found - before <= lastStart) {
    if (fitsAt(segment, text, found - before)) return found - before;
    found = text.indexOf(anchor, found + 1);
  }
  return -1;
}
