// Reads the detection of a rule or filter: its selections as drafts, its conditions as text; and builds the
// tree of tests from them.
// Source: Sigma specification 2.1, sections "Detection" and "Condition".
import { join, parseCondition } from "./condition.ts";
import type { DetectionDraft, DraftGuard, DraftTree } from "./draft.ts";
import { draftItem, type ItemValue, itemTree } from "./item.ts";
import type { Placeholders } from "./placeholder.ts";
import type { Tree } from "./rule.ts";
import { type DocumentReader, isRecord, type Path, type PlacedFault } from "./rule-document.ts";

const DEPTH_MAX = 20;

/** Says what is wrong with which part of the document. */
export type FaultAt = (path: Path, message: string) => PlacedFault;

/** Where a selection was written. */
type DraftSource = Pick<DocumentReader, "fault" | "spend">;

/**
 * The selections and conditions below a key of the document. `timeframe` belonged to the aggregations that
 * correlation rules have replaced; it is passed over.
 * @param at where the detection stands in the document
 * @throws PlacedFault
 */
export function draftDetection(
  detection: Record<string, unknown>,
  at: Path,
  reader: DocumentReader,
): DetectionDraft {
  const { condition } = detection;
  const selections = new Map<string, DraftTree>();
  for (const [name, value] of Object.entries(detection)) {
    if (name === "condition" || name === "timeframe") continue;
    selections.set(name, draftSelection(value, [...at, name], reader));
  }
  const conditionPath = [...at, "condition"];
  const all: unknown[] = Array.isArray(condition) ? condition : [condition];
  const conditions = all.filter((one) => typeof one === "string");
  if (conditions.length < all.length || all.length === 0) {
    throw reader.fault(conditionPath, "expected condition: a text");
  }
  if (conditions.some((one) => one.includes("|"))) {
    throw reader.fault(
      conditionPath,
      "aggregations in conditions were replaced by correlation rules in Sigma 2",
    );
  }
  return { selections, conditions, conditionPath };
}

/**
 * A map: all of its items. A list of maps: any of them. A list of values: keywords.
 * @throws PlacedFault
 */
export function draftSelection(
  value: unknown,
  path: Path,
  source: DraftSource,
  depth = 0,
): DraftTree {
  const { fault } = source;
  if (depth > DEPTH_MAX) throw fault(path, "nested too deeply");
  if (isRecord(value)) {
    const entries = Object.entries(value);
    if (entries.length === 0) throw fault(path, "expected at least one field");
    const children = entries.map(([key, one]) => draftEntry(key, one, [...path, key], source));
    return joinDrafts("and", children);
  }
  if (!Array.isArray(value)) return draftEntry(undefined, value, path, source);
  if (value.length === 0) throw fault(path, "expected at least one entry");
  if (value.every((one) => !isRecord(one) && !Array.isArray(one))) {
    return draftEntry(undefined, value, path, source);
  }
  const children = value.map((one: unknown, index) =>
    draftSelection(one, [...path, index], source, depth + 1),
  );
  return joinDrafts("or", children);
}

function draftEntry(
  key: string | undefined,
  value: unknown,
  path: Path,
  { fault, spend }: DraftSource,
): DraftTree {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (!values.every(isItemValue)) throw fault(path, "expected a value or a list of values");
  return { kind: "item", item: placed(path, fault, () => draftItem(key, values, path, spend)) };
}

function isItemValue(value: unknown): value is ItemValue {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** One child stands for itself. */
export function joinDrafts(kind: "and" | "or", children: readonly DraftTree[]): DraftTree {
  const [only] = children;
  return children.length === 1 && only !== undefined ? only : { kind, children };
}

/**
 * The tree of tests: any of the conditions, and all guards.
 * @throws PlacedFault, MissingPlaceholder
 */
export function buildDetection(
  { selections, conditions, conditionPath }: DetectionDraft,
  guards: readonly DraftGuard[],
  placeholders: Placeholders,
  fault: FaultAt,
): Tree {
  const build = (tree: DraftTree): Tree => {
    if (tree.kind !== "item") return { kind: tree.kind, children: tree.children.map(build) };
    return placed(tree.item.path, fault, () => itemTree(tree.item, placeholders));
  };
  const named = new Map([...selections].map(([name, draft]) => [name, build(draft)]));
  const trees = conditions.map((one) =>
    placed(conditionPath, fault, () => parseCondition(one, named)),
  );
  const added = guards.map(({ tree, isNegated }): Tree => {
    const child = build(tree);
    return isNegated ? { kind: "not", child } : child;
  });
  const whole = withoutDropped(join("and", [...added, join("or", trees)]));
  if (whole === undefined) throw fault(conditionPath, "nothing is left of the detection");
  return whole;
}

function placed<T>(path: Path, fault: FaultAt, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fault(path, error.message);
  }
}

// What a pipeline dropped has no children; around it the condition reads as if it had never been there.
function withoutDropped(tree: Tree): Tree | undefined {
  if (tree.kind === "item") return tree;
  if (tree.kind === "not") {
    const child = withoutDropped(tree.child);
    if (child === tree.child) return tree;
    return child === undefined ? undefined : { kind: "not", child };
  }
  const children = tree.children.map(withoutDropped);
  if (children.length > 0 && children.every((child, at) => child === tree.children[at])) {
    return tree;
  }
  const kept = children.filter((child) => child !== undefined);
  return kept.length === 0 ? undefined : join(tree.kind, kept);
}
