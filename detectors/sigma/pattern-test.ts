// Turns a pattern into a test of one value, and into the literals that the index can look for first.
import ipaddr from "ipaddr.js";
import { foldCase } from "./fold-case.ts";
import { compileGlob } from "./glob.ts";
import { type CompiledRegex, compileRegex } from "./regex.ts";
import { ANY, type NumberOperator, type Pattern, type Piece } from "./rule.ts";

/** Where a literal has to stand in the value. */
export interface Literal {
  /** Lower case. */
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** As it has to stand, where case matters. */
  readonly cased?: string;
}

export interface ValueTest {
  /** @param lower the value in lower case */
  readonly test: (value: string, lower: string) => boolean;
  /** One of these stands in every value that passes; undefined: unknown. Empty text: any value. */
  readonly literals: readonly Literal[] | undefined;
  /** A value with one of the literals in its place passes without the test. */
  readonly exact: boolean;
  /** Of each list, one text stands in every value that passes; lower case. */
  readonly everyOf?: readonly (readonly string[])[];
  /** Dear tests are run only when a rule asks. */
  readonly dear: boolean;
}

type ValuePattern = Extract<Pattern, { kind: "text" | "regex" | "number" | "cidr" | "date" }>;

/** @throws UnsafePattern, SyntaxError (networks) */
export function valueTest(pattern: ValuePattern): ValueTest {
  switch (pattern.kind) {
    case "text":
      return textTest(pattern.pieces, pattern.cased);
    case "regex":
      return regexTest(compileRegex(pattern.source, pattern.flags));
    case "number":
      return plain(numberTest(pattern.operator, pattern.value));
    case "cidr":
      return plain(cidrTest(pattern.network));
    case "date":
      return plain((value) => datePart(value, pattern.part) === pattern.value);
  }
}

function plain(test: (value: string) => boolean): ValueTest {
  return { test, literals: undefined, exact: false, dear: false };
}

function regexTest(regex: CompiledRegex): ValueTest {
  const literals = regex.literals?.map((text) => ({ text, atStart: false, atEnd: false }));
  return { test: regex.test, literals, everyOf: regex.everyOf, exact: false, dear: true };
}

function textTest(pieces: readonly Piece[], cased: boolean): ValueTest {
  const folded = pieces.map((piece) => (typeof piece === "string" ? foldCase(piece) : piece));
  const matches = compileGlob(cased ? pieces : folded);
  const test = cased
    ? (value: string) => matches(value)
    : (_value: string, lower: string) => matches(lower);
  const first = folded[0];
  const last = folded.at(-1);
  const texts = folded.filter((piece) => typeof piece === "string");
  if (texts.length === 0) {
    const empty: Literal = { text: "", atStart: folded.length === 0, atEnd: folded.length === 0 };
    const anything = folded.length === 1 && first === ANY;
    return { test, literals: [empty], exact: folded.length === 0 || anything, dear: false };
  }
  let best: Literal = { text: "", atStart: false, atEnd: false };
  for (const [index, piece] of folded.entries()) {
    if (typeof piece !== "string" || piece.length <= best.text.length) continue;
    best = { text: piece, atStart: index === 0, atEnd: index === folded.length - 1 };
    const original = pieces[index];
    if (cased && typeof original === "string") best = { ...best, cased: original };
  }
  const inner =
    folded.length - (first === ANY ? 1 : 0) - (last === ANY && folded.length > 1 ? 1 : 0);
  return { test, literals: [best], exact: inner === 1, dear: false };
}

function numberTest(operator: NumberOperator, wanted: number): (value: string) => boolean {
  const compare = {
    gt: (value: number) => value > wanted,
    gte: (value: number) => value >= wanted,
    lt: (value: number) => value < wanted,
    lte: (value: number) => value <= wanted,
  }[operator];
  return (value) => value.trim() !== "" && compare(Number(value));
}

function cidrTest(network: string): (value: string) => boolean {
  const [range, bits] = parseNetwork(network);
  return (value) => {
    // Other spellings, such as `10.1` and `167772161`, are numbers in logs more often than addresses.
    const isAddress = value.includes(":")
      ? ipaddr.IPv6.isValid(value)
      : ipaddr.IPv4.isValidFourPartDecimal(value);
    if (!isAddress) return false;
    const address = ipaddr.process(value);
    return address.kind() === range.kind() && address.match(range, bits);
  };
}

function parseNetwork(network: string) {
  try {
    if (network.includes("/")) return ipaddr.parseCIDR(network);
    return ipaddr.parseCIDR(`${network}/${network.includes(":") ? 128 : 32}`);
  } catch {
    throw new SyntaxError(`"${network}" is not a network in CIDR notation`);
  }
}

// `2026-03-01 12:30:00.123`, as Sysmon writes UTC: without a zone the machine's own must not count.
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ][\d:.]+$/;

/** A part of a time, UTC; NaN when the value is no time. Weeks after ISO 8601. */
function datePart(value: string, part: Extract<Pattern, { kind: "date" }>["part"]): number {
  const number = Number(value);
  const epoch =
    value.trim() === "" || Number.isNaN(number)
      ? Date.parse(WITHOUT_ZONE.test(value) ? `${value}Z` : value)
      : number < 1e11
        ? number * 1000
        : number;
  const date = new Date(epoch);
  switch (part) {
    case "minute":
      return date.getUTCMinutes();
    case "hour":
      return date.getUTCHours();
    case "day":
      return date.getUTCDate();
    case "week":
      return isoWeek(date);
    case "month":
      return date.getUTCMonth() + 1;
    case "year":
      return date.getUTCFullYear();
  }
}

// The week of the year is the week that its Thursday lies in (ISO 8601).
function isoWeek(date: Date): number {
  const day = (date.getUTCDay() + 6) % 7;
  const thursday = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - day + 3);
  const firstDay = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - firstDay) / (7 * 86_400_000));
}
