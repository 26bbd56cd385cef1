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

/** Equal for items that ask the same. */
export function itemKey(item: Item): string {
  const patterns = item.patterns.map((pattern) =>
    pattern.kind === "text"
      ? [
          pattern.cased,
          ...pattern.pieces.map((piece) =>
            typeof piece === "string" ? piece : [String(piece.description)],
          ),
        ]
      : pattern,
  );
  return JSON.stringify([item.field ?? null, item.operator, patterns]);
}

/** The leaves of a tree, numbered by `indexOf`. */
export function expressionOf(tree: Tree, indexOf: (item: Item) => number): Expression {
  switch (tree.kind) {
    case "item":
      return { kind: "leaf", leaf: indexOf(tree.item) };
    case "not":
      return { kind: "not", child: expressionOf(tree.child, indexOf) };
    default:
      return {
        kind: tree.kind,
        children: tree.children.map((child) => expressionOf(child, indexOf)),
      };
  }
}

/** All items of a tree. */
export function itemsOf(tree: Tree): Item[] {
  if (tree.kind === "item") return [tree.item];
  if (tree.kind === "not") return itemsOf(tree.child);
  return tree.children.flatMap(itemsOf);
}
