// Where the numbers of one series lie: one block of memory, so that a hundred thousand series cost no objects
// and a snapshot is a copy. Offsets count in 64-bit numbers unless they say otherwise.
import { HOURS_OF_WEEK } from "../anomaly/calendar.ts";
import { TRACKER_NUMBERS } from "./tail-tracker.ts";

/** Values of the start, which are kept and learnt at once when their middle and spread are known. */
export const START_VALUES = 96;
/** Values kept for the picture. */
export const RECENT_VALUES = 48;
/** Bits of each of the three novelty memories. */
export const NOVELTY_BITS = 12;
const NOVELTY_BYTES = 2 ** NOVELTY_BITS / 8;
const HOURS_OF_DAY = 24;

/** Single numbers of a series. */
export const AT = {
  seen: 0,
  time: 1,
  rawValue: 2,
  isCounter: 3,
  started: 4,
  middle: 5,
  spread: 6,
  previous: 7,
  meanShort: 8,
  meanMedium: 9,
  meanLong: 10,
  stepVariance: 11,
  residualShort: 12,
  residualLong: 13,
  errorDay: 14,
  errorWeek: 15,
  errorLevel: 16,
  echo: 17,
  alarmIndex: 18,
  alarmScore: 19,
  habituation: 20,
  rateSymbol: 21,
  ratePair: 22,
  rateHour: 23,
  symbol: 24,
  hour: 25,
  hourOfWeek: 26,
  gaps: 27,
  gapsSeen: 31,
  heard: 32,
  scores: 33,
  missing: 37,
  bound: 38,
  isSilent: 39,
  gapMean: 40,
} as const;
const SINGLES = 42;

/** Tail trackers, `TRACKER_NUMBERS` apart: each looks at one feature in one direction. */
export const TRACK = {
  high: SINGLES,
  low: SINGLES + TRACKER_NUMBERS,
  shortHigh: SINGLES + 2 * TRACKER_NUMBERS,
  shortLow: SINGLES + 3 * TRACKER_NUMBERS,
  mediumHigh: SINGLES + 4 * TRACKER_NUMBERS,
  mediumLow: SINGLES + 5 * TRACKER_NUMBERS,
  seasonHigh: SINGLES + 6 * TRACKER_NUMBERS,
  seasonLow: SINGLES + 7 * TRACKER_NUMBERS,
  seasonShortHigh: SINGLES + 8 * TRACKER_NUMBERS,
  seasonShortLow: SINGLES + 9 * TRACKER_NUMBERS,
  seasonLongHigh: SINGLES + 10 * TRACKER_NUMBERS,
  seasonLongLow: SINGLES + 11 * TRACKER_NUMBERS,
  noisyHigh: SINGLES + 12 * TRACKER_NUMBERS,
  noisyLow: SINGLES + 13 * TRACKER_NUMBERS,
  restless: SINGLES + 14 * TRACKER_NUMBERS,
  still: SINGLES + 15 * TRACKER_NUMBERS,
  step: SINGLES + 16 * TRACKER_NUMBERS,
} as const;
const TRACKERS_END = SINGLES + 17 * TRACKER_NUMBERS;

/** Tables by hour of the day and of the week. */
export const HOURS = {
  mean: TRACKERS_END,
  deviation: TRACKERS_END + HOURS_OF_DAY,
  count: TRACKERS_END + 2 * HOURS_OF_DAY,
  top: TRACKERS_END + 3 * HOURS_OF_DAY,
  bottom: TRACKERS_END + 4 * HOURS_OF_DAY,
  week: TRACKERS_END + 5 * HOURS_OF_DAY,
} as const;
const NUMBERS = TRACKERS_END + 5 * HOURS_OF_DAY + HOURS_OF_WEEK;

const NOVELTY_AT = NUMBERS * Float64Array.BYTES_PER_ELEMENT;
const RECENT_AT = NOVELTY_AT + 3 * NOVELTY_BYTES;
const WEEK_COUNTS_AT = RECENT_AT + 3 * RECENT_VALUES * Float32Array.BYTES_PER_ELEMENT;
/** Bytes of one series' whole state. */
export const SERIES_BYTES = WEEK_COUNTS_AT + HOURS_OF_WEEK;

/** What is remembered of one series. All are views of the same block. */
export interface Series {
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Three bit maps of what was seen: symbol, pair of symbols, symbol by hour. */
  readonly novelty: Uint8Array<ArrayBuffer>;
  /** Values, lower and upper ends of what was expected: rings of `RECENT_VALUES`. */
  readonly recent: Float32Array<ArrayBuffer>;
  /** Values seen by hour of the week, at most 255. */
  readonly weekCounts: Uint8Array<ArrayBuffer>;
}

/** A series without a past, or with that of a block of `SERIES_BYTES`. */
export function createSeries(block: ArrayBuffer = new ArrayBuffer(SERIES_BYTES)): Series {
  return {
    numbers: new Float64Array(block, 0, NUMBERS),
    novelty: new Uint8Array(block, NOVELTY_AT, 3 * NOVELTY_BYTES),
    recent: new Float32Array(block, RECENT_AT, 3 * RECENT_VALUES),
    weekCounts: new Uint8Array(block, WEEK_COUNTS_AT, HOURS_OF_WEEK),
  };
}
