// Checks what a rule looks for: whether anything it demands is rare enough, and its regular expressions.
import type { TestPool } from "../../detectors/sigma/leaf.ts";
import { compileRegex, UnsafePattern } from "../../detectors/sigma/regex.ts";
import type { Item, Pattern, Tree } from "../../detectors/sigma/rule.ts";
import type { LintDocument, Report } from "./lint-document.ts";
import { shareOf } from "./rule-cost.ts";
import { detectionOf, entriesOf, entryOf, type SelectionEntry } from "./selection-entries.ts";
import { needsSomething } from "./tree-truth.ts";

/** An item that opens for more than this share of events singles nothing out. */
const BROAD_SHARE = 0.3;
const SHOWN_CHARACTERS_MAX = 100;

/** The patterns of a rule that could be compiled. */
export function lintPatterns(document: LintDocument, report: Report, pool: TestPool): void {
  const { rule, value } = document;
  const found = detectionOf(value);
  if (rule === undefined || found === undefined || rule.inactive !== undefined) return;
  const entries = entriesOf(found.detection, found.at);
  for (const entry of entries) if (entry.modifiers.includes("re")) lintRegexes(entry, report);
  if (!needsSomething(rule.tree)) return;
  const broad = broadItem(rule.tree, pool);
  if (broad === undefined) return;
  const entry = entryOf(broad.item, entries);
  const path = entry?.path ?? [...found.at, "condition"];
  const { field = "keywords", operator } = broad.item;
  report("rule-broad", path, `${field} ${operator} ${broad.shown.slice(0, SHOWN_CHARACTERS_MAX)}`);
}

/** An item with the text of it that stands nearly everywhere. */
interface Broad {
  readonly item: Item;
  readonly shown: string;
}

/** An item that alone can open the rule, and does so too often; undefined: the rule is narrow enough. */
function broadItem(tree: Tree, pool: TestPool): Broad | undefined {
  switch (tree.kind) {
    case "item":
      return broadPattern(tree.item, pool);
    case "not":
      return undefined;
    case "and": {
      // One narrow part narrows the whole. A negation narrows nothing.
      const parts = tree.children.filter((child) => child.kind !== "not" && needsSomething(child));
      const broad = parts.map((child) => broadItem(child, pool));
      return broad.every((one) => one !== undefined) ? broad[0] : undefined;
    }
    case "or":
      return firstOf(tree.children, (child) => broadItem(child, pool));
  }
}

function firstOf<T, R>(all: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Comparisons, networks, expressions and what must be missing are chosen with thought, however often they
// hold; a text that stands everywhere is not.
function broadPattern(item: Item, pool: TestPool): Broad | undefined {
  if (item.patterns.some(({ kind }) => kind !== "text")) return undefined;
  const share = (pattern: Pattern) => shareOf({ ...item, patterns: [pattern] }, pool);
  const broad = item.patterns.find((pattern) => share(pattern) > BROAD_SHARE);
  return broad === undefined ? undefined : { item, shown: broad.shown };
}

function lintRegexes({ path, modifiers, values }: SelectionEntry, report: Report): void {
  const flags = ["i", "m", "s"].filter((flag) => modifiers.includes(flag)).join("");
  for (const [index, value] of values.entries()) {
    if (typeof value !== "string") continue;
    const place = values.length === 1 ? path : [...path, index];
    const shown = value.slice(0, SHOWN_CHARACTERS_MAX);
    const simple = simplerForm(value, flags);
    if (simple !== undefined) {
      report("regex-needless", place, shown, simple);
      continue;
    }
    try {
      const { literals, engine } = compileRegex(value, flags);
      if (literals === undefined) report("regex-unfiltered", place, shown);
      if (engine === "re2") report("regex-slow", place, shown);
    } catch (error) {
      // Told of as a fault of the rule.
      if (!(error instanceof UnsafePattern)) throw error;
    }
  }
}

/** `contains`, `startswith` … with the text, for a regular expression that asks no more than that. */
function simplerForm(source: string, flags: string): string | undefined {
  const match = /^(?:\(\?(i)\))?(\^)?(\.\*)?(.+?)(\.\*)?(\$)?$/s.exec(source);
  const [, inline, start, anyBefore, body = "", anyAfter, end] = match ?? [];
  if (match === null || /[mx]/.test(flags)) return undefined;
  const text = plainTextOf(body);
  if (text === undefined) return undefined;
  const isOpenBefore = start === undefined || anyBefore !== undefined;
  const isOpenAfter = end === undefined || anyAfter !== undefined;
  const cased = flags.includes("i") || inline !== undefined ? "" : "|cased";
  const how = isOpenBefore
    ? isOpenAfter
      ? "contains"
      : "endswith"
    : isOpenAfter
      ? "startswith"
      : "";
  return `${how === "" ? "" : `|${how}`}${cased}: ${text}`;
}

// Letters and escaped signs only.
function plainTextOf(body: string): string | undefined {
  let text = "";
  for (let index = 0; index < body.length; index += 1) {
    const character = body[index] ?? "";
    if (character === "\\") {
      const next = body[index + 1] ?? "";
      if (!/[^a-zA-Z0-9\s]/.test(next)) return undefined;
      text += next;
      index += 1;
    } else if (/[.*+?()[\]{}|^$]/.test(character)) return undefined;
    else text += character;
  }
  return text === "" ? undefined : text;
}

/** Where the first regular expression stands that can't be run in linear time. */
export function unsafePath(
  value: LintDocument["value"],
): { readonly path: readonly (string | number)[] } | undefined {
  const found = detectionOf(value);
  if (found === undefined) return undefined;
  for (const { path, modifiers, values } of entriesOf(found.detection, found.at)) {
    if (!modifiers.includes("re")) continue;
    const flags = ["i", "m", "s"].filter((flag) => modifiers.includes(flag)).join("");
    for (const [index, one] of values.entries()) {
      if (typeof one !== "string") continue;
      try {
        compileRegex(one, flags);
      } catch {
        return { path: values.length === 1 ? path : [...path, index] };
      }
    }
  }
  return undefined;
}
