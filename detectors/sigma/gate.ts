// Chooses for each rule the leaves of which at least one must be true for the rule to be true: its gate.
// The index looks for the gates only, and a rule is looked at only when its gate opens; everything else is
// tested on demand. Rare gates are good ones, and so are gates in fields that need not be read otherwise.
import type { Expectation } from "./expectation.ts";
import { rarestGram } from "./gram-index.ts";
import type { Expression, Leaf } from "./leaf.ts";
import type { Literal } from "./pattern-test.ts";
import { searchableBy, symbolsOf } from "./symbols.ts";

/** Which leaves open which rules (by their place in the list). */
export interface Gates {
  /** Rules without a gate: they can be true without any leaf being true. */
  readonly always: readonly number[];
  /** For each leaf the rules that it opens. */
  readonly opened: readonly (readonly number[])[];
  /** Fields that are not searched: their leaves open whenever the field is there. */
  readonly unsearched: ReadonlySet<string>;
}

/** Searching one character in the index, beside looking at one rule. */
const CHARACTER_COST = 0.015;
/** Searching one character for one text when a rule is looked at. */
const TEST_COST = 0.004;
const ALWAYS_COST = 1;

export function chooseGates(
  expressions: readonly Expression[],
  leaves: readonly Leaf[],
  expectation: Expectation,
): Gates {
  const unsearched = new Set<string>();
  const costs = leafCosts(leaves, expectation, unsearched);
  const gates = expressions.map((expression) => gateOf(expression, leaves, costs));
  const users = new Map<string, number[]>();
  for (const [at, gate] of gates.entries()) {
    for (const field of fieldsOf(gate, leaves)) {
      const known = users.get(field);
      if (known === undefined) users.set(field, [at]);
      else known.push(at);
    }
  }
  // Long fields first: where few rules look into one and can look elsewhere, it is left alone.
  const fields = [...users.keys()].sort(
    (a, b) => expectation.charactersOf(b) - expectation.charactersOf(a),
  );
  for (const field of fields) {
    const saved = expectation.charactersOf(field) * CHARACTER_COST;
    unsearched.add(field);
    const moved = new Map<number, Gate | undefined>();
    const perText = expectation.charactersOf(field) * TEST_COST;
    let more = 0;
    for (const at of users.get(field) ?? []) {
      const expression = expressions[at];
      if (expression === undefined) continue;
      const gate = gateOf(expression, leaves, costs);
      const opensMore = (gate?.cost ?? ALWAYS_COST) - (gates[at]?.cost ?? ALWAYS_COST);
      more += opensMore * (1 + textsIn(expression, field, leaves) * perText);
      moved.set(at, gate);
      if (more > saved) break;
    }
    if (more > saved) unsearched.delete(field);
    else for (const [at, gate] of moved) gates[at] = gate;
  }
  const opened: number[][] = leaves.map(() => []);
  const always: number[] = [];
  for (const [at, gate] of gates.entries()) {
    if (gate === undefined) always.push(at);
    else for (const leaf of gate.leaves) opened[leaf]?.push(at);
  }
  return { always, opened, unsearched };
}

/** Leaves and the expected number of times that an event opens them. */
interface Gate {
  readonly leaves: readonly number[];
  readonly cost: number;
}

type LeafCosts = (leaf: number) => number;

function fieldsOf(gate: Gate | undefined, leaves: readonly Leaf[]): Set<string> {
  const fields = new Set<string>();
  for (const leaf of gate?.leaves ?? []) {
    const field = leaves[leaf]?.item.field;
    if (field !== undefined) fields.add(field);
  }
  return fields;
}

/** How many texts a rule looks for in a field. */
function textsIn(expression: Expression, field: string, leaves: readonly Leaf[]): number {
  if (expression.kind === "not") return textsIn(expression.child, field, leaves);
  if (expression.kind !== "leaf") {
    return expression.children.reduce((sum, child) => sum + textsIn(child, field, leaves), 0);
  }
  const leaf = leaves[expression.leaf];
  return leaf?.item.field === field ? leaf.tests.length : 0;
}

function gateOf(
  expression: Expression,
  leaves: readonly Leaf[],
  costs: LeafCosts,
): Gate | undefined {
  switch (expression.kind) {
    case "leaf":
      return { leaves: [expression.leaf], cost: costs(expression.leaf) };
    case "not":
      return undefined;
    case "and": {
      let best: Gate | undefined;
      for (const child of expression.children) {
        const gate = gateOf(child, leaves, costs);
        if (gate !== undefined && (best === undefined || gate.cost < best.cost)) best = gate;
      }
      return best;
    }
    case "or": {
      const all = new Set<number>();
      let cost = 0;
      for (const child of expression.children) {
        const gate = gateOf(child, leaves, costs);
        if (gate === undefined) return undefined;
        for (const leaf of gate.leaves) all.add(leaf);
        cost += gate.cost;
      }
      return { leaves: [...all], cost };
    }
  }
}

function leafCosts(
  leaves: readonly Leaf[],
  expectation: Expectation,
  unsearched: ReadonlySet<string>,
): LeafCosts {
  const known: (number | undefined)[] = [];
  return (index) => {
    const leaf = leaves[index];
    if (leaf === undefined) return ALWAYS_COST;
    const { field } = leaf.item;
    if (field !== undefined && unsearched.has(field))
      return unsearchedCost(leaf, field, expectation);
    known[index] ??= leafCost(leaf, expectation);
    return known[index];
  };
}

function unsearchedCost(leaf: Leaf, field: string, expectation: Expectation): number {
  const presence = expectation.presenceOf(field);
  const absent = leaf.item.patterns.some(
    (pattern) => pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted),
  );
  return absent ? 1 : presence;
}

/** Keywords are searched in all values, and asking for them costs more than any other leaf. */
const KEYWORD_FACTOR = 20;

function leafCost(leaf: Leaf, expectation: Expectation): number {
  const { field, patterns } = leaf.item;
  const presence = field === undefined ? 1 : expectation.presenceOf(field);
  let cost = 0;
  for (const [at, pattern] of patterns.entries()) {
    const literals = leaf.tests[at]?.literals;
    if (pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted)) {
      cost += 1 - presence;
    } else if (literals === undefined) cost += presence;
    else for (const literal of literals) cost += literalCost(literal, field, presence, expectation);
  }
  return field === undefined ? cost * KEYWORD_FACTOR : cost;
}

/** Share of values with characters beyond Latin 1. */
const WIDE_SHARE = 0.02;

function literalCost(
  literal: Literal,
  field: string | undefined,
  presence: number,
  expectation: Expectation,
): number {
  const { text, atStart, atEnd } = literal;
  const by = searchableBy(literal);
  if (by === "not") return presence;
  if (by === "wide") return presence * WIDE_SHARE;
  const symbols = symbolsOf(text, atStart, atEnd);
  if (by === "pairs") return Math.min(presence, expectation.shortIn(field ?? "", symbols));
  return rarestGram(symbols, (gram) => expectation.gramIn(field ?? "", gram)).count;
}
