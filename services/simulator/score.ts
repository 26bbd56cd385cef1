// Compares findings with the truth of a simulation: which steps were found, and which findings rest on
// nothing that the intruder did. Pure: the demo, the evaluation and the tests count the same way.
import { type Level, levelRank } from "../../detectors/detector.ts";
import type { Truth } from "./truth.ts";

/** What the score needs of a finding. */
export interface ScoredFinding {
  readonly detectorId: string;
  readonly level: Level;
  /** Ids of the events that it rests on. */
  readonly eventIds: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly raisedAt: number;
}

export interface Score {
  readonly trueSteps: number;
  /** Steps with a finding of at least medium level that rests on one of their events. */
  readonly trueStepsFound: number;
  /** `trueStepsFound / trueSteps`; 1 when there was nothing to find. */
  readonly share: number;
  /** The same counts for the steps that a rule can know. */
  readonly knownSteps: number;
  readonly knownStepsFound: number;
  /** Ids of the steps that were not found. */
  readonly missed: readonly string[];
  /** Findings of at least medium level that rest on no event of the intrusion. */
  readonly findingsFalse: number;
  /** Findings of at least medium level that rest on an event of the intrusion. */
  readonly findingsTrue: number;
  /** When the first true finding was raised, milliseconds since 1970 UTC. */
  readonly firstFindingAt: number | undefined;
}

/** The score of findings against the truth; findings below medium count for nothing. */
export function scoreFindings(truth: Truth, findings: Iterable<ScoredFinding>): Score {
  const stepOf = new Map<string, string>();
  for (const step of truth.steps) for (const id of step.eventIds) stepOf.set(id, step.id);
  const found = new Set<string>();
  let findingsFalse = 0;
  let findingsTrue = 0;
  let firstFindingAt: number | undefined;
  for (const finding of findings) {
    if (levelRank(finding.level) < levelRank("medium")) continue;
    const steps = finding.eventIds.flatMap((id) => stepOf.get(id) ?? []);
    if (steps.length === 0) {
      findingsFalse += 1;
      continue;
    }
    findingsTrue += 1;
    for (const step of steps) found.add(step);
    firstFindingAt = Math.min(firstFindingAt ?? finding.raisedAt, finding.raisedAt);
  }
  const known = truth.steps.filter((step) => step.knownToRules);
  return {
    trueSteps: truth.steps.length,
    trueStepsFound: found.size,
    share: truth.steps.length === 0 ? 1 : found.size / truth.steps.length,
    knownSteps: known.length,
    knownStepsFound: known.filter((step) => found.has(step.id)).length,
    missed: truth.steps.filter((step) => !found.has(step.id)).map((step) => step.id),
    findingsFalse,
    findingsTrue,
    firstFindingAt,
  };
}
