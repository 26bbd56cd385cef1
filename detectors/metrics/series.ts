// One series, value by value: how unusual is it, what was expected, and which features say so. Each feature
// gives a surprise in nats (how improbable is one at least as large); their sum with an echo of the last
// values is the score. All state lies in a `Series`; nothing is allocated per value.
import { judge } from "./alerting.ts";
import { AT, RECENT_VALUES, type Series, START_VALUES, TRACK } from "./layout.ts";
import { noveltyOf } from "./novelty.ts";
import { type Expectation, expect } from "./seasons.ts";
import { beginSeries, rateOf, withinBound } from "./series-start.ts";
import { JUDGEMENT_MAX, surprise, usualEnd } from "./tail-tracker.ts";

/** What a value said. One object for all calls, written anew by each: copy what is needed. */
export interface Reading {
  /** 0 to 1; 0.5 and more is an alarm. 0 while the series is new or the value missing. */
  unusual: number;
  /** The series is known well enough to say what is usual, and this value was looked at. */
  isKnown: boolean;
  /** -ln of how probable such a score is where nothing is wrong. */
  surprise: number;
  /** The value as it was looked at: of a counter, the increase per second. */
  value: number;
  expected: number;
  /** What was usual at this hour. */
  low: number;
  high: number;
  /** Surprise by feature, in the order of `FEATURES`. */
  readonly parts: Float64Array;
}

/** Features that a score is made of. */
export const FEATURES = [
  ...(["level", "trend", "season", "season_trend", "noise", "unrest", "novelty"] as const),
] as const;

/** What the hour of the week of a time is, 0 (Monday, first hour) to 167. */
type HourOfWeek = (time: number) => number;

const VALUE_MAX = 1e150;
const HOUR_MS = 3_600_000;
/** A series says nothing before it is known this well. */
const QUIET_VALUES = 150;
const SHORT_VALUES = 6;
const MEDIUM_VALUES = 30;
const LONG_VALUES = 1000;
const UNREST_VALUES = 24;
const RESIDUAL_SHORT_VALUES = 12;
const RESIDUAL_LONG_VALUES = 48;
/** What a value within the range of its hour still says by its level. */
const WITHIN_RANGE_WEIGHT = 0.01;
const ECHO_KEPT = 0.9;
const STEP_CLIP = 50;
/** Where the band of usual values ends, in mean excesses over the usual. */
const BAND_EXCESSES = 3;

const expectation: Expectation = { best: 0, day: 0, deviation: 0, isWithinRange: false };
const reading: Reading = {
  ...{ unusual: 0, isKnown: false, surprise: 0, value: 0, expected: 0, low: 0, high: 0 },
  parts: new Float64Array(FEATURES.length),
};

/**
 * Looks at the next value of a series, in the order of time (milliseconds since 1970 UTC), and learns it.
 * NaN and ±Infinity are missing values.
 */
export function observeSeries(
  series: Series,
  time: number,
  given: number,
  hourOfWeek: HourOfWeek,
): Reading {
  const { numbers } = series;
  reading.unusual = 0;
  reading.isKnown = false;
  reading.surprise = 0;
  reading.value = given;
  reading.parts.fill(0);
  if (!Number.isFinite(given) || !Number.isFinite(time)) {
    numbers[AT.missing] = (numbers[AT.missing] ?? 0) + 1;
    return reading;
  }
  const value = Math.max(-VALUE_MAX, Math.min(VALUE_MAX, given));
  if (numbers[AT.started] === 0) collectStart(series, time, value, hourOfWeek);
  else lookAt(series, time, value, hourOfWeek);
  return reading;
}

/** The start is kept where the bit maps will lie, until the middle and spread of the series are known. */
function collectStart(series: Series, time: number, value: number, hourOfWeek: HourOfWeek): void {
  const { numbers, novelty } = series;
  const kept = new Float64Array(novelty.buffer, novelty.byteOffset, 2 * START_VALUES);
  const count = numbers[AT.seen] ?? 0;
  kept[2 * count] = time;
  kept[2 * count + 1] = value;
  numbers[AT.seen] = count + 1;
  if (count + 1 < START_VALUES) return;
  const start = kept.slice();
  novelty.fill(0);
  numbers[AT.seen] = 0;
  numbers[AT.started] = 1;
  beginSeries(numbers, start);
  for (let index = 0; index < 2 * START_VALUES; index += 2) {
    lookAt(series, start[index] ?? 0, start[index + 1] ?? 0, hourOfWeek);
  }
  reading.unusual = 0;
  reading.surprise = 0;
  reading.parts.fill(0);
}

function lookAt(series: Series, time: number, given: number, hourOfWeek: HourOfWeek): void {
  const { numbers } = series;
  const value = withinBound(numbers, rateOf(numbers, time, given));
  if (Number.isNaN(value)) return;
  const hours = Math.floor(time / HOUR_MS);
  if (hours !== numbers[AT.hour] || numbers[AT.seen] === 0) {
    numbers[AT.hour] = hours;
    numbers[AT.hourOfWeek] = hourOfWeek(time);
  }
  const summed = sumOfSurprises(series, value, numbers[AT.hourOfWeek] ?? 0);
  const echo = (numbers[AT.echo] ?? 0) * ECHO_KEPT + summed * (1 - ECHO_KEPT);
  numbers[AT.echo] = echo;
  const index = numbers[AT.seen] ?? 0;
  numbers[AT.seen] = index + 1;
  reading.value = value;
  remember(series, index);
  if (index < QUIET_VALUES) return;
  reading.isKnown = true;
  const score = summed + echo;
  reading.unusual = judge(numbers, score, index);
  reading.surprise = surprise(numbers, AT.scores, score, index - QUIET_VALUES, JUDGEMENT_MAX);
}

/** Adds up what the features say of a value, learns it, and writes the reading. */
function sumOfSurprises(series: Series, value: number, hourOfWeek: number): number {
  const { numbers } = series;
  const { parts } = reading;
  const seen = numbers[AT.seen] ?? 0;
  const hour = hourOfWeek % 24;
  const step = seen === 0 ? 0 : Math.abs(value - (numbers[AT.previous] ?? 0));
  numbers[AT.previous] = value;
  surprise(numbers, TRACK.step, step, seen);
  const level = bothWays(numbers, TRACK.high, TRACK.low, value, seen);
  const short = follow(numbers, AT.meanShort, value, SHORT_VALUES, seen);
  const medium = follow(numbers, AT.meanMedium, value, MEDIUM_VALUES, seen);
  const long = follow(numbers, AT.meanLong, value, LONG_VALUES, seen);
  parts[1] = Math.max(
    bothWays(numbers, TRACK.shortHigh, TRACK.shortLow, short, seen),
    bothWays(numbers, TRACK.mediumHigh, TRACK.mediumLow, medium, seen),
  );
  expect(series, value, hour, hourOfWeek, expectation);
  const { best, deviation, isWithinRange } = expectation;
  const weight = isWithinRange ? WITHIN_RANGE_WEIGHT : 1;
  const residual = value - best;
  reading.expected = best;
  reading.low = best - Math.max(0, usualEnd(numbers, TRACK.seasonLow, BAND_EXCESSES));
  reading.high = best + Math.max(0, usualEnd(numbers, TRACK.seasonHigh, BAND_EXCESSES));
  parts[0] = weight * level;
  parts[2] = weight * bothWays(numbers, TRACK.seasonHigh, TRACK.seasonLow, residual, seen);
  const residualShort = ease(numbers, AT.residualShort, residual, RESIDUAL_SHORT_VALUES);
  const residualLong = ease(numbers, AT.residualLong, residual, RESIDUAL_LONG_VALUES);
  parts[3] =
    bothWays(numbers, TRACK.seasonShortHigh, TRACK.seasonShortLow, residualShort, seen) +
    bothWays(numbers, TRACK.seasonLongHigh, TRACK.seasonLongLow, residualLong, seen);
  const noisy = residual / (deviation || Math.abs(residual) || 1);
  parts[4] = bothWays(numbers, TRACK.noisyHigh, TRACK.noisyLow, noisy, seen);
  const longest = usualEnd(numbers, TRACK.step, STEP_CLIP);
  const counted = seen > START_VALUES && longest > 0 ? Math.min(step, longest) : step;
  const variance = follow(numbers, AT.stepVariance, counted * counted, UNREST_VALUES, seen);
  const unrest = Math.log(variance + 1e-9 * long * long + 1e-12);
  parts[5] = bothWays(numbers, TRACK.restless, TRACK.still, unrest, seen);
  parts[6] = noveltyOf(series, value, hour, seen);
  let sum = 0;
  for (let index = 0; index < parts.length; index += 1) sum += parts[index] ?? 0;
  return sum;
}

/** The surprise of a value that may be too large or too small. */
function bothWays(
  numbers: Float64Array,
  high: number,
  low: number,
  value: number,
  seen: number,
): number {
  const above = surprise(numbers, high, value, seen);
  const below = surprise(numbers, low, -value, seen);
  return Math.max(above, below);
}

/** A mean over about the last `values` values; over all of them while there are fewer. */
function follow(
  numbers: Float64Array,
  at: number,
  value: number,
  values: number,
  seen: number,
): number {
  const mean = numbers[at] ?? 0;
  const next = mean + (value - mean) / Math.min(seen + 1, values);
  numbers[at] = next;
  return next;
}

/** A mean that begins at nought. */
function ease(numbers: Float64Array, at: number, value: number, values: number): number {
  const mean = numbers[at] ?? 0;
  const next = mean + (value - mean) / values;
  numbers[at] = next;
  return next;
}

function remember({ recent }: Series, index: number): void {
  const place = index % RECENT_VALUES;
  recent[place] = reading.value;
  recent[RECENT_VALUES + place] = reading.low;
  recent[2 * RECENT_VALUES + place] = reading.high;
}
