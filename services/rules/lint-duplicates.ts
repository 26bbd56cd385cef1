// Finds rules that look for the same: those of the same meaning however they are written, and of two with
// the same title the one that asks for more besides.
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import { type Canonical, canonicalTree } from "./canonical-tree.ts";

/** A rule that an earlier one makes needless, or nearly. */
export interface Overlap {
  readonly code: "rule-duplicate" | "rule-narrower";
  readonly rule: SigmaRule;
  readonly other: SigmaRule;
}

/** @param rules in the order in which they are loaded: the later one of two is told of */
export function findOverlaps(rules: readonly SigmaRule[]): Overlap[] {
  const overlaps: Overlap[] = [];
  const byMeaning = new Map<string, SigmaRule>();
  const byTitle = new Map<string, { rule: SigmaRule; form: Canonical }[]>();
  for (const rule of rules) {
    if (rule.inactive !== undefined) continue;
    const form = canonicalTree(rule.tree);
    const source = JSON.stringify([rule.logSource]);
    const meaning = `${source} ${form.key}`;
    const same = byMeaning.get(meaning);
    if (same !== undefined) {
      overlaps.push({ code: "rule-duplicate", rule, other: same });
      continue;
    }
    byMeaning.set(meaning, rule);
    const title = `${source} ${rule.info.title.toLowerCase()}`;
    const namesakes = byTitle.get(title) ?? [];
    for (const one of namesakes) {
      const [narrower, wider] =
        form.parts.length > one.form.parts.length ? [{ rule, form }, one] : [one, { rule, form }];
      const parts = new Set(narrower.form.parts);
      if (!wider.form.parts.every((part) => parts.has(part))) continue;
      overlaps.push({ code: "rule-narrower", rule: narrower.rule, other: wider.rule });
      break;
    }
    byTitle.set(title, [...namesakes, { rule, form }]);
  }
  return overlaps;
}
