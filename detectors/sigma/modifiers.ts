// The key of an item, `CommandLine|contains|all`: its field and its modifiers, and which modifiers can stand
// together. What makes no sense is refused here, so that it can't silently mean something else.
// Source: Sigma specification 2.1, appendix "Modifiers".

const words = (text: string) => text.split(" ");

const DATE_PARTS = new Set(words("minute hour day week month year"));
const COMPARISONS = new Set(words("gt gte lt lte"));
/** They decide what a value is; an item has one at most. */
const KINDS = new Set([...DATE_PARTS, ...COMPARISONS, ...words("re cidr fieldref exists")]);
const PARTS = new Set(words("contains startswith endswith"));
const ENCODINGS = new Set(words("base64 base64offset utf8 utf16 utf16le utf16be wide"));
const FLAGS = new Set(words("i m s"));
const MODIFIERS = new Set([
  ...KINDS,
  ...PARTS,
  ...ENCODINGS,
  ...FLAGS,
  ...words("all neq cased windash expand"),
]);
/** Long names that other tools know. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ignorecase", "i"],
  ["multiline", "m"],
  ["dotall", "s"],
]);

export interface ItemKey {
  /** Undefined: keywords. */
  readonly field: string | undefined;
  readonly modifiers: readonly string[];
}

/** @throws SyntaxError for unknown modifiers and for those that can't stand together */
export function readKey(key: string | undefined): ItemKey {
  const [name = "", ...written] = (key ?? "").split("|");
  const field = name === "" ? undefined : name;
  const modifiers = written.map((one) => ALIASES.get(one) ?? one);
  for (const modifier of modifiers) {
    if (!MODIFIERS.has(modifier)) throw new SyntaxError(`unknown modifier "${modifier}"`);
  }
  checkTogether(modifiers);
  if (field === undefined) checkKeywords(modifiers);
  return { field, modifiers };
}

/** The modifier that decides what a value is; undefined: a text. */
export function kindOf(modifiers: readonly string[]): string | undefined {
  return modifiers.find((one) => KINDS.has(one));
}

export function isDatePart(modifier: string | undefined): boolean {
  return modifier !== undefined && DATE_PARTS.has(modifier);
}

export function isComparison(modifier: string | undefined): boolean {
  return modifier !== undefined && COMPARISONS.has(modifier);
}

export function isEncoding(modifier: string): boolean {
  return ENCODINGS.has(modifier);
}

function checkTogether(modifiers: readonly string[]): void {
  const refuse = (one: string, other: string) => {
    throw new SyntaxError(`"${one}" can't be combined with "${other}"`);
  };
  const kind = kindOf(modifiers);
  for (const modifier of modifiers) {
    if (FLAGS.has(modifier) && kind !== "re")
      throw new SyntaxError(`"${modifier}" belongs to "re"`);
    if (kind === undefined || modifier === kind) continue;
    if (KINDS.has(modifier)) refuse(kind, modifier);
    if (modifier === "windash" || ENCODINGS.has(modifier)) refuse(kind, modifier);
    if (PARTS.has(modifier) && kind !== "re" && kind !== "fieldref") refuse(kind, modifier);
    if (modifier === "cased" && kind !== "fieldref" && (kind !== "re" || modifiers.includes("i"))) {
      refuse(kind, modifier);
    }
    if (modifier === "expand" && kind === "exists") refuse(kind, modifier);
  }
}

function checkKeywords(modifiers: readonly string[]): void {
  const kind = kindOf(modifiers);
  if (kind === undefined || kind === "re" || kind === "cidr") return;
  throw new SyntaxError(`"${kind}" needs a field`);
}
