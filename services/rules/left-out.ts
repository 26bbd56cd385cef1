// Which rules are left out although nothing is wrong with them: those whose status is not wanted, and those
// that another loaded rule replaces.
// Source: Sigma specification 2.1, sections "Status" and "Identification". Of the relations only two say that
// the other rule is out of use: `obsolete` (this rule obsoletes the one named) and `renamed` (this rule had
// that id before). Of `derived`, `merged` and `similar` both stay.
import type { RuleStatus } from "../../config/rule-reading.ts";
import { RULE_STATUSES } from "../../config/rule-reading.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";
import type { RuleAttributes } from "../../detectors/sigma/attributes.ts";

/** A rule that is there but not loaded, with the reason. */
export interface LeftOut {
  readonly place: string;
  readonly title: string;
  readonly id: string;
  /** `status`: it is not wanted; else how the rule that stays is related to this one. */
  readonly reason: "status" | "obsolete" | "renamed";
  /** The status, or the title of the rule that stays. */
  readonly detail: string;
}

interface AnyRule {
  readonly info: DetectorInfo;
  readonly attributes: RuleAttributes;
  readonly place: string;
}

/** What stays in `all`, in its order, and what does not. */
export function leaveOut<R extends AnyRule>(
  all: readonly R[],
  statuses: readonly RuleStatus[],
): { readonly rules: readonly R[]; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const wanted = all.filter((rule) => {
    const status = RULE_STATUSES.find((one) => one === rule.info.status);
    if (status === undefined || statuses.includes(status)) return true;
    leftOut.push(entryOf(rule, "status", status));
    return false;
  });
  const replaced = replacedAmong(wanted);
  const rules = wanted.filter((rule) => {
    const by = replaced.get(rule.info.id);
    if (by !== undefined) leftOut.push(entryOf(rule, by.reason, by.title));
    return by === undefined;
  });
  return { rules, leftOut };
}

function entryOf({ place, info }: AnyRule, reason: LeftOut["reason"], detail: string): LeftOut {
  return { place, title: info.title, id: info.id, reason, detail };
}

interface Replacement {
  readonly reason: "obsolete" | "renamed";
  readonly title: string;
}

// Rules that replace each other in a circle: the relation that comes last is passed over, so that one stays.
function replacedAmong(rules: readonly AnyRule[]): Map<string, Replacement> {
  const loaded = new Set(rules.map(({ info }) => info.id));
  const replaces = new Map<string, Set<string>>();
  const replaced = new Map<string, Replacement>();
  for (const { info, attributes } of rules) {
    for (const { id, type } of attributes.related) {
      if ((type !== "obsolete" && type !== "renamed") || !loaded.has(id)) continue;
      if (id === info.id || reaches(replaces, id, info.id)) continue;
      const targets = replaces.get(info.id) ?? new Set();
      replaces.set(info.id, targets.add(id));
      if (!replaced.has(id)) replaced.set(id, { reason: type, title: info.title });
    }
  }
  return replaced;
}

function reaches(graph: ReadonlyMap<string, Set<string>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    for (const next of graph.get(id) ?? []) seen.add(next);
  }
  return false;
}
