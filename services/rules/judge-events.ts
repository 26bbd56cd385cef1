// All that rules and correlations say of a few events that are all there: for samples. Nothing leaves the
// process, so values are compared as they are.
import {
  correlateAll,
  type LeveledObservation,
} from "../../detectors/correlation/correlate-all.ts";
import { createCorrelator } from "../../detectors/correlation/correlator.ts";
import { levelPlan } from "../../detectors/correlation/leveled-plan.ts";
import { observationOf } from "../../detectors/correlation/observation.ts";
import { resolveCorrelations } from "../../detectors/correlation/resolve.ts";
import type { CorrelationRule } from "../../detectors/correlation/rule.ts";
import type { DetectorInfo, MatchedField } from "../../detectors/detector.ts";
import type { LogEvent } from "../../detectors/event.ts";
import type { SigmaEngine } from "../../detectors/sigma/engine.ts";
import { textsOf } from "../../detectors/sigma/field-value.ts";

const KEYS_MAX = 1000;

/** A hit, of a rule or of a correlation. */
export interface JudgedHit {
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
      for (const match of engine.match(event)) {
        hits.push({ detector: match.detector, matched: match.explain });
        const read = (field: string) => textsOf(match.read(field)).join(", ") || undefined;
        const origin = { time: event.time, id: String(at), source: event.source };
        for (const { level, link } of plan.linksOf(match.detector.id)) {
          const observation = observationOf(link, origin, read);
          if (observation !== undefined) observations.push({ level, observation });
        }
      }
    }
    const raised = correlateAll({ levels, observationsOf: plan.observationsOf }, observations);
    for (const one of raised) {
      const text = plan.textOf(one);
      if (text !== undefined) hits.push({ detector: text.detector, matched: () => text.matched });
    }
    return hits;
  };
}
