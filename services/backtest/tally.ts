// Counts the hits of one rule: by day, as findings the way triage groups them, and the first few as
// samples. What it remembers is bounded.
import type { BacktestDay, BacktestSample } from "./result.ts";

/** Days of one rule that are told apart; hostile times can't fill the memory. */
const DAYS_MAX = 1100;

/** Findings that all rules of a backtest may keep apart. */
export interface FindingBudget {
  left: number;
  /** Whether something was not counted because there was no room. */
  isCut: boolean;
}

export interface RuleTally {
  readonly hits: number;
  readonly samples: readonly BacktestSample[];
  readonly firstHitAt: number | undefined;
  readonly lastHitAt: number | undefined;
  /** Whether another sample is wanted of a group. */
  wantsSample(groupKey: string): boolean;
  add(time: number, groupKey: string): void;
  sample(sample: BacktestSample): void;
  days(): { readonly days: readonly BacktestDay[]; readonly findings: number };
}

/** @param windowMs window in which hits of one group are one finding, aligned to 1970 UTC */
export function createTally(
  dayOf: (time: number) => string,
  windowMs: number,
  samplesMax: number,
  budget: FindingBudget,
): RuleTally {
  const hitsByDay = new Map<string, number>();
  // Group and window → time of the first hit. Files need not be in the order of time.
  const findings = new Map<string, number>();
  const samples: BacktestSample[] = [];
  let hits = 0;
  let first: number | undefined;
  let last: number | undefined;
  return {
    get hits() {
      return hits;
    },
    get firstHitAt() {
      return first;
    },
    get lastHitAt() {
      return last;
    },
    samples,
    wantsSample: (groupKey) => {
      if (samples.length < samplesMax) return true;
      // A repetition gives way to another group when one comes: five hits of one host say less.
      const groups = samples.map((one) => one.groupKey);
      return new Set(groups).size < samplesMax && !groups.includes(groupKey);
    },
    add(time, groupKey) {
      hits += 1;
      first = Math.min(first ?? time, time);
      last = Math.max(last ?? time, time);
      countDay(hitsByDay, dayOf(time), budget);
      const key = `${Math.floor(time / windowMs)} ${groupKey}`;
      const known = findings.get(key);
      if (known !== undefined) {
        if (time < known) findings.set(key, time);
      } else if (budget.left > 0) {
        budget.left -= 1;
        findings.set(key, time);
      } else budget.isCut = true;
    },
    sample(sample) {
      if (samples.length >= samplesMax) samples.splice(repeated(samples), 1);
      samples.push(sample);
    },
    days() {
      const findingsByDay = new Map<string, number>();
      for (const time of findings.values()) {
        const day = dayOf(time);
        findingsByDay.set(day, (findingsByDay.get(day) ?? 0) + 1);
      }
      const days = [...hitsByDay]
        .map(([day, count]) => ({ day, hits: count, findings: findingsByDay.get(day) ?? 0 }))
        .sort((one, other) => (one.day < other.day ? -1 : 1));
      return { days, findings: findings.size };
    },
  };
}

/** Place of the last sample whose group has another one before it. */
function repeated(samples: readonly BacktestSample[]): number {
  const firstOf = (groupKey: string) => samples.findIndex((one) => one.groupKey === groupKey);
  return samples.findLastIndex((one, at) => firstOf(one.groupKey) < at);
}

function countDay(hitsByDay: Map<string, number>, day: string, budget: FindingBudget): void {
  const known = hitsByDay.get(day);
  if (known === undefined && hitsByDay.size >= DAYS_MAX) budget.isCut = true;
  else hitsByDay.set(day, (known ?? 0) + 1);
}
