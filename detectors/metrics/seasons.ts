// What a series usually does at this hour: means by hour of the day and of the week and a long mean, of which
// the one counts that has been wrong least; and the range that an hour of the day has seen.
import { AT, HOURS, type Series } from "./layout.ts";

const ERROR_VALUES = 500;
const ERROR_CLIP = 6;
/** By how much the week has to be better than the day, because it learns seven times slower. */
const WEEK_GAIN = 0.95;
const WEEK_COUNT_MIN = 2;
const DAY_VALUES = 84;
const WEEK_VALUES = 24;
const DEVIATION_CLIP = 5;
/** From so many values of an hour on, one moves its mean by at most so many deviations. */
const HOUR_KNOWN = 20;
const MEAN_CLIP = 20;
/** The range of an hour shrinks by this part with each of its values. */
const RANGE_DECAY = 0.0005;
const COUNT_MAX = 255;

/** What was expected of a value. One object per detector, written anew by each call. */
export interface Expectation {
  /** The forecast that has been best. */
  best: number;
  /** The forecast by hour of the day alone. */
  day: number;
  /** Usual distance of a value from the hour's mean; 0 where the hour is new. */
  deviation: number;
  /** The hour has seen larger and smaller values than this one. */
  isWithinRange: boolean;
}

/** Forecasts the value, writes it to `into`, and learns the value. */
export function expect(
  { numbers, weekCounts }: Series,
  value: number,
  hour: number,
  hourOfWeek: number,
  into: Expectation,
): void {
  // Every index lies within the series' numbers: hours are 0 to 23 and 0 to 167.
  const long = numbers[AT.meanLong] as number;
  const count = numbers[HOURS.count + hour] as number;
  const dayMean = numbers[HOURS.mean + hour] as number;
  const day = count === 0 ? long : dayMean;
  const weekMean = numbers[HOURS.week + hourOfWeek] as number;
  const weekCount = weekCounts[hourOfWeek] ?? 0;
  const week = weekCount >= WEEK_COUNT_MIN ? weekMean : day;
  const seen = numbers[AT.seen] as number;
  const pace = 1 / Math.min(seen + 1, ERROR_VALUES);
  const errorDay = learnError(numbers, AT.errorDay, Math.abs(value - day), pace);
  const errorWeek = learnError(numbers, AT.errorWeek, Math.abs(value - week), pace);
  const errorLevel = learnError(numbers, AT.errorLevel, Math.abs(value - long), pace);
  let best = errorWeek < errorDay * WEEK_GAIN ? week : day;
  if (errorLevel < Math.min(errorDay, errorWeek)) best = long;
  const deviation = numbers[HOURS.deviation + hour] as number;
  into.best = best;
  into.day = day;
  into.deviation = deviation;
  into.isWithinRange = learnRange(numbers, hour, value, count);

  const residual = Math.abs(value - best);
  const counted =
    deviation > 0 && count > DEVIATION_CLIP
      ? Math.min(residual, DEVIATION_CLIP * deviation)
      : residual;
  const deviationNow = deviation + (counted - deviation) / Math.min(count + 1, DAY_VALUES);
  numbers[HOURS.deviation + hour] = deviationNow;
  // A series without any spread has no measure by which a value would be too far away.
  const isKnown = count + 1 > HOUR_KNOWN && deviationNow > 0;
  const reach = isKnown ? MEAN_CLIP * deviationNow : Number.POSITIVE_INFINITY;
  numbers[HOURS.count + hour] = count + 1;
  numbers[HOURS.mean + hour] =
    count === 0
      ? value
      : dayMean + clipped(value - dayMean, reach) / Math.min(count + 2, DAY_VALUES);
  weekCounts[hourOfWeek] = Math.min(weekCount + 1, COUNT_MAX);
  numbers[HOURS.week + hourOfWeek] =
    weekCount === 0
      ? value
      : weekMean + clipped(value - weekMean, reach) / Math.min(weekCount + 2, WEEK_VALUES);
}

function learnError(numbers: Float64Array, at: number, error: number, pace: number): number {
  // As above.
  const mean = numbers[at] as number;
  const counted = mean > 0 ? Math.min(error, ERROR_CLIP * mean) : error;
  const next = mean + pace * (counted - mean);
  numbers[at] = next;
  return next;
}

function learnRange(numbers: Float64Array, hour: number, value: number, count: number): boolean {
  if (count === 0) {
    numbers[HOURS.top + hour] = value;
    numbers[HOURS.bottom + hour] = value;
    return false;
  }
  // As above.
  const top = numbers[HOURS.top + hour] as number;
  const bottom = numbers[HOURS.bottom + hour] as number;
  const mean = numbers[HOURS.mean + hour] as number;
  numbers[HOURS.top + hour] = value > top ? value : top + RANGE_DECAY * (mean - top);
  numbers[HOURS.bottom + hour] = value < bottom ? value : bottom + RANGE_DECAY * (mean - bottom);
  return value <= top && value >= bottom;
}

function clipped(value: number, reach: number): number {
  return Math.max(-reach, Math.min(reach, value));
}
