// A map that never holds more than so many keys: where there are too many, the one that was not touched
// for the longest time goes, and is counted. What flows of hostile keys can do ends here.
import { RecencyMap } from "../recency-map.ts";

/** Longest text that is kept as a key or an example: longer ones are cut and told apart by a hash. */
const KEY_CHARS_MAX = 256;

export interface RecentTable<V> {
  get(key: string): V | undefined;
  /** Puts a value in, as the one touched last. */
  set(key: string, value: V): void;
  /** The one touched last is now this one. */
  touch(key: string): void;
  delete(key: string): void;
  /** From the one not touched for the longest time to the last. */
  entries(): IterableIterator<[string, V]>;
  clear(): void;
  readonly size: number;
  /** Keys that went because there were too many. */
  evicted: number;
}

export function createRecentTable<V>(keysMax: number): RecentTable<V> {
  const map = new RecencyMap<string, V>();
  const table: RecentTable<V> = {
    evicted: 0,
    get: (key) => map.get(key),
    set(key, value) {
      map.set(key, value);
      const { oldest } = map;
      if (map.size <= keysMax || oldest === undefined) return;
      map.delete(oldest);
      table.evicted += 1;
    },
    touch(key) {
      map.touch(key);
    },
    delete(key) {
      map.delete(key);
    },
    entries: () => map.entries(),
    clear: () => map.clear(),
    get size() {
      return map.size;
    },
  };
  return table;
}

/** A key of bounded length: a long one keeps its begin and gets a hash of the whole. */
export function boundedKey(text: string): string {
  if (text.length <= KEY_CHARS_MAX) return text;
  return `${text.slice(0, KEY_CHARS_MAX)}~${hashText(text).toString(16)}`;
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hashText(text: string, seed = 0x811c9dc5): number {
  let hash = seed | 0;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x7feb352d);
  hash ^= hash >>> 15;
  return hash >>> 0;
}

/** A count or size from outside: not a number, negative or endless becomes 0, huge is cut. */
export function soundAmount(value: number | undefined, max = 1e15): number {
  return value !== undefined && value > 0 ? Math.min(value, max) : 0;
}
