// Remembers what was computed for the values seen last, with a bound on their number.

export interface RecentCache<V> {
  /** The remembered value, or what `make` gives, which is then remembered. */
  get(key: string, make: () => V): V;
  clear(): void;
}

/**
 * Two generations: when the young one is full it becomes the old one, and what is asked for again moves
 * back. Every step costs the same, and at most `entriesMax` values are held.
 */
export function createRecentCache<V>(entriesMax: number): RecentCache<V> {
  const half = Math.max(1, Math.floor(entriesMax / 2));
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  const keep = (key: string, value: V): V => {
    if (young.size >= half) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
  return {
    get(key, make) {
      const recent = young.get(key);
      if (recent !== undefined) return recent;
      const earlier = old.get(key);
      return keep(key, earlier ?? make());
    },
    clear() {
      young = new Map();
      old = new Map();
    },
  };
}
