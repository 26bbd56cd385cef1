// Puts correlations through the pipelines once all rules are known: a pipeline may ask for the log sources
// of the rules that a correlation joins.
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import { PipelineRefusal, type RuleReading } from "../../detectors/sigma/reading.ts";
import type { LogSource, RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";

/** The correlations as the pipelines leave them; those that a step refuses are faults. */
export function shapeCorrelations(
  all: readonly CorrelationRule[],
  rules: readonly SigmaRule[],
  { pipeline }: RuleReading,
): { readonly correlations: readonly CorrelationRule[]; readonly faults: readonly RuleFault[] } {
  if (pipeline === undefined) return { correlations: all, faults: [] };
  const sourcesOf = createSources(all, rules);
  const faults: RuleFault[] = [];
  const correlations = all.flatMap((rule) => {
    try {
      return [pipeline.shapeCorrelation(rule, sourcesOf(rule))];
    } catch (error) {
      if (!(error instanceof PipelineRefusal)) throw error;
      const { place, info } = rule;
      faults.push({ code: "HW_RULE_INVALID", place, title: info.title, message: error.message });
      return [];
    }
  });
  return { correlations, faults };
}

function createSources(
  correlations: readonly CorrelationRule[],
  rules: readonly SigmaRule[],
): (rule: CorrelationRule) => LogSource[] {
  const known = new Map<string, SigmaRule | CorrelationRule>();
  for (const rule of [...correlations, ...rules]) {
    if (rule.name !== undefined) known.set(rule.name, rule);
    known.set(rule.info.id, rule);
  }
  return (rule) => {
    // Correlations may join correlations, even themselves: each is looked at once.
    const seen = new Set<SigmaRule | CorrelationRule>([rule]);
    const sources: LogSource[] = [];
    for (const one of seen) {
      if ("logSource" in one) sources.push(one.logSource);
      else for (const name of one.rules) seen.add(known.get(name) ?? one);
    }
    return sources;
  };
}
