// At which hours accounts are active, and whether on days off: each one's own habit, its peer group's and
// everybody's. Learnt by active days, so that a busy hour counts as one.
import type { StateReader, StateWriter } from "../../network/state.ts";
import { RecencyMap } from "../../recency-map.ts";
import { readNumbers, writeNumbers } from "../behaviour/evidence-state.ts";

/** 24 hours, then active days off and active working days. */
const HOURS = 24;
const DAYS_OFF = 24;
const WORKING_DAYS = 25;
const LENGTH = 26;
/** How many observed hours, and days, it takes to outweigh the wider group. */
const OWN_WEIGHT = 20;
const PEERS_WEIGHT = 100;
const ALL_WEIGHT = 24;

export interface HourHabits {
  /** How much rarer than by chance an hour (0 to 23) is for this account, nats, not negative. */
  hourSurprise(account: string, peers: string, hour: number): number;
  /** How improbable it is that an active day of this account is a day off, nats. */
  dayOffSurprise(account: string, peers: string): number;
  /** Hours at which the account, else its group, is active most often. */
  usual(account: string, peers: string): readonly string[];
  /** The account was active at these hours of one day. */
  learn(account: string, peers: string, hours: readonly number[], isOff: boolean): void;
  /** Fades all habits by this factor. */
  fade(factor: number): void;
  readonly keys: number;
  readonly evicted: number;
  write(writer: StateWriter): void;
  read(reader: StateReader): void;
}

/** Habits of at most so many accounts and groups each; the ones not seen for longest give way. */
export function createHourHabits(accountsMax: number): HourHabits {
  const own = new RecencyMap<string, Float64Array>();
  const groups = new RecencyMap<string, Float64Array>();
  let all: Float64Array = new Float64Array(LENGTH);
  let evicted = 0;
  const touch = (map: RecencyMap<string, Float64Array>, key: string): Float64Array => {
    const habit = map.get(key) ?? new Float64Array(LENGTH);
    map.set(key, habit);
    if (map.size > accountsMax) {
      const { oldest } = map;
      if (oldest !== undefined && map.delete(oldest)) evicted += 1;
    }
    return habit;
  };
  return {
    hourSurprise(account, peers, hour) {
      const wide = hourShare(all, hour, ALL_WEIGHT, 1 / HOURS);
      const group = hourShare(groups.get(peers), hour, PEERS_WEIGHT, wide);
      const part = hourShare(own.get(account), hour, OWN_WEIGHT, group);
      return Math.max(0, -Math.log(part * HOURS));
    },
    dayOffSurprise(account, peers) {
      const wide = dayOffShare(all, ALL_WEIGHT, 2 / 7);
      const group = dayOffShare(groups.get(peers), PEERS_WEIGHT, wide);
      return -Math.log(Math.min(1, dayOffShare(own.get(account), OWN_WEIGHT, group)));
    },
    usual(account, peers) {
      const habit = own.get(account) ?? groups.get(peers) ?? all;
      return [...habit.subarray(0, HOURS)]
        .map((count, hour) => ({ count, hour }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count || a.hour - b.hour)
        .slice(0, 3)
        .map(({ hour }) => String(hour));
    },
    learn(account, peers, hours, isOff) {
      for (const habit of [touch(own, account), touch(groups, peers), all])
        for (const at of [...hours, isOff ? DAYS_OFF : WORKING_DAYS])
          habit[at] = (habit[at] ?? 0) + 1;
    },
    fade(factor) {
      for (const map of [own, groups]) for (const habit of map.values()) scale(habit, factor);
      scale(all, factor);
    },
    get keys() {
      return own.size;
    },
    get evicted() {
      return evicted;
    },
    write(writer) {
      for (const map of [own, groups]) {
        writer.count(map.size);
        for (const [key, habit] of map) {
          writer.text(key);
          writeNumbers(writer, habit);
        }
      }
      writeNumbers(writer, all);
      writer.float(evicted);
    },
    read(reader) {
      for (const map of [own, groups]) {
        map.clear();
        for (let left = reader.count(); left > 0; left -= 1)
          map.set(reader.text(), readHabit(reader));
      }
      all = readHabit(reader);
      evicted = reader.float();
    },
  };
}

function readHabit(reader: StateReader): Float64Array {
  const habit = readNumbers(reader);
  if (habit.length !== LENGTH) throw new RangeError("a habit of another length");
  return habit;
}

function scale(habit: Float64Array, factor: number): void {
  for (let at = 0; at < LENGTH; at += 1) habit[at] = (habit[at] ?? 0) * factor;
}

/** Share of the hour, smoothed over the neighbouring ones, with the wider group's share as prior. */
function hourShare(
  habit: Float64Array | undefined,
  hour: number,
  weight: number,
  prior: number,
): number {
  if (habit === undefined) return prior;
  const at = (shift: number) => habit[(hour + shift + HOURS) % HOURS] ?? 0;
  const smoothed = 0.5 * at(0) + 0.25 * (at(-1) + at(1));
  let total = 0;
  for (let each = 0; each < HOURS; each += 1) total += habit[each] ?? 0;
  return (smoothed + weight * prior) / (total + weight);
}

function dayOffShare(habit: Float64Array | undefined, weight: number, prior: number): number {
  const [off = 0, working = 0] = habit?.subarray(DAYS_OFF) ?? [];
  return (off + weight * prior) / (off + working + weight);
}
