// Too much and too little: counts per entity against its own and its peers' usual day and hour of the week.
// A burst is judged while it grows, a silence of a source when its hour is over.
import { createStateWriter, readState } from "../../network/state.ts";
import type { Activity } from "../activity.ts";
import type { Anomaly, AnomalyDetector, Picture } from "../anomaly.ts";
import { createDayEvidence, DAY_MS, type DayOptions } from "../behaviour/day-evidence.ts";
import { isDayOff } from "../calendar.ts";
import { type Counted, countedOf } from "./counted.ts";
import { createLevelTable } from "./level-table.ts";
import { createLevels, type Expected, type Level, scale } from "./levels.ts";
import { amountTail, lowerTail, upperTail } from "./negative-binomial.ts";

/** How the volume detector remembers and speaks. */
export interface VolumeOptions extends DayOptions {
  /** Entities times kinds of counts that are remembered. */
  readonly keysMax: number;
  readonly groupsMax: number;
}

const VOLUME_DEFAULTS: VolumeOptions = {
  ...{ keysMax: 100_000, groupsMax: 4_096, entitiesMax: 100_000 },
  ...{ tailMax: 1e-3, quietMs: 14 * DAY_MS, halfLifeMs: 30 * DAY_MS },
};

const STATE_VERSION = 1;
const HOUR_MS = 3_600_000;
/** A source is missed when so many events an hour are expected of it. */
const MISSED_MEAN = 20;
/** What is no count of happenings: one transfer may be a thousand times another. */
const AMOUNTS: ReadonlySet<string> = new Set(["bytes_out"]);
/** A count is judged anew when it has grown by this factor. */
const GROWN = 1.1;
const PAST_DAYS = 14;
/** Days without any activity that are learnt one by one; a longer gap is as if nothing had run. */
const GAP_DAYS_MAX = 31;

/** A detector of bursts and silences. */
export function createVolume(given: Partial<VolumeOptions> = {}): AnomalyDetector<Activity> {
  const options = { ...VOLUME_DEFAULTS, ...given };
  const memory = createMemory(options);
  const { evidence, levels, table } = memory;
  return {
    observe(activity) {
      if (!Number.isFinite(activity.time)) return [];
      const found = [...roll(memory, activity.time)];
      for (const counted of countedOf(activity)) found.push(...judge(memory, counted, activity));
      return found;
    },
    advance: (time) =>
      Number.isFinite(time) && !Number.isNaN(memory.day) ? roll(memory, time) : [],
    store() {
      const writer = createStateWriter(STATE_VERSION);
      writer.float(memory.day);
      writer.float(memory.hour);
      for (const part of [evidence, levels, table]) part.write(writer);
      return writer.pieces();
    },
    restore(pieces) {
      readState(pieces, STATE_VERSION, "volume", (reader) => {
        memory.day = reader.float();
        memory.hour = reader.float();
        for (const part of [evidence, levels, table]) part.read(reader);
      });
    },
    takeScores: () => evidence.takeScores(),
    peekScores: () => evidence.peekScores(),
    get keys() {
      return table.keys + evidence.keys;
    },
    get evicted() {
      return table.evicted + evidence.evicted;
    },
  };
}

type Memory = ReturnType<typeof createMemory>;

function createMemory(options: VolumeOptions) {
  return {
    options,
    /** The running day and hour since 1970. */
    day: Number.NaN,
    hour: Number.NaN,
    evidence: createDayEvidence("volume", options),
    levels: createLevels(options.groupsMax),
    table: createLevelTable(options.keysMax),
  };
}

function closeDay(memory: Memory): void {
  const { levels, table, options } = memory;
  const off = offOf(memory.day * DAY_MS + DAY_MS / 2);
  const factor = 2 ** (-DAY_MS / options.halfLifeMs);
  levels.fade(factor);
  for (const level of table.all()) {
    scale(level.sums, factor);
    scale(level.days, factor);
    // Whether an entity is active at all, on a Sunday say, is not a question of volume.
    if (level.today > 0 || level.what === "events") levels.learnDay(level, off);
    level.past.push(level.today);
    if (level.past.length > PAST_DAYS) level.past.shift();
    level.today = 0;
  }
}

/** Silences of the hour that is over. */
function closeHour(memory: Memory): readonly Anomaly[] {
  const { levels, table, evidence } = memory;
  const time = memory.hour * HOUR_MS;
  const off = offOf(time);
  const found: Anomaly[] = [];
  for (const [entity, level] of table.of("events")) {
    const seen = level.hourAt === memory.hour ? level.hour : 0;
    const expected = levels.steadyHour(level, off, time);
    if (expected.mean < MISSED_MEAN) continue;
    const surprise = -Math.log(Math.min(1, 2 * lowerTail(seen, expected.mean, expected.size)));
    const at = { id: "", time: time + HOUR_MS - 1, source: entity.value };
    const driver = driverOf("volume.silence", seen, expected);
    const said = evidence.add(entity, { kind: "silence", surprise, driver }, at);
    found.push(...said.map((anomaly) => ({ ...anomaly, events: [] })));
  }
  return found;
}

function roll(memory: Memory, time: number): readonly Anomaly[] {
  const { evidence } = memory;
  const now = Math.floor(time / DAY_MS);
  const nowHour = Math.floor(time / HOUR_MS);
  if (Number.isNaN(memory.day)) [memory.day, memory.hour] = [now, nowHour];
  if (now - memory.day > GAP_DAYS_MAX) [memory.day, memory.hour] = [now - 1, nowHour - 1];
  const found: Anomaly[] = [];
  while (memory.hour < nowHour) {
    found.push(...closeHour(memory));
    memory.hour += 1;
    if (Math.floor((memory.hour * HOUR_MS) / DAY_MS) <= memory.day) continue;
    evidence.roll(memory.hour * HOUR_MS);
    closeDay(memory);
    memory.day += 1;
  }
  evidence.roll(time);
  return found;
}

function judge(memory: Memory, counted: Counted, activity: Activity): readonly Anomaly[] {
  const { levels, table, evidence } = memory;
  const { what, entity, amount } = counted;
  const { time } = activity;
  const level = table.find(counted);
  // The day is that of UTC, which is in its second hour when the next one begins in Germany.
  const [off, offOfDay] = [offOf(time), offOf(memory.day * DAY_MS + DAY_MS / 2)];
  if (level.hourAt !== memory.hour) {
    level.hour = 0;
    level.hourAt = memory.hour;
  }
  const before = [level.today, level.hour] as const;
  level.today += amount;
  level.hour += amount;
  // One entity's burst is no habit of all: beyond what is learnt of its day it forms no profile.
  const formed = Math.min(amount, levels.learnable(level, offOfDay) - before[0]);
  if (formed > 0) levels.profile(what, counted.peers, time, formed);
  evidence.touch(entity, time);
  const grown = (count: number, old: number) => Math.floor(logOf(count)) > Math.floor(logOf(old));
  const found: Anomaly[] = [];
  const say = (feature: string, seen: number, expected: Expected) => {
    if (seen <= expected.mean) return;
    // Two windows are looked at, so each has half of the probability.
    const above = AMOUNTS.has(what)
      ? amountTail(seen, expected.mean)
      : upperTail(seen, expected.mean, expected.size);
    const tail = Math.min(1, 2 * above);
    const driver = driverOf(feature, seen, expected);
    const piece = { kind: `many_${what}`, surprise: -Math.log(tail), driver, group: what };
    const picture = pictureOf(feature, level, expected, memory.day);
    for (const anomaly of evidence.add(entity, piece, activity))
      found.push({ ...anomaly, picture });
  };
  if (grown(level.today, before[0]))
    say(`volume.${what}_day`, level.today, levels.day(level, offOfDay));
  if (grown(level.hour, before[1])) {
    const expected = levels.hour(level, off, time);
    say(`volume.${what}_hour`, level.hour, expected);
  }
  return found;
}

function logOf(count: number): number {
  return Math.log(Math.max(1, count)) / Math.log(GROWN);
}

function offOf(time: number): 0 | 1 {
  return isDayOff(time) ? 1 : 0;
}

function driverOf(feature: string, seen: number, { mean, size }: Expected) {
  const limit = mean + 3 * Math.sqrt(mean + mean ** 2 / size);
  return { feature, seen, expected: mean, limit, against: "own" as const };
}

/** The last days, and today so far, with the band of three deviations around the expected day. */
function pictureOf(feature: string, level: Level, expected: Expected, day: number): Picture {
  const values = [...level.past, level.today];
  const width = 3 * Math.sqrt(expected.mean + expected.mean ** 2 / expected.size);
  const band = (edge: number) => values.map(() => Math.max(0, expected.mean + edge));
  return {
    ...{ feature, from: (day - level.past.length) * DAY_MS, stepMs: DAY_MS, values },
    ...{ low: band(-width), high: band(width) },
  };
}
