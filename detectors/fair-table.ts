// A table of series or hosts that is fair to sources: where there are too many keys, the source that has most of
// them loses the one that was not touched for the longest time. A source that floods the table with names
// evicts its own.
import type { RecentTable } from "../network/recent-table.ts";
import { RecencyMap } from "../recency-map.ts";

/** Whose a value is; may change while it is kept, the table follows with the next touch. */
interface Owned {
  readonly source: string;
}

/** As `createRecentTable`; entries come source by source, each from the one not touched the longest. */
export function createFairTable<V extends Owned>(keysMax: number): RecentTable<V> {
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
      take(key);
      put(key, value);
      if (sourceOf.size <= keysMax) return;
      const oldest = largest(bySource)?.oldest;
      if (oldest === undefined) return;
      take(oldest);
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
