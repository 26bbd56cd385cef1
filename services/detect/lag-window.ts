// How late the records of a source come, and whether its clock is wrong, from a bounded sample of lags
// (time of receipt minus event time). Pure.

/** Samples kept; when full, every second one goes and from then on half as many are taken. */
const SAMPLES_MAX = 256;
/** Below, nothing is said about a clock. */
const SAMPLES_FOR_CLOCK = 20;
const HOUR_MS = 3_600_000;
/** Zones on earth reach from -12 to +14 hours. */
const ZONE_HOURS_MAX = 14;
/** So far from a whole hour a lag still counts as one: what shippers hold back. */
const ZONE_TOLERANCE_MS = 150_000;
/** A wrong clock is wrong by the same amount all the time; what lies between the 10th and the 90th percent
 * may differ by so much. */
const STEADY_SPREAD_MS = 120_000;
/** Smaller offsets are ordinary delay or rounding to seconds. */
const AHEAD_MIN_MS = 5000;
const BEHIND_MIN_MS = 10 * 60_000;

/** Evenly drawn sample of the lags of one window. */
export interface LagSample {
  values: number[];
  /** Every so many-th lag is kept. */
  stride: number;
  count: number;
  max: number;
}

export function noLags(): LagSample {
  return { values: [], stride: 1, count: 0, max: 0 };
}

/** @param lag ms; negative: the event lies in the future */
export function addLag(sample: LagSample, lag: number): void {
  sample.max = sample.count === 0 ? lag : Math.max(sample.max, lag);
  if (sample.count % sample.stride === 0) {
    sample.values.push(lag);
    if (sample.values.length >= SAMPLES_MAX) {
      sample.values = sample.values.filter((_, index) => index % 2 === 0);
      sample.stride *= 2;
    }
  }
  sample.count += 1;
}

/** Adds what another sample saw; each of its values counts for as many lags as stand behind it. */
export function mergeLags(into: LagSample, sample: LagSample): void {
  if (sample.count === 0) return;
  for (const value of sample.values) {
    for (let times = 0; times < sample.stride; times += 1) addLag(into, value);
  }
  into.max = Math.max(into.max, sample.max);
}

/** `right`: nothing wrong is seen; `zone`: off by whole hours; `ahead`, `behind`: off by another amount. */
export type ClockState = "right" | "zone" | "ahead" | "behind";

/** What the lags say. All in ms. */
export interface LagJudgement {
  readonly medianMs: number;
  readonly maxMs: number;
  /** Of the source's clock against ours: positive, it is ahead. 0 where nothing is wrong. */
  readonly skewMs: number;
  readonly clock: ClockState;
}

/** Of several windows together; undefined without a lag. */
export function judgeLags(samples: readonly LagSample[]): LagJudgement | undefined {
  const values = samples.flatMap((sample) => sample.values).sort((a, b) => a - b);
  if (values.length === 0) return undefined;
  const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? 0;
  const medianMs = at(0.5);
  const filled = samples.filter((sample) => sample.count > 0);
  const maxMs = Math.max(...filled.map((sample) => sample.max));
  const isSteady = at(0.9) - at(0.1) <= STEADY_SPREAD_MS;
  const told = (clock: LagJudgement["clock"], skewMs: number) => ({
    medianMs,
    maxMs,
    skewMs,
    clock,
  });
  if (values.length < SAMPLES_FOR_CLOCK) return told("right", 0);
  if (isSteady) {
    const hours = Math.round(medianMs / HOUR_MS);
    const isWhole = Math.abs(medianMs - hours * HOUR_MS) <= ZONE_TOLERANCE_MS;
    if (isWhole && hours !== 0 && Math.abs(hours) <= ZONE_HOURS_MAX) {
      return told("zone", -hours * HOUR_MS);
    }
    if (medianMs >= BEHIND_MIN_MS) return told("behind", -medianMs);
  }
  // Events can't come from the future: even few of them show a clock that runs ahead.
  return at(0.1) <= -AHEAD_MIN_MS ? told("ahead", -at(0.1)) : told("right", 0);
}
