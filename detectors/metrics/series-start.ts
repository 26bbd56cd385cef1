// What the first values of a series decide: its middle and spread, how far a value may lie from them at all,
// and whether it is a counter that only grows until it is set back.
import { AT, START_VALUES } from "./layout.ts";

/** Of the steps of a counter so many go up, and each that goes down ends near nought. */
const COUNTER_RISES_MIN = 0.5;
const COUNTER_RESET_SHARE = 0.1;
/** Share of the middle below which a spread is none. */
const SPREAD_SHARE_MIN = 1e-3;
const SPREAD_MIN = 1e-6;
const BOUND_SPREADS = 1e4;
const BOUND_MIDDLES = 100;
const BOUND_MIN = 1e6;
const BOUND_MAX = 1e150;

/** Sets up a series by its first values: times and values in turn. Makes rates of a counter's values. */
export function beginSeries(numbers: Float64Array, start: Float64Array): void {
  if (isCounter(start)) {
    numbers[AT.isCounter] = 1;
    // The first value of a counter has no rate: it stands in for itself.
    numbers[AT.rawValue] = start[1] ?? 0;
    numbers[AT.time] = start[0] ?? 0;
  }
  const probe = Float64Array.from(numbers);
  const values: number[] = [];
  for (let index = 0; index < start.length; index += 2) {
    const value = rateOf(probe, start[index] ?? 0, start[index + 1] ?? 0);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  const part = (share: number) => values[Math.floor(values.length * share)] ?? 0;
  const middle = part(0.5);
  const least = SPREAD_SHARE_MIN * Math.abs(middle);
  let spread = (part(0.84) - part(0.16)) / 2;
  if (!(spread > least)) spread = (part(0.98) - part(0.02)) / 2;
  if (!(spread > least)) spread = least || SPREAD_MIN;
  numbers[AT.middle] = middle;
  numbers[AT.spread] = spread;
  const bound = Math.max(BOUND_SPREADS * spread, BOUND_MIDDLES * Math.abs(middle), BOUND_MIN);
  numbers[AT.bound] = Math.min(bound, BOUND_MAX);
}

/** The value, or of a counter its increase per second; NaN where it was set back or time stands still. */
export function rateOf(numbers: Float64Array, time: number, value: number): number {
  if (numbers[AT.isCounter] !== 1) {
    numbers[AT.time] = time;
    return value;
  }
  const seconds = (time - (numbers[AT.time] ?? 0)) / 1000;
  const increase = value - (numbers[AT.rawValue] ?? 0);
  numbers[AT.time] = time;
  numbers[AT.rawValue] = value;
  return seconds > 0 && increase >= 0 ? increase / seconds : Number.NaN;
}

/**
 * Keeps a value within sight of the series' middle, so that one absurd value does not blind it for weeks.
 * Each value outside doubles what is allowed: a true change of scale arrives after a few of them.
 */
export function withinBound(numbers: Float64Array, value: number): number {
  const middle = numbers[AT.middle] ?? 0;
  const bound = numbers[AT.bound] ?? 0;
  const distance = value - middle;
  if (!(Math.abs(distance) > bound)) return value;
  numbers[AT.bound] = Math.min(2 * bound, BOUND_MAX);
  return middle + Math.sign(distance) * bound;
}

function isCounter(start: Float64Array): boolean {
  let rises = 0;
  for (let index = 3; index < start.length; index += 2) {
    const before = start[index - 2] ?? 0;
    const value = start[index] ?? 0;
    if (value > before) rises += 1;
    else if (value < before && !(value >= 0 && value <= COUNTER_RESET_SHARE * before)) return false;
  }
  return rises >= COUNTER_RISES_MIN * START_VALUES;
}
