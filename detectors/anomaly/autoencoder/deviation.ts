// How far a day lies from what a network makes of it: feature by feature relative to what the network misses on
// quiet days, and in one number.
import { FEATURES, MEASURES } from "./measures.ts";

/** Less than expected is a day of leave, more often than not. */
const LESS_SHARE = 0.1;

export interface Deviation {
  /** Of each feature. */
  readonly parts: Float64Array;
  readonly sum: number;
  /** The root of their mean, because squares have tails that are too heavy to be learnt from few days. */
  readonly size: number;
}

/** `residuals`: mean square residual of each feature on quiet days. */
export function deviationOf(
  row: Float32Array,
  expected: Float32Array,
  residuals: Float64Array,
): Deviation {
  const parts = Float64Array.from(row, (value, feature) => {
    const away = value - (expected[feature] ?? 0);
    const part = away ** 2 / (residuals[feature] ?? 1);
    return away < 0 && !isHour(feature) ? LESS_SHARE * part : part;
  });
  const sum = parts.reduce((total, part) => total + part, 0);
  return { parts, sum, size: Math.sqrt(sum / FEATURES) };
}

/** Sizes of the deviations of `count` rows that lie one behind the other, as `expected` does. */
export function sizesOf(
  rows: Float32Array,
  expected: Float32Array,
  residuals: Float64Array,
  count: number,
): Float64Array {
  const at = (values: Float32Array, place: number) =>
    values.subarray(place * FEATURES, (place + 1) * FEATURES);
  return Float64Array.from(
    { length: count },
    (_, place) => deviationOf(at(rows, place), at(expected, place), residuals).size,
  );
}

/** Earlier is as unusual as later. */
function isHour(feature: number): boolean {
  return MEASURES[feature % MEASURES.length] === "first_hour";
}
