// Chooses for each rule the leaves of which at least one must have fired for the rule to be true. Only
// then is the rule looked at. The rarest choice is the best one; how rare a leaf fires is estimated from
// its literals.
import type { Expression, Leaf } from "./leaf.ts";
import type { ValueTest } from "./pattern-test.ts";

/** Leaves and the estimated share of events in which one of them fires. */
export interface Cover {
  readonly leaves: readonly number[];
  readonly cost: number;
}

/** Undefined: the rule can be true without any leaf firing, so it is looked at for every event. */
export function coverOf(expression: Expression, leaves: readonly Leaf[]): Cover | undefined {
  switch (expression.kind) {
    case "leaf": {
      const leaf = leaves[expression.leaf];
      return leaf === undefined || !canTrigger(leaf)
        ? undefined
        : { leaves: [expression.leaf], cost: costOf(leaf) };
    }
    case "not":
      return undefined;
    case "and": {
      let best: Cover | undefined;
      for (const child of expression.children) {
        const cover = coverOf(child, leaves);
        if (cover !== undefined && (best === undefined || cover.cost < best.cost)) best = cover;
      }
      return best;
    }
    case "or": {
      const all = new Set<number>();
      let cost = 0;
      for (const child of expression.children) {
        const cover = coverOf(child, leaves);
        if (cover === undefined) return undefined;
        for (const leaf of cover.leaves) all.add(leaf);
        cost += cover.cost;
      }
      return { leaves: [...all], cost: Math.min(1, cost) };
    }
  }
}

/** Whether the index notices when a leaf may be true. Comparisons with other fields are tested on demand. */
export function canTrigger(leaf: Leaf): boolean {
  return leaf.item.patterns.every((pattern, at) => {
    if (pattern.kind === "fieldref" || pattern.kind === "date") return false;
    return pattern.kind !== "regex" || leaf.tests[at]?.literals !== undefined;
  });
}

const PRESENCE_COST = 0.9;
const NUMBER_COST = 0.5;
const NETWORK_COST = 0.3;

function costOf(leaf: Leaf): number {
  let cost = 0;
  for (const [at, pattern] of leaf.item.patterns.entries()) {
    if (pattern.kind === "null" || pattern.kind === "exists") cost += PRESENCE_COST;
    else if (pattern.kind === "number") cost += NUMBER_COST;
    else if (pattern.kind === "cidr") cost += NETWORK_COST;
    else cost += textCost(leaf.tests[at]);
  }
  return Math.min(1, cost);
}

// A literal of n characters: 2·e^(−n/2), so that `.exe` counts as common and a whole option as rare;
// anchored literals are rarer.
function textCost(test: ValueTest | undefined): number {
  let cost = 0;
  for (const literal of test?.literals ?? []) {
    if (literal.text === "") return literal.atStart ? 0.1 : PRESENCE_COST;
    const anchored = (literal.atStart ? 0.5 : 1) * (literal.atEnd ? 0.5 : 1);
    cost +=
      Math.max(0.002, Math.min(PRESENCE_COST, 2 * Math.exp(-literal.text.length / 2))) * anchored;
  }
  return cost;
}
