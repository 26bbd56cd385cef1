// Makes an item of a detection from its key (`CommandLine|contains|all`) and its values: first a draft,
// with the modifiers applied, then the tree of tests.
// Source: Sigma specification 2.1, appendix "Modifiers".
import { join } from "./condition.ts";
import type { DraftItem, DraftValue } from "./draft.ts";
import {
  type ItemKey,
  isComparison,
  isDatePart,
  isEncoding,
  kindOf,
  readKey,
} from "./modifiers.ts";
import { expandPlaceholders, type Placeholders, placeholdersIn } from "./placeholder.ts";
import type { DatePart, Item, Pattern, Piece, Tree } from "./rule.ts";
import { type DocumentReader, PATTERNS_PER_FILE_MAX, type Path } from "./rule-document.ts";
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

/** @throws SyntaxError with what is wrong with the key or a value */
export function draftItem(
  key: string | undefined,
  values: readonly ItemValue[],
  path: Path,
  spend: DocumentReader["spend"] = () => true,
): DraftItem {
  const { field, modifiers } = readKey(key);
  if (values.length === 0) throw new SyntaxError("expected at least one value");
  return {
    field,
    modifiers,
    values: values.map((value) => {
      const draft = draftValue(value, { field, modifiers });
      if (spend(draft.kind === "ready" ? draft.patterns.length : 1)) return draft;
      throw new SyntaxError(`more than ${PATTERNS_PER_FILE_MAX} patterns in one file`);
    }),
    path,
    applied: [],
  };
}

/** @throws SyntaxError */
export function draftValue(value: ItemValue, key: ItemKey): DraftValue {
  const isText = typeof value === "string";
  if (isText && key.modifiers.includes("expand") && placeholdersIn(value).length > 0) {
    return { kind: "open", text: value };
  }
  const plain = isText && key.modifiers.includes("expand") ? value.replaceAll("\\%", "%") : value;
  return { kind: "ready", patterns: patternsOf(plain, key), isText };
}

/**
 * What an item asks, with values in place of its placeholders.
 * @throws SyntaxError, MissingPlaceholder
 */
export function itemTree(draft: DraftItem, placeholders: Placeholders): Tree {
  const { field, modifiers, values } = draft;
  const operator = modifiers.filter((one) => one !== "neq").join("|") || "equals";
  const each = values.flatMap((value): (readonly Pattern[])[] => {
    if (value.kind === "ready") return [value.patterns];
    const texts = expandPlaceholders(value.text, placeholders);
    return texts.map((text) => patternsOf(text.replaceAll("\\%", "%"), draft));
  });
  if (each.length === 0) throw new SyntaxError("expected at least one value");
  const tree = (patterns: readonly Pattern[]): Tree => {
    const item: Item = { field, operator, patterns };
    return { kind: "item", item };
  };
  const positive = modifiers.includes("all") ? join("and", each.map(tree)) : tree(each.flat());
  return modifiers.includes("neq") ? { kind: "not", child: positive } : positive;
}

function patternsOf(value: ItemValue, { field, modifiers }: ItemKey): Pattern[] {
  const has = (modifier: string) => modifiers.includes(modifier);
  const kind = kindOf(modifiers);
  const shown = value === null ? "null" : String(value);
  if (kind === "exists") {
    if (typeof value !== "boolean") throw new SyntaxError("exists takes true or false");
    return [{ kind, wanted: value, shown }];
  }
  if (value === null) {
    if (field === undefined) throw new SyntaxError("null needs a field");
    if (kind !== undefined && kind !== "re") throw new SyntaxError(`"${kind}" takes no null`);
    return [{ kind: "null", shown }];
  }
  if (kind === "fieldref") {
    return [{ kind, other: fieldName(shown), part: partOf(has), cased: has("cased"), shown }];
  }
  if (kind === "cidr") return [{ kind, network: shown, shown }];
  if (kind === "re") {
    const flags = ["i", "m", "s"].filter(has).join("");
    return [{ kind: "regex", source: anchored(shown, has), flags, shown }];
  }
  if (isComparison(kind)) {
    // Exactly these four are comparisons.
    return [{ kind: "number", operator: kind as "gt", value: numberOf(value), shown }];
  }
  if (isDatePart(kind)) {
    // Exactly the names of this type are parts of a date.
    const part = kind as DatePart;
    return [{ kind: "date", part, value: datePartOf(value, part), shown }];
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
  const encodings = modifiers.filter(isEncoding);
  if (encodings.length === 0) return [pieces];
  const text = plainText(pieces);
  if (text === undefined) throw new SyntaxError("encoding modifiers can't take wildcards");
  let all: Buffer[] = [Buffer.from(text, "utf8")];
  for (const encoding of encodings) all = all.flatMap((bytes) => encodedBytes(bytes, encoding));
  // Without base64 behind it the bytes are looked for as they are.
  return all.map((bytes) => [bytes.toString("latin1")]);
}

function encodedBytes(bytes: Buffer, encoding: string): Buffer[] {
  if (encoding === "base64") return [Buffer.from(base64Text(bytes))];
  if (encoding === "base64offset") return base64Offsets(bytes).map((one) => Buffer.from(one));
  const name = encoding === "wide" ? "utf16le" : encoding;
  if (name === "utf16" || name === "utf16le" || name === "utf16be") {
    return [encodeText(bytes.toString("utf8"), name)];
  }
  return [bytes];
}

function fieldName(value: string): string {
  const name = plainText(parsePieces(value));
  if (name === undefined) throw new SyntaxError("a field's name has no wildcards");
  return name;
}

// A pattern may stand anywhere in a value; beginning and end have to be asked for.
function anchored(source: string, has: (modifier: string) => boolean): string {
  if (has("startswith")) return `^(?:${source})`;
  return has("endswith") ? `(?:${source})$` : source;
}

function partOf(
  has: (modifier: string) => boolean,
): "equals" | "startswith" | "endswith" | "contains" {
  const [starts, ends] = [has("startswith"), has("endswith")];
  if (has("contains") || (starts && ends)) return "contains";
  if (starts) return "startswith";
  return ends ? "endswith" : "equals";
}

function numberOf(value: Exclude<ItemValue, null>): number {
  const number = typeof value === "number" ? value : Number(value);
  if (typeof value === "boolean" || value === "" || !Number.isFinite(number)) {
    throw new SyntaxError(`expected a number, found "${String(value)}"`);
  }
  return number;
}

// What no time has (the 25th hour) is for the linter to find: it is never true, which does no harm.
function datePartOf(value: Exclude<ItemValue, null>, part: DatePart): number {
  const number = numberOf(value);
  if (Number.isInteger(number)) return number;
  throw new SyntaxError(`${part} takes a whole number, found ${number}`);
}
