// The frame of detectors that judge an entity by windows of fixed length: what is summed up in a window, its
// measure, compared with the entity's own past and with all entities. Bounded, with snapshot and restore.
import type { Activity } from "../anomaly/activity.ts";
import type { Anomaly, AnomalyDetector, Driver } from "../anomaly/anomaly.ts";
import { createFairTable } from "../fair-table.ts";
import type { EventReference } from "../keyed.ts";
import { createDistinctCount, type DistinctCount } from "./distinct-count.ts";
import type { RecentTable } from "./recent-table.ts";
import { createStateWriter, readState, type StateReader, type StateWriter } from "./state.ts";
import { restoreTable, storeTable } from "./table-state.ts";
import { createWindowJudge, type Judgement } from "./window-judge.ts";

const STATE_VERSION = 1;
const EVENTS_KEPT = 10;
const EXAMPLES_KEPT = 5;
export interface WindowOptions {
  readonly windowMs: number;
  /** Entities with an open window, and entities whose past is remembered. */
  readonly keysMax: number;
  /** What is less probable than this is said. */
  readonly tailMax: number;
}

/** What happened in one entity's window. */
export interface Window {
  readonly sums: Float64Array;
  readonly distinct: readonly DistinctCount[];
  readonly events: EventReference[];
  readonly examples: string[];
  source: string;
}

/** What makes a detector out of the frame. */
export interface WindowKind {
  readonly detector: string;
  readonly sums: number;
  readonly distinct: number;
  /** Which entity's window it belongs to; undefined: it is nothing for this detector. */
  readonly keyOf: (activity: Activity) => string | undefined;
  readonly add: (window: Window, activity: Activity) => void;
  /** A logarithm; undefined: too little to be judged. */
  readonly measure: (window: Window) => number | undefined;
  readonly describe: (key: string, window: Window) => Description;
  /** State beside the windows, e.g. of known destinations. */
  readonly store?: (writer: StateWriter) => void;
  readonly restore?: (reader: StateReader) => void;
}

interface Description {
  readonly kind: string;
  readonly entity: Anomaly["entity"];
  /** The first one is what the measure is made of. */
  readonly drivers: readonly Pick<Driver, "feature" | "seen">[];
}

export function createWindowDetector(
  kind: WindowKind,
  settings: WindowOptions,
): AnomalyDetector<Activity> {
  // A flood of addresses pushes out windows of its own source, and first those with too little to be judged.
  const isJudgeable = (window: Window) => kind.measure(window) !== undefined;
  const windows: RecentTable<Window> = createFairTable(settings.keysMax, isJudgeable);
  const judge = createWindowJudge(settings);
  let begin = Number.NaN;

  const advance = (time: number): readonly Anomaly[] => {
    if (!Number.isFinite(time)) return [];
    const now = Math.floor(time / settings.windowMs) * settings.windowMs;
    if (Number.isNaN(begin)) begin = now;
    if (now <= begin) return [];
    const said: Anomaly[] = [];
    for (const [key, window] of windows.entries()) {
      const value = kind.measure(window);
      if (value === undefined) continue;
      const judgement = judge.judge(key, value, begin);
      if (judgement.tail <= settings.tailMax) said.push(anomalyOf(kind, key, window, judgement));
    }
    judge.learn();
    windows.clear();
    begin = now;
    return said;
  };

  return {
    observe(input) {
      if (!Number.isFinite(input.time)) return [];
      const key = kind.keyOf(input);
      if (key === undefined) return [];
      const said = advance(input.time);
      let window = windows.get(key);
      if (window === undefined) {
        window = createWindow(kind, input.source);
        windows.set(key, window);
      } else windows.touch(key);
      kind.add(window, input);
      if (window.events.length < EVENTS_KEPT)
        window.events.push({ id: input.id, time: input.time, rule: 0 });
      return said;
    },
    advance,
    store() {
      const writer = createStateWriter(STATE_VERSION);
      writer.float(begin);
      storeTable(writer, windows, writeWindow);
      judge.store(writer);
      kind.store?.(writer);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, kind.detector, (reader) => {
        begin = reader.float();
        restoreTable(reader, windows, () => readWindow(reader, kind));
        judge.restore(reader);
        kind.restore?.(reader);
      });
    },
    takeScores: judge.takeScores,
    get keys() {
      return windows.size + judge.keys;
    },
    get evicted() {
      return windows.evicted + judge.evicted;
    },
  };
}

/** Remembers a few values to show. */
export function addExample(window: Window, example: string): void {
  if (window.examples.length < EXAMPLES_KEPT && !window.examples.includes(example))
    window.examples.push(example);
}

function createWindow(kind: WindowKind, source: string): Window {
  const distinct = Array.from({ length: kind.distinct }, createDistinctCount);
  return { sums: new Float64Array(kind.sums), distinct, events: [], examples: [], source };
}

function anomalyOf(kind: WindowKind, key: string, window: Window, judgement: Judgement): Anomaly {
  const { tail, from, time, expected, limit } = judgement;
  const described = kind.describe(key, window);
  const against = expected === undefined ? "all" : "own";
  const first: Omit<Driver, "feature" | "seen"> = {
    ...{ expected: Math.round(Math.expm1(expected ?? 0)), against, share: 1 },
    limit: Number.isFinite(limit) ? Math.round(Math.expm1(limit)) : undefined,
  };
  const drivers: Driver[] = described.drivers.map((driver, place) =>
    place === 0 ? { ...driver, ...first } : { ...driver, expected: undefined, against, share: 0 },
  );
  return {
    ...{
      detector: kind.detector,
      kind: described.kind,
      entity: described.entity,
      from,
      time,
      tail,
    },
    ...{ drivers, events: [...window.events], source: window.source },
  };
}

function writeWindow(window: Window, writer: StateWriter): void {
  writer.floats(window.sums);
  for (const registers of window.distinct) for (const rank of registers) writer.byte(rank);
  writer.count(window.events.length);
  for (const event of window.events) {
    writer.text(event.id);
    writer.float(event.time);
  }
  writer.count(window.examples.length);
  for (const example of window.examples) writer.text(example);
  writer.text(window.source);
}

function readWindow(reader: StateReader, kind: WindowKind): Window {
  const window = createWindow(kind, "");
  window.sums.set(reader.floats());
  for (const registers of window.distinct)
    for (let at = 0; at < registers.length; at += 1) registers[at] = reader.byte();
  for (let left = reader.count(); left > 0; left -= 1)
    window.events.push({ id: reader.text(), time: reader.float(), rule: 0 });
  for (let left = reader.count(); left > 0; left -= 1) window.examples.push(reader.text());
  window.source = reader.text();
  return window;
}
