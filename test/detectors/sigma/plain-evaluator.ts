// A second Sigma evaluator, written plainly from the specification: it walks the tree for each event, with
// no index and no code of the engine (only the reader is shared). What both say must be the same.
import { BlockList, isIP, isIPv4 } from "node:net";
import {
  ANY,
  type Item,
  ONE,
  type Pattern,
  type Piece,
  type Tree,
} from "../../../detectors/sigma/rule.ts";

type PlainRecord = Readonly<Record<string, unknown>>;

/** An event as rules ask it: a field's value, and all values for keywords. */
export interface PlainEvent {
  readonly record: PlainRecord;
  /** Undefined: missing, or null. */
  value(field: string): unknown;
}

/** Whether a detection is true for a record whose fields lie at its top. */
export function isTrue(tree: Tree, record: PlainRecord): boolean {
  const value = (field: string) =>
    Object.hasOwn(record, field) ? (record[field] ?? undefined) : undefined;
  return isTrueFor(tree, { record, value });
}

/** Whether a detection is true for an event. */
export function isTrueFor(tree: Tree, event: PlainEvent): boolean {
  switch (tree.kind) {
    case "item":
      return itemHolds(tree.item, event);
    case "not":
      return !isTrueFor(tree.child, event);
    case "and":
      return tree.children.every((child) => isTrueFor(child, event));
    case "or":
      return tree.children.some((child) => isTrueFor(child, event));
  }
}

function itemHolds({ field, patterns }: Item, event: PlainEvent): boolean {
  if (field === undefined) {
    const values = leavesOf(event.record);
    return patterns.some((pattern) => values.some((value) => keywordHolds(pattern, value)));
  }
  const value = event.value(field);
  return patterns.some((pattern) => {
    if (pattern.kind === "null") return value === undefined;
    if (pattern.kind === "exists") return (value !== undefined) === pattern.wanted;
    if (value === undefined) return false;
    // A lone `*` asks for the field and not for what it holds, which may be nested.
    if (pattern.kind === "text" && pattern.pieces.length === 1 && pattern.pieces[0] === ANY) {
      return true;
    }
    const others = pattern.kind === "fieldref" ? scalars(event.value(pattern.other)) : [];
    return scalars(value).some((text) => holds(pattern, text, others));
  });
}

/** A value's texts: its own, or those of a list's elements; objects as JSON. */
function scalars(value: unknown): string[] {
  if (typeof value === "string") return [value];
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all
    .filter((one) => one !== null && one !== undefined)
    .map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)));
}

const leaves = new WeakMap<object, string[]>();

function leavesOf(record: object): string[] {
  let found = leaves.get(record);
  if (found === undefined) {
    found = Object.values(record).flatMap((value) =>
      typeof value === "object" && value !== null ? leavesOf(value) : scalars(value),
    );
    leaves.set(record, found);
  }
  return found;
}

const anywhere = new WeakMap<Pattern, Pattern>();

function keywordHolds(pattern: Pattern, value: string): boolean {
  if (pattern.kind !== "text") return holds(pattern, value, []);
  let wide = anywhere.get(pattern);
  if (wide === undefined) {
    wide = { ...pattern, pieces: [ANY, ...pattern.pieces, ANY] };
    anywhere.set(pattern, wide);
  }
  return holds(wide, value, []);
}

function holds(pattern: Pattern, text: string, others: readonly string[]): boolean {
  switch (pattern.kind) {
    case "text":
      return wildcardsFit(piecesOf(pattern), pattern.cased ? text : lowerCase(text));
    case "regex":
      return regexOf(pattern).test(text);
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

const folded = new WeakMap<Pattern, readonly Piece[]>();

function piecesOf(pattern: Extract<Pattern, { kind: "text" }>): readonly Piece[] {
  if (pattern.cased) return pattern.pieces;
  let pieces = folded.get(pattern);
  if (pieces === undefined) {
    pieces = pattern.pieces.map((one) => (typeof one === "string" ? lowerCase(one) : one));
    folded.set(pattern, pieces);
  }
  return pieces;
}

/** Lower case sign by sign; a sign that becomes ASCII, or longer, is another sign and stays. */
function lowerCase(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (sign) => {
    const lower = sign.toLowerCase();
    return lower.length !== sign.length || (sign > "\x7f" && lower <= "\x7f") ? sign : lower;
  }).join("");
}

/** Whether a text fits pieces and wildcards, each `?` being one UTF-16 unit. */
export function wildcardsFit(pieces: readonly Piece[], text: string): boolean {
  return pieces.includes(ONE) ? fitsByRows(pieces, text) : fitsByParts(pieces, text);
}

/** Between asterisks the parts stand one behind the other; the first and the last at the ends. */
function fitsByParts(pieces: readonly Piece[], text: string): boolean {
  const parts = [""];
  for (const piece of pieces) {
    if (typeof piece === "string") parts.push(`${parts.pop()}${piece}`);
    else parts.push("");
  }
  const [first = ""] = parts;
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

/** One row a sign of the pattern: which beginnings of the text it fits so far. */
export function fitsByRows(pieces: readonly Piece[], text: string): boolean {
  const signs = pieces.flatMap((piece): Piece[] =>
    typeof piece === "string" ? piece.split("") : [piece],
  );
  let fits = [true, ...Array.from({ length: text.length }, () => false)];
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

const regexes = new WeakMap<Pattern, RegExp>();

/** As V8 reads it; flags at the beginning (`(?i)`) become those of the whole. */
function regexOf(pattern: Extract<Pattern, { kind: "regex" }>): RegExp {
  let regex = regexes.get(pattern);
  if (regex === undefined) {
    const [begin = "", inline = ""] = /^\(\?([ims]+)\)/.exec(pattern.source) ?? [];
    const flags = [...new Set(pattern.flags + inline)].join("");
    const source = pattern.source
      .slice(begin.length)
      .replaceAll("\\A", "^")
      .replaceAll("\\z", "$")
      .replaceAll("(?P<", "(?<");
    regex = new RegExp(source, flags);
    regexes.set(pattern, regex);
  }
  return regex;
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
  const [left, right] = cased ? [text, other] : [lowerCase(text), lowerCase(other)];
  if (part === "equals") return left === right;
  if (part === "startswith") return left.startsWith(right);
  return part === "endswith" ? left.endsWith(right) : left.includes(right);
}

/** Addresses of four decimal parts, or with colons; those of IPv4 in IPv6 (`::ffff:1.2.3.4`) are IPv4. */
function networkHolds(network: string, text: string): boolean {
  const [base = "", bits] = network.split("/");
  const [family, own] = [isIP(base), isIP(text)];
  if (family === 0 || own === 0) return false;
  const nameOf = (kind: number) => (kind === 4 ? "ipv4" : "ipv6");
  const list = new BlockList();
  list.addSubnet(base, bits === undefined ? (family === 4 ? 32 : 128) : +bits, nameOf(family));
  const mapped = own === 6 ? text.toLowerCase().replace(/^::ffff:/, "") : text;
  const address = isIPv4(mapped) ? mapped : text;
  return isIP(address) === family && list.check(address, nameOf(family));
}

/** Seconds, or milliseconds from 1e11 on, or a time as text; without a zone it is UTC. */
function dateHolds({ part, value }: Extract<Pattern, { kind: "date" }>, text: string): boolean {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const hasZone = !/^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text);
  const epoch = Number.isNaN(number)
    ? Date.parse(hasZone ? text : `${text}Z`)
    : number < 1e11
      ? number * 1000
      : number;
  if (Number.isNaN(new Date(epoch).getTime())) return false;
  const time = Temporal.Instant.fromEpochMilliseconds(Math.floor(epoch)).toZonedDateTimeISO("UTC");
  return (part === "week" ? time.weekOfYear : time[part]) === value;
}
