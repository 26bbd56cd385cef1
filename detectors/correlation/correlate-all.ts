// Judges observations that are all there: files that are scanned, samples, a look back. No watermark is
// needed; each level gets everything in order, what it raises feeds the next one.
import type { KeyedDetector, Observation, Raised } from "../keyed.ts";
import { signalIdOf } from "./raised-id.ts";

export interface LeveledObservation {
  readonly level: number;
  readonly observation: Observation;
}

/** What judging needs of a plan and its correlators. */
export interface AllLevels {
  /** Makes the detectors of each level, lowest first. */
  readonly levels: readonly (() => KeyedDetector)[];
  readonly observationsOf: (raised: Raised, signalId: string) => readonly LeveledObservation[];
}

/** Observations between two steps. */
const STEP_OBSERVATIONS = 64;

/**
 * All hits, level by level, each level's in the order in which they become certain.
 * @param observations in any order
 */
export function correlateAll(
  levels: AllLevels,
  observations: readonly LeveledObservation[],
): Raised[] {
  const steps = correlateInSteps(levels, observations);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same in short steps, between which others may get their turn. */
export function* correlateInSteps(
  { levels, observationsOf }: AllLevels,
  observations: readonly LeveledObservation[],
): Generator<undefined, Raised[]> {
  const waiting = levels.map((): Observation[] => []);
  for (const { level, observation } of observations) waiting[level]?.push(observation);
  const all: Raised[] = [];
  for (const [level, create] of levels.entries()) {
    const detector = create();
    const raised: Raised[] = [];
    const ordered = (waiting[level] ?? []).toSorted(
      (a, b) => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : a.rule - b.rule),
    );
    for (const [at, observation] of ordered.entries()) {
      if (at % STEP_OBSERVATIONS === 0) yield;
      for (const one of detector.advance(observation.time)) raised.push(one);
      for (const one of detector.observe(observation)) raised.push(one);
    }
    // What still waits for its time to be over is judged by what there is.
    for (const one of detector.advance(Number.MAX_SAFE_INTEGER)) raised.push(one);
    for (const [at, one] of raised.entries()) {
      if (at % STEP_OBSERVATIONS === 0) yield;
      all.push(one);
      for (const next of observationsOf(one, signalIdOf(one))) {
        waiting[next.level]?.push(next.observation);
      }
    }
  }
  return all;
}
