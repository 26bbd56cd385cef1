// Finds detections that can't be true: what must hold together is collected, and every two demands on the
// same field are held against each other. Careful: what is not certain counts as possible.
import type { TestPool } from "../../detectors/sigma/leaf.ts";
import { ANY, type Item, type Pattern, type Tree } from "../../detectors/sigma/rule.ts";
import { itemTest } from "../../detectors/sigma/truth.ts";
import { plainText } from "../../detectors/sigma/value.ts";
import { canonicalTree } from "./canonical-tree.ts";

/** Why a detection can't be true. */
export interface Contradiction {
  /** The field on which the demands can't meet; `keywords` for a search over all fields. */
  readonly field: string;
  /** The demands, for people. */
  readonly demands: readonly [string, string];
}

interface Demand {
  readonly item: Item;
  readonly wanted: boolean;
}

/** What must be true together: single items, and parts of which one branch must be true. */
interface Together {
  readonly demands: Demand[];
  readonly choices: (readonly Branch[])[];
}

interface Branch {
  readonly tree: Tree;
  readonly wanted: boolean;
}

/** Larger detections are taken as possible. */
const COMPARISONS_MAX = 1_000_000;

/** Undefined: it can be true, as far as is certain. */
export function contradictionIn(tree: Tree, pool: TestPool): Contradiction | undefined {
  return contradictionOf(tree, true, { pool, left: COMPARISONS_MAX });
}

/** Whether a detection is true for every event. */
export function isAlwaysTrue(tree: Tree, pool: TestPool): boolean {
  return contradictionOf(tree, false, { pool, left: COMPARISONS_MAX }) !== undefined;
}

/** Whether some item has to be true; else the rule is true where nothing of what it names is found. */
export function needsSomething(tree: Tree): boolean {
  switch (tree.kind) {
    case "item":
      return true;
    case "not":
      return false;
    case "and":
      return tree.children.some(needsSomething);
    case "or":
      return tree.children.every(needsSomething);
  }
}

interface Search {
  readonly pool: TestPool;
  left: number;
}

function contradictionOf(tree: Tree, wanted: boolean, search: Search): Contradiction | undefined {
  const together: Together = { demands: [], choices: [] };
  collect({ tree, wanted }, together);
  const direct = conflictAmong(together.demands, search);
  if (direct !== undefined) return direct;
  for (const branches of together.choices) {
    let found: Contradiction | undefined;
    for (const branch of branches) {
      found =
        contradictionOf(branch.tree, branch.wanted, search) ??
        conflictWith(branch, together.demands, search);
      if (found === undefined) break;
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

function collect({ tree, wanted }: Branch, together: Together): void {
  if (tree.kind === "item") together.demands.push({ item: tree.item, wanted });
  else if (tree.kind === "not") collect({ tree: tree.child, wanted: !wanted }, together);
  else if ((tree.kind === "and") === wanted) {
    for (const child of tree.children) collect({ tree: child, wanted }, together);
  } else together.choices.push(tree.children.map((child) => ({ tree: child, wanted })));
}

function conflictWith(
  branch: Branch,
  demands: readonly Demand[],
  search: Search,
): Contradiction | undefined {
  const inner: Together = { demands: [], choices: [] };
  collect(branch, inner);
  return conflictAmong([...demands, ...inner.demands], search);
}

function conflictAmong(demands: readonly Demand[], search: Search): Contradiction | undefined {
  search.left -= demands.length;
  if (search.left < 0) return undefined;
  const byField = Map.groupBy(demands, ({ item }) => item.field);
  for (const [field, all] of byField) {
    if (all.length < 2) continue;
    const found = opposites(all) ?? (field === undefined ? undefined : disjoint(all, search));
    if (found !== undefined) {
      const [first, second] = found;
      return { field: field ?? "keywords", demands: [demandText(first), demandText(second)] };
    }
  }
  return undefined;
}

type Pair = readonly [Demand, Demand];

/** The same item, once wanted and once not. */
function opposites(all: readonly Demand[]): Pair | undefined {
  const wanted = new Map<string, Demand>();
  for (const demand of all) if (demand.wanted) wanted.set(keyOf(demand.item), demand);
  for (const demand of all) {
    const other = demand.wanted ? undefined : wanted.get(keyOf(demand.item));
    if (other !== undefined) return [other, demand];
  }
  return undefined;
}

const keys = new WeakMap<Item, string>();

function keyOf(item: Item): string {
  let key = keys.get(item);
  if (key === undefined) {
    key = canonicalTree({ kind: "item", item }).key;
    keys.set(item, key);
  }
  return key;
}

/** A field that must have one of some values, none of which the other demands leave. */
function disjoint(all: readonly Demand[], search: Search): Pair | undefined {
  for (const demand of all) {
    if (!demand.wanted) continue;
    const absent = isAbsence(demand.item);
    let values = absent ? [undefined] : exactValues(demand.item);
    if (values === undefined) continue;
    for (const other of all) {
      if (other === demand || !isComparable(demand.item, other.item)) continue;
      search.left -= values.length * other.item.patterns.length;
      if (search.left < 0) return undefined;
      const tests = search.pool.testsOf(other.item);
      const test = itemTest({ index: 0, item: other.item, tests });
      values = values.filter((value) => test(value) === other.wanted);
      if (values.length === 0) return [demand, other];
    }
  }
  return undefined;
}

function isAbsence({ patterns }: Item): boolean {
  return patterns.every((one) => one.kind === "null" || (one.kind === "exists" && !one.wanted));
}

/** All values that the item allows; undefined: not a list of whole values. */
function exactValues({ patterns }: Item): (string | undefined)[] | undefined {
  const values: string[] = [];
  for (const pattern of patterns) {
    const text = pattern.kind === "text" ? plainText(pattern.pieces) : undefined;
    if (text === undefined) return undefined;
    values.push(text);
  }
  return values;
}

// Of a field that holds a list, `all` asks for several values at once. A value without case says nothing
// to a demand that looks at case, unless it has no letters.
function isComparable(own: Item, other: Item): boolean {
  if (/\ball\b/.test(own.operator) && /\ball\b/.test(other.operator)) return false;
  if (other.patterns.some(({ kind }) => kind === "fieldref")) return false;
  const isCased = own.patterns.every((one) => one.kind !== "text" || one.cased);
  return isCased || !other.patterns.some(looksAtCase) || own.patterns.every(hasNoLetters);
}

function looksAtCase(pattern: Pattern): boolean {
  return pattern.kind === "regex" || (pattern.kind === "text" && pattern.cased);
}

function hasNoLetters(pattern: Pattern): boolean {
  if (pattern.kind !== "text") return true;
  return pattern.pieces.every((piece) => piece === ANY || !/\p{L}/u.test(String(piece.toString())));
}

const DEMAND_CHARACTERS_MAX = 80;

function demandText({ item, wanted }: Demand): string {
  const values = item.patterns.map(({ shown }) => shown).join(", ");
  const text = `${wanted ? "" : "not "}${item.field ?? "keywords"} ${item.operator} ${values}`;
  return text.length <= DEMAND_CHARACTERS_MAX ? text : `${text.slice(0, DEMAND_CHARACTERS_MAX)}…`;
}
