// Checks what a condition makes of its selections: those that nothing asks for, those that contradict
// themselves, and conditions that can never or will always be true.
import type { TestPool } from "../../detectors/sigma/leaf.ts";
import type { Tree } from "../../detectors/sigma/rule.ts";
import type { Path } from "../../detectors/sigma/rule-document.ts";
import type { LintDocument, Report } from "./lint-document.ts";
import { detectionOf, selectionTrees } from "./selection-entries.ts";
import { type Contradiction, contradictionIn, isAlwaysTrue, needsSomething } from "./tree-truth.ts";

/** Rules with more selections are not looked into. */
const SELECTIONS_MAX = 500;

/** The condition of a rule or filter that could be compiled. */
export function lintCondition(document: LintDocument, report: Report, pool: TestPool): void {
  const { rule, filter, value, reader } = document;
  const found = detectionOf(value);
  const tree = rule?.tree ?? filter?.tree;
  if (found === undefined || tree === undefined || rule?.inactive !== undefined) return;
  const { detection, at } = found;
  if (Object.keys(detection).length > SELECTIONS_MAX) return;
  for (const name of unusedSelections(detection)) report("selection-unused", [...at, name], name);
  if (isAlwaysTrue(tree, pool)) {
    report("condition-always", [...at, "condition"]);
    return;
  }
  let isSaid = false;
  for (const [name, selection] of selectionTrees(detection, reader)) {
    const inside = contradictionIn(selection, pool);
    if (inside === undefined) continue;
    isSaid = true;
    report("selection-contradicts", [...at, name], name, contradictionText(inside));
  }
  const whole = contradictionIn(tree, pool);
  if (whole !== undefined) {
    report("condition-impossible", [...at, "condition"], contradictionText(whole));
  } else if (rule !== undefined && !isSaid) lintNegation(rule.tree, at, report);
}

function lintNegation(tree: Tree, at: Path, report: Report): void {
  if (!needsSomething(tree)) report("condition-negative", [...at, "condition"]);
}

function contradictionText({ field, demands: [first, second] }: Contradiction): string {
  return first === second ? field : `${first}  /  ${second}`;
}

// A name counts as used when the condition names it, or a pattern of the condition fits it.
function unusedSelections(detection: Readonly<Record<string, unknown>>): string[] {
  const conditions = [detection.condition].flat().filter((one) => typeof one === "string");
  const words = conditions.flatMap((one) => one.match(/[^\s()|]+/g) ?? []);
  const usesAll = conditions.some((one) => /\bof\s+them\b/i.test(one));
  const patterns = words.filter((word) => word.includes("*")).map((word) => word.split("*"));
  return Object.keys(detection).filter((name) => {
    if (name === "condition" || name === "timeframe" || name === "rules") return false;
    // By convention such selections hold notes or anchors.
    if (name.startsWith("_") || name.startsWith(".")) return false;
    if (usesAll || words.includes(name)) return false;
    return !patterns.some((parts) => fits(name, parts));
  });
}

function fits(name: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = isLast ? name.length - part.length : name.indexOf(part, at);
    if (found < at || (index === 0 && found !== 0) || !name.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}
