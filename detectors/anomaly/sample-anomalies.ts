// The detectors of metrics beside those of activities and lines. They have an alarm budget of their own, a part
// of the same few findings a day: thousands of restless series would make all others blind, and the other way
// round.
import { AppError } from "../../config/errors.ts";
import type { Observation, Raised } from "../keyed.ts";
import type { MetricSample } from "../metrics/metrics.ts";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";
import { type BudgetOptions, createBudget } from "./budget.ts";
import { berlinDay } from "./calendar.ts";
import { createDriftMonitor } from "./drift.ts";
import {
  ANOMALY,
  cut,
  DAY_MARK,
  framed,
  INCIDENT,
  joined,
  KEY,
  type KeyedAnomalies,
  numbersOf,
  raisedOf,
  raisedOfDrift,
  subjectOf,
} from "./keyed-anomalies.ts";
import { observationOfSamples, SAMPLES, type SampleRecord, samplesOfRow } from "./sample-row.ts";

/** Detectors by the name under which their state is kept. */
export type SampleDetectors = Readonly<Record<string, AnomalyDetector<MetricSample>>>;

interface SampleAnomalies extends KeyedAnomalies {
  /** Part of the findings of a day that is left to all others: all, while there were no samples. */
  readonly othersShare: number;
}

/** Part of the findings of a day that metrics may have, once there are any. */
const SHARE = 0.2;
/** Until quiet days have told what is usual, nothing is told: with so many series something always happens. */
const START_TAIL = 0;
/**
 * Counts as seen on each day that brings samples: of days on which nothing was unusual the budget would learn
 * nothing. Most of what series say on quiet days is more probable.
 */
const QUIET_TAIL = 1e-3;
/** Tails are weighed as if there were so many series. */
const SERIES_USUAL = 20_000;
const DAY = "sample-day";
const FINDINGS_PER_DAY = 5;
/** Names of pieces; no detector may be called so. */
const BUDGET = "sample-budget";
const DRIFT = "sample-drift";

const decoder = new TextDecoder();

/** The values of a record of metrics as an observation; undefined where it brings none. */
export function observationOfMetrics(record: SampleRecord): Observation | undefined {
  return observationOfSamples(record, { detector: ANOMALY, key: KEY });
}

export function createSampleAnomalies(
  detectors: SampleDetectors,
  { findingsPerDay = FINDINGS_PER_DAY, ...rest }: Partial<BudgetOptions> = {},
): SampleAnomalies {
  const options = { startTail: START_TAIL, ...rest, findingsPerDay: findingsPerDay * SHARE };
  const names = Object.keys(detectors).sort();
  const all = names.flatMap((name) => detectors[name] ?? []);
  let budget = createBudget(options);
  let drift = createDriftMonitor();
  let begunAnew = 0;
  let day = Number.NaN;

  const keys = () => all.reduce((sum, one) => sum + one.keys, 0);
  // With ten times as many series ten times as many are unusual by chance, and the budget is the same.
  const weighed = (tail: number) => Math.min(1, (tail * Math.max(1, keys())) / SERIES_USUAL);
  const raise = (anomalies: readonly Anomaly[]): Raised[] =>
    anomalies.flatMap((anomaly) => {
      const { time } = anomaly;
      const tail = weighed(anomaly.tail);
      if (!budget.admit(tail, time, subjectOf(anomaly))) return [];
      const { alone, notice } = drift.take({ ...anomaly, tail }, budget.thresholdAt(time));
      return [
        ...(notice === undefined ? [] : [raisedOfDrift(notice)]),
        ...(alone ? [raisedOf(anomaly)] : []),
      ];
    });

  const restoreOne = (name: string, pieces: readonly Uint8Array[]) => {
    try {
      if (name === BUDGET) budget = createBudget(options, numbersOf(pieces));
      else if (name === DAY) day = numbersOf(pieces)[0] ?? Number.NaN;
      else if (name === DRIFT) drift = createDriftMonitor({}, decoder.decode(joined(pieces)));
      else if (Object.hasOwn(detectors, name)) detectors[name]?.restore(pieces);
    } catch (error) {
      if (!(error instanceof AppError || error instanceof SyntaxError)) throw error;
      begunAnew += 1;
    }
  };

  return {
    observe({ value, group, id, time, source }) {
      if (value === DAY_MARK) {
        const marked = Number(group[0] || Number.NaN);
        const mark = group[1] === INCIDENT ? INCIDENT : undefined;
        if (Number.isFinite(marked)) budget.mark(marked, mark);
        return [];
      }
      if (berlinDay(time) !== day) {
        day = berlinDay(time);
        budget.admit(weighed(QUIET_TAIL), time);
      }
      return samplesOfRow({ id, time, source, group }).flatMap((sample) =>
        all.flatMap((one) => raise(one.observe(sample))),
      );
    },
    advance: (time) => all.flatMap((one) => raise(one.advance(time))),
    store: () => [
      ...framed(BUDGET, [new Uint8Array(budget.state().buffer)]),
      ...framed(DAY, [new Uint8Array(Float64Array.of(day).buffer)]),
      ...framed(DRIFT, cut(new TextEncoder().encode(drift.state()))),
      ...names.flatMap((name) => framed(name, detectors[name]?.store() ?? [])),
    ],
    restore(pieces) {
      for (const [name, own] of byName(pieces)) restoreOne(name, own);
    },
    get keys() {
      return keys();
    },
    get evicted() {
      return all.reduce((sum, one) => sum + one.evicted, 0);
    },
    get begunAnew() {
      return begunAnew;
    },
    drifts: [],
    get othersShare() {
      return budget.isUsed ? 1 - SHARE : 1;
    },
  };
}

/** Both as one: what is a sample goes to `samples`, all else to `others`, the state of both is one. */
export function withSamples(others: KeyedAnomalies, samples: SampleAnomalies): KeyedAnomalies {
  return {
    observe(observation) {
      if (observation.value === SAMPLES) return samples.observe(observation);
      if (observation.value === DAY_MARK) samples.observe(observation);
      return others.observe(observation);
    },
    advance: (time) => [...others.advance(time), ...samples.advance(time)],
    store: () => [...others.store(), ...samples.store()],
    restore(pieces) {
      // Each knows its own by their names.
      others.restore(pieces);
      samples.restore(pieces);
    },
    get keys() {
      return others.keys + samples.keys;
    },
    get evicted() {
      return others.evicted + samples.evicted;
    },
    get begunAnew() {
      return others.begunAnew + samples.begunAnew;
    },
    get drifts() {
      return others.drifts;
    },
  };
}

function byName(pieces: readonly Uint8Array[]): ReadonlyMap<string, readonly Uint8Array[]> {
  const found = new Map<string, Uint8Array[]>();
  for (const piece of pieces) {
    const length = piece[1] ?? 0;
    const name = decoder.decode(piece.subarray(2, 2 + length));
    const own = piece.subarray(2 + length);
    const known = found.get(name);
    if (known === undefined) found.set(name, [own]);
    else known.push(own);
  }
  return found;
}
