// Patterns of mapping files: fixed text and named pieces, `%{TIME:zeit} %{IP:source.ip} %{GREEDYDATA:text}`.
// A pattern is matched piece by piece from left to right over the whole line and never tries again: its
// time grows with the length of the line only.
import { PIECES, type Piece, type PieceMatch } from "./pieces.ts";

/** Where a line left a pattern. */
export interface PatternMiss {
  /** Index of the character at which something else was expected. */
  readonly at: number;
  /** The piece or fixed text as it is written in the pattern. */
  readonly expected: string;
}

export interface Pattern {
  /** Names under which the pieces are kept, in their order. */
  readonly names: readonly string[];
  /** Ends with `%{KEYVALUE}`: names are the line's. */
  readonly hasPairs: boolean;
  match(
    text: string,
  ): { readonly values: readonly PatternValue[] } | { readonly miss: PatternMiss };
}

/** One kept value; `pairs` is the text that `%{KEYVALUE}` stood for. */
type PatternValue = { readonly name: string; readonly value: string } | { readonly pairs: string };

/** What is wrong with a pattern as it is written. */
export type PatternFault =
  | { readonly kind: "unknown-piece"; readonly detail: string }
  | { readonly kind: "bad-name"; readonly detail: string }
  | { readonly kind: "name-twice"; readonly detail: string }
  | { readonly kind: "needs-text"; readonly detail: string }
  | { readonly kind: "not-last"; readonly detail: string }
  | { readonly kind: "no-time"; readonly detail: string }
  | { readonly kind: "too-many"; readonly detail: string };

/** Most pieces of one pattern. */
const PIECES_MAX = 100;
const NAME = /^[@\p{L}_][\p{L}\p{Nd}_.@ -]{0,99}$/u;

interface Token {
  readonly written: string;
  /** Fixed text; undefined for a piece. */
  readonly literal: string | undefined;
  readonly piece: Piece | undefined;
  readonly name: string | undefined;
  readonly isPairs: boolean;
}

/**
 * Compiles a pattern.
 * @param time reads what `%{TIME}` stands for; undefined when the mapping names no format for it
 */
export function compilePattern(
  source: string,
  time: Piece["read"] | undefined,
): { readonly pattern: Pattern } | { readonly faults: readonly PatternFault[] } {
  const faults: PatternFault[] = [];
  const tokens = tokensOf(source, time, faults);
  const names = tokens.flatMap(({ name }) => name ?? []);
  for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at))) {
    faults.push({ kind: "name-twice", detail: name });
  }
  if (tokens.length > PIECES_MAX * 2) faults.push({ kind: "too-many", detail: String(PIECES_MAX) });
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (token.isPairs && next !== undefined) {
      faults.push({ kind: "not-last", detail: token.written });
    }
    const isOpen = token.piece?.kind === "until" || token.piece?.kind === "untilLast";
    if (isOpen && next !== undefined && next.literal === undefined) {
      faults.push({ kind: "needs-text", detail: token.written });
    }
  }
  if (faults.length > 0) return { faults };
  const hasPairs = tokens.some(({ isPairs }) => isPairs);
  return { pattern: { names, hasPairs, match: (text) => matchTokens(tokens, text) } };
}

function tokensOf(
  source: string,
  time: Piece["read"] | undefined,
  faults: PatternFault[],
): Token[] {
  const tokens: Token[] = [];
  const addText = (text: string) => {
    const before = tokens.at(-1);
    if (text === "") return;
    const literal = (before?.literal ?? "") + text;
    if (before?.literal !== undefined) tokens.pop();
    tokens.push({ written: literal, literal, piece: undefined, name: undefined, isPairs: false });
  };
  let from = 0;
  for (const match of source.matchAll(/%%\{|%\{([^{}:]{1,40})(?::([^{}]{1,120}))?\}/g)) {
    addText(source.slice(from, match.index));
    from = match.index + match[0].length;
    const [written, kind, name] = match;
    if (kind === undefined) {
      addText("%{");
      continue;
    }
    if (name !== undefined && !NAME.test(name)) faults.push({ kind: "bad-name", detail: name });
    const isPairs = kind === "KEYVALUE";
    const piece = isPairs ? undefined : pieceOf(kind, time);
    if (piece === undefined && !isPairs) {
      faults.push({ kind: kind === "TIME" ? "no-time" : "unknown-piece", detail: written });
    }
    tokens.push({ written, literal: undefined, piece, name, isPairs });
  }
  addText(source.slice(from));
  return tokens;
}

function pieceOf(name: string, time: Piece["read"] | undefined): Piece | undefined {
  if (name === "TIME") return time === undefined ? undefined : { kind: "run", read: time };
  return Object.hasOwn(PIECES, name) ? PIECES[name] : undefined;
}

function matchTokens(tokens: readonly Token[], text: string): ReturnType<Pattern["match"]> {
  const values: PatternValue[] = [];
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const miss = { miss: { at, expected: token.written } };
    if (token.literal !== undefined) {
      if (!text.startsWith(token.literal, at)) return miss;
      at += token.literal.length;
    } else if (token.isPairs) {
      values.push({ pairs: text.slice(at) });
      at = text.length;
    } else {
      const next = tokens[index + 1]?.literal;
      const isLast = index === tokens.length - 2;
      const found = token.piece && readPiece(token.piece, text, at, next, isLast);
      if (found === undefined) return miss;
      if (token.name !== undefined) values.push({ name: token.name, value: found.value });
      at = found.end;
    }
  }
  return at === text.length ? { values } : { miss: { at, expected: "" } };
}

function readPiece(
  piece: Piece,
  text: string,
  at: number,
  next: string | undefined,
  isLast: boolean,
): PieceMatch | undefined {
  if (piece.kind === "run") return piece.read(text, at);
  if (piece.kind === "shrinks") {
    const found = piece.read(text, at);
    if (found === undefined || next === undefined || text.startsWith(next, found.end)) return found;
    const end = text.slice(at, found.end).lastIndexOf(next);
    return end < 1 ? found : { end: at + end, value: text.slice(at, at + end) };
  }
  if (next === undefined) return piece.read(text, at);
  const end = placeOf(piece, text, at, next, isLast);
  return end < at ? undefined : { end, value: text.slice(at, end) };
}

// Where the pattern's last text has to stand, it stands at the end of the line.
function placeOf(piece: Piece, text: string, at: number, next: string, isLast: boolean): number {
  if (isLast) return text.endsWith(next) ? text.length - next.length : -1;
  return piece.kind === "until" ? text.indexOf(next, at) : text.lastIndexOf(next);
}
