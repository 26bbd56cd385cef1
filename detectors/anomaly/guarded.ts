// A detector's fault costs its own word on one observation, and nobody else's: all of a tenant stand in one stage,
// which an error that comes again with the same record would stop for ever. Faults are counted and told as a
// metric; what programmers assert still ends the process.
import { AssertionError } from "node:assert/strict";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";

/** Largest time that a calendar knows, in either direction: beyond it no date can be written. */
const TIME_MAX = 8.64e15;

/** Whether a time in milliseconds since 1970 UTC is one of the calendar. */
export function isCalendarTime(time: number): boolean {
  return Math.abs(time) <= TIME_MAX;
}

/** The same detectors by name, each telling of its faults in place of throwing them. */
export function guardedEach<I>(
  detectors: Readonly<Record<string, AnomalyDetector<I>>>,
  onFault: () => void,
): Readonly<Record<string, AnomalyDetector<I>>> {
  return Object.fromEntries(
    Object.entries(detectors).map(([name, one]) => [name, guarded(one, onFault)]),
  );
}

function guarded<I>(detector: AnomalyDetector<I>, onFault: () => void): AnomalyDetector<I> {
  const tried = (say: () => readonly Anomaly[]): readonly Anomaly[] => {
    try {
      return say();
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      onFault();
      return [];
    }
  };
  return {
    observe: (input) => tried(() => detector.observe(input)),
    advance: (time) => tried(() => detector.advance(time)),
    store: () => detector.store(),
    restore: (pieces) => detector.restore(pieces),
    takeScores: () => detector.takeScores?.() ?? [],
    peekScores: () => detector.peekScores?.() ?? [],
    get keys() {
      return detector.keys;
    },
    get evicted() {
      return detector.evicted;
    },
  };
}
