// The truth beside the records: which steps the intrusion took, where, and which records show them.

export interface TruthStep {
  readonly id: string;
  /** Position in the intrusion, from 1. */
  readonly order: number;
  /** ATT&CK tactic, short name with hyphens. */
  readonly tactic: string;
  /** ATT&CK technique. */
  readonly technique: string;
  readonly title: string;
  readonly host: string;
  readonly account: string;
  /** Milliseconds since 1970 UTC. */
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  readonly eventIds: readonly string[];
  /** False for steps that stand out against what is usual only, not by any mark of their own. */
  readonly knownToRules: boolean;
}

export interface Truth {
  readonly seed: string;
  readonly county: string;
  /** First record of the intrusion, milliseconds since 1970 UTC; undefined on a quiet day. */
  readonly startedAt: number | undefined;
  readonly steps: readonly TruthStep[];
}

/** What is known of a step before its records are given out. */
export type PlannedStep = Omit<TruthStep, "order" | "firstEventAt" | "lastEventAt" | "eventIds">;

export interface TruthBook {
  readonly plan: (step: PlannedStep) => void;
  /** Notes a record that was given out. */
  readonly note: (record: { id: string; time: number; step?: string }) => void;
  /** The truth about what was given out so far: complete once all records were read. */
  readonly truth: () => Truth;
}

/** An empty book. Keeps ids of the intrusion's records only (some hundreds), none of the day's. */
export function createTruthBook(seed: string, county: string): TruthBook {
  const planned: PlannedStep[] = [];
  const seen = new Map<string, { first: number; last: number; ids: string[] }>();
  return {
    plan: (step) => {
      planned.push(step);
    },
    note: ({ id, time, step }) => {
      if (step === undefined) return;
      const entry = seen.get(step) ?? { first: time, last: time, ids: [] };
      entry.first = Math.min(entry.first, time);
      entry.last = Math.max(entry.last, time);
      entry.ids.push(id);
      seen.set(step, entry);
    },
    truth: () => {
      const steps = planned
        .flatMap((step) => {
          const entry = seen.get(step.id);
          if (entry === undefined) return [];
          return [
            {
              ...step,
              firstEventAt: entry.first,
              lastEventAt: entry.last,
              eventIds: [...entry.ids],
            },
          ];
        })
        .sort((left, right) => left.firstEventAt - right.firstEventAt)
        .map((step, index) => ({ ...step, order: index + 1 }));
      return { seed, county, startedAt: steps[0]?.firstEventAt, steps };
    },
  };
}
