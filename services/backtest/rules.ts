// The rules of a backtest with the correlations over them: which ones belong together, and what is made
// of them to run them.
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { Match } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import type { SigmaEngine } from "../../detectors/sigma/engine.ts";
import type { RuleFault, SigmaRule } from "../../detectors/sigma/rule.ts";

export interface RulesAndCorrelations {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
}

/** What a backtest runs. */
export interface BacktestRules {
  /** Those whose hits count. */
  readonly rules: readonly SigmaRule[];
  readonly correlations: ReturnType<typeof resolveCorrelations>;
  /** Of an engine that has these rules; it may have others, whose hits don't count. */
  readonly match: (event: LogEvent) => readonly Match[];
  /** Ids of rules and correlations that make no findings of their own, because others join them. */
  readonly silenced: ReadonlySet<string>;
  /** What was left out. */
  readonly faults: readonly RuleFault[];
}

/**
 * @param engine of the rules
 * @param faults of reading them
 * @param silenced by correlations that are not part of the backtest
 */
export function backtestRules(
  { rules, correlations }: RulesAndCorrelations,
  engine: Pick<SigmaEngine, "match" | "rules" | "faults">,
  faults: readonly RuleFault[],
  silenced: ReadonlySet<string> = new Set(),
): BacktestRules {
  const resolved = resolveCorrelations(engine.rules, correlations);
  return {
    ...{ rules, correlations: resolved, match: engine.match },
    silenced: resolved.silenced.union(silenced),
    faults: [...faults, ...engine.faults, ...resolved.faults],
  };
}

/**
 * What is given, and the rules that its correlations name and that are not given: these come from `loaded`,
 * with the correlations that they are and what those name.
 */
export function withJoined(
  given: RulesAndCorrelations,
  loaded: RulesAndCorrelations,
): RulesAndCorrelations {
  const known = [namesOf(given), namesOf(loaded)];
  const rules = new Set(given.rules);
  // Grows while it is gone through: correlations join correlations, in a circle even.
  const correlations = new Set(given.correlations);
  for (const { rules: references } of correlations) {
    for (const reference of references) {
      for (const target of known.find((names) => names.has(reference))?.get(reference) ?? []) {
        if ("logSource" in target) rules.add(target);
        else correlations.add(target);
      }
    }
  }
  return { rules: [...rules], correlations: [...correlations] };
}

type Named = SigmaRule | CorrelationRule;

// A name may by mistake be that of several: all are taken, so that it is told.
function namesOf({ rules, correlations }: RulesAndCorrelations): Map<string, Named[]> {
  const all: Named[] = [...rules, ...correlations];
  const names = new Map<string, Named[]>();
  for (const rule of all) {
    for (const name of new Set([rule.info.id, rule.name ?? rule.info.id])) {
      names.set(name, [...(names.get(name) ?? []), rule]);
    }
  }
  return names;
}
