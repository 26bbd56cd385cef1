// Matches text against pieces of text and wildcards, in time linear in the text for each piece.
import { ANY, ONE, type Piece } from "./rule.ts";

/** Whether the whole of `text` fits the pieces. Case matters: fold both before where it shall not. */
export function globMatches(pieces: readonly Piece[], text: string): boolean {
  const segments = splitAtAny(pieces);
  const [first = [], ...rest] = segments;
  const last = rest.pop();
  if (last === undefined) return widthOf(first) === text.length && fitsAt(first, text, 0);
  if (!fitsAt(first, text, 0)) return false;
  let at = widthOf(first);
  for (const segment of rest) {
    const found = findSegment(segment, text, at);
    if (found === -1) return false;
    at = found + widthOf(segment);
  }
  const end = text.length - widthOf(last);
  return end >= at && fitsAt(last, text, end);
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

function findSegment(segment: Segment, text: string, from: number): number {
  const [first] = segment;
  if (segment.length === 1 && typeof first === "string") return text.indexOf(first, from);
  const lastStart = text.length - widthOf(segment);
  for (let at = from; at <= lastStart; at += 1) if (fitsAt(segment, text, at)) return at;
  return -1;
}
