// What becomes of the anomalies of all detectors: those within the alarm budget are told one by one, those of a
// change of the world once for many, and those of a detector that drifts are held to the budget of a day.
import { AppError } from "../../config/errors.ts";
import type { Anomaly } from "./anomaly.ts";
import { type BudgetOptions, createBudget } from "./budget.ts";
import { createDriftMonitor, type DriftNotice, SAME_CAUSE } from "./drift.ts";
import { createScoreDrift, type ScoreDrift } from "./score-drift.ts";
import type { Score } from "./scores.ts";

/** What is told of. */
export type Told =
  | { readonly anomaly: Anomaly }
  | { readonly notice: DriftNotice }
  | { readonly shift: ScoreDrift };

interface Part {
  store(): Uint8Array;
  /** @throws AppError, SyntaxError where the bytes can't be read */
  restore(bytes: Uint8Array<ArrayBuffer>): void;
}

interface Sift {
  /** @param peek scores of an anomaly's detector in the running day */
  take(anomaly: Anomaly, subject: number, peek: () => readonly Score[]): readonly Told[];
  takeScores(detector: string, scores: readonly Score[]): void;
  /** Tells of detectors whose scores of the days that are over are no longer what they were. */
  advance(time: number): readonly Told[];
  mark(day: number, mark: "incident" | undefined): void;
  readonly drifts: readonly ScoreDrift[];
  /** The state by names; no detector may be called so. */
  readonly parts: Readonly<Record<string, Part>>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createSift(options: Partial<BudgetOptions>, shareOf: () => number): Sift {
  let budget = createBudget(options, undefined, shareOf);
  let drift = createDriftMonitor();
  let causes = createDriftMonitor(SAME_CAUSE);
  let shifts = createScoreDrift();

  // From then on the budget is measured anew.
  const told = (shift: ScoreDrift): Told => {
    if (shift.since !== undefined) budget.refit(shift.since);
    return { shift };
  };
  return {
    take(anomaly, subject, peek) {
      const { tail, time } = anomaly;
      if (!budget.admit(tail, time, subject)) return [];
      const threshold = budget.thresholdAt(time);
      const caused = causes.take(anomaly, threshold);
      const isFolded = !caused.alone || caused.notice !== undefined;
      const { alone, notice } = isFolded ? caused : drift.take(anomaly, threshold);
      const all: Told[] = notice === undefined ? [] : [{ notice }];
      if (!alone) return all;
      const shift = shifts.noteFinding(anomaly, budget.findingsPerDay, peek);
      if (shift !== undefined) all.push(told(shift));
      if (!shifts.holds(anomaly, budget.findingsPerDay)) all.push({ anomaly });
      return all;
    },
    takeScores: (detector, scores) => shifts.take(detector, scores),
    advance: (time) => shifts.advance(time).map(told),
    mark: (day, mark) => budget.mark(day, mark),
    get drifts() {
      return shifts.drifts;
    },
    parts: {
      budget: {
        store: () => new Uint8Array(budget.state().buffer),
        restore(bytes) {
          if (bytes.length % 8 !== 0)
            throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is cut");
          budget = createBudget(options, new Float64Array(bytes.buffer), shareOf);
        },
      },
      drift: {
        store: () => encoder.encode(drift.state()),
        restore(bytes) {
          drift = createDriftMonitor({}, decoder.decode(bytes));
        },
      },
      "same-cause": {
        store: () => encoder.encode(causes.state()),
        restore(bytes) {
          causes = createDriftMonitor(SAME_CAUSE, decoder.decode(bytes));
        },
      },
      "score-drift": {
        store: () => encoder.encode(shifts.state()),
        restore(bytes) {
          shifts = createScoreDrift(decoder.decode(bytes));
        },
      },
    },
  };
}
