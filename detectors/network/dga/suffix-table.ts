// How often names lie under a suffix. Like the runs of characters, names can be taken out again.

/** More suffixes than this are not told apart: they count as never seen. */
const SUFFIXES_MAX = 20_000;

export interface SuffixTable {
  add(suffix: string, weight: number): void;
  /** Logarithm of the suffix's share; of one never seen that of half a name. */
  logShare(suffix: string): number;
  entries(): readonly (readonly [string, number])[];
}

export function createSuffixTable(
  entries: readonly (readonly [string, number])[] = [],
): SuffixTable {
  const counts = new Map<string, number>(entries);
  let total = 0;
  for (const [, count] of entries) total += count;
  return {
    add(suffix, weight) {
      const before = counts.get(suffix);
      if (before === undefined && counts.size >= SUFFIXES_MAX) return;
      counts.set(suffix, (before ?? 0) + weight);
      total += weight;
    },
    logShare: (suffix) => Math.log(((counts.get(suffix) ?? 0) + 0.5) / (total + 1)),
    entries: () => [...counts].filter(([, count]) => count > 0),
  };
}
