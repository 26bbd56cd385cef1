// Values of a draft as texts, the way that pipelines look at them: wildcards as `*` and `?`, what a
// modifier such as `contains` has added included.
import type { DraftValue } from "../draft.ts";
import { ANY, type Pattern, type Piece } from "../rule.ts";
import { parsePieces } from "../value.ts";
import type { Scalar } from "./parameters.ts";

export type TextPattern = Extract<Pattern, { kind: "text" }>;

/** Wildcards and text without any escapes. */
export function shownText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : signOf(piece))).join("");
}

/** Wildcards as signs, the same signs in the text behind a backslash. */
export function escapedText(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === "string" ? piece.replaceAll(/[*?]/g, "\\$&") : signOf(piece)))
    .join("");
}

function signOf(piece: symbol): string {
  return piece === ANY ? "*" : "?";
}

/** The texts that a value stands for; none where it is no text. */
export function textsOfValue(value: DraftValue): string[] {
  if (value.kind === "open") return [value.text];
  if (!value.isText) return [];
  return value.patterns.flatMap((one) => (one.kind === "text" ? [shownText(one.pieces)] : []));
}

export function hasWildcard(value: DraftValue): boolean {
  return (
    value.kind === "ready" &&
    value.patterns.some(
      (one) => one.kind === "text" && one.pieces.some((piece) => typeof piece !== "string"),
    )
  );
}

export function isNullValue(value: DraftValue): boolean {
  return value.kind === "ready" && value.patterns.some(({ kind }) => kind === "null");
}

/** Whether a value of a rule is the given one, case included. */
export function isValue(value: DraftValue, wanted: Scalar): boolean {
  if (value.kind === "open") return value.text === wanted;
  if (wanted === null) return isNullValue(value);
  const isText = typeof wanted === "string";
  const text = shownText(isText ? parsePieces(wanted) : [String(wanted)]);
  return value.patterns.some((one) => {
    if (one.kind !== "text") return one.kind !== "null" && one.shown === text;
    return value.isText === isText && shownText(one.pieces) === text;
  });
}

/** The value with its text patterns replaced; undefined where there is nothing to replace. */
export function mapTextPatterns(
  value: DraftValue,
  change: (pattern: TextPattern) => Pattern | undefined,
): DraftValue | undefined {
  if (value.kind === "open") return undefined;
  let isChanged = false;
  const patterns = value.patterns.map((one) => {
    const changed = one.kind === "text" ? change(one) : undefined;
    isChanged ||= changed !== undefined;
    return changed ?? one;
  });
  return isChanged ? { ...value, patterns } : undefined;
}
