// The detectors of metrics beside those of activities and lines. They have an alarm budget of their own, a part
// of the same few findings a day: thousands of restless series would make all others blind, and the other way
// round.
import type { Observation, Raised } from "../keyed.ts";
import type { MetricSample } from "../metrics/metrics.ts";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";
import { type BudgetOptions, createBudget } from "./budget.ts";
import { berlinDay } from "./calendar.ts";
import { createDriftMonitor } from "./drift.ts";
import { guardedEach, isCalendarTime } from "./guarded.ts";
import {
  ANOMALY,
  cut,
  DAY_MARK,
  dayMarkOf,
  framed,
  joined,
  KEY,
  type KeyedAnomalies,
  numbersOf,
  raisedOf,
  raisedOfDrift,
  subjectOf,
  wasRestored,
} from "./keyed-anomalies.ts";
import { createRememberedNames } from "./remembered-names.ts";
import { renamedAnomaly, renamedNotice } from "./renamed-anomaly.ts";
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
const NAMES = "sample-names";
/** Pieces that speak of nobody. */
const NAMELESS: ReadonlySet<string> = new Set([BUDGET, DAY]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The values of a record of metrics as an observation; undefined where it brings none. */
export function observationOfMetrics(record: SampleRecord): Observation | undefined {
  return observationOfSamples(record, { detector: ANOMALY, key: KEY });
}

export function createSampleAnomalies(
  detectors: SampleDetectors,
  given: Partial<BudgetOptions> = {},
): SampleAnomalies {
  let faults = 0;
  const named = guardedEach(detectors, () => {
    faults += 1;
  });
  const order = Object.keys(named).sort();
  const all = order.flatMap((name) => named[name] ?? []);
  const names = createRememberedNames();
  const keys = () => all.reduce((sum, one) => sum + one.keys, 0);
  const sift = createSampleSift(given, keys);
  let begunAnew = 0;

  const raise = (anomalies: readonly Anomaly[]): Raised[] =>
    anomalies.flatMap((anomaly) => sift.take(anomaly, (text) => names.outward(text)));

  const restoreOne = (name: string, pieces: readonly Uint8Array[]) => {
    const isRead = wasRestored(() => {
      if (name === NAMES) names.restore(pieces);
      else if (!sift.restore(name, pieces) && Object.hasOwn(named, name))
        named[name]?.restore(pieces);
    });
    if (!isRead) begunAnew += 1;
    return isRead;
  };

  return {
    observe({ value, group: given, id, time, source, renaming }) {
      if (value === DAY_MARK) {
        const { day, mark } = dayMarkOf(given);
        if (isCalendarTime(day)) sift.mark(day, mark);
        return [];
      }
      if (!isCalendarTime(time)) {
        faults += 1;
        return [];
      }
      if (renaming !== undefined) names.rename(renaming, time);
      const group = given.map((text) => names.inward(text, time));
      sift.begin(time);
      return samplesOfRow({ id, time, source, group }).flatMap((sample) =>
        all.flatMap((one) => raise(one.observe(sample))),
      );
    },
    advance(time) {
      if (!isCalendarTime(time)) return [];
      const raised = all.flatMap((one) => raise(one.advance(time)));
      names.advance(time);
      return raised;
    },
    store: () => [
      ...framed(NAMES, names.state()),
      ...sift.store(),
      ...order.flatMap((name) => framed(name, named[name]?.store() ?? [])),
    ],
    restore(pieces) {
      const own = byName(pieces);
      const known = own.get(NAMES);
      // Older states have none: then no series is called by a name of its own.
      const isNamed = known === undefined || restoreOne(NAMES, known);
      for (const [name, one] of own)
        if (name !== NAMES && (isNamed || NAMELESS.has(name))) restoreOne(name, one);
    },
    get keys() {
      return keys();
    },
    get evicted() {
      return all.reduce((sum, one) => sum + one.evicted, names.evicted);
    },
    get begunAnew() {
      return begunAnew;
    },
    get faults() {
      return faults;
    },
    drifts: [],
    get othersShare() {
      return sift.isUsed ? 1 - SHARE : 1;
    },
  };
}

/** What of all anomalies is raised: the budget of metrics, and one notice where many move at once. */
function createSampleSift(
  { findingsPerDay = FINDINGS_PER_DAY, ...rest }: Partial<BudgetOptions>,
  keys: () => number,
) {
  const options = { startTail: START_TAIL, ...rest, findingsPerDay: findingsPerDay * SHARE };
  let budget = createBudget(options);
  let drift = createDriftMonitor();
  let day = Number.NaN;
  // With ten times as many series ten times as many are unusual by chance, and the budget is the same.
  const weighed = (tail: number) => Math.min(1, (tail * Math.max(1, keys())) / SERIES_USUAL);
  return {
    begin(time: number): void {
      if (berlinDay(time) === day) return;
      day = berlinDay(time);
      budget.admit(weighed(QUIET_TAIL), time);
    },
    take(anomaly: Anomaly, outward: (text: string) => string): Raised[] {
      const { time } = anomaly;
      const tail = weighed(anomaly.tail);
      if (!budget.admit(tail, time, subjectOf(anomaly))) return [];
      const { alone, notice } = drift.take({ ...anomaly, tail }, budget.thresholdAt(time));
      return [
        ...(notice === undefined ? [] : [raisedOfDrift(renamedNotice(notice, outward))]),
        ...(alone ? [raisedOf(renamedAnomaly(anomaly, outward))] : []),
      ];
    },
    mark(marked: number, mark: "incident" | undefined): void {
      budget.mark(marked, mark);
    },
    store: (): Uint8Array[] => [
      ...framed(BUDGET, [new Uint8Array(budget.state().buffer)]),
      ...framed(DAY, [new Uint8Array(Float64Array.of(day).buffer)]),
      ...framed(DRIFT, cut(encoder.encode(drift.state()))),
    ],
    /** Whether the pieces are its own. */
    restore(name: string, pieces: readonly Uint8Array[]): boolean {
      if (name === BUDGET) budget = createBudget(options, numbersOf(pieces));
      else if (name === DAY) day = numbersOf(pieces)[0] ?? Number.NaN;
      else if (name === DRIFT) drift = createDriftMonitor({}, decoder.decode(joined(pieces)));
      else return false;
      return true;
    },
    get isUsed() {
      return budget.isUsed;
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
    get faults() {
      return others.faults + samples.faults;
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
