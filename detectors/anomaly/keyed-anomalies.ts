// The anomaly detectors of a tenant behind the interface of detectors that remember: activities come in the
// order of event time, and what is within the alarm budget and no mere change of the world is raised.
import { AppError } from "../../config/errors.ts";
import type { Observation, Raised } from "../keyed.ts";
import type { Activity } from "./activity.ts";
import { activityOfRow, rowOf } from "./activity-row.ts";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";
import { type BudgetOptions, createBudget } from "./budget.ts";
import { createDriftMonitor, type DriftNotice } from "./drift.ts";

/** Observations of activities are for this detector, and meet in one place per tenant. */
export const ANOMALY = "anomaly";
const KEY = "tenant";

/** Detectors by the name under which their state is kept. */
export type AnomalyDetectors = Readonly<Record<string, AnomalyDetector<Activity>>>;

export interface KeyedAnomalies {
  observe(observation: Observation): readonly Raised[];
  advance(time: number): readonly Raised[];
  /** The whole state in pieces under 1 MiB. */
  store(): readonly Uint8Array[];
  /** Puts back what `store` gave; a detector whose state can't be read begins anew. */
  restore(pieces: readonly Uint8Array[]): void;
  readonly keys: number;
  readonly evicted: number;
  /** Detectors that began anew, because their state was of another version or damaged. */
  readonly begunAnew: number;
}

/** The activity as an observation. */
export function observationOfActivity(activity: Activity): Observation {
  const { id, time, source, kind } = activity;
  return {
    detector: ANOMALY,
    key: KEY,
    time,
    id,
    rule: 0,
    group: rowOf(activity),
    value: kind,
    source,
  };
}

export function createKeyedAnomalies(
  detectors: AnomalyDetectors,
  options: Partial<BudgetOptions> = {},
): KeyedAnomalies {
  const names = Object.keys(detectors).sort();
  const each = names.flatMap((name) => detectors[name] ?? []);
  let budget = createBudget(options);
  let drift = createDriftMonitor();
  let begunAnew = 0;

  const raise = (anomalies: readonly Anomaly[]): Raised[] =>
    anomalies.flatMap((anomaly) => {
      const { tail, time } = anomaly;
      if (!budget.admit(tail, time)) return [];
      const { alone, notice } = drift.take(anomaly, budget.thresholdAt(time));
      return [
        ...(notice === undefined ? [] : [raisedOfDrift(notice)]),
        ...(alone ? [raisedOf(anomaly)] : []),
      ];
    });

  const restoreOne = (name: string, pieces: readonly Uint8Array[]) => {
    try {
      if (name === "budget") budget = createBudget(options, numbersOf(pieces));
      else if (name === "drift") drift = createDriftMonitor({}, decoder.decode(joined(pieces)));
      else if (Object.hasOwn(detectors, name)) detectors[name]?.restore(pieces);
    } catch (error) {
      if (!(error instanceof AppError || error instanceof SyntaxError)) throw error;
      begunAnew += 1;
    }
  };

  return {
    observe({ value, group, id, time, source }) {
      const activity = activityOfRow(value ?? "", group, { id, time, source });
      return activity === undefined ? [] : raise(each.flatMap((one) => one.observe(activity)));
    },
    advance: (time) => raise(each.flatMap((one) => one.advance(time))),
    store: () => [
      ...framed("budget", [new Uint8Array(budget.state().buffer)]),
      ...framed("drift", cut(encoder.encode(drift.state()))),
      ...names.flatMap((name) => framed(name, detectors[name]?.store() ?? [])),
    ],
    restore(pieces) {
      const byName = new Map<string, Uint8Array[]>();
      for (const piece of pieces) {
        const length = piece[1] ?? 0;
        const name = decoder.decode(piece.subarray(2, 2 + length));
        const known = byName.get(name);
        if (known === undefined) byName.set(name, [piece.subarray(2 + length)]);
        else known.push(piece.subarray(2 + length));
      }
      for (const [name, own] of byName) restoreOne(name, own);
    },
    get keys() {
      return each.reduce((sum, one) => sum + one.keys, 0);
    },
    get evicted() {
      return each.reduce((sum, one) => sum + one.evicted, 0);
    },
    get begunAnew() {
      return begunAnew;
    },
  };
}

/** First byte of the pieces of this state, beside those of correlations in one shard. */
export const PIECE_MARK = 0xa0;
const PIECE_BYTES_MAX = 1_000_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Each piece says whose it is: mark, length of the name, name, bytes. */
function framed(name: string, pieces: readonly Uint8Array[]): Uint8Array[] {
  const head = encoder.encode(name);
  return pieces.map((piece) => {
    const whole = new Uint8Array(2 + head.length + piece.length);
    whole.set([PIECE_MARK, head.length]);
    whole.set(head, 2);
    whole.set(piece, 2 + head.length);
    return whole;
  });
}

function cut(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES_MAX)
    pieces.push(bytes.subarray(from, from + PIECE_BYTES_MAX));
  return pieces;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function numbersOf(pieces: readonly Uint8Array[]): Float64Array {
  const bytes = joined(pieces);
  if (bytes.length % 8 !== 0)
    throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is cut");
  return new Float64Array(bytes.buffer);
}

function raisedOf(anomaly: Anomaly): Raised {
  const { detector, kind, entity, from, time, events, source } = anomaly;
  return {
    detector: `${ANOMALY}-${detector}-${kind}`,
    // Part of the signal's id: one event may be unusual of several entities.
    key: `${entity.type}:${entity.value}`,
    group: [entity.value],
    ...{ time, from, value: events.length, count: events.length, events, source },
    told: { anomaly },
  };
}

function raisedOfDrift(notice: DriftNotice): Raised {
  const { detector, kind, source, from, time, entities, examples } = notice;
  const seen = new Set<string>();
  const events = examples
    .flatMap((example) => example.events.slice(-1))
    .filter(({ id }) => !seen.has(id) && seen.add(id).size > 0)
    .sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  return {
    detector: `${ANOMALY}-drift-${detector}-${kind}`,
    ...{ key: `source:${source}`, group: [], time, from, value: entities, count: entities },
    ...{ events, source, told: { notice } },
  };
}
