// Random choices of a storm from a seed, so that the same seed gives the same storm.

export interface Draw {
  /** [0, 1). */
  readonly share: () => number;
  /** Whole number in [from, to]. */
  readonly whole: (from: number, to: number) => number;
  readonly one: <T>(values: readonly T[]) => T;
  readonly shuffled: <T>(values: readonly T[]) => T[];
  /** By weights; an index. */
  readonly weighted: (weights: readonly number[]) => number;
}

/** The generator mulberry32 over a 32-bit seed. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  const share = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number) => from + Math.floor(share() * (to - from + 1));
  const one = <T>(values: readonly T[]): T => {
    const value = values[whole(0, values.length - 1)];
    if (value === undefined) throw new RangeError("nothing to choose from");
    return value;
  };
  const shuffled = <T>(values: readonly T[]): T[] =>
    values
      .map((value) => ({ value, at: share() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  const weighted = (weights: readonly number[]) => {
    let left = share() * weights.reduce((sum, weight) => sum + weight, 0);
    const found = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return found < 0 ? weights.length - 1 : found;
  };
  return { share, whole, one, shuffled, weighted };
}
