// Has this level, this step from level to level, or this level at this hour ever been there? Values become
// symbols on a logarithmic scale around the series' middle; three bit maps remember which were seen.
import { AT, NOVELTY_BITS, type Series } from "./layout.ts";

/** Symbols to one unit of asinh: about four to a factor of ten above the spread. */
const SYMBOLS_PER_UNIT = 2;
/** The share of new ones is a mean over so many values, and never counts as less than one in 10,000. */
const RATE_VALUES = 1000;
const RATE_MIN = 1e-4;
const HOUR_WEIGHT = 2;
const MAP_BITS = 2 ** NOVELTY_BITS;
const BASE = 0x811c9dc5;
const PRIME = 0x01000193;
const GOLDEN = 0x9e3779b1;

/** Sum of the surprises of what is new at this value, which is learnt: -ln of how often something new comes. */
export function noveltyOf(series: Series, value: number, hour: number, seen: number): number {
  const { numbers } = series;
  // Every index lies within the series' numbers: the offsets are constants.
  const middle = numbers[AT.middle] as number;
  const spread = numbers[AT.spread] as number;
  const symbol = Math.round(SYMBOLS_PER_UNIT * Math.asinh((value - middle) / spread));
  const previous = numbers[AT.symbol] as number;
  numbers[AT.symbol] = symbol;
  const alone = mixed(BASE, symbol);
  return (
    newness(series, 0, alone, AT.rateSymbol, seen) +
    newness(series, 1, mixed(alone, previous), AT.ratePair, seen) +
    HOUR_WEIGHT * newness(series, 2, mixed(alone, hour + 0x4000), AT.rateHour, seen)
  );
}

function newness(series: Series, map: number, hash: number, rateAt: number, seen: number): number {
  const { numbers, novelty } = series;
  const bit = map * MAP_BITS + (Math.imul(hash, GOLDEN) >>> (32 - NOVELTY_BITS));
  const byte = novelty[bit >>> 3] ?? 0;
  const mask = 1 << (bit & 7);
  const isNew = (byte & mask) === 0;
  novelty[bit >>> 3] = byte | mask;
  // As above. A series begins with everything being new.
  const rate = seen === 0 ? 1 : (numbers[rateAt] as number);
  numbers[rateAt] = rate + ((isNew ? 1 : 0) - rate) / Math.min(seen + 2, RATE_VALUES);
  return isNew ? -Math.log(Math.max(rate, RATE_MIN)) : 0;
}

/** FNV-1a's step over a whole number, and a shift so that high bits reach low ones. */
function mixed(hash: number, value: number): number {
  const next = Math.imul(hash ^ (value + 1000), PRIME);
  return next ^ (next >>> 15);
}
