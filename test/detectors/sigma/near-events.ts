// Draws events near rules: a rule's own fields get values that fit its patterns, or just miss them. Random
// texts would hit real rules never. Deterministic, from a seed.
import {
  ANY,
  type Item,
  type Pattern,
  type SigmaRule,
  type Tree,
} from "../../../detectors/sigma/rule.ts";

/** Numbers from 0 to 1, the same for the same seed (mulberry32 by Tommy Ettinger, public domain). */
export function drawFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Draw = () => number;

const FILLERS = ["", "", " ", "x", "ä", "C:\\Windows\\", " -a /b ", "😀", "ΑΣ", "\n"];
/** Now and then a value is far longer than any that a regular expression is tried on at once. */
const LONG_SHARE = 0.01;
const LONG_CHARACTERS = 6000;
const MISSED_SHARE = 0.08;

/** A record whose fields make what the rule asks true more often than not. */
export function nearRecord(rule: SigmaRule, draw: Draw): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  makeFit(rule.tree, true, record, draw);
  return record;
}

function makeFit(tree: Tree, wanted: boolean, record: Record<string, unknown>, draw: Draw): void {
  if (tree.kind === "not") {
    makeFit(tree.child, !wanted, record, draw);
    return;
  }
  if (tree.kind === "item") {
    // What must not be true is left alone, mostly; sometimes it is made true to see the rule fall silent.
    if (wanted || draw() < MISSED_SHARE) makeItemFit(tree.item, record, draw);
    return;
  }
  // Of alternatives one is made true; of a negated `and` none need be.
  const all = (tree.kind === "and") === wanted;
  const chosen = all ? tree.children : [pick(tree.children, draw)];
  for (const child of chosen) if (child !== undefined) makeFit(child, wanted, record, draw);
}

function makeItemFit({ field, patterns }: Item, record: Record<string, unknown>, draw: Draw): void {
  const pattern = pick(patterns, draw);
  const name = field ?? `keyword${Math.floor(draw() * 3)}`;
  const known = Object.hasOwn(record, name) ? record[name] : undefined;
  const value = pattern === undefined ? undefined : valueFor(pattern, record, draw);
  if (value === undefined) return;
  // Several items may ask for parts of one value.
  const text = typeof known === "string" ? `${known}${value}` : value;
  const changed = changedNow(text, draw);
  record[name] = draw() < 0.05 ? ["other", changed] : changed;
}

function valueFor(pattern: Pattern, record: Record<string, unknown>, draw: Draw) {
  switch (pattern.kind) {
    case "text":
      return pattern.pieces
        .map((piece) => (typeof piece === "string" ? piece : piece === ANY ? fill(draw) : "?"))
        .join("");
    case "number":
      return String(pattern.value + Math.floor(draw() * 3) - 1);
    case "cidr":
      return pattern.network.split("/")[0];
    case "regex":
      return literalOf(pattern.source);
    case "fieldref":
      return Object.hasOwn(record, pattern.other) ? String(record[pattern.other]) : "x";
    case "exists":
      return pattern.wanted ? "x" : undefined;
    case "date":
      return String(pattern.value);
    case "null":
      return undefined;
  }
}

function fill(draw: Draw): string {
  if (draw() < LONG_SHARE) return "long ".repeat(LONG_CHARACTERS / 5);
  return pick(FILLERS, draw) ?? "";
}

/** Something like what a regular expression takes: no more than a try. */
function literalOf(source: string): string {
  return source
    .replaceAll(/\(\?[a-z:<>=!]*/g, "")
    .replaceAll(/\\s[*+]?/g, " ")
    .replaceAll(/\\d(?:[*+]|\{\d+(?:,\d*)?\})?/g, "1111")
    .replaceAll(/\\w(?:[*+]|\{\d+(?:,\d*)?\})?/g, "wwww")
    .replaceAll(/\[([^\]^])[^\]]*\](?:[*+]|\{\d+(?:,\d*)?\})?/g, "$1$1$1")
    .replaceAll(/\|.*?\)/g, "")
    .replaceAll(/\.[*+]\??/g, " x ")
    .replaceAll(/\\([^a-z0-9])/gi, "$1")
    .replaceAll(/[()^$?+*]/g, "");
}

function changedNow(text: string, draw: Draw): string {
  const kind = Math.floor(draw() * 12);
  const at = Math.floor(draw() * (text.length + 1));
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1);
  if (kind === 1) return `${text.slice(0, at)}${pick(FILLERS, draw)}${text.slice(at)}`;
  if (kind === 2) return text.toUpperCase();
  if (kind === 3) return text.toLowerCase();
  return text;
}

function pick<T>(all: readonly T[], draw: Draw): T | undefined {
  return all[Math.floor(draw() * all.length)];
}
