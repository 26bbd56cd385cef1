// All that detects, made of one set of rules: the Sigma engine and the correlations for `detect`, the keyed
// detectors for `baseline`. Made anew as a whole when rules change.
import { randomInt } from "node:crypto";
import type { LogSourceTable } from "../config/log-sources.ts";
import type { AnomalyLanguage } from "../detectors/anomaly/messages.ts";
import { textOfTold } from "../detectors/anomaly/told.ts";
import { createCorrelator } from "../detectors/correlation/correlator.ts";
import { type LeveledPlan, levelPlan } from "../detectors/correlation/leveled-plan.ts";
import { meaningOf } from "../detectors/correlation/meaning.ts";
import { resolveCorrelations } from "../detectors/correlation/resolve.ts";
import { type Level, levelRank } from "../detectors/detector.ts";
import {
  compileSigmaEngine,
  createSigmaEngine,
  type SigmaEngine,
  type SigmaEngineOptions,
} from "../detectors/sigma/engine.ts";
import type { RuleFault } from "../detectors/sigma/rule.ts";
import { type AnomalyLevelOptions, withAnomalies } from "./anomaly-level.ts";
import type { KeyedDetectors } from "./baseline/baseline.ts";
import type { DetectRules } from "./detect/detect.ts";
import { type Pace, runPaced } from "./rules/pace.ts";
import type { RuleSet } from "./rules/rule-set.ts";

/** Nobody outside can choose keys that fall on each other. */
const HASH_SEED = randomInt(2 ** 32);

export interface DetectionOptions {
  readonly logSources: readonly LogSourceTable[];
  /** Weaker rules raise nothing; correlations that join them see their hits all the same. */
  readonly minLevel: Level;
  /** Groups that correlations of one level remember at the same time. */
  readonly groupsMax: number;
  /** How anomalies are looked for; undefined: not at all. */
  readonly anomalies?: AnomalyOptions | undefined;
}

interface AnomalyOptions extends AnomalyLevelOptions {
  /** Of the sentences that explain. */
  readonly language: AnomalyLanguage;
}

export interface Detection {
  readonly rules: RuleSet;
  readonly engine: SigmaEngine;
  readonly plan: LeveledPlan;
  readonly detect: DetectRules;
  readonly keyed: KeyedDetectors;
  /** Rules and correlations that can't be used, beside those that could not be read. */
  readonly faults: readonly RuleFault[];
}

export function createDetection(rules: RuleSet, options: DetectionOptions): Detection {
  const engine = createSigmaEngine(engineOptions(rules, options));
  return detectionWith(engine, rules, options);
}

/** The same in turns, beside a running stream. */
export async function prepareDetection(
  rules: RuleSet,
  options: DetectionOptions,
  pace: Pace,
): Promise<Detection> {
  const steps = compileSigmaEngine(engineOptions(rules, options));
  return detectionWith(await runPaced(steps, pace), rules, options);
}

function engineOptions({ rules }: RuleSet, { logSources }: DetectionOptions): SigmaEngineOptions {
  return { rules, logSources, now: () => performance.now() };
}

function detectionWith(engine: SigmaEngine, rules: RuleSet, options: DetectionOptions): Detection {
  const resolved = resolveCorrelations(engine.rules, rules.correlations);
  const plan = levelPlan(resolved);
  const { anomalies } = options;
  const levels = plan.levels.map(
    (correlations) => () =>
      createCorrelator(correlations, { keysMax: options.groupsMax, hashSeed: HASH_SEED }),
  );
  return {
    rules,
    engine,
    plan,
    detect: {
      match: (event) => engine.match(event),
      linksOf: (ruleId) => plan.linksOf(ruleId),
      isSilenced: (ruleId) => plan.isSilenced(ruleId),
    },
    keyed: {
      meaning: JSON.stringify([
        plan.levels.map((level) => level.map((rule) => [rule.info.id, meaningOf(rule)])),
        anomalies?.findingsPerDay,
      ]),
      levels: anomalies === undefined ? levels : withAnomalies(levels, anomalies),
      textOf(raised) {
        if (plan.isSilenced(raised.detector)) return undefined;
        const text = plan.textOf(raised) ?? textOfTold(raised, anomalies?.language ?? "de");
        const isTold =
          text !== undefined && levelRank(text.detector.level) >= levelRank(options.minLevel);
        return isTold ? text : undefined;
      },
      observationsOf: (raised, signalId) => plan.observationsOf(raised, signalId),
    },
    faults: [...engine.faults, ...resolved.faults],
  };
}
