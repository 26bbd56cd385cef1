// Checks what correlations and filters name: rules that are not there, names that several have,
// correlations that wait for each other, and filters that hold for nothing.
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { isFilterFor, type SigmaFilter } from "../../detectors/sigma/filter.ts";
import type { SigmaRule } from "../../detectors/sigma/rule.ts";
import type { LintCode } from "./lint-finding.ts";

/** Something that can be named. */
type Named = SigmaRule | CorrelationRule;

export interface ReferenceFault {
  readonly code: Extract<LintCode, `reference-${string}` | "filter-unmatched">;
  /** Place in `rules`; undefined: the whole. */
  readonly index: number | undefined;
  readonly detail: string;
  readonly other: string;
}

/** What references can lead to. */
export interface References {
  ofCorrelation(correlation: CorrelationRule): ReferenceFault[];
  ofFilter(filter: SigmaFilter): ReferenceFault[];
}

/** @param rules with those of the pack and of other folders that are loaded together */
export function createReferences(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): References {
  const ids = new Map<string, Named>();
  const names = new Map<string, Set<Named>>();
  for (const one of [...rules, ...correlations]) {
    if (!ids.has(one.info.id)) ids.set(one.info.id, one);
    if (one.name !== undefined) {
      names.set(one.name, (names.get(one.name) ?? new Set()).add(one));
    }
  }
  // Of two rules with one id the first is loaded; the second can't be meant.
  const find = (reference: string): readonly Named[] => {
    const byId = ids.get(reference);
    return byId === undefined ? [...(names.get(reference) ?? [])] : [byId];
  };
  return {
    ofCorrelation: (correlation) => correlationFaults(correlation, find),
    ofFilter: (filter) => filterFaults(filter, rules, find),
  };
}

type Find = (reference: string) => readonly Named[];

function correlationFaults(correlation: CorrelationRule, find: Find): ReferenceFault[] {
  const faults: ReferenceFault[] = [];
  for (const [index, reference] of correlation.rules.entries()) {
    const found = find(reference);
    const other = found.map(({ place }) => place).join(", ");
    if (found.length === 0) {
      faults.push({ code: "reference-unknown", index, detail: reference, other });
    } else if (found.length > 1) {
      faults.push({ code: "reference-ambiguous", index, detail: reference, other });
    } else if (found.some((one) => leadsTo(one, correlation, find))) {
      faults.push({ code: "reference-cycle", index, detail: reference, other });
    }
  }
  return faults;
}

function leadsTo(from: Named, target: CorrelationRule, find: Find): boolean {
  const seen = new Set<Named>();
  const waiting: Named[] = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === target) return true;
    if (seen.has(next) || !("rules" in next)) continue;
    seen.add(next);
    waiting.push(...next.rules.flatMap(find));
  }
  return false;
}

function filterFaults(
  filter: SigmaFilter,
  rules: readonly SigmaRule[],
  find: Find,
): ReferenceFault[] {
  if (filter.rules === "any") {
    if (rules.some((rule) => isFilterFor(filter, rule))) return [];
    return [{ code: "filter-unmatched", index: undefined, detail: "any", other: "" }];
  }
  return filter.rules.flatMap((reference, index): ReferenceFault[] => {
    const found = find(reference);
    const only = { ...filter, rules: [reference] };
    if (rules.some((rule) => isFilterFor(only, rule))) return [];
    const other = found.map(({ place }) => place).join(", ");
    return [{ code: "filter-unmatched", index, detail: reference, other }];
  });
}
