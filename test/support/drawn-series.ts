// Series as hosts and services have them, drawn from a seed: daily and weekly rhythm, noise of several kinds,
// sparse spikes, constant values and counters.

export const KINDS = ["daily", "weekly", "noise", "sparse", "constant", "counter"] as const;
export type SeriesKind = (typeof KINDS)[number];

/** `points` values, one a minute. */
export function drawnSeries(kind: SeriesKind, seed: number, points: number): Float64Array {
  const next = randomFrom(seed);
  let total = 0;
  return Float64Array.from({ length: points }, (_, minute) => {
    const day = Math.sin((2 * Math.PI * (minute % 1440)) / 1440);
    const noise = next() + next() + next() - 1.5;
    switch (kind) {
      case "daily":
        return 50 + 30 * day + 3 * noise;
      case "weekly":
        return (minute % 10_080 < 7200 ? 100 + 80 * day : 20) + 5 * noise;
      case "noise":
        return 10 + noise;
      case "sparse":
        return next() < 0.02 ? Math.floor(20 * next()) : 0;
      case "constant":
        return 42;
      case "counter":
        total += 1000 + Math.floor(200 * next());
        return total;
    }
  });
}

/** A generator of numbers, 0 ≤ … < 1 (xorshift32, Marsaglia 2003). */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
