// Guesses what a rule costs, without an event: how often it will be looked at, and what looking costs. It
// follows the engine's own order (detectors/sigma/gate.ts, truth.ts): each rule waits for the rarest set
// of its items of which one must be true. The numbers are for comparison only.
import type { TestPool } from "../../detectors/sigma/leaf.ts";
import { itemsOf } from "../../detectors/sigma/leaf.ts";
import type { Literal } from "../../detectors/sigma/pattern-test.ts";
import type { Item, SigmaRule, Tree } from "../../detectors/sigma/rule.ts";

type CostClass = "cheap" | "medium" | "dear";

/** What makes a rule dear, the worst first. */
export type CostReason =
  | "keywords"
  | "negation-only"
  | "no-text"
  | "regex-unfiltered"
  | "short-text"
  | "regex"
  | "many-texts";

export interface RuleCost {
  readonly rule: SigmaRule;
  readonly class: CostClass;
  readonly reasons: readonly CostReason[];
  /** Looking at one rule with a short comparison is 1; per event of the rule's log source. */
  readonly score: number;
}

/** What waiting for an item costs: how often it opens the rule, and why that may be often. */
interface Gate {
  readonly share: number;
  readonly items: readonly Item[];
}

const DEAR_FROM = 5;
const MEDIUM_FROM = 0.5;
const MANY_TEXTS = 300;
/** What one regular expression costs beside a search for one text. */
const REGEX_COST = 15;
const SLOW_FACTOR = 10;
/** Keywords are looked for in every value of every event, whether the rule is opened or not. */
const KEYWORD_COST = 20;
/** How the share of values that hold a text falls with each of its characters: common ones, others, and those beyond ASCII. */
const SHARE_OF_NONE = 2.2;
const SHARE_PER_CHARACTER = 0.4;
const SHARE_PER_RARE_CHARACTER = 0.15;
const SHARE_PER_WIDE_CHARACTER = 0.05;
/** Longer texts are as rare as these. */
const LITERAL_CHARACTERS_MAX = 20;
const COMMON = /[a-z0-9 .,:;=/\\"'_-]/;

/** @param slow whether a regular expression of an item runs in the slow engine */
export function costOf(rule: SigmaRule, pool: TestPool, slow: (item: Item) => boolean): RuleCost {
  const items = itemsOf(rule.tree);
  const gate = gateOf(rule.tree, pool);
  const share = gate?.share ?? 1;
  let look = 1;
  let texts = 0;
  for (const item of items) {
    const regexes = item.patterns.filter(({ kind }) => kind === "regex").length;
    const others = item.patterns.length - regexes;
    texts += others;
    look += regexes * REGEX_COST * (regexes > 0 && slow(item) ? SLOW_FACTOR : 1);
    // Long lists are searched in one pass.
    if (others > 0) look += 1 + Math.log2(others);
  }
  const searches = items.some(({ field }) => field === undefined);
  const score = share * look + (searches ? KEYWORD_COST : 0) + texts / 1000;
  return {
    rule,
    class: score >= DEAR_FROM ? "dear" : score >= MEDIUM_FROM ? "medium" : "cheap",
    reasons: reasonsOf(items, gate, texts, pool),
    score: Number(score.toPrecision(3)),
  };
}

function reasonsOf(
  items: readonly Item[],
  gate: Gate | undefined,
  texts: number,
  pool: TestPool,
): CostReason[] {
  const reasons: CostReason[] = [];
  if (items.some(({ field }) => field === undefined)) reasons.push("keywords");
  if (gate === undefined) reasons.push("negation-only");
  for (const item of gate?.items ?? []) {
    if (shareOf(item, pool) < MEDIUM_FROM / 10) continue;
    const isRegex = item.patterns.some((one) => one.kind === "regex");
    const isText = item.patterns.some((one) => one.kind === "text");
    reasons.push(isRegex ? "regex-unfiltered" : isText ? "short-text" : "no-text");
  }
  if (items.some(({ patterns }) => patterns.some((one) => one.kind === "regex"))) {
    reasons.push("regex");
  }
  if (texts >= MANY_TEXTS) reasons.push("many-texts");
  return [...new Set(reasons)];
}

/** What the rule waits for; undefined: for nothing. */
function gateOf(tree: Tree, pool: TestPool): Gate | undefined {
  switch (tree.kind) {
    case "item":
      return { share: shareOf(tree.item, pool), items: [tree.item] };
    case "not":
      return undefined;
    case "and": {
      let best: Gate | undefined;
      for (const child of tree.children) {
        const gate = gateOf(child, pool);
        if (gate !== undefined && (best === undefined || gate.share < best.share)) best = gate;
      }
      return best;
    }
    case "or": {
      const items: Item[] = [];
      let share = 0;
      for (const child of tree.children) {
        const gate = gateOf(child, pool);
        if (gate === undefined) return undefined;
        items.push(...gate.items);
        share += gate.share;
      }
      return { share: Math.min(1, share), items };
    }
  }
}

/** The share of events of the log source in which one of the item's literals stands. */
export function shareOf(item: Item, pool: TestPool): number {
  const tests = pool.testsOf(item);
  let share = 0;
  for (const [at, pattern] of item.patterns.entries()) {
    const literals = tests[at]?.literals;
    if (literals === undefined) share += pattern.kind === "cidr" ? 0.1 : 1;
    else for (const literal of literals) share += literalShare(literal);
  }
  return Math.min(1, share);
}

// A text that must be the whole value, or stand at its end, is rarer than one that may stand anywhere.
function literalShare({ text, atStart, atEnd }: Literal): number {
  if (atStart && atEnd) return text.length === 0 ? 0.1 : 0.02;
  let share = SHARE_OF_NONE * (atStart || atEnd ? SHARE_PER_CHARACTER : 1);
  for (const character of text.slice(0, LITERAL_CHARACTERS_MAX)) {
    if (COMMON.test(character)) share *= SHARE_PER_CHARACTER;
    else share *= character > "~" ? SHARE_PER_WIDE_CHARACTER : SHARE_PER_RARE_CHARACTER;
  }
  return Math.min(1, share);
}
