// How far a detector can be trusted here: the mean of a Beta distribution over its precision. The prior
// comes from the rule's status and level, and verdicts of this tenant move it.
import type { DetectorInfo, Level } from "../../detectors/detector.ts";
import type { DetectorRecord } from "../store/detector-record.ts";

/** Weight of the prior, in verdicts: some ten are needed before experience outweighs it. */
const PRIOR_VERDICTS = 8;
// Sigma's status says how well a rule was tested (specification, "status").
const PRIOR_BY_STATUS: Readonly<Record<string, number>> = {
  stable: 0.7,
  test: 0.5,
  experimental: 0.3,
};
const PRIOR_OTHERWISE = 0.4;
// Authors give high levels to what hardly occurs in harmless activity.
const PRIOR_BY_LEVEL: Readonly<Record<Level, number>> = {
  informational: -0.2,
  low: -0.1,
  medium: 0,
  high: 0.05,
  critical: 0.1,
};

export type Judged = DetectorRecord["judged"];

/**
 * Posterior mean (a + TP) / (a + b + TP + FP) with a + b = 8: between 0 and 1. Benign true positives,
 * duplicates and undecided ones say nothing about the rule's precision and are in neither term.
 */
export function expectedPrecision(
  { status, level }: Pick<DetectorInfo, "status" | "level">,
  judged: Judged | undefined,
): number {
  const prior = (PRIOR_BY_STATUS[status] ?? PRIOR_OTHERWISE) + PRIOR_BY_LEVEL[level];
  const truePositives = judged?.truePositive ?? 0;
  const verdicts = truePositives + (judged?.falsePositive ?? 0);
  return (PRIOR_VERDICTS * prior + truePositives) / (PRIOR_VERDICTS + verdicts);
}
