// Mean, ranks and intervals of a KPI: on whole seconds, so that sums are exact and their order is nobody's
// business.
import type { Statistics } from "../store/kpi.ts";

/** Below this many values a figure has no trend, and the single values stand beside it. */
export const FEW_VALUES = 5;
/** Quantile of the normal distribution for a two-sided 95 % interval. */
const Z_95 = 1.959963985;

/** n, mean (tenths), median and P90 by nearest rank, least and greatest; nulls without a value. */
export function statisticsOf(seconds: readonly number[]): Statistics {
  const sorted = new Float64Array(seconds).sort();
  const n = sorted.length;
  if (n === 0) {
    return { n, meanS: null, medianS: null, p90S: null, minS: null, maxS: null };
  }
  return {
    n,
    meanS: meanOf(seconds),
    medianS: nearestRank(sorted, 50),
    p90S: nearestRank(sorted, 90),
    minS: nearestRank(sorted, 0),
    maxS: nearestRank(sorted, 100),
  };
}

/** Rounded to tenths of a second; null without a value. */
export function meanOf(seconds: readonly number[]): number | null {
  if (seconds.length === 0) return null;
  const sum = seconds.reduce((total, one) => total + one, 0);
  return Math.round((sum / seconds.length) * 10) / 10;
}

/** Rounded to four digits; null where there is nothing to take a share of. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole);
}

/**
 * Wilson's score interval of a share, 95 % (E. B. Wilson, JASA 22 (1927), 209–212); null for n = 0.
 * @param k of `n`
 */
export function wilson95(k: number, n: number): [number, number] | null {
  if (n === 0) return null;
  const p = k / n;
  const zz = (Z_95 * Z_95) / n;
  const centre = p + zz / 2;
  const half = Z_95 * Math.sqrt((p * (1 - p)) / n + zz / (4 * n));
  return [
    rounded(Math.max(0, (centre - half) / (1 + zz))),
    rounded(Math.min(1, (centre + half) / (1 + zz))),
  ];
}

// The smallest value with at least this share of all values at or below it. In whole numbers: a percent
// times a count has no rounding.
function nearestRank(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
