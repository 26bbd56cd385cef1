// All metrics of one host together, window by window: does what they do fit each other? Each metric's
// distance to its own forecast becomes a coordinate; the usual correlations say how far the point lies off.
import { inverted } from "./precision.ts";

/** Metrics of a host that are looked at together: the first ones that came. */
export const HOST_METRICS_MAX = 12;
/** Numbers of one host. */
export const HOST_NUMBERS = 5 * HOST_METRICS_MAX + HOST_METRICS_MAX ** 2;

const SCALE = 0;
const KNOWN = HOST_METRICS_MAX;
const VALUES = 2 * HOST_METRICS_MAX;
const EXPECTED = 3 * HOST_METRICS_MAX;
const COUNT = 4 * HOST_METRICS_MAX;
const COVARIANCE = 5 * HOST_METRICS_MAX;

/** Windows of a metric before it is judged. */
const WINDOWS_COLD = 100;
const MEMORY_WINDOWS = 1000;
/** Further off than so many scales is as good as just so far: single values are the series' own business. */
const COORDINATE_MAX = 6;
const SCALE_CLIP = 5;
/** Part of the covariance that is taken for independent noise, so that nothing is ever quite determined. */
const SHRINKAGE = 0.05;
/** A window so many times as far off as usual is learnt with as much less weight. */
const FAR = 4;
/** The band around what was expected, in conditional deviations. */
const BAND = 3;

/** What one metric did in a window, beside what the others made expect. */
interface HostDriver {
  /** Place of the metric. */
  readonly metric: number;
  readonly seen: number;
  readonly expected: number;
  readonly limit: number;
  readonly share: number;
}

/** What a window said. */
export interface HostReading {
  /** Mean squared distance per metric, correlations taken into account: about 1 is usual. */
  readonly distance: number;
  /** The largest share first. */
  readonly drivers: readonly HostDriver[];
}

/** Adds a value of a metric and its forecast to the window. */
export function addToWindow(
  numbers: Float64Array,
  metric: number,
  value: number,
  expected: number,
): void {
  numbers[VALUES + metric] = (numbers[VALUES + metric] ?? 0) + value;
  numbers[EXPECTED + metric] = (numbers[EXPECTED + metric] ?? 0) + expected;
  numbers[COUNT + metric] = (numbers[COUNT + metric] ?? 0) + 1;
}

/** Judges and learns the window, and begins the next; undefined while too few metrics are known. */
export function closeWindow(numbers: Float64Array): HostReading | undefined {
  const present: number[] = [];
  const point = new Float64Array(HOST_METRICS_MAX);
  for (let metric = 0; metric < HOST_METRICS_MAX; metric += 1) {
    if ((numbers[COUNT + metric] ?? 0) === 0) continue;
    present.push(metric);
    point[metric] = coordinate(numbers, metric);
  }
  const judged = present.filter((metric) => (numbers[KNOWN + metric] ?? 0) >= WINDOWS_COLD);
  const reading = judged.length < 2 ? undefined : read(numbers, point, judged);
  learn(numbers, point, present, Math.min(1, FAR / (reading?.distance ?? 1)));
  numbers.fill(0, VALUES, COVARIANCE);
  return reading;
}

function residualOf(numbers: Float64Array, metric: number): number {
  const sum = (numbers[VALUES + metric] ?? 0) - (numbers[EXPECTED + metric] ?? 0);
  return sum / (numbers[COUNT + metric] ?? 1);
}

function coordinate(numbers: Float64Array, metric: number): number {
  const scaled = residualOf(numbers, metric) / (numbers[SCALE + metric] || Number.MIN_VALUE);
  // 0 / 0: a metric that never left its forecast, and does not now.
  if (Number.isNaN(scaled)) return 0;
  return Math.max(-COORDINATE_MAX, Math.min(COORDINATE_MAX, scaled));
}

function read(
  numbers: Float64Array,
  point: Float64Array,
  judged: readonly number[],
): HostReading | undefined {
  const size = judged.length;
  const matrix = new Float64Array(size * size);
  judged.forEach((a, row) => {
    judged.forEach((b, column) => {
      const covariance = numbers[COVARIANCE + a * HOST_METRICS_MAX + b] ?? 0;
      matrix[row * size + column] = covariance * (a === b ? 1 : 1 - SHRINKAGE);
    });
    matrix[row * size + row] = (matrix[row * size + row] ?? 0) + SHRINKAGE;
  });
  // Metrics that are known for different times can make a matrix that none has: then each is for itself.
  const precision = inverted(matrix, size) ?? inverted(onlyDiagonal(matrix, size), size);
  if (precision === undefined) return undefined;
  let distance = 0;
  const pulls = judged.map((metric, row) => {
    let pull = 0;
    judged.forEach((other, column) => {
      pull += (precision[row * size + column] ?? 0) * (point[other] ?? 0);
    });
    const part = pull * (point[metric] ?? 0);
    distance += part;
    return { metric, pull, part, own: precision[row * size + row] ?? 1 };
  });
  const positive = pulls.reduce((sum, { part }) => sum + Math.max(0, part), 0) || 1;
  const drivers = pulls.map(({ metric, pull, part, own }) => {
    const count = numbers[COUNT + metric] ?? 1;
    const scale = numbers[SCALE + metric] ?? 0;
    const forecast = (numbers[EXPECTED + metric] ?? 0) / count;
    // What the other metrics make expect: the conditional mean of a normal distribution.
    const expected = forecast + ((point[metric] ?? 0) - pull / own) * scale;
    const limit = expected + (Math.sign(pull) * BAND * scale) / Math.sqrt(own);
    const seen = (numbers[VALUES + metric] ?? 0) / count;
    return { metric, seen, expected, limit, share: Math.max(0, part) / positive };
  });
  drivers.sort((a, b) => b.share - a.share || a.metric - b.metric);
  return { distance: distance / size, drivers };
}

function onlyDiagonal(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, at) => (at % (size + 1) === 0 ? value : 0));
}

function learn(
  numbers: Float64Array,
  point: Float64Array,
  present: readonly number[],
  weight: number,
): void {
  for (const a of present) {
    for (const b of present) {
      const known = Math.min(numbers[KNOWN + a] ?? 0, numbers[KNOWN + b] ?? 0);
      const pace = 1 / Math.min(known + 1, MEMORY_WINDOWS);
      const at = COVARIANCE + a * HOST_METRICS_MAX + b;
      const now = numbers[at] ?? 0;
      numbers[at] = now + pace * weight * ((point[a] ?? 0) * (point[b] ?? 0) - now);
    }
  }
  for (const metric of present) {
    const known = numbers[KNOWN + metric] ?? 0;
    const scale = numbers[SCALE + metric] ?? 0;
    const size = Math.abs(residualOf(numbers, metric));
    const counted = scale > 0 && known > SCALE_CLIP ? Math.min(size, SCALE_CLIP * scale) : size;
    numbers[SCALE + metric] = scale + (counted - scale) / Math.min(known + 1, MEMORY_WINDOWS);
    numbers[KNOWN + metric] = known + 1;
  }
}
