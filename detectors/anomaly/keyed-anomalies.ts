// The anomaly detectors of a tenant behind the interface of detectors that remember: activities and lines of
// logs come in the order of event time, and what is within the alarm budget and no mere change of the world is
// raised. Samples of metrics: sample-anomalies.ts.
import { AppError } from "../../config/errors.ts";
import type { Observation, Raised } from "../keyed.ts";
import { hashText } from "../network/recent-table.ts";
import type { LogLine } from "../templates/stream/log-stream.ts";
import type { Activity } from "./activity.ts";
import { activityOfRow, rowOf } from "./activity-row.ts";
import type { Anomaly, AnomalyDetector } from "./anomaly.ts";
import type { BudgetOptions } from "./budget.ts";
import type { DriftNotice } from "./drift.ts";
import { guardedEach, isCalendarTime } from "./guarded.ts";
import { createRememberedNames } from "./remembered-names.ts";
import { renamedAnomaly, renamedNotice } from "./renamed-anomaly.ts";
import type { ScoreDrift } from "./score-drift.ts";
import { createSift, type Told } from "./sift.ts";

/** Observations of activities are for this detector, and meet in one place per tenant. */
export const ANOMALY = "anomaly";
export const KEY = "tenant";

/** Detectors by the name under which their state is kept. */
export type AnomalyDetectors = Readonly<Record<string, AnomalyDetector<Activity>>>;
/** Those that read lines; under other names. */
export type LineDetectors = Readonly<Record<string, AnomalyDetector<LogLine>>>;

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
  /** What detectors could not judge: they failed, or it is of a time that no calendar has. */
  readonly faults: number;
  /** How the scores of each detector stand to those of before. */
  readonly drifts: readonly ScoreDrift[];
}

/** Detectors know accounts under names of their own (remembered-names.ts). */
export interface NamingAnomalies extends KeyedAnomalies {
  /** The text with the pseudonyms of now in place of those names. */
  outward(text: string): string;
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

/** Value of an observation that is no activity: a line of a log. */
const LINE = "line";
/** Sentences are shorter; what a line holds behind so much are values. */
const LINE_CHARACTERS_MAX = 1000;

/** The line as an observation; identities have to be pseudonyms. */
export function observationOfLine({ id, time, source, host, message }: LogLine): Observation {
  const group = [host.slice(0, LINE_CHARACTERS_MAX), message.slice(0, LINE_CHARACTERS_MAX)];
  return { detector: ANOMALY, key: KEY, time, id, rule: 0, group, value: LINE, source };
}

/** Value of an observation that is no activity: what people know of a day. */
export const DAY_MARK = "day_mark";

/**
 * Says that a day was one of a real attack, so that the alarm budget does not learn from it; or takes it back.
 * @param day a time of that day, milliseconds since 1970 UTC
 * @param time event time at which it is to be heard, not before what has been judged already
 */
export function observationOfDayMark(day: number, isIncident: boolean, time: number): Observation {
  return {
    detector: ANOMALY,
    key: KEY,
    time,
    id: `${DAY_MARK}-${day}-${isIncident}`,
    rule: 0,
    group: [String(day), isIncident ? INCIDENT : ""],
    value: DAY_MARK,
    source: "",
  };
}
export const INCIDENT = "incident";

/** The day that a mark speaks of, NaN where it names none, and what of it. */
export function dayMarkOf([day, mark]: readonly string[]): {
  readonly day: number;
  readonly mark: typeof INCIDENT | undefined;
} {
  return { day: Number(day || Number.NaN), mark: mark === INCIDENT ? INCIDENT : undefined };
}

export function createKeyedAnomalies(
  detectors: AnomalyDetectors,
  options: Partial<BudgetOptions> = {},
  lineDetectors: LineDetectors = {},
  shareOf: () => number = () => 1,
): NamingAnomalies {
  const { named, order, all, each, eachOfLines, faults } = inOrder(detectors, lineDetectors);
  const names = createRememberedNames();
  const outward = (text: string) => names.outward(text);
  const sift = createSift(options, shareOf);
  let begunAnew = 0;

  const raise = (anomalies: readonly Anomaly[]): Raised[] =>
    anomalies.flatMap((anomaly) => {
      const peek = () => named[anomaly.detector]?.peekScores?.() ?? [];
      return sift
        .take(anomaly, subjectOf(anomaly), peek)
        .map((told) => raisedOfTold(told, anomaly.time, outward));
    });
  const takeScores = () => {
    for (const name of order) sift.takeScores(name, named[name]?.takeScores?.() ?? []);
  };

  const restoreOne = (name: string, pieces: readonly Uint8Array[]) => {
    const isRead = wasRestored(() => {
      if (name === NAMES) names.restore(pieces);
      else if (Object.hasOwn(sift.parts, name)) sift.parts[name]?.restore(joined(pieces));
      else if (Object.hasOwn(named, name)) named[name]?.restore(pieces);
    });
    if (!isRead) begunAnew += 1;
    return isRead;
  };

  return {
    outward,
    observe({ value, group: given, id, time, source, renaming }) {
      if (value === DAY_MARK) {
        const { day, mark } = dayMarkOf(given);
        if (isCalendarTime(day)) sift.mark(day, mark);
        return [];
      }
      if (!isCalendarTime(time)) {
        faults.count += 1;
        return [];
      }
      if (renaming !== undefined) names.rename(renaming, time);
      const group = given.map((text) => names.inward(text, time));
      if (value === LINE) {
        const [host = "", message = ""] = group;
        if (host === "" || message === "") return [];
        const line = { id, time, source, host, message };
        return raise(eachOfLines.flatMap((one) => one.observe(line)));
      }
      const activity = activityOfRow(value ?? "", group, { id, time, source });
      return activity === undefined ? [] : raise(each.flatMap((one) => one.observe(activity)));
    },
    advance(time) {
      // So far a lane goes on that is forgotten: nothing it says could be dated.
      if (!isCalendarTime(time)) return [];
      const raised = raise(all.flatMap((one) => one.advance(time)));
      names.advance(time);
      takeScores();
      return [...raised, ...sift.advance(time).map((told) => raisedOfTold(told, time, outward))];
    },
    store() {
      // What nobody has asked for yet would be lost with the detectors.
      takeScores();
      return [
        ...framed(NAMES, names.state()),
        ...Object.entries(sift.parts).flatMap(([name, part]) => framed(name, cut(part.store()))),
        ...order.flatMap((name) => framed(name, named[name]?.store() ?? [])),
      ];
    },
    restore(pieces) {
      const byName = piecesByName(pieces);
      // Without its names nobody can tell whom a state speaks of: then only the budget goes on.
      const isNamed = restoreOne(NAMES, byName.get(NAMES) ?? []);
      for (const [name, own] of byName)
        if (name !== NAMES && (isNamed || NAMELESS.has(name))) restoreOne(name, own);
    },
    get keys() {
      return all.reduce((sum, one) => sum + one.keys, names.size);
    },
    get evicted() {
      return all.reduce((sum, one) => sum + one.evicted, names.evicted);
    },
    get begunAnew() {
      return begunAnew;
    },
    get faults() {
      return faults.count;
    },
    get drifts() {
      return sift.drifts;
    },
  };
}

/** Whether a state could be read: of what is damaged or of another version nothing is known. */
export function wasRestored(restore: () => void): boolean {
  try {
    restore();
  } catch (error) {
    if (!(error instanceof AppError || error instanceof SyntaxError)) throw error;
    return false;
  }
  return true;
}

type Named = Readonly<Record<string, Omit<AnomalyDetector<never>, "observe">>>;

/** Detectors in the order of their names, whatever order they were given in, and their faults. */
function inOrder(detectors: AnomalyDetectors, lineDetectors: LineDetectors) {
  const faults = { count: 0 };
  const countFault = () => {
    faults.count += 1;
  };
  const ofActivities = guardedEach(detectors, countFault);
  const ofLines = guardedEach(lineDetectors, countFault);
  const named: Named = { ...ofActivities, ...ofLines };
  const order = Object.keys(named).sort();
  const all = order.flatMap((name) => named[name] ?? []);
  const each = order.flatMap((name) => ofActivities[name] ?? []);
  const eachOfLines = order.flatMap((name) => ofLines[name] ?? []);
  return { named, order, all, each, eachOfLines, faults };
}

/** Name of pieces; no detector may be called so. */
const NAMES = "names";
/** Pieces of the sift that speak of nobody. */
const NAMELESS: ReadonlySet<string> = new Set(["budget", "own-budgets"]);
/** First byte of the pieces of this state, beside those of correlations in one shard. */
export const PIECE_MARK = 0xa0;
const PIECE_BYTES_MAX = 1_000_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function piecesByName(pieces: readonly Uint8Array[]): ReadonlyMap<string, readonly Uint8Array[]> {
  const byName = new Map<string, Uint8Array[]>();
  for (const piece of pieces) {
    const length = piece[1] ?? 0;
    const name = decoder.decode(piece.subarray(2, 2 + length));
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [piece.subarray(2 + length)]);
    else known.push(piece.subarray(2 + length));
  }
  return byName;
}

/** Each piece says whose it is: mark, length of the name, name, bytes. */
export function framed(name: string, pieces: readonly Uint8Array[]): Uint8Array[] {
  const head = encoder.encode(name);
  return pieces.map((piece) => {
    const whole = new Uint8Array(2 + head.length + piece.length);
    whole.set([PIECE_MARK, head.length]);
    whole.set(head, 2);
    whole.set(piece, 2 + head.length);
    return whole;
  });
}

export function cut(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += PIECE_BYTES_MAX)
    pieces.push(bytes.subarray(from, from + PIECE_BYTES_MAX));
  return pieces;
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export function numbersOf(pieces: readonly Uint8Array[]): Float64Array {
  const bytes = joined(pieces);
  if (bytes.length % 8 !== 0)
    throw new AppError("HW_STORE_CORRUPT", "the state of the alarm budget is cut");
  return new Float64Array(bytes.buffer);
}

/** Anomalies of one subject and day are one finding, however it grows. */
export function subjectOf({ detector, kind, entity }: Anomaly): number {
  return hashText(`${detector}\n${kind}\n${entity.type}\n${entity.value}`) || 1;
}

export function raisedOf(anomaly: Anomaly): Raised {
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

export function raisedOfDrift(notice: DriftNotice): Raised {
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

function raisedOfShift(shift: ScoreDrift, time: number): Raised {
  const { detector, day, scores } = shift;
  return {
    detector: `${ANOMALY}-drift-${detector}-scores`,
    ...{ key: `detector:${detector}`, group: [], time, from: day, value: scores, count: scores },
    ...{ events: [], source: ANOMALY, told: { shift } },
  };
}

function raisedOfTold(told: Told, time: number, outward: (text: string) => string): Raised {
  if ("anomaly" in told) return raisedOf(renamedAnomaly(told.anomaly, outward));
  return "shift" in told
    ? raisedOfShift(told.shift, time)
    : raisedOfDrift(renamedNotice(told.notice, outward));
}
