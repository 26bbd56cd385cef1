// The alarm budget of a tenant, shared by all detectors whose scores mean what they always did. A detector that
// has drifted stands apart from then on: it has a part of the findings and a threshold of its own, measured by its
// new days. So nobody else becomes less sensitive by it.
import { AppError } from "../../config/errors.ts";
import type { Anomaly } from "./anomaly.ts";
import { type Budget, type BudgetOptions, createBudget } from "./budget.ts";

type Judged = Pick<Anomaly, "detector" | "tail" | "time">;

export interface Budgets {
  /** Whether the anomaly is a finding; it counts for its day. `subject`: a number that stands for whose it is. */
  admit(anomaly: Judged, subject: number): boolean;
  /** Least improbable tail of this detector that is a finding on the day of this time. */
  thresholdOf(anomaly: Judged): number;
  /** As of `Budget`, for all of them. */
  mark(time: number, mark: "incident" | undefined): void;
  /** The scores of the detector are others from the day of this time on. */
  standApart(detector: string, time: number): void;
  /** Findings of a quiet day, of all detectors together. */
  readonly findingsPerDay: number;
  /** The shared budget as bytes, and those apart. */
  store(): Uint8Array;
  storeApart(): Uint8Array;
  /** @throws AppError, SyntaxError where the bytes can't be read */
  restore(bytes: Uint8Array<ArrayBuffer>): void;
  restoreApart(bytes: Uint8Array<ArrayBuffer>): void;
}

/** Who stands apart has one part in so many; where there are more of them, all have the same. */
const PARTS = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param shareOf part of the findings of a day that detectors have, where others have the rest */
export function createBudgets(options: Partial<BudgetOptions>, shareOf: () => number): Budgets {
  const apart = new Map<string, Budget>();
  const part = () => 1 / Math.max(PARTS, apart.size + 1);
  const sharedShare = () => shareOf() * (1 - apart.size * part());
  const ownShare = () => shareOf() * part();
  let shared = createBudget(options, undefined, sharedShare);

  const budgetOf = (detector: string) => apart.get(detector) ?? shared;
  return {
    admit: ({ detector, tail, time }, subject) => budgetOf(detector).admit(tail, time, subject),
    thresholdOf: ({ detector, time }) => budgetOf(detector).thresholdAt(time),
    mark(time, mark) {
      for (const budget of [shared, ...apart.values()]) budget.mark(time, mark);
    },
    standApart(detector, time) {
      // It begins where the shared threshold is, and goes on from there as slowly as that.
      const own = apart.get(detector) ?? createBudget(options, shared.state(), ownShare);
      own.refit(time);
      apart.set(detector, own);
    },
    get findingsPerDay() {
      return shared.findingsPerDay;
    },
    store: () => new Uint8Array(shared.state().buffer),
    storeApart: () =>
      encoder.encode(JSON.stringify([...apart].map(([name, own]) => [name, [...own.state()]]))),
    restore(bytes) {
      if (bytes.length % 8 !== 0)
        throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is cut");
      shared = createBudget(options, new Float64Array(bytes.buffer), sharedShare);
    },
    restoreApart(bytes) {
      // Written by `storeApart` above, and kept under a hash by whoever stores it.
      const stored: readonly [string, number[]][] = JSON.parse(decoder.decode(bytes));
      apart.clear();
      for (const [name, state] of stored)
        apart.set(name, createBudget(options, Float64Array.from(state), ownShare));
    },
  };
}
