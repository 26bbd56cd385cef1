// The detections of all rules of a log source over leaves, in flat arrays: what an event asks of them lies
// close together in memory, and one function asks it.
import type { Expression, Leaf } from "./leaf.ts";
import type { EventState } from "./truth.ts";

const AND = 0;
const OR = 1;
const NOT = 2;

const SEARCH_COST = 3;
const REGEX_COST = 50;
const KEYWORD_COST = 1000;

/**
 * Answers whether detections are true for the event at hand. Of several children the cheap ones are asked
 * first; whichever settles the answer most often for its cost moves to the front: which one that is, only
 * the events tell. (Filters of rules without a gate are asked of every event.)
 */
export class DetectionTable {
  readonly #state: EventState;
  /** Node → its kind, and where its children begin and end. */
  readonly #kinds: Uint8Array;
  readonly #begins: Int32Array;
  readonly #ends: Int32Array;
  /** A node; below zero the complement of twice a leaf, plus one where the leaf is negated. */
  readonly #children: Int32Array;
  readonly #costs: Float64Array;
  /** How often the child settled the answer of its node. */
  readonly #settled: Float64Array;
  readonly #roots: Int32Array;

  constructor(expressions: readonly Expression[], leaves: readonly Leaf[], state: EventState) {
    const builder = new Builder(leaves);
    this.#state = state;
    this.#roots = Int32Array.from(expressions, (expression) => builder.add(expression));
    this.#kinds = Uint8Array.from(builder.kinds);
    this.#begins = Int32Array.from(builder.begins);
    this.#ends = Int32Array.from(builder.ends);
    this.#children = Int32Array.from(builder.children);
    this.#costs = Float64Array.from(builder.costs);
    this.#settled = new Float64Array(builder.children.length);
  }

  /** @param at the expression's place in the list */
  isTrue(at: number): boolean {
    return this.#holds(this.#roots[at] as number); // As many as there are expressions.
  }

  // Every index below lies within its array: they were made together.
  #holds(node: number): boolean {
    if (node < 0) {
      const leaf = ~node;
      return this.#state.isTrue(leaf >> 1) !== ((leaf & 1) === 1);
    }
    const kind = this.#kinds[node] as number;
    const begin = this.#begins[node] as number;
    const children = this.#children;
    if (kind === NOT) return !this.#holds(children[begin] as number);
    const stopsAt = kind === OR;
    const end = this.#ends[node] as number;
    for (let at = begin; at < end; at += 1) {
      if (this.#holds(children[at] as number) !== stopsAt) continue;
      this.#settle(at, begin);
      return stopsAt;
    }
    return !stopsAt;
  }

  #settle(at: number, begin: number): void {
    const settled = this.#settled;
    const count = (settled[at] as number) + 1;
    settled[at] = count;
    if (at === begin) return;
    const costs = this.#costs;
    const [cost, costBefore] = [costs[at] as number, costs[at - 1] as number];
    const before = settled[at - 1] as number;
    if (count * costBefore <= before * cost) return;
    const child = this.#children[at] as number;
    this.#children[at] = this.#children[at - 1] as number;
    this.#children[at - 1] = child;
    costs[at] = costBefore;
    costs[at - 1] = cost;
    settled[at] = before;
    settled[at - 1] = count;
  }
}

class Builder {
  readonly kinds: number[] = [];
  readonly begins: number[] = [];
  readonly ends: number[] = [];
  readonly children: number[] = [];
  readonly costs: number[] = [];
  readonly #leaves: readonly Leaf[];

  constructor(leaves: readonly Leaf[]) {
    this.#leaves = leaves;
  }

  /** The node or leaf that stands for an expression. */
  add(expression: Expression): number {
    if (expression.kind === "leaf") return ~(expression.leaf << 1);
    if (expression.kind === "not" && expression.child.kind === "leaf") {
      return ~((expression.child.leaf << 1) | 1);
    }
    const parts = expression.kind === "not" ? [expression.child] : expression.children;
    const children = parts
      .map((part) => ({ node: this.add(part), cost: costOf(part, this.#leaves) }))
      .sort((a, b) => a.cost - b.cost);
    const node = this.kinds.length;
    this.kinds.push(expression.kind === "not" ? NOT : expression.kind === "or" ? OR : AND);
    this.begins.push(this.children.length);
    for (const { node: child, cost } of children) {
      this.children.push(child);
      this.costs.push(cost);
    }
    this.ends.push(this.children.length);
    return node;
  }
}

function costOf(expression: Expression, leaves: readonly Leaf[]): number {
  if (expression.kind === "not") return costOf(expression.child, leaves) + 1;
  if (expression.kind !== "leaf") {
    return expression.children.reduce((sum, child) => sum + costOf(child, leaves), 0);
  }
  const leaf = leaves[expression.leaf];
  if (leaf === undefined || leaf.item.field === undefined) return KEYWORD_COST;
  let cost = 0;
  for (const test of leaf.tests) cost += test?.dear === true ? REGEX_COST : SEARCH_COST;
  // A list of whole names or endings is one look-up.
  const { operator } = leaf.item;
  return operator === "equals" || operator === "endswith" ? Math.min(2, cost) : cost;
}
