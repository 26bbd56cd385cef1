// What is usual for one entity: mean and spread of a measure in working hours, at other hours and on days
// off, with decay. A few numbers an entity, and nobody can teach it something new at once.
import { berlinHour, isDayOff } from "../anomaly/calendar.ts";

const SLOTS = 3;
const NUMBERS = 3;
/** Share of a new value, once the past is known. */
const RATE = 0.05;
/** So many values are needed before the past says something. */
const VALUES_MIN = 8;
/** Spreads below this are taken for this: measures are logarithms. */
const SPREAD_MIN = 0.4;
/** A value is learnt as at most so many spreads above the mean: a ramp stays slow. */
const SPREADS_LEARNT = 2;

/** For each slot: values seen (at most 1 / RATE), mean, variance. */
export type OwnPast = Float64Array;

export function createOwnPast(): OwnPast {
  return new Float64Array(SLOTS * NUMBERS);
}

function slotOf(time: number): number {
  if (isDayOff(time)) return 2;
  const hour = berlinHour(time);
  return hour >= 7 && hour < 18 ? 0 : 1;
}

/** Spreads above the mean of this kind of hours; undefined while too little is known. */
export function deviation(past: OwnPast, value: number, time: number): number | undefined {
  const { seen, mean, spread } = usual(past, time);
  return seen < VALUES_MIN ? undefined : (value - mean) / spread;
}

export function usual(past: OwnPast, time: number): { seen: number; mean: number; spread: number } {
  const at = slotOf(time) * NUMBERS;
  const spread = Math.max(SPREAD_MIN, Math.sqrt(past[at + 2] ?? 0));
  return { seen: past[at] ?? 0, mean: past[at + 1] ?? 0, spread };
}

export function learn(past: OwnPast, value: number, time: number): void {
  const at = slotOf(time) * NUMBERS;
  const { seen, mean, spread } = usual(past, time);
  const bounded = seen < VALUES_MIN ? value : Math.min(value, mean + SPREADS_LEARNT * spread);
  const rate = Math.max(RATE, 1 / (seen + 1));
  const difference = bounded - mean;
  past[at] = seen + 1;
  past[at + 1] = mean + rate * difference;
  past[at + 2] = (1 - rate) * ((past[at + 2] ?? 0) + rate * difference * difference);
}
