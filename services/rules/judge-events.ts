// All that rules and correlations say of a few events that are all there: for samples. Nothing leaves the
// process, so values are compared as they are.
import {
  correlateAll,
  type LeveledObservation,
} from "../../detectors/correlation/correlate-all.ts";
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { levelPlan } from "../../detectors/correlation/leveled-plan.ts";
import { observationsOfMatches } from "../../detectors/correlation/match-observations.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { DetectorInfo, MatchedField } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import type { SigmaEngine } from "../../detectors/sigma/engine.ts";

const KEYS_MAX = 1000;

/** A hit, of a rule or of a correlation. */
interface JudgedHit {
  readonly detector: DetectorInfo;
  readonly matched: () => readonly MatchedField[];
}

/** All hits on these events, those of correlations last. */
export type Judge = (events: readonly LogEvent[]) => JudgedHit[];

export function createJudge(engine: SigmaEngine, correlations: readonly CorrelationRule[]): Judge {
  const plan = levelPlan(resolveCorrelations(engine.rules, correlations));
  const levels = plan.levels.map((rules) => () => createCorrelator(rules, { keysMax: KEYS_MAX }));
  return (events) => {
    const hits: JudgedHit[] = [];
    const observations: LeveledObservation[] = [];
    for (const [at, event] of events.entries()) {
      const matches = engine.match(event);
      for (const match of matches) {
        hits.push({ detector: match.detector, matched: match.explain });
      }
      // The samples' own ids may be all the same.
      const id = String(at);
      observations.push(...observationsOfMatches(plan, matches, id, (_field, value) => value));
    }
    const raised = correlateAll({ levels, observationsOf: plan.observationsOf }, observations);
    for (const one of raised) {
      const text = plan.textOf(one);
      if (text !== undefined) hits.push({ detector: text.detector, matched: () => text.matched });
    }
    return hits;
  };
}
