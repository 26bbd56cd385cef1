// When a score becomes an alarm: above a fixed bar, once in a while, or much above the last one. Alarms raise
// the bar for a while: what keeps on alarming is becoming usual.
import { AT } from "./layout.ts";

/** The one bar for all series: a sum of surprises in nats over the features and the last few values. */
const BAR = 40;
/** After an alarm the series is quiet for so many values, and for so large a part of its age. */
const REST_VALUES = 50;
const REST_SHARE = 0.03;
const REST_VALUES_MAX = 600;
/** … unless a score is by so much above those since. */
const ESCALATION = 25;
/** Each alarm raises the bar by this part; that fades over so many rests. */
const HABITUATION = 0.1;
const HABITUATION_RESTS = 5;
/** A value that is no alarm stays below one half whatever its score. */
const QUIET_MAX = 0.49;

/**
 * How unusual, 0 to 1, at this value: 0.5 or more is an alarm. `score`: what `observeSeries` sums up;
 * `index`: values of the series before this one.
 */
export function judge(numbers: Float64Array, score: number, index: number): number {
  const rest = Math.min(REST_VALUES_MAX, REST_VALUES + REST_SHARE * index);
  // Every index lies within the series' numbers: the offsets are constants.
  const habituation = (numbers[AT.habituation] as number) * (1 - 1 / (HABITUATION_RESTS * rest));
  const bar = BAR * (1 + HABITUATION * habituation);
  const isResting = habituation > 0 && index - (numbers[AT.alarmIndex] as number) <= rest;
  const since = numbers[AT.alarmScore] as number;
  const unusual = score / (score + bar);
  if (score >= bar && (!isResting || score > since + ESCALATION)) {
    numbers[AT.alarmIndex] = index;
    numbers[AT.alarmScore] = score;
    numbers[AT.habituation] = habituation + 1;
    return unusual;
  }
  if (isResting && score > since) numbers[AT.alarmScore] = score;
  numbers[AT.habituation] = habituation;
  return Math.min(unusual, QUIET_MAX);
}
