// What becomes of the anomalies of all detectors: those within the alarm budget are told one by one, those of a
// change of the world once for many, and those of a detector that drifts are held to the budget of a day.
import type { Anomaly } from "./anomaly.ts";
import type { BudgetOptions } from "./budget.ts";
import { createBudgets } from "./budgets.ts";
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
  const budgets = createBudgets(options, shareOf);
  let drift = createDriftMonitor();
  let causes = createDriftMonitor(SAME_CAUSE);
  let shifts = createScoreDrift();

  const told = (shift: ScoreDrift): Told => {
    if (shift.since !== undefined) budgets.standApart(shift.detector, shift.since);
    return { shift };
  };
  return {
    take(anomaly, subject, peek) {
      if (!budgets.admit(anomaly, subject)) return [];
      const threshold = budgets.thresholdOf(anomaly);
      const caused = causes.take(anomaly, threshold);
      const isFolded = !caused.alone || caused.notice !== undefined;
      const { alone, notice } = isFolded ? caused : drift.take(anomaly, threshold);
      const all: Told[] = notice === undefined ? [] : [{ notice }];
      if (!alone) return all;
      const shift = shifts.noteFinding(anomaly, budgets.findingsPerDay, peek);
      if (shift !== undefined) all.push(told(shift));
      if (!shifts.holds(anomaly, budgets.findingsPerDay)) all.push({ anomaly });
      return all;
    },
    takeScores: (detector, scores) => shifts.take(detector, scores),
    advance: (time) => shifts.advance(time).map(told),
    mark: (day, mark) => budgets.mark(day, mark),
    get drifts() {
      return shifts.drifts;
    },
    parts: {
      budget: { store: budgets.store, restore: budgets.restore },
      "own-budgets": { store: budgets.storeApart, restore: budgets.restoreApart },
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
