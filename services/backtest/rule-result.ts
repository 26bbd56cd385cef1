// What is told of each rule and correlation when a backtest is over: its counts, and whether they can be
// trusted.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";
import { createReach } from "../rules/log-source-reach.ts";
import { identityFields } from "./exactness.ts";
import type { BacktestRule } from "./result.ts";
import type { BacktestRules } from "./rules.ts";
import type { RuleTally } from "./tally.ts";

export interface CountedDetector {
  readonly info: DetectorInfo;
}

/** What decides whether a rule sees here what it sees live. */
type Trust = Pick<BacktestRule, "isReached" | "inexactFields" | "isExact">;

interface RuleResultOptions {
  readonly tables: readonly LogSourceTable[];
  readonly isArchived: boolean;
}

/** Rules first, then correlations, those that join correlations last. */
export function ruleResults(
  detection: BacktestRules,
  tallyOf: (id: string) => RuleTally | undefined,
  { tables, isArchived }: RuleResultOptions,
): BacktestRule[] {
  const { rules, correlations, silenced } = detection;
  const isReached = createReach(tables);
  const joined = createJoined();
  const results = rules.map((rule): Unmarked => {
    const { info } = rule;
    const inexactFields = isArchived ? identityFields(rule, tables) : [];
    const reached = { isReached: isReached(rule.logSource) };
    const trust = { ...reached, inexactFields, isExact: inexactFields.length === 0 };
    const links = correlations.ofRule.get(info.id) ?? [];
    for (const { correlation } of links) joined.add(correlation.info.id, info.title, trust);
    const inactive = rule.inactive === undefined ? {} : { inactive: rule.inactive };
    return { ...countsOf(info, tallyOf(info.id)), ...trust, ...inactive };
  });
  // What a level joins is told of before it.
  for (const { info } of correlations.levels.flat()) {
    const { joins, trust } = joined.of(info.id);
    const links = correlations.ofCorrelation.get(info.id) ?? [];
    for (const { correlation } of links) joined.add(correlation.info.id, info.title, trust);
    results.push({ ...countsOf(info, tallyOf(info.id)), ...trust, joins });
  }
  return results.map((result) => ({ ...result, isSilenced: silenced.has(result.id) }));
}

type Unmarked = Omit<BacktestRule, "isSilenced">;
type Counts = Omit<Unmarked, keyof Trust>;

function countsOf(info: DetectorInfo, tally: RuleTally | undefined): Counts {
  const { id, title, level, origin } = info;
  const { days, findings } = tally?.days() ?? { days: [], findings: 0 };
  return {
    ...{ id, title, level, origin, findings, days },
    hits: tally?.hits ?? 0,
    ...(tally?.firstHitAt === undefined ? {} : { firstHitAt: tally.firstHitAt }),
    ...(tally?.lastHitAt === undefined ? {} : { lastHitAt: tally.lastHitAt }),
    samples: tally?.samples ?? [],
  };
}

/** What correlations join. They are as exact as all of it, and reached where some of it is. */
function createJoined() {
  const known = new Map<string, { readonly joins: string[]; readonly trust: Trust[] }>();
  return {
    add(id: string, title: string, trust: Trust): void {
      const entry = known.get(id) ?? { joins: [], trust: [] };
      known.set(id, entry);
      entry.joins.push(title);
      entry.trust.push(trust);
    },
    of(id: string): { readonly joins: readonly string[]; readonly trust: Trust } {
      const { joins, trust } = known.get(id) ?? { joins: [], trust: [] };
      const inexactFields = [...new Set(trust.flatMap((one) => one.inexactFields))].sort();
      const isReached = trust.some((one) => one.isReached);
      return { joins, trust: { isReached, inexactFields, isExact: inexactFields.length === 0 } };
    },
  };
}
