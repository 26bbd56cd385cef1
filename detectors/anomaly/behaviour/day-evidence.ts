// Adds up what is surprising about an entity within one day, and says how probable so much surprise is where
// nothing is wrong. Each piece of evidence is a surprise in nats (−ln of its probability under what was
// learnt); their sum is calibrated against the sums of all entities' past days.
//
// A day begins at 00:00 UTC, one or two in the morning in Germany, when least goes on: an evening's duty is
// not cut in two.
import type { Entity } from "../../detector.ts";
import { EVENTS_MAX, type EventReference } from "../../keyed.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import type { Anomaly, Driver } from "../anomaly.ts";
import { createScores, type Score } from "../scores.ts";
import { TAIL_MIN } from "../tail.ts";
import { readEvents, readEvidence, writeEvents, writeEvidence } from "./evidence-state.ts";
import { createSurpriseTail } from "./surprise-tail.ts";

export const DAY_MS = 86_400_000;
/** Largest sum that is told apart from larger ones; one hostile value must not end in Infinity. */
const SURPRISE_MAX = 500;
/** Entities that are looked at before one that surprised gives way to another. */
const MISSED_TRIES = 8;
/** Drivers that an anomaly names. */
const DRIVERS_MAX = 8;
/** Pieces of evidence of one entity and day. */
const PIECES_MAX = 80;
/** What was said is said again when it has become less probable by this factor. */
const AGAIN = 0.8;
/** … and where nothing is less probable any more, when so much surprise (nats) has come to it. */
const AGAIN_NATS = 3;
/** Days over which an entity's own mean surprise is taken. */
const OWN_DAYS = 10;
/** Means below are not kept. */
const MEAN_MIN = 1e-3;
/** An entity whose mean day is so surprising (nats) has its surprise halved: help desk, scanner, tester. */
const OWN_HALF = 5;

/** One surprising thing. */
export interface Evidence {
  /** Of several kinds on one day, the one with most surprise names the anomaly. */
  readonly kind: string;
  /** −ln of the probability, nats, not negative. */
  readonly surprise: number;
  readonly driver: Omit<Driver, "share">;
  /** Of the pieces of one group only the most surprising counts; without it each feature stands for itself. */
  readonly group?: string;
}

/** Where a piece of evidence was seen. */
interface Seen {
  readonly id: string;
  readonly time: number;
  readonly source: string;
}

/** What a detector with day evidence can be told. */
export interface DayOptions {
  /** Nothing more probable than this is said. */
  readonly tailMax: number;
  /** Entities whose day and whose own mean are remembered. */
  readonly entitiesMax: number;
  /** Nothing is said before so much time was seen, and after half of it calibration begins; milliseconds. */
  readonly quietMs: number;
  /** Half-life of what was learnt, milliseconds. */
  readonly halfLifeMs: number;
}

interface Day {
  surprise: number;
  /** Probability that was said; above 1: the surprise with which the least there is was said. */
  reported: number;
  /** Insertion order; the same feature and value replaces itself when it becomes more surprising. */
  readonly pieces: Map<string, Evidence>;
  events: EventReference[];
}

interface Numbers {
  /** Day since 1970, and time of the first activity at all. */
  day: number;
  began: number;
  evicted: number;
  /** Faded entity-days seen, and those with any surprise. */
  all: number;
  surprising: number;
}

/** The evidence of the current day of all entities. */
export interface DayEvidence {
  /** The entity is active: it counts among those that could have surprised. */
  touch(entity: Entity, time: number): void;
  add(entity: Entity, evidence: Evidence, seen: Seen): readonly Anomaly[];
  /** Closes the day when this time lies behind it; learns its sums. */
  roll(time: number): void;
  /** The tails of all entities of the days that were closed since this was last asked. */
  takeScores(): readonly Score[];
  /** Those of the running day, as they are now. */
  peekScores(): readonly Score[];
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Evidence for the detector of this name. */
export function createDayEvidence(detector: string, options: DayOptions): DayEvidence {
  const n: Numbers = {
    ...{ day: Number.NEGATIVE_INFINITY, began: Number.NaN, evicted: 0, all: 0, surprising: 0 },
  };
  const days = new RecencyMap<string, Day>();
  /** Mean surprise of an entity's active days; the longest unseen first. */
  const own = new RecencyMap<string, number>();
  const tail = createSurpriseTail();
  const scores = createScores();

  const damped = (key: string, surprise: number) => damp(surprise, own.get(key) ?? 0);
  const probability = (surprise: number) => {
    if (surprise <= 0) return 1;
    const share = Math.min(1, (n.surprising + 1) / (n.all + 2));
    const given = tail.probability(surprise);
    return given === 1 ? 1 : Math.max(TAIL_MIN, share * given);
  };

  const running = (): readonly Score[] =>
    [...days].map(([key, { surprise }]) => {
      return { tail: probability(damped(key, surprise)), time: (n.day + 0.5) * DAY_MS };
    });

  const dayOf = (entity: Entity): [string, Day] => {
    const key = `${entity.type}\u0000${entity.value}`;
    let found = days.get(key);
    if (found === undefined) {
      found = { surprise: 0, reported: 1, pieces: new Map(), events: [] };
      days.set(key, found);
      if (days.size > options.entitiesMax) {
        if (days.delete(leastMissed(days))) n.evicted += 1;
      }
    }
    return [key, found];
  };
  return {
    touch(entity, time) {
      if (Number.isNaN(n.began)) n.began = time;
      dayOf(entity);
    },
    add(entity, evidence, seen) {
      if (!(evidence.surprise > 0)) return [];
      if (Number.isNaN(n.began)) n.began = seen.time;
      const [key, entry] = dayOf(entity);
      if (!addPiece(entry, evidence)) return [];
      entry.events = withEvent(entry.events, seen);
      if (seen.time - n.began < options.quietMs) return [];
      const found = probability(damped(key, entry.surprise));
      if (found > options.tailMax || !isNews(entry, found)) return [];
      entry.reported = found > TAIL_MIN ? found : entry.surprise;
      return [anomalyOf(detector, entity, entry, found, n.day * DAY_MS, seen)];
    },
    roll(time) {
      const now = Math.floor(time / DAY_MS);
      if (!(now > n.day)) return;
      for (const one of running()) scores.add(one.tail, one.time);
      if (days.size > 0) learnDays(n, days, own, tail.learn, options);
      days.clear();
      n.day = now;
    },
    takeScores: scores.take,
    peekScores: running,
    get keys() {
      return Math.max(days.size, own.size);
    },
    get evicted() {
      return n.evicted;
    },
    write(writer) {
      for (const number of [n.day, n.began, n.evicted, n.all, n.surprising]) writer.float(number);
      tail.write(writer);
      writeDays(writer, own, days);
    },
    read(reader) {
      n.day = reader.float();
      n.began = reader.float();
      n.evicted = reader.float();
      n.all = reader.float();
      n.surprising = reader.float();
      tail.read(reader);
      own.clear();
      for (let left = reader.count(); left > 0; left -= 1) own.set(reader.text(), reader.float());
      days.clear();
      for (let left = reader.count(); left > 0; left -= 1) days.set(reader.text(), readDay(reader));
    },
  };
}

/** Who gives way: who came first, but of the first few rather one of whom nothing is known. */
function leastMissed(days: RecencyMap<string, Day>): string {
  for (let tries = MISSED_TRIES; tries > 0; tries -= 1) {
    const key = days.oldest ?? "";
    if (!((days.get(key)?.surprise ?? 0) > 0)) return key;
    // A flood of new names must not wash away what an intruder did before it.
    days.touch(key);
  }
  return days.oldest ?? "";
}

/** Whether what is found says more than what was said. An intruder's later steps must not be lost in the first. */
function isNews({ surprise, reported }: Day, found: number): boolean {
  if (found > TAIL_MIN) return found <= reported * AGAIN;
  return reported <= 1 || surprise >= reported + AGAIN_NATS;
}

/** Surprise of an entity whose days are surprising anyway counts less. */
function damp(surprise: number, mean: number): number {
  return (surprise * OWN_HALF) / (OWN_HALF + mean);
}

/** Learns the sums of a finished day. */
function learnDays(
  n: Numbers,
  days: RecencyMap<string, Day>,
  own: RecencyMap<string, number>,
  learn: (surprise: number) => void,
  options: DayOptions,
): void {
  const factor = 2 ** (-DAY_MS / options.halfLifeMs);
  n.all = n.all * factor + days.size;
  n.surprising *= factor;
  // While the detector itself still learns, everything surprises it.
  const isCalm = n.day * DAY_MS - n.began >= options.quietMs / 2;
  for (const [key, { surprise }] of days) {
    const mean = own.get(key) ?? 0;
    if (surprise > 0) {
      n.surprising += 1;
      if (isCalm) learn(damp(surprise, mean));
    }
    own.delete(key);
    // One terrible day must not make the next one look usual.
    const next = mean + (Math.min(surprise, 2 * mean + OWN_HALF) - mean) / OWN_DAYS;
    if (next > MEAN_MIN) own.set(key, next);
    if (own.size > options.entitiesMax) {
      const first = own.oldest;
      if (first !== undefined && own.delete(first)) n.evicted += 1;
    }
  }
}

/** Puts a piece where it belongs; false where a more surprising one stands there. */
function addPiece(entry: Day, evidence: Evidence): boolean {
  const surprise = Math.min(SURPRISE_MAX, evidence.surprise);
  const { feature, seen } = evidence.driver;
  // A number replaces the smaller one of the same feature; texts stand beside each other.
  const single = typeof seen === "string" ? `${feature}\u0000${seen}` : feature;
  const name = evidence.group ?? single;
  const before = entry.pieces.get(name)?.surprise ?? 0;
  if (!(surprise > before)) return false;
  if (entry.pieces.size >= PIECES_MAX && before === 0) dropLeast(entry.pieces);
  entry.pieces.set(name, { ...evidence, surprise });
  entry.surprise = Math.min(SURPRISE_MAX, entry.surprise + surprise - before);
  return true;
}

function writeDays(
  writer: StateWriter,
  own: RecencyMap<string, number>,
  days: RecencyMap<string, Day>,
): void {
  writer.count(own.size);
  for (const [key, mean] of own) {
    writer.text(key);
    writer.float(mean);
  }
  writer.count(days.size);
  for (const [key, entry] of days) {
    writer.text(key);
    writer.float(entry.surprise);
    writer.float(entry.reported);
    writer.count(entry.pieces.size);
    for (const [name, piece] of entry.pieces) {
      writer.text(name);
      writeEvidence(writer, piece);
    }
    writeEvents(writer, entry.events);
  }
}

function readDay(reader: StateReader): Day {
  const surprise = reader.float();
  const reported = reader.float();
  const pieces = new Map<string, Evidence>();
  for (let left = reader.count(); left > 0; left -= 1)
    pieces.set(reader.text(), readEvidence(reader));
  return { surprise, reported, pieces, events: readEvents(reader) };
}

function anomalyOf(
  detector: string,
  entity: Entity,
  entry: Day,
  tail: number,
  from: number,
  seen: Seen,
): Anomaly {
  const byKind = new Map<string, number>();
  for (const { kind, surprise } of entry.pieces.values())
    byKind.set(kind, (byKind.get(kind) ?? 0) + surprise);
  const [kind = detector] = [...byKind].sort((a, b) => b[1] - a[1])[0] ?? [];
  const drivers = [...entry.pieces.values()]
    .sort((a, b) => b.surprise - a.surprise)
    .slice(0, DRIVERS_MAX)
    .map(({ driver, surprise }) => ({ ...driver, share: Math.min(1, surprise / entry.surprise) }));
  const { events } = entry;
  return {
    detector,
    kind,
    entity,
    from,
    time: seen.time,
    tail,
    drivers,
    events,
    source: seen.source,
  };
}

/** The oldest half and the newest half stay. */
function withEvent(events: readonly EventReference[], seen: Seen): EventReference[] {
  if (events.at(-1)?.id === seen.id) return [...events];
  const kept =
    events.length < EVENTS_MAX ? events : events.filter((_, at) => at !== EVENTS_MAX / 2);
  return [...kept, { id: seen.id, time: seen.time, rule: 0 }];
}

function dropLeast(pieces: Map<string, Evidence>): void {
  let least: string | undefined;
  for (const [name, { surprise }] of pieces)
    if (surprise < (pieces.get(least ?? "")?.surprise ?? Number.POSITIVE_INFINITY)) least = name;
  if (least !== undefined) pieces.delete(least);
}
