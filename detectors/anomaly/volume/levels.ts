// How much of something an entity does in a day and in an hour: its own level, pulled towards that of its
// peers as long as little is known (on days with any activity: that there is some is not a volume), spread over the week as all entities spread it, and how far days and
// hours scatter around what was expected.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";
import { HOURS_OF_WEEK, hourOfWeek } from "../calendar.ts";

/** What is remembered of one entity and kind of count. */
export interface Level {
  readonly what: string;
  readonly peers: string;
  /** Faded sums and numbers of days: working days, then days off. */
  readonly sums: [number, number];
  readonly days: [number, number];
  today: number;
  hour: number;
  /** Hours since 1970 that `hour` belongs to. */
  hourAt: number;
  /** The counts of the last days, the oldest first. */
  readonly past: number[];
}

/** Mean and size of the negative binomial that is expected. */
export interface Expected {
  readonly mean: number;
  readonly size: number;
}

/** Days of its peers that weigh as much as one day of an entity's own. */
const PEERS_DAYS = 3;
/** Part of a day that may fall into any hour: who works at odd hours is the logon detector's to judge. */
const EVEN_SHARE = 0.25;
/** Counts of a day that its even spread stands for, and of a day of the peers that the spread of all does. */
const PROFILE_PRIOR = 24;
const PEERS_PROFILE_PRIOR = 48;
/** What is believed of a kind of count before anything is known of it. */
const SIZE_PRIOR = 1;
/** Hours scatter far more than days: work comes in pieces. */
const HOUR_SIZE = 1;
/** Nor is the steadiest source a clock. */
const STEADY_SIZE_MAX = 10;
const SCATTER_PRIOR_DAYS = 20;
const SIZE_RANGE = [0.02, 200] as const;
/** A day counts at most as so many expected ones, and a few more: bursts do not raise what is usual. */
const LEARNT_FACTOR = 3;
const LEARNT_MORE = 5;
/** Peers are known after so many days of members; then a day of a known member counts so many means of theirs. */
const PEERS_KNOWN_DAYS = 20;
const PEERS_FACTOR = 30;

/** Sums over the entities of one kind of count and one peer group: per kind of day. */
interface Group {
  readonly sums: [number, number];
  readonly days: [number, number];
}

/** What is learnt of all entities together. */
interface Memory {
  readonly groups: Map<string, Group>;
  readonly scatters: Map<string, Scatter>;
  readonly profiles: Map<string, Float64Array>;
}

/** Scatter of one kind of count: sums of squared deviations beyond Poisson, and of squared means. */
interface Scatter {
  readonly beyond: [number, number];
  readonly squares: [number, number];
}

export interface Levels {
  /** Expected count of a whole day; 0: working day, 1: day off. */
  day(level: Level, off: 0 | 1): Expected;
  /** What of a day is learnt at most. */
  learnable(level: Level, off: 0 | 1): number;
  /** Expected count of the hour of this time. */
  hour(level: Level, off: 0 | 1, time: number): Expected;
  /** Expected count of the hour of this time for a source that must not fall silent: by the profile alone. */
  steadyHour(level: Level, off: 0 | 1, time: number): Expected;
  /** Something happens at this time: forms the week's profile of all and of these peers. */
  profile(what: string, peers: string, time: number, amount: number): void;
  /** Learns an entity's finished day. */
  learnDay(level: Level, off: 0 | 1): void;
  /** Fades what groups and profiles remember. */
  fade(factor: number): void;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Levels without any past; at most so many peer groups per kind of count. */
export function createLevels(groupsMax: number): Levels {
  const memory: Memory = { groups: new Map(), scatters: new Map(), profiles: new Map() };
  const { groups, scatters, profiles } = memory;
  const groupOf = (what: string, peers: string): Group => {
    const key = `${what}\u0000${peers}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { sums: [0, 0], days: [0, 0] };
      groups.set(key, group);
      if (groups.size > groupsMax) {
        const [oldest] = groups.keys();
        if (oldest !== undefined) groups.delete(oldest);
      }
    }
    return group;
  };
  const scatterOf = (what: string): Scatter => {
    const scatter = scatters.get(what) ?? { beyond: [0, 0], squares: [0, 0] };
    scatters.set(what, scatter);
    return scatter;
  };
  const sizeOf = (what: string, which: 0 | 1): number => {
    const { beyond, squares } = scatterOf(what);
    const prior = SCATTER_PRIOR_DAYS;
    const inverse = (Math.max(0, beyond[which]) + prior / SIZE_PRIOR) / (squares[which] + prior);
    return Math.max(SIZE_RANGE[0], Math.min(SIZE_RANGE[1], 1 / inverse));
  };
  const meanOf = ({ what, peers, sums, days }: Level, off: 0 | 1): number => {
    const group = groupOf(what, peers);
    const all = (group.sums[0] + 1) / (group.days[0] + 1);
    const working = (sums[0] + PEERS_DAYS * all) / (days[0] + PEERS_DAYS);
    if (off === 0) return working;
    const allOff = (group.sums[1] + PEERS_DAYS * all) / (group.days[1] + PEERS_DAYS);
    const level = days[0] > 0 ? (working + allOff) / 2 : allOff;
    return (sums[1] + PEERS_DAYS * level) / (days[1] + PEERS_DAYS);
  };
  const hourMean = (level: Level, off: 0 | 1, time: number, even: number): number => {
    const hour = hourOfWeek(time);
    const all = shareOf(profiles.get(level.what), hour, 1 / 24, PROFILE_PRIOR);
    const own = profiles.get(profileKey(level.what, level.peers));
    const share = level.peers === "" ? all : shareOf(own, hour, all, PEERS_PROFILE_PRIOR);
    return meanOf(level, off) * ((1 - even) * share + even / 24);
  };
  const scatterBy = (what: string, which: 0 | 1, seen: number, mean: number) => {
    const { beyond, squares } = scatterOf(what);
    const limited = Math.min(seen, LEARNT_FACTOR * mean + LEARNT_MORE);
    beyond[which] += (limited - mean) ** 2 - mean;
    squares[which] += mean ** 2;
  };
  return {
    learnable: (level, off) => LEARNT_FACTOR * meanOf(level, off) + LEARNT_MORE,
    day: (level, off) => ({ mean: meanOf(level, off), size: sizeOf(level.what, off) }),
    hour: (level, off, time) => ({
      mean: hourMean(level, off, time, EVEN_SHARE),
      size: HOUR_SIZE,
    }),
    steadyHour: (level, off, time) => ({
      mean: hourMean(level, off, time, 0),
      size: Math.min(STEADY_SIZE_MAX, sizeOf(level.what, off)),
    }),
    profile(what, peers, time, amount) {
      const hour = hourOfWeek(time);
      for (const key of peers === "" ? [what] : [what, profileKey(what, peers)]) {
        const profile = profiles.get(key) ?? new Float64Array(HOURS_OF_WEEK);
        profile[hour] = (profile[hour] ?? 0) + amount;
        // Who comes when there are too many peer groups goes by what all do.
        if (profiles.has(key) || key === what || profiles.size < groupsMax)
          profiles.set(key, profile);
      }
    },
    learnDay(level, off) {
      const { what, peers, today, sums, days } = level;
      const mean = meanOf(level, off);
      if (days[off] >= 1) scatterBy(what, off, today, mean);
      const isNew = days[0] + days[1] < 1;
      const learnt = isNew ? today : Math.min(today, LEARNT_FACTOR * mean + LEARNT_MORE);
      sums[off] += learnt;
      days[off] += 1;
      const group = groupOf(what, peers);
      group.sums[off] += Math.min(learnt, ofPeers(group, off, isNew));
      group.days[off] += 1;
    },
    fade: (factor) => fadeMemory(memory, factor),
    write: (writer) => writeMemory(writer, memory),
    read: (reader) => readMemory(reader, memory),
  };
}

/** What a member's day adds to its peers' at most, once they are known: one absurd amount is no habit of all. */
function ofPeers({ sums, days }: Group, off: 0 | 1, isNew: boolean): number {
  if (days[off] < PEERS_KNOWN_DAYS) return Number.POSITIVE_INFINITY;
  const factor = isNew ? LEARNT_FACTOR : PEERS_FACTOR;
  return (factor * sums[off]) / days[off] + LEARNT_MORE;
}

function profileKey(what: string, peers: string): string {
  return `${what}\u0000${peers}`;
}

/** Share of its day that an hour of the week has, with this one as prior of so many counts. */
function shareOf(
  profile: Float64Array | undefined,
  hour: number,
  prior: number,
  weight: number,
): number {
  const begin = hour - (hour % 24);
  let sum = weight;
  for (let at = begin; at < begin + 24; at += 1) sum += profile?.[at] ?? 0;
  return ((profile?.[hour] ?? 0) + weight * prior) / sum;
}

function fadeMemory({ groups, scatters, profiles }: Memory, factor: number): void {
  for (const { sums, days } of groups.values()) {
    scale(sums, factor);
    scale(days, factor);
  }
  for (const { beyond, squares } of scatters.values()) {
    scale(beyond, factor);
    scale(squares, factor);
  }
  for (const profile of profiles.values()) scale(profile, factor);
}

function writeMemory(writer: StateWriter, { groups, scatters, profiles }: Memory): void {
  writer.count(groups.size);
  for (const [key, { sums, days }] of groups) {
    writer.text(key);
    for (const number of [...sums, ...days]) writer.float(number);
  }
  writer.count(scatters.size);
  for (const [what, { beyond, squares }] of scatters) {
    writer.text(what);
    for (const number of [...beyond, ...squares]) writer.float(number);
  }
  writer.count(profiles.size);
  for (const [what, profile] of profiles) {
    writer.text(what);
    writeNumbers(writer, profile);
  }
}

function readMemory(reader: StateReader, { groups, scatters, profiles }: Memory): void {
  const number = () => reader.float();
  for (const map of [groups, scatters, profiles]) map.clear();
  for (let left = reader.count(); left > 0; left -= 1)
    groups.set(reader.text(), { sums: [number(), number()], days: [number(), number()] });
  for (let left = reader.count(); left > 0; left -= 1) {
    const what = reader.text();
    const beyond: Scatter["beyond"] = [number(), number()];
    scatters.set(what, { beyond, squares: [number(), number()] });
  }
  for (let left = reader.count(); left > 0; left -= 1)
    profiles.set(reader.text(), readNumbers(reader));
}

/** Multiplies all numbers in place. */
export function scale(
  numbers: { [at: number]: number; readonly length: number },
  by: number,
): void {
  for (let at = 0; at < numbers.length; at += 1) numbers[at] = (numbers[at] ?? 0) * by;
}
