// A correlation plan as the stages use it: for each rule where its hits go, with the level at which that
// correlation is judged.
import type { DetectorInfo, MatchedField } from "../detector.ts";
import type { Observation, Raised } from "../keyed.ts";
import { observationsOfRaised } from "./observation.ts";
import type { CorrelationLink, CorrelationPlan } from "./resolve.ts";
import type { CorrelationRule } from "./rule.ts";

export interface LeveledLink {
  readonly level: number;
  readonly link: CorrelationLink;
}

export interface LeveledPlan {
  readonly levels: readonly (readonly CorrelationRule[])[];
  /** Where the hits of a rule go. */
  linksOf(ruleId: string): readonly LeveledLink[];
  /** Whether a rule or correlation raises no signals of its own. */
  isSilenced(id: string): boolean;
  /** What a correlation's hit is to others. */
  observationsOf(
    raised: Raised,
    signalId: string,
  ): readonly { readonly level: number; readonly observation: Observation }[];
  /** What to tell people of a hit; undefined when the correlation is gone. */
  textOf(
    raised: Raised,
  ): { readonly detector: DetectorInfo; readonly matched: readonly MatchedField[] } | undefined;
}

/** Operator of the matched fields that say what the group is made of. */
export const GROUP_BY = "group-by";

const NO_LINKS: readonly LeveledLink[] = [];

export function levelPlan(plan: CorrelationPlan): LeveledPlan {
  const levelOf = new Map<string, number>();
  const byId = new Map<string, CorrelationRule>();
  for (const [level, rules] of plan.levels.entries()) {
    for (const rule of rules) {
      levelOf.set(rule.info.id, level);
      byId.set(rule.info.id, rule);
    }
  }
  const leveled = new Map(
    [...plan.ofRule].map(([id, links]) => [
      id,
      links.map((link) => ({ level: levelOf.get(link.correlation.info.id) ?? 0, link })),
    ]),
  );
  return {
    levels: plan.levels,
    linksOf: (ruleId) => leveled.get(ruleId) ?? NO_LINKS,
    isSilenced: (id) => plan.silenced.has(id),
    observationsOf: (raised, signalId) =>
      (plan.ofCorrelation.get(raised.detector) ?? []).flatMap((link) => {
        const observations = observationsOfRaised(link, raised, signalId);
        const level = levelOf.get(link.correlation.info.id) ?? 0;
        return observations.map((observation) => ({ level, observation }));
      }),
    textOf(raised) {
      const rule = byId.get(raised.detector);
      return rule && { detector: rule.info, matched: matchedOf(rule, raised) };
    },
  };
}

// The comparison that became true, then what the group is made of.
function matchedOf(rule: CorrelationRule, raised: Raised): MatchedField[] {
  const value = String(raised.value);
  const compared = rule.comparisons.map((one) => ({
    field: [rule.type, ...rule.fields].join(" "),
    value,
    operator: one.operator,
    pattern: String(one.value),
  }));
  const joined = { field: rule.type, value, operator: "rules", pattern: rule.rules.join(", ") };
  const group = rule.groupBy.map((field, at) => ({
    field,
    value: raised.group[at] ?? "",
    operator: GROUP_BY,
    pattern: "",
  }));
  return [...(compared.length > 0 ? compared : [joined]), ...group];
}
