// A second Sigma evaluator, written plainly from the specification: it walks the tree for each event, with
// no index and no code of the engine. What both say must be the same.
import {
  ANY,
  type Item,
  ONE,
  type Pattern,
  type Piece,
  type Tree,
} from "../../../detectors/sigma/rule.ts";

type PlainRecord = Readonly<Record<string, unknown>>;

/** Whether a detection is true for a record whose fields lie at its top. */
export function isTrue(tree: Tree, record: PlainRecord): boolean {
  switch (tree.kind) {
    case "item":
      return itemHolds(tree.item, record);
    case "not":
      return !isTrue(tree.child, record);
    case "and":
      return tree.children.every((child) => isTrue(child, record));
    case "or":
      return tree.children.some((child) => isTrue(child, record));
  }
}

function itemHolds({ field, patterns }: Item, record: PlainRecord): boolean {
  if (field === undefined) {
    const values = leavesOf(record);
    return patterns.some((pattern) => values.some((value) => keywordHolds(pattern, value)));
  }
  const value = present(record, field);
  return patterns.some((pattern) => {
    if (pattern.kind === "null") return value === undefined;
    if (pattern.kind === "exists") return (value !== undefined) === pattern.wanted;
    if (value === undefined) return false;
    // A lone `*` asks for the field and not for what it holds, which may be nested.
    if (pattern.kind === "text" && pattern.pieces.length === 1 && pattern.pieces[0] === ANY) {
      return true;
    }
    const others = pattern.kind === "fieldref" ? scalars(present(record, pattern.other)) : [];
    return scalars(value).some((text) => holds(pattern, text, others));
  });
}

function present(record: PlainRecord, field: string): unknown {
  return Object.hasOwn(record, field) ? (record[field] ?? undefined) : undefined;
}

/** A value's texts: its own, or those of a list's elements; objects as JSON. */
function scalars(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all
    .filter((one) => one !== null && one !== undefined)
    .map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)));
}

function leavesOf(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf);
  return scalars(value);
}

function keywordHolds(pattern: Pattern, value: string): boolean {
  if (pattern.kind !== "text") return holds(pattern, value, []);
  return holds({ ...pattern, pieces: [ANY, ...pattern.pieces, ANY] }, value, []);
}

function holds(pattern: Pattern, text: string, others: readonly string[]): boolean {
  switch (pattern.kind) {
    case "text": {
      const fold = (one: string) => (pattern.cased ? one : one.toLowerCase());
      const signs = pattern.pieces.flatMap((piece): Piece[] =>
        typeof piece === "string" ? [...fold(piece)] : [piece],
      );
      return wildcardsFit(signs, [...fold(text)]);
    }
    case "regex":
      return new RegExp(pattern.source, pattern.flags).test(text);
    case "number":
      return text.trim() !== "" && numberHolds(pattern.operator, Number(text), pattern.value);
    case "cidr":
      return networkHolds(pattern.network, text);
    case "date":
      return dateHolds(pattern, text);
    case "fieldref":
      return others.some((other) => refHolds(pattern, text, other));
    default:
      return false;
  }
}

/** One row a sign of the pattern: which beginnings of the text it fits so far. */
function wildcardsFit(signs: readonly Piece[], text: readonly string[]): boolean {
  let fits = [true, ...text.map(() => false)];
  for (const sign of signs) {
    const next: boolean[] = [];
    for (let end = 0; end <= text.length; end += 1) {
      if (sign === ANY) next.push(fits[end] === true || (end > 0 && next[end - 1] === true));
      else next.push(end > 0 && fits[end - 1] === true && (sign === ONE || sign === text[end - 1]));
    }
    fits = next;
  }
  return fits[text.length] === true;
}

function numberHolds(operator: "gt" | "gte" | "lt" | "lte", value: number, wanted: number) {
  if (Number.isNaN(value)) return false;
  if (value === wanted) return operator === "gte" || operator === "lte";
  return value > wanted === operator.startsWith("gt");
}

function refHolds(
  { cased, part }: Extract<Pattern, { kind: "fieldref" }>,
  text: string,
  other: string,
): boolean {
  const [left, right] = cased ? [text, other] : [text.toLowerCase(), other.toLowerCase()];
  const at = part === "endswith" ? left.lastIndexOf(right) : left.indexOf(right);
  if (at === -1) return false;
  if (part === "equals") return left.length === right.length;
  if (part === "startswith") return at === 0;
  return part === "contains" || at + right.length === left.length;
}

/** Dotted IPv4 only: what the drawn networks are. */
function networkHolds(network: string, text: string): boolean {
  const [base = "", bits = "32"] = network.split("/");
  const [left, right] = [addressBits(base), addressBits(text)];
  if (left === undefined || right === undefined) return false;
  return left.slice(0, Number(bits)) === right.slice(0, Number(bits));
}

function addressBits(text: string): string | undefined {
  const parts = text.split(".");
  const isAddress = parts.length === 4 && parts.every((one) => /^\d{1,3}$/.test(one) && +one < 256);
  if (!isAddress) return undefined;
  return parts.map((one) => Number(one).toString(2).padStart(8, "0")).join("");
}

/** Times of the form 2026-03-01T12:30:00Z and small numbers of seconds only: what is drawn. */
function dateHolds({ part, value }: Extract<Pattern, { kind: "date" }>, text: string): boolean {
  const instant = /^-?\d{1,3}(?:\.\d)?$/.test(text)
    ? Temporal.Instant.fromEpochMilliseconds(Math.floor(Number(text) * 1000))
    : /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(text)
      ? Temporal.Instant.from(text)
      : undefined;
  const time = instant?.toZonedDateTimeISO("UTC");
  return time !== undefined && (part === "week" ? time.weekOfYear : time[part]) === value;
}
