// What people's verdicts do to the rank of anomalies: false alarms lower their like, true ones raise it.
// The rank is only the order in a queue. Whether something is shown is decided by its tail alone, so no
// verdict ever hides anything, and a verdict that is taken back leaves no trace.
import type { Anomaly, Driver } from "./anomaly.ts";

/** What of an anomaly makes others alike. */
export interface Likeness {
  readonly detector: string;
  readonly kind: string;
  readonly entity: Anomaly["entity"];
  readonly drivers: readonly string[];
}

interface FeedbackVerdict extends Likeness {
  /** The finding that was judged: a later verdict on it replaces the former. */
  readonly finding: string;
  readonly isTrue: boolean;
}

export interface Feedback {
  judge(verdict: FeedbackVerdict): void;
  /** Takes a verdict back. */
  withdraw(finding: string): void;
  /** What the rank of such an anomaly is multiplied by: 1/FACTOR_MAX to FACTOR_MAX. */
  factorOf(likeness: Likeness): number;
  readonly size: number;
}

/** Verdicts that count; the oldest go first. */
const VERDICTS_MAX = 10_000;
/** However many verdicts agree, the rank moves no further than this. */
export const FACTOR_MAX = 4;
/** How alike two anomalies of one kind are: what the kind alone says, the entity, and their drivers. */
const KIND_SHARE = 0.2;
const ENTITY_SHARE = 0.4;
const DRIVERS_SHARE = 0.4;

export function createFeedback(): Feedback {
  const verdicts = new Map<string, FeedbackVerdict>();
  return {
    judge(verdict) {
      verdicts.delete(verdict.finding);
      verdicts.set(verdict.finding, verdict);
      const [oldest] = verdicts.keys();
      if (verdicts.size > VERDICTS_MAX && oldest !== undefined) verdicts.delete(oldest);
    },
    withdraw(finding) {
      verdicts.delete(finding);
    },
    factorOf(likeness) {
      let sum = 0;
      for (const verdict of verdicts.values()) {
        if (verdict.detector !== likeness.detector || verdict.kind !== likeness.kind) continue;
        sum += (verdict.isTrue ? 1 : -1) * similarity(verdict, likeness);
      }
      return Math.max(1 / FACTOR_MAX, Math.min(FACTOR_MAX, 2 ** sum));
    },
    get size() {
      return verdicts.size;
    },
  };
}

/** An anomaly as far as its rank goes; also as its finding keeps it. */
export interface Ranked extends Pick<Anomaly, "detector" | "kind" | "entity" | "tail"> {
  readonly drivers: readonly Pick<Driver, "feature">[];
}

/** Rank of an anomaly: the digits of its improbability, times what verdicts on its like say. */
export function rankOf(anomaly: Ranked, feedback: Pick<Feedback, "factorOf">): number {
  return -Math.log10(anomaly.tail) * feedback.factorOf(likenessOf(anomaly));
}

/** What of an anomaly makes others alike. */
export function likenessOf({ detector, kind, entity, drivers }: Omit<Ranked, "tail">): Likeness {
  return { detector, kind, entity, drivers: drivers.map(({ feature }) => feature) };
}

function similarity(a: Likeness, b: Likeness): number {
  const isSameEntity = a.entity.type === b.entity.type && a.entity.value === b.entity.value;
  const all = new Set([...a.drivers, ...b.drivers]);
  const both = a.drivers.filter((driver) => b.drivers.includes(driver)).length;
  const overlap = all.size === 0 ? 0 : both / all.size;
  return KIND_SHARE + (isSameEntity ? ENTITY_SHARE : 0) + DRIVERS_SHARE * overlap;
}
