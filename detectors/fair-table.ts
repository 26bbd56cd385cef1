// A table that is fair to sources: where there are too many keys, the source that has most of them loses the one
// that was not touched for the longest time. A source that floods the table with names evicts its own.
import type { RecentTable } from "./network/recent-table.ts";
import { RecencyMap } from "./recency-map.ts";

/** Whose a value is; may change while it is kept, the table follows with the next touch. */
interface Owned {
  readonly source: string;
}

/** Keys that are looked at before one that would be missed gives way to another. */
const MISSED_TRIES = 8;

/**
 * As `createRecentTable`; entries come source by source, each from the one not touched the longest.
 * @param isMissed whether something is known of the value that would be lost with it: others go before it
 */
export function createFairTable<V extends Owned>(
  keysMax: number,
  isMissed: (value: V) => boolean = () => false,
): RecentTable<V> {
  const bySource = new Map<string, RecencyMap<string, V>>();
  const sourceOf = new Map<string, string>();
  const take = (key: string): V | undefined => {
    const source = sourceOf.get(key);
    if (source === undefined) return undefined;
    const own = bySource.get(source);
    const value = own?.get(key);
    own?.delete(key);
    if (own?.size === 0) bySource.delete(source);
    sourceOf.delete(key);
    return value;
  };
  const put = (key: string, value: V) => {
    const own = bySource.get(value.source) ?? new RecencyMap<string, V>();
    own.set(key, value);
    bySource.set(value.source, own);
    sourceOf.set(key, value.source);
  };
  const table: RecentTable<V> = {
    evicted: 0,
    get: (key) => bySource.get(sourceOf.get(key) ?? "")?.get(key),
    set(key, value) {
      if (sourceOf.get(key) !== value.source) take(key);
      put(key, value);
      if (sourceOf.size <= keysMax) return;
      const least = leastMissed(largest(bySource), isMissed);
      if (least === undefined) return;
      take(least);
      table.evicted += 1;
    },
    touch(key) {
      const source = sourceOf.get(key);
      const own = source === undefined ? undefined : bySource.get(source);
      const value = own?.get(key);
      if (own === undefined || value === undefined) return;
      if (value.source === source) {
        own.touch(key);
        return;
      }
      take(key);
      put(key, value);
    },
    delete(key) {
      take(key);
    },
    *entries() {
      for (const own of bySource.values()) yield* own.entries();
    },
    clear() {
      bySource.clear();
      sourceOf.clear();
    },
    get size() {
      return sourceOf.size;
    },
  };
  return table;
}

type Sources<V> = ReadonlyMap<string, RecencyMap<string, V>>;

function largest<V>(bySource: Sources<V>): RecencyMap<string, V> | undefined {
  let found: RecencyMap<string, V> | undefined;
  for (const own of bySource.values()) if (own.size > (found?.size ?? 0)) found = own;
  return found;
}

/** The key that was not touched the longest, but of the first few rather one that nobody misses. */
function leastMissed<V>(
  own: RecencyMap<string, V> | undefined,
  isMissed: (value: V) => boolean,
): string | undefined {
  for (let tries = MISSED_TRIES; tries > 0; tries -= 1) {
    const key = own?.oldest;
    const value = key === undefined ? undefined : own?.get(key);
    if (key === undefined || value === undefined || !isMissed(value)) return key;
    own?.touch(key);
  }
  return own?.oldest;
}
