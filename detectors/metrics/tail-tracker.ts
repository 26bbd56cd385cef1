// The upper tail of a stream in four numbers: a running quantile, the mean excess over it, the spread and how
// many exceeded it. Much smaller and faster than detectors/anomaly/tail.ts, because a series has seventeen.

/** Numbers of one tracker: quantile, mean excess, spread, exceedances. */
export const TRACKER_NUMBERS = 4;

/** Share of values over the quantile. */
const OVER_SHARE = 0.01;
/** Shape of the generalised Pareto tail; 0 would be exponential. Slightly heavy, as metrics mostly are. */
const SHAPE = 0.1;
/** How fast the quantile moves, in spreads a value, once the series is known. */
const QUANTILE_PACE = 0.018;
const SPREAD_PACE = 0.01;
const EXCESS_PACE = 0.02;
/** One value counts at most so many mean excesses or spreads: a spike must not become the measure. */
const EXCESS_CLIP = 8;
const SPREAD_CLIP = 6;
/** Excesses before the clip holds. */
const EXCESSES_UNCLIPPED = 5;
const VALUES_COLD = 30;
/** What a finished judgement may say at most: 1e-15. */
export const JUDGEMENT_MAX = 34;
/** No single feature says more than this, whatever its value: e^-12 is 6 in a million. */
const SURPRISE_MAX = 12;

/** As `surprise`, without learning the value. */
export function surpriseOf(
  state: Float64Array,
  at: number,
  value: number,
  seen: number,
  most = SURPRISE_MAX,
): number {
  if (seen < VALUES_COLD) return 0;
  // Every index lies within the series' numbers: the callers' offsets are constants.
  const excess = value - (state[at] as number);
  if (!(excess > 0)) return 0;
  const times = excess / (state[at + 1] || Number.MIN_VALUE);
  return Math.min(Math.log1p(SHAPE * times) / SHAPE - Math.log(OVER_SHARE), most);
}

/**
 * Surprise of a value, -ln of the probability of one at least as large, 0 where it is usual; then learns it.
 * `seen`: values before this one; `most`: no value says more. Peaks over threshold (Siffer et al., KDD 2017) with a fixed shape.
 */
export function surprise(
  state: Float64Array,
  at: number,
  value: number,
  seen: number,
  most = SURPRISE_MAX,
): number {
  if (seen === 0) {
    state[at] = value;
    return 0;
  }
  const surprised = surpriseOf(state, at, value, seen, most);
  learn(state, at, value, seen + 1);
  return surprised;
}

function learn(state: Float64Array, at: number, value: number, seen: number): void {
  // As above.
  const excess = value - (state[at] as number);
  let spread = state[at + 2] as number;
  const distance = Math.abs(excess);
  const clipped = spread > 0 ? Math.min(distance, SPREAD_CLIP * spread) : distance;
  spread += Math.max(SPREAD_PACE, 1 / seen) * (clipped - spread);
  state[at + 2] = spread;
  const step = spread * Math.max(QUANTILE_PACE, 3 / seen);
  if (excess <= 0) {
    state[at] = (state[at] as number) - step * OVER_SHARE;
    return;
  }
  const risen = step * (1 - OVER_SHARE);
  state[at] = (state[at] as number) + risen;
  const count = (state[at + 3] as number) + 1;
  state[at + 3] = count;
  const mean = state[at + 1] as number;
  const left = Math.max(0, excess - risen);
  const counted = count > EXCESSES_UNCLIPPED ? Math.min(left, EXCESS_CLIP * mean) : left;
  state[at + 1] = mean + Math.max(EXCESS_PACE, 1 / (1 + count)) * (counted - mean);
}

/** The value from which on a new one is over the usual by so many mean excesses. */
export function usualEnd(state: Float64Array, at: number, excesses: number): number {
  // As above.
  return (state[at] as number) + excesses * (state[at + 1] as number);
}
