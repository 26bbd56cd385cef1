// Which part of a value made a rule match, so that the screen can mark it. Patterns are Sigma's
// (`*`, `?`, `\` escapes, case-insensitive). Regular expressions are never run here: value and pattern
// are both foreign, and a browser has no linear-time engine.

/** A half-open range of UTF-16 units, `[start, end)`. */
export interface MarkRange {
  readonly start: number;
  readonly end: number;
}

const LITERAL_OPERATORS = ["contains", "startswith", "endswith", "equals", "keyword", "windash"];

/** The ranges of `value` to mark; the whole value when the operator has no literal place in it. */
export function markRanges(value: string, operator: string, pattern: string): MarkRange[] {
  const whole = value === "" ? [] : [{ start: 0, end: value.length }];
  const chain = operator.toLowerCase().split("|");
  if (!chain.some((name) => LITERAL_OPERATORS.includes(name))) return whole;
  const pieces = literalPieces(pattern);
  const found = chain.includes("endswith")
    ? findFromEnd(fold(value), pieces)
    : findInOrder(fold(value), pieces);
  return found.length > 0 ? found : whole;
}

/** Ranges in order without overlaps. */
export function mergeRanges(ranges: readonly MarkRange[]): MarkRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

/** The literal texts between the wildcards of a Sigma pattern. */
function literalPieces(pattern: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (char === "\\" && ["*", "?", "\\"].includes(next)) {
      piece += next;
      i++;
    } else if (char === "*" || char === "?") {
      pieces.push(piece);
      piece = "";
    } else piece += char;
  }
  return [...pieces, piece].filter((text) => text !== "").map(fold);
}

function findInOrder(text: string, pieces: readonly string[]): MarkRange[] {
  const ranges: MarkRange[] = [];
  let from = 0;
  for (const piece of pieces) {
    const start = text.indexOf(piece, from);
    if (start < 0) return [];
    from = start + piece.length;
    ranges.push({ start, end: from });
  }
  return ranges;
}

function findFromEnd(text: string, pieces: readonly string[]): MarkRange[] {
  const ranges: MarkRange[] = [];
  let to = text.length;
  for (const piece of [...pieces].reverse()) {
    const start = to < piece.length ? -1 : text.lastIndexOf(piece, to - piece.length);
    if (start < 0) return [];
    ranges.unshift({ start, end: start + piece.length });
    to = start;
  }
  return ranges;
}

/** Lower case that keeps offsets: a letter whose lower case is longer stays as it is. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return [...text].map((c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join("");
}
