// Makes an item of a detection from its key (`CommandLine|contains|all`) and its values: applies the
// modifiers and gives the tree of tests.
// Source: Sigma specification 2.1, appendix "Modifiers".
import { join } from "./condition.ts";
import type { DatePart, Item, Pattern, Piece, Tree } from "./rule.ts";
import {
  base64Offsets,
  base64Text,
  dashVariants,
  encodeText,
  parsePieces,
  plainText,
  surround,
} from "./value.ts";

export type ItemValue = string | number | boolean | null;

const DATE_PARTS: ReadonlySet<string> = new Set(["minute", "hour", "day", "week", "month", "year"]);
const NUMBER_OPERATORS: ReadonlySet<string> = new Set(["gt", "gte", "lt", "lte"]);
const MODIFIERS = new Set([
  ...DATE_PARTS,
  ...NUMBER_OPERATORS,
  ..."contains startswith endswith all re i m s cased base64 base64offset utf8 utf16 utf16le utf16be wide windash cidr neq exists fieldref expand".split(
    " ",
  ),
]);

/** What `expand` needs: the values of a placeholder such as `%admins%`; undefined when there are none. */
export type Placeholders = (name: string) => readonly string[] | undefined;

/** Thrown for a placeholder without values: the rule is kept but can't fire. */
export class MissingPlaceholder extends Error {}

/** @throws SyntaxError with what is wrong with the key or a value */
export function itemTree(
  key: string | undefined,
  values: readonly ItemValue[],
  placeholders: Placeholders,
): Tree {
  const [name = "", ...modifiers] = (key ?? "").split("|");
  const field = name === "" ? undefined : name;
  for (const modifier of modifiers) {
    if (!MODIFIERS.has(modifier)) throw new SyntaxError(`unknown modifier "${modifier}"`);
  }
  const has = (modifier: string) => modifiers.includes(modifier);
  const operator = modifiers.filter((one) => one !== "neq").join("|") || "equals";
  const expanded = has("expand") ? values.flatMap((value) => expand(value, placeholders)) : values;
  if (expanded.length === 0) throw new SyntaxError("expected at least one value");
  const tree = (patterns: readonly Pattern[]): Tree => {
    const item: Item = { field, operator, patterns };
    return { kind: "item", item };
  };
  const each = expanded.map((value) => patternsOf(value, modifiers));
  const positive = has("all") ? join("and", each.map(tree)) : tree(each.flat());
  return has("neq") ? { kind: "not", child: positive } : positive;
}

function expand(value: ItemValue, placeholders: Placeholders): ItemValue[] {
  if (typeof value !== "string") return [value];
  const match = /%([\w.-]{1,100})%/.exec(value);
  if (match === null) return [value];
  const found = placeholders(match[1] ?? "");
  if (found === undefined)
    throw new MissingPlaceholder(`no values for the placeholder ${match[0]}`);
  return found.flatMap((one) =>
    expand(
      value.replace(match[0], () => one),
      placeholders,
    ),
  );
}

function patternsOf(value: ItemValue, modifiers: readonly string[]): Pattern[] {
  const has = (modifier: string) => modifiers.includes(modifier);
  const shown = value === null ? "null" : String(value);
  if (has("exists")) {
    if (typeof value !== "boolean") throw new SyntaxError("exists takes true or false");
    return [{ kind: "exists", wanted: value, shown }];
  }
  if (value === null) return [{ kind: "null", shown }];
  if (has("fieldref"))
    return [{ kind: "fieldref", other: shown, part: partOf(has), cased: has("cased"), shown }];
  for (const modifier of modifiers) {
    if (NUMBER_OPERATORS.has(modifier)) {
      // The set holds exactly these four.
      return [{ kind: "number", operator: modifier as "gt", value: numberOf(value), shown }];
    }
    if (DATE_PARTS.has(modifier)) {
      // The set holds exactly these names.
      return [{ kind: "date", part: modifier as DatePart, value: numberOf(value), shown }];
    }
  }
  if (has("cidr")) return [{ kind: "cidr", network: shown, shown }];
  if (has("re")) {
    const flags = ["i", "m", "s"].filter(has).join("");
    return [{ kind: "regex", source: shown, flags, shown }];
  }
  return textPatterns(value, modifiers, has, shown);
}

function textPatterns(
  value: Exclude<ItemValue, null>,
  modifiers: readonly string[],
  has: (modifier: string) => boolean,
  shown: string,
): Pattern[] {
  const before = has("contains") || has("endswith");
  const after = has("contains") || has("startswith");
  const cased = has("cased");
  const texts = has("windash") ? dashVariants(shown) : [shown];
  return texts.flatMap((text) =>
    encoded(typeof value === "string" ? parsePieces(text) : [text], modifiers).map(
      (pieces): Pattern => ({
        kind: "text",
        pieces: surround(pieces, before, after),
        // What is encoded in base64 differs by case.
        cased: cased || has("base64") || has("base64offset"),
        shown,
      }),
    ),
  );
}

// Encodings build on each other in the order in which they are written: wide, then base64offset.
function encoded(pieces: Piece[], modifiers: readonly string[]): Piece[][] {
  const encodings = modifiers.filter((one) => /^(?:utf|wide|base64)/.test(one));
  if (encodings.length === 0) return [pieces];
  const text = plainText(pieces);
  if (text === undefined) throw new SyntaxError("encoding modifiers can't take wildcards");
  let bytes: Buffer = encodeText(text, "utf8");
  for (const encoding of encodings) {
    if (encoding === "base64") return [[base64Text(bytes).replace(/=+$/, "")]];
    if (encoding === "base64offset") return base64Offsets(bytes).map((one) => [one]);
    const name = encoding === "wide" ? "utf16le" : encoding;
    if (name === "utf8" || name === "utf16" || name === "utf16le" || name === "utf16be") {
      bytes = encodeText(text, name);
    }
  }
  // Without base64 behind it the bytes are looked for as they are.
  return [[bytes.toString("latin1")]];
}

function partOf(
  has: (modifier: string) => boolean,
): "equals" | "startswith" | "endswith" | "contains" {
  if (has("contains")) return "contains";
  if (has("startswith")) return "startswith";
  return has("endswith") ? "endswith" : "equals";
}

function numberOf(value: Exclude<ItemValue, null>): number {
  const number = typeof value === "number" ? value : Number(value);
  if (typeof value === "boolean" || value === "" || !Number.isFinite(number)) {
    throw new SyntaxError(`expected a number, found "${String(value)}"`);
  }
  return number;
}
