// Distributions of tail probabilities over fixed bins, and how far two of them lie apart: by the population
// stability index, which says how large the difference is, and by Kolmogorov and Smirnov, who say whether it
// can be chance.

/** Upper ends of the bins; a score belongs to the last one that it does not exceed. */
export const SCORE_BINS: readonly number[] = [
  ...[1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 1e-3, 1e-4, 1e-6, 1e-9],
];

/** Counts by bin; faded ones are no whole numbers. */
export type Histogram = number[];

interface Distance {
  readonly psi: number;
  /** From here on the index is neither small nor chance. */
  readonly psiLimit: number;
  readonly ks: number;
  readonly ksLimit: number;
}

/**
 * A population stability index from 0.25 on is a shift that has to be acted on (Siddiqi, Credit Risk
 * Scorecards, 2006: below 0.1 none, 0.1 to 0.25 a small one).
 */
const PSI_LIMIT = 0.25;
/** Chance alone may pass a limit with this probability. */
const ALPHA = 1e-4;
/** Its quantile of the normal distribution. */
const ALPHA_NORMAL = 3.719;
/** Empty bins would make the index infinite: each has half a score more. */
const SMOOTHING = 0.5;

export function emptyHistogram(): Histogram {
  return SCORE_BINS.map(() => 0);
}

/** Counts a score; one that is no probability is none. */
export function countScore(histogram: Histogram, tail: number): void {
  if (!(tail > 0 && tail <= 1)) return;
  let bin = 0;
  while (bin + 1 < SCORE_BINS.length && tail <= (SCORE_BINS[bin + 1] ?? 0)) bin += 1;
  histogram[bin] = (histogram[bin] ?? 0) + 1;
}

export function sizeOf(histogram: Histogram): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/** Adds the counts of the other one, times a factor. */
export function addTo(histogram: Histogram, other: Histogram, factor = 1): void {
  for (const [bin, count] of other.entries())
    histogram[bin] = (histogram[bin] ?? 0) + factor * count;
}

/** Share of all in each bin; nothing of an empty one. */
export function sharesOf(histogram: Histogram): number[] {
  const size = sizeOf(histogram);
  return histogram.map((count) => (size === 0 ? 0 : count / size));
}

/**
 * How far two distributions lie apart.
 *
 * Under chance alone the index is about (1/n + 1/m) times a chi-square variable of one degree of freedom less
 * than bins (Yurdakul, Statistical Properties of Population Stability Index, 2018), taken here by its normal
 * approximation. The largest distance of the cumulated shares passes √(−ln(α/2)/2 · (n+m)/(n·m)) with
 * probability α at most (Smirnov 1948); over bins it is smaller still, so that the limit is on the safe side.
 */
export function distanceOf(before: Histogram, after: Histogram): Distance {
  const bins = SCORE_BINS.length;
  const [n, m] = [sizeOf(before), sizeOf(after)];
  const share = (count: number, size: number) => (count + SMOOTHING) / (size + SMOOTHING * bins);
  let [psi, ks, sum] = [0, 0, 0];
  for (let bin = 0; bin < bins; bin += 1) {
    const [p, q] = [share(before[bin] ?? 0, n), share(after[bin] ?? 0, m)];
    psi += (q - p) * Math.log(q / p);
    sum += (after[bin] ?? 0) / Math.max(1, m) - (before[bin] ?? 0) / Math.max(1, n);
    ks = Math.max(ks, Math.abs(sum));
  }
  const inverse = 1 / Math.max(1, n) + 1 / Math.max(1, m);
  const chance = inverse * (bins - 1 + ALPHA_NORMAL * Math.sqrt(2 * (bins - 1)));
  return {
    psi,
    psiLimit: Math.max(PSI_LIMIT, chance),
    ks: Math.min(1, ks),
    ksLimit: Math.sqrt((-Math.log(ALPHA / 2) / 2) * inverse),
  };
}
