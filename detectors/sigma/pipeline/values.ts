// Transformations of values: other texts, other types, regular expressions in place of wildcards.
// Format: pySigma, "Processing Pipelines", value transformations.
import { draftValue } from "../item.ts";
import { PipelineRefusal } from "../reading.ts";
import { ANY, type Pattern, type Piece } from "../rule.ts";
import { parsePieces, plainText } from "../value.ts";
import type { Parameters } from "./parameters.ts";
import { readReplacement } from "./replace-string.ts";
import { onValues, type Transformation } from "./step.ts";
import { mapTextPatterns, shownText, type TextPattern } from "./value-text.ts";

export const VALUE_TRANSFORMATIONS: Readonly<
  Record<string, (given: Parameters) => Transformation>
> = {
  replace_string(given) {
    const replace = readReplacement(given);
    return onValues((value, item) => {
      if (value.kind === "open") {
        const text = replace.text(value.text);
        return text === value.text ? undefined : [draftValue(text, item)];
      }
      const changed = mapTextPatterns(value, (one) => withPieces(one, replace.pieces(one.pieces)));
      return changed === undefined ? undefined : [changed];
    });
  },
  map_string(given) {
    const mapping = given.mapping("mapping");
    return onValues((value) => {
      if (value.kind === "open" || !value.isText) return undefined;
      const [first] = value.patterns;
      if (first?.kind !== "text" || value.patterns.length > 1) return undefined;
      return mapping.get(shownText(first.pieces))?.map((text) => ({
        ...value,
        patterns: [{ ...first, pieces: parsePieces(text), shown: text }],
      }));
    });
  },
  set_value(given) {
    const value = setValueOf(given);
    // Each value becomes the same one.
    return onValues((one, item) => {
      const isFirst = item.values[0] === one;
      return isFirst ? [draftValue(value, { field: item.field, modifiers: [] })] : [];
    });
  },
  convert_type(given) {
    const isNumber = given.oneOf("target_type", ["str", "num"]) === "num";
    return onValues((value) => {
      if (value.kind === "open" || value.isText !== isNumber) return undefined;
      if (!isNumber) return [{ ...value, isText: true }];
      const changed = mapTextPatterns(value, asNumber) ?? value;
      return changed.kind === "open" ? undefined : [{ ...changed, isText: false }];
    });
  },
  case(given) {
    const method = given.oneOf("method", ["lower", "upper", "snake_case"], "lower");
    return onTexts((one) => {
      const pieces = one.pieces.map((piece) =>
        typeof piece === "string" ? CASES[method](piece) : piece,
      );
      return withPieces(one, pieces);
    });
  },
  regex(given) {
    const methods = ["ignore_case_brackets", "ignore_case_flag", "plain"] as const;
    const isPlain = given.oneOf("method", methods, "ignore_case_brackets") === "plain";
    return onValues((value) => {
      if (value.kind === "open") {
        throw new PipelineRefusal(`"${value.text}" has placeholders that need values first`);
      }
      if (!value.isText) return undefined;
      const changed = mapTextPatterns(value, (one) => asRegex(one, isPlain));
      return changed === undefined ? undefined : [changed];
    });
  },
};

function onTexts(change: (pattern: TextPattern) => Pattern | undefined): Transformation {
  return onValues((value) => {
    if (value.kind === "open" || !value.isText) return undefined;
    const changed = mapTextPatterns(value, change);
    return changed === undefined ? undefined : [changed];
  });
}

/** Undefined where the pieces are the same. */
function withPieces(pattern: TextPattern, pieces: readonly Piece[]): TextPattern | undefined {
  const isSame =
    pieces.length === pattern.pieces.length &&
    pieces.every((piece, at) => piece === pattern.pieces[at]);
  return isSame ? undefined : { ...pattern, pieces, shown: shownText(pieces) };
}

const CASES = {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  snake_case: (text: string) => text.replaceAll(/(?<!^)(?=[A-Z])/g, "_").toLowerCase(),
};

function setValueOf(given: Parameters) {
  const value = given.scalar("value");
  if (!given.has("force_type")) return value;
  const isNumber = given.oneOf("force_type", ["str", "num"]) === "num";
  if (typeof value !== "string" && typeof value !== "number") {
    throw given.fault("force_type", "only texts and numbers have a type that can be forced");
  }
  if (!isNumber) return String(value);
  if (value === "" || !Number.isFinite(Number(value))) {
    throw given.fault("value", `"${value}" is no number`);
  }
  return Number(value);
}

function asNumber(pattern: TextPattern): TextPattern | undefined {
  const text = plainText(pattern.pieces);
  if (text === undefined || text.trim() === "" || !Number.isFinite(Number(text))) {
    throw new PipelineRefusal(`"${shownText(pattern.pieces)}" is no number`);
  }
  return withPieces(pattern, [String(Number(text))]);
}

// A text is compared as a whole, so its pattern has to be, too; that wildcards at the ends need no anchor
// spares the engine work. The flag means the same as pairs of letters in brackets.
function asRegex(pattern: TextPattern, isPlain: boolean): Pattern | undefined {
  const { pieces, cased, shown } = pattern;
  const isAnything = pieces.length === 1 && pieces[0] === ANY;
  if (pieces.length === 0 || isAnything) return undefined;
  const from = pieces[0] === ANY ? 1 : 0;
  const to = pieces.length - (pieces.at(-1) === ANY ? 1 : 0);
  const inner = pieces.slice(from, to).map((piece) => {
    if (typeof piece === "string") return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return piece === ANY ? ".*" : ".";
  });
  const source = `${from === 0 ? "^" : ""}${inner.join("")}${to === pieces.length ? "$" : ""}`;
  return { kind: "regex", source, flags: isPlain || cased ? "s" : "is", shown };
}
