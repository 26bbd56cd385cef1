// A table of series or hosts that is fair to sources: where there are too many keys, the source that has most of
// them loses the one that was not touched for the longest time. A source that floods the table with names
// evicts its own.
import type { RecentTable } from "../network/recent-table.ts";

/** Whose a value is; may change while it is kept, the table follows with the next touch. */
interface Owned {
  readonly source: string;
}

/** As `createRecentTable`; entries come source by source, each from the one not touched the longest. */
export function createFairTable<V extends Owned>(keysMax: number): RecentTable<V> {
  const bySource = new Map<string, Map<string, V>>();
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
    const own = bySource.get(value.source);
    if (own === undefined) bySource.set(value.source, new Map([[key, value]]));
    else own.set(key, value);
    sourceOf.set(key, value.source);
  };
  const table: RecentTable<V> = {
    evicted: 0,
    get: (key) => bySource.get(sourceOf.get(key) ?? "")?.get(key),
    set(key, value) {
      take(key);
      put(key, value);
      if (sourceOf.size <= keysMax) return;
      const oldest = largest(bySource)?.keys().next();
      if (oldest === undefined || oldest.done === true) return;
      take(oldest.value);
      table.evicted += 1;
    },
    touch(key) {
      const source = sourceOf.get(key);
      const own = source === undefined ? undefined : bySource.get(source);
      const value = own?.get(key);
      if (own === undefined || value === undefined) return;
      if (value.source === source) {
        own.delete(key);
        own.set(key, value);
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

function largest<V>(bySource: ReadonlyMap<string, Map<string, V>>): Map<string, V> | undefined {
  let found: Map<string, V> | undefined;
  for (const own of bySource.values()) if (own.size > (found?.size ?? 0)) found = own;
  return found;
}
