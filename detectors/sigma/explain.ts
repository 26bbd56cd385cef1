// Says why a rule was true: the fields that fulfilled it, with value and pattern. Runs on hits only, so
// it walks the tree plainly.

import type { MatchedField } from "../detector.ts";
import type { LogEvent } from "../event.ts";
import type { FieldReader } from "./field-reader.ts";
import { textsOf } from "./field-value.ts";
import { foldCase } from "./fold-case.ts";
import { findKeyword } from "./keyword-index.ts";
import type { Leaf, TestPool } from "./leaf.ts";
import type { Item, Tree } from "./rule.ts";
import { refersTo } from "./truth.ts";

const VALUE_CHARACTERS_MAX = 32_000;

/** The items that are true and not below a `not`, in the order of the rule. */
export function explainMatch(
  tree: Tree,
  event: LogEvent,
  readerOf: (field: string) => FieldReader,
  pool: TestPool,
): MatchedField[] {
  const found = new Map<string, MatchedField>();
  const visit = (node: Tree): boolean => {
    switch (node.kind) {
      case "item": {
        const matched = matchItem(node.item, event, readerOf, pool);
        if (matched === undefined) return false;
        if (matched !== null) found.set(JSON.stringify(matched), matched);
        return true;
      }
      case "not":
        return true;
      case "or":
        return node.children.map(visit).some(Boolean);
      case "and":
        return node.children.map(visit).every(Boolean);
    }
  };
  visit(tree);
  return [...found.values()];
}

/** Undefined: not true. Null: true because the field is missing. */
function matchItem(
  item: Item,
  event: LogEvent,
  readerOf: (field: string) => FieldReader,
  pool: TestPool,
): MatchedField | null | undefined {
  const tests = pool.testsOf(item);
  const matched = (value: string, at: number): MatchedField => ({
    field: item.field ?? "keywords",
    value: value.slice(0, VALUE_CHARACTERS_MAX),
    operator: item.operator,
    pattern: item.patterns[at]?.shown ?? "",
  });
  if (item.field === undefined) {
    const leaf: Leaf = { index: 0, item, tests };
    const hit = findKeyword(leaf, event.record);
    return hit === undefined ? undefined : matched(hit.value, hit.pattern);
  }
  const value = readerOf(item.field)(event.record);
  for (const [at, pattern] of item.patterns.entries()) {
    if (pattern.kind === "null" || pattern.kind === "exists") {
      const present = pattern.kind === "exists" && pattern.wanted;
      if (present !== (value !== undefined)) continue;
      return present ? matched(textsOf(value)[0] ?? "", at) : null;
    }
    for (const text of textsOf(value)) {
      const holds =
        pattern.kind === "fieldref"
          ? refersTo(pattern, text, readerOf(pattern.other)(event.record))
          : tests[at]?.test(text, foldCase(text)) === true;
      if (holds) return matched(text, at);
    }
  }
  return undefined;
}
