// A generalised Pareto distribution for what exceeds a threshold, by probability-weighted moments (Hosking
// and Wallis 1987): no iteration, and steady with a few dozen values.

/** `shape` 0 is the exponential distribution; greater shapes have heavier tails. `scale` 0: nothing known. */
export interface ExcessFit {
  readonly scale: number;
  readonly shape: number;
}

/** Shapes over 0.5 have no variance, and moments no meaning; under 0 the tail would end at some value. */
const SHAPE_MAX = 0.5;
/** What is believed without data, and how many values it takes to outweigh that. */
const SHAPE_PRIOR = 0.2;
const PRIOR_VALUES = 15;
/** An excess counts at most so many medians: one huge value in the first days must not blind the fit. */
const MEDIANS_MAX = 50;

/** Fits the excesses of values over a threshold; all of `values` that lie above it. */
export function fitExcesses(values: readonly number[], threshold: number): ExcessFit {
  const excesses = values.map((value) => value - threshold).filter((excess) => excess > 0);
  const count = excesses.length;
  if (count === 0) return { scale: 0, shape: 0 };
  excesses.sort((a, b) => a - b);
  const max = MEDIANS_MAX * (excesses[(count - 1) >> 1] ?? 0);
  let mean = 0;
  let weighted = 0;
  for (let index = 0; index < count; index += 1) {
    const excess = Math.min(max, excesses[index] ?? 0);
    mean += excess / count;
    weighted += (excess * (1 - (index + 0.65) / count)) / count;
  }
  const spread = mean - 2 * weighted;
  const found = spread > 0 ? 2 - mean / spread : 0;
  const pulled = (found * count + SHAPE_PRIOR * PRIOR_VALUES) / (count + PRIOR_VALUES);
  const shape = Math.max(0, Math.min(SHAPE_MAX, pulled));
  return { scale: mean * (1 - shape), shape };
}

/** Probability that an excess is greater than this one (≥ 0). */
export function survival(fit: ExcessFit, excess: number): number {
  if (fit.scale === 0) return 1;
  const ratio = excess / fit.scale;
  return fit.shape < 1e-6 ? Math.exp(-ratio) : (1 + fit.shape * ratio) ** (-1 / fit.shape);
}
