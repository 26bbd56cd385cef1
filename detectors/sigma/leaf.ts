// Leaves: the distinct items of all rules of an engine. Equal items of different rules are one leaf and
// are tested once per event. The tree of a rule refers to leaves by number.
import { type ValueTest, valueTest } from "./pattern-test.ts";
import type { Item, Pattern, Tree } from "./rule.ts";
import { surround } from "./value.ts";

export interface Leaf {
  readonly index: number;
  readonly item: Item;
  /** Parallel to the item's patterns; undefined for patterns that are no test of one value. */
  readonly tests: readonly (ValueTest | undefined)[];
}

/** A rule's detection over leaf numbers. */
export type Expression =
  | { readonly kind: "leaf"; readonly leaf: number }
  | { readonly kind: "and" | "or"; readonly children: readonly Expression[] }
  | { readonly kind: "not"; readonly child: Expression };

/** Makes tests once per distinct pattern, over all engines: compiling a regex is dear. */
export interface TestPool {
  /** @throws UnsafePattern, SyntaxError */
  testsOf(item: Item): readonly (ValueTest | undefined)[];
}

export function createTestPool(): TestPool {
  const items = new Map<string, readonly (ValueTest | undefined)[]>();
  return {
    testsOf(item) {
      const key = itemKey(item);
      let tests = items.get(key);
      if (tests === undefined) {
        const keywords = item.field === undefined;
        tests = item.patterns.map((pattern) => testOf(pattern, keywords));
        items.set(key, tests);
      }
      return tests;
    },
  };
}

function testOf(pattern: Pattern, keyword: boolean): ValueTest | undefined {
  if (pattern.kind === "null" || pattern.kind === "exists" || pattern.kind === "fieldref") {
    return undefined;
  }
  // Keywords stand anywhere in a value.
  return keyword && pattern.kind === "text" ? valueTest(anywhere(pattern)) : valueTest(pattern);
}

function anywhere(pattern: Extract<Pattern, { kind: "text" }>) {
  return { ...pattern, pieces: surround(pattern.pieces, true, true) };
}

const keys = new WeakMap<Item, string>();

/** Equal for items that ask the same. */
export function itemKey(item: Item): string {
  let key = keys.get(item);
  if (key === undefined) {
    key = JSON.stringify([item.field ?? null, item.operator, item.patterns.map(patternKey)]);
    keys.set(item, key);
  }
  return key;
}

function patternKey(pattern: Pattern): unknown {
  if (pattern.kind !== "text") return pattern;
  const pieces = pattern.pieces.map((piece) =>
    typeof piece === "string" ? piece : [String(piece.description)],
  );
  return [pattern.cased, ...pieces];
}

/**
 * A tree over leaves. Where `leafOf` knows an item's truth, what depends on it is settled.
 * @param leafOf the item's leaf, or its truth
 */
export function expressionOf(
  tree: Tree,
  leafOf: (item: Item) => number | boolean,
): Expression | boolean {
  if (tree.kind === "item") {
    const leaf = leafOf(tree.item);
    return typeof leaf === "boolean" ? leaf : { kind: "leaf", leaf };
  }
  if (tree.kind === "not") {
    const child = expressionOf(tree.child, leafOf);
    return typeof child === "boolean" ? !child : { kind: "not", child };
  }
  const settles = tree.kind === "or";
  const children: Expression[] = [];
  for (const one of tree.children) {
    const child = expressionOf(one, leafOf);
    if (child === settles) return settles;
    if (typeof child !== "boolean") children.push(child);
  }
  const [only] = children;
  if (only === undefined) return !settles;
  return children.length === 1 ? only : { kind: tree.kind, children };
}

/** All items of a tree. */
export function itemsOf(tree: Tree): Item[] {
  if (tree.kind === "item") return [tree.item];
  if (tree.kind === "not") return itemsOf(tree.child);
  return tree.children.flatMap(itemsOf);
}
