// The transformation `replace_string`: replaces what a pattern finds in a value's text. Only what was found
// is read anew; all other pieces stay as they are, so that a backslash before a wildcard keeps its meaning.
// Format: pySigma, "Processing Pipelines", `replace_string`.
import type { Matcher, RE2JS } from "re2js";
import type { Piece } from "../rule.ts";
import { parsePieces } from "../value.ts";
import type { Parameters } from "./parameters.ts";
import { escapedText } from "./value-text.ts";

export interface Replacement {
  readonly text: (text: string) => string;
  readonly pieces: (pieces: readonly Piece[]) => readonly Piece[];
}

/** @throws PlacedFault */
export function readReplacement(given: Parameters): Replacement {
  const regex = given.regex("regex");
  const parts = readParts(given.text("replacement"), regex, given);
  const isSkipping = given.flag("skip_special");
  const isRead = given.flag("interpret_special");
  const text = (one: string) => replaceAll(one, regex, parts);
  return {
    text,
    pieces(pieces) {
      if (!isSkipping) return replaceWhole(pieces, regex, parts);
      return merged(
        pieces.flatMap((piece) => {
          if (typeof piece !== "string") return [piece];
          return isRead ? readText(text(piece)) : [text(piece)];
        }),
      );
    },
  };
}

/** A text, or the number or name of a group. */
type Part = string | { readonly group: number | string };

// Python's way to write groups: `\1`, `\g<1>`, `\g<name>`.
function readParts(written: string, regex: RE2JS, given: Parameters): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of written.matchAll(/\\(?:(\d{1,2})|g<(\w+)>|(.))/gs)) {
    parts.push(written.slice(from, match.index));
    from = match.index + match[0].length;
    const name = match[1] ?? match[2];
    if (name === undefined) {
      parts.push(ESCAPES[match[3] ?? ""] ?? match[0]);
      continue;
    }
    const isNumber = /^\d+$/.test(name);
    const isThere = isNumber
      ? Number(name) <= regex.groupCount()
      : Object.hasOwn(regex.namedGroups(), name);
    if (!isThere) throw given.fault("replacement", `the pattern has no group "${name}"`);
    parts.push({ group: isNumber ? Number(name) : name });
  }
  return [...parts, written.slice(from)];
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\", n: "\n", t: "\t", r: "\r" };

function filled(parts: readonly Part[], matcher: Matcher): string {
  return parts
    .map((part) => (typeof part === "string" ? part : (matcher.group(part.group) ?? "")))
    .join("");
}

function replaceAll(text: string, regex: RE2JS, parts: readonly Part[]): string {
  const matcher = regex.matcher(text);
  let result = "";
  let from = 0;
  while (matcher.find()) {
    result += text.slice(from, matcher.start()) + filled(parts, matcher);
    from = matcher.end();
  }
  return result + text.slice(from);
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly piece: Piece;
}

function replaceWhole(
  pieces: readonly Piece[],
  regex: RE2JS,
  parts: readonly Part[],
): readonly Piece[] {
  const spans: Span[] = [];
  let plain = "";
  for (const piece of pieces) {
    const signs: readonly Piece[] = typeof piece === "string" ? piece.split("") : [piece];
    for (const sign of signs) {
      const shown = escapedText([sign]);
      spans.push({ from: plain.length, to: plain.length + shown.length, piece: sign });
      plain += shown;
    }
  }
  const result: Piece[] = [];
  let replaced = "";
  let next = 0;
  const flush = () => {
    result.push(...readText(replaced));
    replaced = "";
  };
  const keepUntil = (end: number, from: number) => {
    for (let span = spans[next]; span !== undefined && span.from < end; span = spans[next]) {
      if (span.from >= from && span.to <= end) {
        flush();
        result.push(span.piece);
      } else {
        replaced += plain.slice(Math.max(span.from, from), Math.min(span.to, end));
      }
      // Of a sign that a match cuts in two the rest comes behind the match.
      if (span.to > end) break;
      next += 1;
    }
  };
  const matcher = regex.matcher(plain);
  let from = 0;
  while (matcher.find()) {
    keepUntil(matcher.start(), from);
    replaced += filled(parts, matcher);
    from = matcher.end();
    while (spans[next] !== undefined && (spans[next]?.to ?? 0) <= from) next += 1;
    // Where no sign is cut in two, what comes next is read for itself.
    if ((spans[next]?.from ?? from) >= from) flush();
  }
  keepUntil(plain.length, from);
  flush();
  return merged(result);
}

// Backslashes are themselves unless a wildcard stands behind them.
function readText(text: string): Piece[] {
  return parsePieces(text.replaceAll(/\\(?![*?])/g, "\\\\"));
}

function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === "string" && typeof last === "string") {
      result[result.length - 1] = last + piece;
    } else if (piece !== "") result.push(piece);
  }
  return result;
}
