// Finds beacons: programmes that call a machine outside again and again for orders (command and control).
// Every pair of addresses is watched by its pauses and sizes; destinations that many reach count little.
import type { Activity } from "../../anomaly/activity.ts";
import type { Anomaly, AnomalyDetector, Picture } from "../../anomaly/anomaly.ts";
import { createTail } from "../../anomaly/tail.ts";
import { createStateWriter, readState } from "../state.ts";
import { type Contacts, kept, regularity } from "./contacts.ts";
import { createPairMemory, type Pair, type PairMemoryOptions } from "./pair-memory.ts";
import { type Suspicion, suspicionOf } from "./suspicion.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STATE_VERSION = 2;
const PICTURE_STEPS = 24;

export interface BeaconOptions extends PairMemoryOptions {
  /** What is less probable than this is said. */
  readonly tailMax: number;
  /** Nothing is said for so long after the first flow, milliseconds: what is usual has to be learnt. */
  readonly learnMs: number;
  /** Pairs are judged at this distance, milliseconds. */
  readonly judgeEveryMs: number;
  /** A pair is said again at the earliest after this time, milliseconds. */
  readonly repeatMs: number;
  /** Pairs and destinations without a contact for so long are forgotten, milliseconds. */
  readonly forgetMs: number;
}

const BEACON_DEFAULTS: BeaconOptions = {
  ...{ pairsMax: 200_000, newPairsMax: 200_000, destinationsMax: 200_000, pausesMin: 3 },
  ...{
    tailMax: 1e-3,
    learnMs: DAY_MS,
    judgeEveryMs: HOUR_MS,
    repeatMs: DAY_MS,
    forgetMs: 14 * DAY_MS,
  },
};

/** How suspicious one pair is at the moment. */
interface PairScore {
  readonly from: string;
  readonly to: string;
  readonly score: number;
}

export interface BeaconDetector extends AnomalyDetector<Activity> {
  /** All pairs that are remembered; those with too few contacts to be judged below all others. */
  scores(): Generator<PairScore>;
}

export function createBeaconDetector(options: Partial<BeaconOptions> = {}): BeaconDetector {
  const settings = { ...BEACON_DEFAULTS, ...options };
  const memory = createPairMemory(settings);
  let tail = createTail(TAIL_OPTIONS);
  let judgedAt = Number.NaN;

  const judgeAll = (time: number): Anomaly[] => {
    const said: Anomaly[] = [];
    const due: number[] = [];
    memory.forgetBefore(time - settings.forgetMs);
    for (const pair of memory.judgeable()) {
      const { contacts } = pair;
      if (contacts.last <= contacts.judgedAt) continue;
      contacts.judgedAt = contacts.last;
      const suspicion = suspicionOf(regularity(contacts), memory.rarity(pair.to, time));
      const probability = tail.probability(suspicion.score);
      if (isDue(contacts, time)) {
        due.push(suspicion.score);
        contacts.learntAt = time;
      }
      if (probability > settings.tailMax || time < memory.begin + settings.learnMs) continue;
      if (time - contacts.saidAt < settings.repeatMs) continue;
      contacts.saidAt = time;
      said.push(anomalyOf(pair, suspicion, probability));
    }
    // Pairs that are judged together say nothing of how usual each other is.
    for (const score of due) tail.learn(score, time);
    return said;
  };

  /** Judges at whole hours of event time, so that when it is asked changes nothing. */
  const advance = (time: number): readonly Anomaly[] => {
    if (!Number.isFinite(time)) return [];
    const now = Math.floor(time / settings.judgeEveryMs) * settings.judgeEveryMs;
    if (Number.isNaN(judgedAt)) judgedAt = now;
    if (now <= judgedAt) return [];
    judgedAt = now;
    return judgeAll(now);
  };

  return {
    observe(input) {
      if (input.kind !== "flow" || !Number.isFinite(input.time)) return [];
      const said = advance(input.time);
      memory.add(input);
      return said;
    },
    advance,
    *scores() {
      for (const { from, to } of memory.tooYoung()) yield { from, to, score: -COLD_SCORE };
      for (const { from, to, contacts } of memory.judgeable()) {
        const rarity = memory.rarity(to, contacts.last);
        yield { from, to, score: suspicionOf(regularity(contacts), rarity).score };
      }
    },
    store() {
      const writer = createStateWriter(STATE_VERSION);
      writer.float(judgedAt);
      writer.floats(tail.state());
      memory.store(writer);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "beacon", (reader) => {
        judgedAt = reader.float();
        tail = createTail(TAIL_OPTIONS, reader.floats());
        memory.restore(reader);
      });
    },
    get keys() {
      return memory.keys;
    },
    get evicted() {
      return memory.evicted;
    },
  };
}

/**
 * Pairs are what is counted, not judgements: a program that calls every minute must not be a hundred times as
 * usual as one that calls once a day. In its first hours a pair is not yet what it will be.
 */
function isDue({ first, last, learntAt }: Contacts, time: number): boolean {
  return last - first >= LEARN_AFTER_MS && time - learntAt >= LEARN_EVERY_MS;
}
const LEARN_AFTER_MS = 4 * HOUR_MS;
const LEARN_EVERY_MS = 14 * DAY_MS;

/** The judgements of a site are one stream of scores. */
const TAIL_OPTIONS = { warmup: 200, bodyMax: 512, peaksMax: 256 };
/** What a pair scores that can't be judged yet: below all that can. */
const COLD_SCORE = 20;

function anomalyOf({ from, to, contacts }: Pair, suspicion: Suspicion, tail: number): Anomaly {
  const pauses = kept(contacts.pauses);
  const covered = pauses.reduce((sum, pause) => sum + pause, 0);
  return {
    detector: "beacon",
    kind: "beacon",
    entity: { type: "address", value: from },
    from: contacts.last - covered,
    time: contacts.last,
    tail,
    drivers: [
      ...suspicion.drivers,
      { feature: "beacon.destination", seen: to, expected: undefined, against: "all", share: 0 },
    ],
    events: [...contacts.events],
    picture: pictureOf(pauses, contacts.last, covered),
    source: contacts.source,
  };
}

/** Contacts over the time that the kept pauses cover; even steps are what a beacon looks like. */
function pictureOf(pauses: readonly number[], last: number, covered: number): Picture {
  const stepMs = Math.max(1, covered / PICTURE_STEPS);
  const values = new Array<number>(PICTURE_STEPS).fill(0);
  let at = covered;
  for (let index = pauses.length - 1; index >= 0; index -= 1) {
    const step = Math.min(PICTURE_STEPS - 1, Math.floor(at / stepMs));
    values[step] = (values[step] ?? 0) + 1;
    at -= pauses[index] ?? 0;
  }
  values[0] = (values[0] ?? 0) + 1;
  // No band: a beacon has as many contacts as anybody, what is unusual is that they come evenly.
  const unknown = values.map(() => Number.NaN);
  return {
    ...{ feature: "beacon.contacts", from: last - covered, stepMs, values },
    ...{ low: unknown, high: unknown },
  };
}
