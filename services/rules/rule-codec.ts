// Writes rules as text and reads them back as they were, whatever fields they have: for the cache of
// parsed rules, and for the way from one thread to another. JSON, in which texts that begin with the sign
// U+0001 stand for what JSON has not: symbols, undefined, odd numbers, maps, sets, and parts that several
// places share (a condition may name a selection a thousand times; it is written once).
import { ANY, ONE } from "../../detectors/sigma/rule.ts";

const SIGN = "\u0001";
const SIGN_CODE = 1;
/** Beyond that a value is refused: reading such JSON is dangerous in V8. */
const NESTING_MAX = 400;

const SYMBOLS: readonly (readonly [string, unknown])[] = [
  [`${SIGN}*`, ANY],
  [`${SIGN}?`, ONE],
  [`${SIGN}u`, undefined],
  [`${SIGN}N`, Number.NaN],
  [`${SIGN}-`, -0],
  [`${SIGN}>`, Number.POSITIVE_INFINITY],
  [`${SIGN}<`, Number.NEGATIVE_INFINITY],
];
const TEXT_OF = new Map(SYMBOLS.map(([text, value]) => [value, text]));
const VALUE_OF = new Map(SYMBOLS);
const MAP = `${SIGN}m`;
const SET = `${SIGN}s`;
const OBJECT = `${SIGN}o`;
/** A part that is shared: its number and itself. */
const SHARED = `${SIGN}d`;
/** The number of a shared part. */
const REFERENCE = `${SIGN}r`;

/** @throws TypeError for functions, instances of classes, other symbols, cycles; RangeError for deep nesting */
export function encodeRules(value: unknown): string {
  const uses = new Map<object, number>();
  countUses(value, uses, 0);
  const numbers = new Map<object, number>();
  const write = (one: unknown, depth: number): unknown => {
    if (depth > NESTING_MAX) throw new RangeError(`nested deeper than ${NESTING_MAX}`);
    if (typeof one !== "object" || one === null) return writePlain(one);
    const number = numbers.get(one);
    if (number !== undefined) return [REFERENCE, number];
    if ((uses.get(one) ?? 0) < 2) return writeParts(one, depth, write);
    const written = writeParts(one, depth + 1, write);
    numbers.set(one, numbers.size);
    return [SHARED, numbers.size - 1, written];
  };
  return JSON.stringify(write(value, 0));
}

/**
 * Reads what `encodeRules` wrote; text from elsewhere has to be checked before.
 * @throws SyntaxError
 */
export function decodeRules(text: string): unknown {
  return revive(JSON.parse(text), new Map());
}

function countUses(value: unknown, uses: Map<object, number>, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  const known = uses.get(value) ?? 0;
  uses.set(value, known + 1);
  if (known > 0) return;
  if (depth > NESTING_MAX) throw new RangeError(`nested deeper than ${NESTING_MAX}`);
  for (const part of partsOf(value)) countUses(part, uses, depth + 1);
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? value : Object.values(value);
}

type Write = (value: unknown, depth: number) => unknown;

function writeParts(value: object, depth: number, write: Write): unknown {
  const all = (parts: Iterable<unknown>) => [...parts].map((part) => write(part, depth + 1));
  if (Array.isArray(value)) return all(value);
  if (value instanceof Map) return [MAP, ...all([...value].flat())];
  if (value instanceof Set) return [SET, ...all(value)];
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError("only plain objects, lists, maps and sets can be written");
  }
  const entries = Object.entries(value).map(
    ([key, part]) => [key, write(part, depth + 1)] as const,
  );
  // To set this key means something else in JavaScript.
  return Object.hasOwn(value, "__proto__")
    ? [OBJECT, ...entries.flatMap(([key, part]) => [writePlain(key), part])]
    : Object.fromEntries(entries);
}

function writePlain(value: unknown): unknown {
  const text = TEXT_OF.get(value);
  // A map takes -0 for 0.
  if (text !== undefined && (value !== 0 || Object.is(value, -0))) return text;
  if (typeof value === "string") return value.charCodeAt(0) === SIGN_CODE ? SIGN + value : value;
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  throw new TypeError(`a ${typeof value} can't be written`);
}

function revive(value: unknown, shared: Map<number, unknown>): unknown {
  if (typeof value === "string") return reviveText(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return reviveList(value, shared);
  // Just made by JSON.parse: a plain object whose own keys are read and set.
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    const part = object[key];
    if (typeof part === "object" || (typeof part === "string" && part.charCodeAt(0) === SIGN_CODE))
      object[key] = revive(part, shared);
  }
  return object;
}

function reviveText(text: string): unknown {
  if (text.charCodeAt(0) !== SIGN_CODE) return text;
  if (VALUE_OF.has(text)) return VALUE_OF.get(text);
  if (text.charCodeAt(1) !== SIGN_CODE) throw new SyntaxError("not text of rules");
  return text.slice(1);
}

function reviveList(list: unknown[], shared: Map<number, unknown>): unknown {
  const parts = (from: number) => list.slice(from).map((part) => revive(part, shared));
  switch (list[0]) {
    case MAP:
      return new Map(pairsOf(parts(1)));
    case SET:
      return new Set(parts(1));
    case OBJECT:
      return Object.fromEntries(pairsOf(parts(1)).map(([key, part]) => [String(key), part]));
    case SHARED: {
      const [part] = parts(2);
      shared.set(Number(list[1]), part);
      return part;
    }
    case REFERENCE: {
      const part = shared.get(Number(list[1]));
      if (part === undefined) throw new SyntaxError("a part of rules is missing");
      return part;
    }
    default:
      for (let at = 0; at < list.length; at += 1) list[at] = revive(list[at], shared);
      return list;
  }
}

function pairsOf(parts: readonly unknown[]): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = [];
  for (let at = 0; at < parts.length; at += 2) pairs.push([parts[at], parts[at + 1]]);
  return pairs;
}
