// The parts of a detection as they were written: each field of each selection with its place, and each
// selection as a tree. A rule's own tree no longer knows what was written where.
import { readRuleDocuments } from "../../detectors/rule-file.ts";
import type { Item, Pattern, Tree } from "../../detectors/sigma/rule.ts";
import { type DocumentReader, isRecord, type Path } from "../../detectors/sigma/rule-document.ts";

/** One key of a selection with its values; keywords have no key. */
export interface SelectionEntry {
  readonly selection: string;
  readonly path: Path;
  /** Undefined: keywords. */
  readonly field: string | undefined;
  readonly modifiers: readonly string[];
  readonly values: readonly unknown[];
}

const NOT_SELECTIONS = new Set(["condition", "timeframe", "rules"]);
const DEPTH_MAX = 20;

/** Where the selections of a document stand: below `detection`, or below `filter`. */
export function detectionOf(
  value: Readonly<Record<string, unknown>>,
): { readonly detection: Readonly<Record<string, unknown>>; readonly at: Path } | undefined {
  for (const key of ["detection", "filter"]) {
    const detection = value[key];
    if (isRecord(detection)) return { detection, at: [key] };
  }
  return undefined;
}

/** All fields of all selections, in the order of the file. */
export function entriesOf(
  detection: Readonly<Record<string, unknown>>,
  at: Path,
): SelectionEntry[] {
  return Object.entries(detection).flatMap(([selection, value]) =>
    NOT_SELECTIONS.has(selection) ? [] : entriesBelow(selection, value, [...at, selection], 0),
  );
}

function entriesBelow(
  selection: string,
  value: unknown,
  path: Path,
  depth: number,
): SelectionEntry[] {
  if (depth > DEPTH_MAX) return [];
  if (isRecord(value)) {
    return Object.entries(value).map(([key, inner]) => {
      const [field = "", ...modifiers] = key.split("|");
      const values: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
      const named = field === "" ? undefined : field;
      return { selection, path: [...path, key], field: named, modifiers, values };
    });
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.every((one) => typeof one !== "object" || one === null)) {
    return [{ selection, path, field: undefined, modifiers: [], values }];
  }
  return values.flatMap((one, index) => entriesBelow(selection, one, [...path, index], depth + 1));
}

/** The tree of each selection, by name; those that can't be read alone are left out. */
export function selectionTrees(
  detection: Readonly<Record<string, unknown>>,
  reader: DocumentReader,
): Map<string, Tree> {
  const trees = new Map<string, Tree>();
  for (const [name, selection] of Object.entries(detection)) {
    if (NOT_SELECTIONS.has(name)) continue;
    // A rule with this selection only, under a name that no condition misreads.
    const alone = { title: name, logsource: {}, detection: { selection, condition: "selection" } };
    const [rule] = readRuleDocuments([{ ...reader, value: () => alone }]).rules;
    if (rule !== undefined && rule.inactive === undefined) trees.set(name, rule.tree);
  }
  return trees;
}

/** Where an item of the rule's tree was written. */
export function entryOf(
  item: Item,
  entries: readonly SelectionEntry[],
): SelectionEntry | undefined {
  const shown = new Set(item.patterns.map((pattern: Pattern) => pattern.shown));
  return entries.find(
    ({ field, modifiers, values }) =>
      field === item.field &&
      (modifiers.filter((one) => one !== "neq").join("|") || "equals") === item.operator &&
      values.some((value) => shown.has(String(value))),
  );
}
