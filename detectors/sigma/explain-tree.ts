// Shows how a rule judges an event: every node of its condition with its truth, every item with the event's
// value and where it was looked for, and whether the event belongs to the rule's log source at all. For
// people who write rules; walks the tree plainly and whole, one event at a time.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { FieldPath, LogEvent } from "../event.ts";
import { fieldReader } from "./field-reader.ts";
import { textsOf } from "./field-value.ts";
import { foldCase } from "./fold-case.ts";
import { findKeyword } from "./keyword-index.ts";
import { createTestPool, itemKey, type TestPool } from "./leaf.ts";
import { covers, createRouter, type Route } from "./route.ts";
import { pathsOf } from "./route-engine.ts";
import { ANY, type Item, type LogSource, type Pattern, type SigmaRule, type Tree } from "./rule.ts";
import { refersTo } from "./truth.ts";

/** One test, with what it found. */
export interface ExplainedItem {
  readonly kind: "item";
  /** Of the selection that it is, or is the whole of. */
  readonly name: string | undefined;
  readonly holds: boolean;
  /** Undefined: keywords, searched in every value of the event. */
  readonly field: string | undefined;
  readonly operator: string;
  /** As written. */
  readonly patterns: readonly string[];
  /** Where the field was looked for, keys joined by dots, best first; empty: this format can't have it. */
  readonly places: readonly string[];
  /** Where it was found. */
  readonly place: string | undefined;
  /** The event's values as texts; undefined: the field is missing. Of keywords, the value that holds one. */
  readonly values: readonly string[] | undefined;
  /** The pattern that holds, as written. */
  readonly matched: string | undefined;
}

export type ExplainedNode =
  | ExplainedItem
  | {
      readonly kind: "and" | "or";
      readonly name: string | undefined;
      readonly holds: boolean;
      readonly children: readonly ExplainedNode[];
    }
  | {
      readonly kind: "not";
      readonly name: string | undefined;
      readonly holds: boolean;
      readonly child: ExplainedNode;
    };

/** A filter that is part of the rule: where it does not hold, the rule stays silent. */
interface ExplainedFilter {
  readonly id: string;
  readonly node: ExplainedNode;
}

export interface ExplainedRule {
  /** Whether the rule speaks: log source, condition and filters. */
  readonly fires: boolean;
  readonly logSource: {
    readonly holds: boolean;
    readonly wanted: LogSource;
    /** What of it the event does not have. */
    readonly missing: readonly (keyof LogSource)[];
    /** All names that rules may use for the event. */
    readonly products: readonly string[];
    readonly categories: readonly string[];
    readonly services: readonly string[];
  };
  readonly condition: ExplainedNode;
  readonly filters: readonly ExplainedFilter[];
}

export interface ExplainOptions {
  readonly logSources: readonly LogSourceTable[];
  /** The rule's selections by name, as read from its file; parts of the tree that equal one get its name. */
  readonly selections?: ReadonlyMap<string, Tree>;
}

/**
 * @param rule that the engine takes; its filters, if any, are shown apart
 * @throws UnsafePattern, SyntaxError for a rule that the engine refuses
 */
export function explainTree(
  rule: SigmaRule,
  event: LogEvent,
  options: ExplainOptions,
): ExplainedRule {
  const table = options.logSources.find((one) => one.families.includes(event.shape.family));
  const logSource = explainLogSource(rule.logSource, routeOf(event, table));
  const names = new Map<string, string>();
  for (const [name, tree] of options.selections ?? []) {
    const key = treeKey(tree);
    if (!names.has(key)) names.set(key, name);
  }
  const view: View = {
    event,
    names,
    pool: createTestPool(),
    pathsOf: (field) => pathsOf(field, event.shape, table),
  };
  const parts = filterParts(rule);
  const condition = explainNode(parts.own, view);
  const filters = parts.filters.map(({ id, tree }) => ({ id, node: explainNode(tree, view) }));
  return {
    fires:
      rule.inactive === undefined &&
      logSource.holds &&
      condition.holds &&
      filters.every(({ node }) => node.holds),
    logSource,
    condition,
    filters,
  };
}

/** The event at hand and how to look into it. */
interface View {
  readonly event: LogEvent;
  readonly names: ReadonlyMap<string, string>;
  readonly pool: TestPool;
  readonly pathsOf: (field: string) => readonly FieldPath[];
}

function routeOf(event: LogEvent, table: LogSourceTable | undefined): Route {
  return createRouter<Route>(event.shape, table, [], (route) => route)(event.record);
}

function explainLogSource(wanted: LogSource, route: Route): ExplainedRule["logSource"] {
  const has = {
    product: route.products,
    category: route.categories,
    service: route.services,
  } as const;
  const keys = ["product", "category", "service"] as const;
  const missing = keys.filter((key) => {
    const name = wanted[key];
    return name !== undefined && !has[key].has(name);
  });
  return {
    holds: covers(wanted, route),
    wanted,
    missing,
    products: [...route.products].sort(),
    categories: [...route.categories].sort(),
    services: [...route.services].sort(),
  };
}

// Filters are joined to the rule's own tree by `and`, behind it (filter.ts).
function filterParts({ tree, filteredBy }: SigmaRule): {
  readonly own: Tree;
  readonly filters: readonly { readonly id: string; readonly tree: Tree }[];
} {
  const [own, ...added] = tree.kind === "and" ? tree.children : [];
  if (filteredBy.length === 0 || own === undefined || added.length !== filteredBy.length) {
    return { own: tree, filters: [] };
  }
  return { own, filters: added.map((one, at) => ({ id: filteredBy[at] ?? "", tree: one })) };
}

function explainNode(tree: Tree, view: View): ExplainedNode {
  const name = view.names.get(treeKey(tree));
  switch (tree.kind) {
    case "item":
      return explainItem(tree.item, name, view);
    case "not": {
      const child = explainNode(tree.child, view);
      return { kind: "not", name, holds: !child.holds, child };
    }
    default: {
      const children = tree.children.map((child) => explainNode(child, view));
      const holds =
        tree.kind === "and"
          ? children.every((child) => child.holds)
          : children.some((child) => child.holds);
      return { kind: tree.kind, name, holds, children };
    }
  }
}

function explainItem(item: Item, name: string | undefined, view: View): ExplainedItem {
  const { field, operator, patterns } = item;
  const shown = patterns.map((pattern) => pattern.shown);
  const common = { kind: "item", name, field, operator, patterns: shown } as const;
  if (field === undefined) {
    const leaf = { index: 0, item, tests: view.pool.testsOf(item) };
    const hit = findKeyword(leaf, view.event.record);
    const matched = hit === undefined ? undefined : (shown[hit.pattern] ?? "");
    const values = hit === undefined ? undefined : [hit.value];
    return { ...common, holds: hit !== undefined, places: [], place: undefined, values, matched };
  }
  const paths = view.pathsOf(field);
  const { record } = view.event;
  const found = paths.find((path) => fieldReader([path])(record) !== undefined);
  const value = fieldReader(paths)(record);
  const at = matchingPattern(item, value, view);
  return {
    ...common,
    holds: at !== -1,
    places: [...new Set(paths.map((path) => path.join(".")))],
    place: found?.join("."),
    values: value === undefined ? undefined : textsOf(value),
    matched: shown[at],
  };
}

/** The place of the first pattern that holds; -1: none does. */
function matchingPattern(item: Item, value: unknown, view: View): number {
  const tests = view.pool.testsOf(item);
  const texts = textsOf(value);
  return item.patterns.findIndex((pattern, at) => {
    if (value === undefined) return isOfAbsent(pattern);
    if (isOfPresent(pattern)) return true;
    if (pattern.kind === "fieldref") {
      const other = fieldReader(view.pathsOf(pattern.other))(view.event.record);
      return texts.some((text) => refersTo(pattern, text, other));
    }
    return texts.some((text) => tests[at]?.test(text, foldCase(text)) === true);
  });
}

function isOfAbsent(pattern: Pattern): boolean {
  return pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted);
}

function isOfPresent(pattern: Pattern): boolean {
  if (pattern.kind === "text") return pattern.pieces.length === 1 && pattern.pieces[0] === ANY;
  return pattern.kind === "exists" && pattern.wanted;
}

const keys = new WeakMap<Tree, string>();

/** Equal for trees of the same items in the same order. */
function treeKey(tree: Tree): string {
  let key = keys.get(tree);
  if (key === undefined) {
    if (tree.kind === "item") key = itemKey(tree.item);
    else if (tree.kind === "not") key = `not ${treeKey(tree.child)}`;
    else key = JSON.stringify([tree.kind, ...tree.children.map(treeKey)]);
    keys.set(tree, key);
  }
  return key;
}
