// How probable is a value at least as large, judged by a stream's own past: peaks over a threshold with a
// generalised Pareto distribution, as in SPOT (Siffer et al., KDD 2017). One stream costs a few hundred
// numbers, however long it runs; old values fade with time, and what alarms never becomes part of the usual.
// Of very heavy tails (Pareto, shape 1/3) it calls 1 in 10,000 what is up to 20 times as frequent.
import { AppError } from "../../config/errors.ts";
import { type ExcessFit, fitExcesses, survival } from "./excess-fit.ts";

/** How a tail learns. */
export interface TailOptions {
  /** After this time a value counts half, milliseconds. */
  readonly halfLifeMs: number;
  /** Until so many values were learnt, every value is usual (probability 1). */
  readonly warmup: number;
  /** Values less probable than this are not learnt. */
  readonly alarmTail: number;
  /** Values kept of the whole stream, and of those over the threshold. */
  readonly bodyMax: number;
  readonly peaksMax: number;
  /**
   * By which part of its distance from the median the largest learnable value may rise within a half-life:
   * who pushes the usual upwards step by step can do so only this fast.
   */
  readonly rampShare: number;
  /** Chooses which values are kept; the same seed and stream give the same probabilities. */
  readonly seed: number;
}

const DAY_MS = 86_400_000;
const TAIL_DEFAULTS: TailOptions = {
  ...{ halfLifeMs: 14 * DAY_MS, warmup: 50, alarmTail: 1e-6, bodyMax: 64, peaksMax: 64 },
  ...{ rampShare: 0.1, seed: 1 },
};

/** Nothing is less probable than this: a fit can't say more. */
export const TAIL_MIN = 1e-15;

/** A stream's tail probability, learnt as it goes. */
export interface Tail {
  /** `probability` of the value, which is then learnt. NaN is probability 1 and never learnt. */
  score(value: number, time: number): number;
  /** How probable something at least as large is, TAIL_MIN to 1; 1 during a cold start. */
  probability(value: number): number;
  /** Learns a value seen at a time (milliseconds; never runs backwards); false where it is refused. */
  learn(value: number, time: number): boolean;
  /** Forgets everything: after a shift that people know of, the past says nothing. */
  relearn(): void;
  /** Values learnt, the older ones counted less. */
  readonly weight: number;
  /** Values refused, the older ones counted less: close to `weight` or above, the stream has shifted. */
  readonly refusedWeight: number;
  /** The largest value that would be usual at this probability; Infinity during a cold start. */
  limit(tail: number): number;
  /** The whole state; the same state gives the same numbers. */
  state(): Float64Array<ArrayBuffer>;
}

/** Share of values over the threshold at which it is set, and beyond which it is set anew. */
const PEAK_SHARE = 0.1;
const PEAK_SHARE_RANGE = [0.04, 0.2] as const;
/** The fit is renewed after so many learnt values. */
const REFIT_EVERY = 16;
/** Values of the start that lie further above the median than so many times the upper quartile are dropped. */
const ABSURD_SPREADS = 200;
/** Sums of larger numbers would overflow. */
const VALUE_MAX = 1e150;
const STATE_VERSION = 1;
const HEAD = 16;

/** What a tail remembers. */
interface Numbers {
  weight: number;
  over: number;
  refused: number;
  seen: number;
  first: number;
  time: number;
  random: number;
  threshold: number;
  sinceFit: number;
  fit: ExcessFit;
  cap: number;
  capTime: number;
  body: number[];
  peaks: number[];
  /** `body` in order, made when it is asked for. */
  sorted: number[] | undefined;
}

/**
 * A tail, fresh or with the state of another one of the same options.
 * @throws AppError HW_STORE_VERSION of a newer version, HW_STORE_CORRUPT where the state is none
 */
export function createTail(options: Partial<TailOptions> = {}, state?: Float64Array): Tail {
  const settings = { ...TAIL_DEFAULTS, ...options };
  let n = state === undefined ? fresh(settings.seed) : read(state, settings);
  return {
    probability: (value) => probabilityOf(n, settings, value),
    learn: (value, time) => learn(n, settings, value, time),
    relearn() {
      n = fresh(settings.seed);
    },
    limit: (tail) => (isCold(n, settings) ? Number.POSITIVE_INFINITY : levelOf(n, tail)),
    score(value, time) {
      fade(n, settings, time);
      const tail = probabilityOf(n, settings, value);
      learn(n, settings, value, time);
      return tail;
    },
    get weight() {
      return n.weight;
    },
    get refusedWeight() {
      return n.refused;
    },
    state: () => write(n),
  };
}

function isCold(n: Numbers, { warmup }: TailOptions): boolean {
  return n.seen < warmup || n.weight < warmup / 4;
}

function bodySorted(n: Numbers): readonly number[] {
  n.sorted ??= [...n.body].sort((a, b) => a - b);
  return n.sorted;
}

/** Share of values over the threshold; one value more than seen, because the next may be over. */
function overShare(n: Numbers): number {
  return Math.min(1, (n.over + 1) / (n.weight + 2));
}

function probabilityOf(n: Numbers, options: TailOptions, given: number): number {
  if (Number.isNaN(given) || isCold(n, options)) return 1;
  const value = clamp(given);
  if (value > n.threshold) {
    return Math.max(TAIL_MIN, overShare(n) * survival(n.fit, value - n.threshold));
  }
  const values = bodySorted(n);
  const atLeast = values.length - lowerBound(values, value);
  return Math.min(1, Math.max(overShare(n), (atLeast + 0.5) / (values.length + 0.5)));
}

/** The least value that is no more probable than this. */
function levelOf(n: Numbers, tail: number): number {
  const ratio = tail / overShare(n);
  if (ratio >= 1) return n.threshold;
  const { scale, shape } = n.fit;
  // Without a single peak nothing is known of how far they reach.
  if (scale === 0) return Number.POSITIVE_INFINITY;
  const excess = shape < 1e-6 ? -scale * Math.log(ratio) : (scale / shape) * (ratio ** -shape - 1);
  return n.threshold + excess;
}

function learn(n: Numbers, options: TailOptions, given: number, time: number): boolean {
  if (Number.isNaN(given)) return false;
  fade(n, options, time);
  const value = clamp(given);
  if (value > n.cap || probabilityOf(n, options, value) < options.alarmTail) {
    n.refused += 1;
    return false;
  }
  if (n.seen === 0) n.first = n.time;
  n.seen += 1;
  n.weight += 1;
  n.sinceFit += 1;
  keep(n.body, options.bodyMax, n.weight, value, n);
  n.sorted = undefined;
  if (value > n.threshold) {
    n.over += 1;
    keep(n.peaks, options.peaksMax, n.over, value, n);
  }
  if (n.seen === options.warmup) dropAbsurd(n);
  if (n.sinceFit >= REFIT_EVERY || n.seen === options.warmup) refit(n, options);
  return true;
}

function fade(n: Numbers, { halfLifeMs }: TailOptions, time: number): void {
  const gone = time - n.time;
  if (!(gone > 0)) return;
  const factor = 2 ** (-gone / halfLifeMs);
  n.weight *= factor;
  n.over *= factor;
  n.refused *= factor;
  n.time = time;
}

/** At the end of the start, when nothing was refused yet: values beyond all measure are no part of it. */
function dropAbsurd(n: Numbers): void {
  const values = bodySorted(n);
  const middle = values[values.length >> 1] ?? 0;
  const spread = (values[Math.floor(values.length * 0.75)] ?? 0) - middle;
  if (spread <= 0) return;
  const usual = (value: number) => value <= middle + ABSURD_SPREADS * spread;
  n.body = n.body.filter(usual);
  n.peaks = n.peaks.filter(usual);
  n.sorted = undefined;
}

function refit(n: Numbers, options: TailOptions): void {
  n.sinceFit = 0;
  const share = n.over / n.weight;
  if (!(share >= PEAK_SHARE_RANGE[0] && share <= PEAK_SHARE_RANGE[1])) moveThreshold(n);
  n.fit = fitExcesses(n.peaks, n.threshold);
  raiseCap(n, options);
}

/** Sets the threshold where a tenth of the kept values lies above, and begins the peaks with those. */
function moveThreshold(n: Numbers): void {
  const values = bodySorted(n);
  const next = values[Math.floor(values.length * (1 - PEAK_SHARE))] ?? n.threshold;
  if (next === n.threshold) return;
  n.peaks = (next > n.threshold ? n.peaks : values).filter((value) => value > next);
  n.over = (n.weight * (values.length - upperBound(values, next))) / values.length;
  n.threshold = next;
}

/** The largest value that can be learnt rises slowly once the stream is known for a half-life. */
function raiseCap(n: Numbers, { alarmTail, halfLifeMs, rampShare, warmup }: TailOptions): void {
  const level = levelOf(n, alarmTail);
  if (n.seen < 4 * warmup || n.time - n.first < halfLifeMs) n.cap = Number.POSITIVE_INFINITY;
  else if (n.cap === Number.POSITIVE_INFINITY) n.cap = level;
  else {
    const values = bodySorted(n);
    const middle = values[values.length >> 1] ?? 0;
    const span = Math.max(n.cap - middle, Math.abs(middle) * 0.01, Number.MIN_VALUE);
    const part = Math.min(1, (n.time - n.capTime) / halfLifeMs);
    n.cap = Math.min(Math.max(level, n.cap), n.cap + span * rampShare * part);
  }
  n.capTime = n.time;
}

/** Adds to a sample in which a value is the less likely the older it is; `weight` counts all of them. */
function keep(sample: number[], max: number, weight: number, value: number, n: Numbers): void {
  if (sample.length < max) {
    sample.push(value);
    return;
  }
  if (draw(n) * weight >= max) return;
  sample[Math.floor(draw(n) * max)] = value;
}

/** The next number of a xorshift generator (Marsaglia 2003), 0 ≤ … < 1. */
function draw(n: Numbers): number {
  let x = n.random;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  n.random = x >>> 0;
  return n.random / 2 ** 32;
}

function fresh(seed: number): Numbers {
  return {
    ...{ weight: 0, over: 0, refused: 0, seen: 0, first: 0, time: Number.NEGATIVE_INFINITY },
    ...{ random: Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1, threshold: Number.NEGATIVE_INFINITY },
    ...{ sinceFit: 0, fit: { scale: 0, shape: 0 }, cap: Number.POSITIVE_INFINITY, capTime: 0 },
    ...{ body: [], peaks: [], sorted: undefined },
  };
}

function clamp(value: number): number {
  return Math.max(-VALUE_MAX, Math.min(VALUE_MAX, value));
}

/** Place of the first value that is not less. */
function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Place of the first value that is greater. */
function upperBound(values: readonly number[], value: number): number {
  let at = lowerBound(values, value);
  while (at < values.length && values[at] === value) at += 1;
  return at;
}

function write(n: Numbers): Float64Array<ArrayBuffer> {
  const { body, peaks } = n;
  const head = [
    ...[STATE_VERSION, body.length, n.weight, n.over, n.refused, n.seen, n.first, n.time, n.random],
    ...[n.threshold, n.sinceFit, n.fit.scale, n.fit.shape, n.cap, n.capTime, peaks.length],
  ];
  return Float64Array.from([...head, ...body, ...peaks]);
}

function read(state: Float64Array, options: TailOptions): Numbers {
  const at = (index: number) => state[index] ?? Number.NaN;
  if (at(0) > STATE_VERSION) {
    throw new AppError("HW_STORE_VERSION", `the state of a tail has version ${at(0)}`);
  }
  const bodyLength = at(1);
  const peaksLength = at(HEAD - 1);
  const fits =
    at(0) === STATE_VERSION &&
    bodyLength <= options.bodyMax &&
    peaksLength <= options.peaksMax &&
    state.length === HEAD + bodyLength + peaksLength;
  if (!fits || state.some(Number.isNaN)) {
    throw new AppError("HW_STORE_CORRUPT", "the state of a tail is damaged");
  }
  return {
    ...{ weight: at(2), over: at(3), refused: at(4), seen: at(5), first: at(6), time: at(7) },
    ...{ random: at(8), threshold: at(9), sinceFit: at(10) },
    ...{ fit: { scale: at(11), shape: at(12) }, cap: at(13), capTime: at(14) },
    body: [...state.subarray(HEAD, HEAD + bodyLength)],
    peaks: [...state.subarray(HEAD + bodyLength)],
    sorted: undefined,
  };
}
