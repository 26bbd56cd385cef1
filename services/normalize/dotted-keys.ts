// Some shippers send `{"winlog.event_id": 1}` instead of `{"winlog": {"event_id": 1}}`. Such records are
// made nested once, when they are parsed, so that a field lies in one place for all that follows.
import type { JsonRecord } from "./format.ts";
import { isRecord } from "./json-text.ts";

/** Longest dotted key that is taken for a path. */
const PATH_KEYS_MAX = 16;

/** The record itself when no key of its two upper levels has a dot, else a nested copy. */
export function nested(record: JsonRecord): JsonRecord {
  return hasDottedKey(record, 1) ? expand(record) : record;
}

function hasDottedKey(record: JsonRecord, levelsBelow: number): boolean {
  for (const key in record) {
    if (key.includes(".")) return true;
    const value = record[key];
    if (levelsBelow > 0 && isRecord(value) && hasDottedKey(value, levelsBelow - 1)) return true;
  }
  return false;
}

type Mutable = Record<string, unknown>;

function expand(record: JsonRecord): JsonRecord {
  const result = empty();
  for (const [key, value] of Object.entries(record)) {
    const path = key.split(".");
    // A key of dots only, or one that would nest without end, is a name and not a path.
    if (path.includes("") || path.length > PATH_KEYS_MAX) merge(result, key, value);
    else setPath(result, path, value);
  }
  return result;
}

function setPath(target: Mutable, path: readonly string[], value: unknown): void {
  let level = target;
  for (const key of path.slice(0, -1)) {
    const below = level[key];
    if (isRecord(below)) {
      // Only `empty` and `merge` below put objects into `level`, and those are ours to change.
      level = below as Mutable;
    } else {
      const made = empty();
      level[key] = made;
      level = made;
    }
  }
  merge(level, path.at(-1) ?? "", value);
}

function merge(target: Mutable, key: string, value: unknown): void {
  const present = target[key];
  if (!isRecord(value)) {
    target[key] = value;
    return;
  }
  const fresh = expand(value);
  if (!isRecord(present)) {
    target[key] = fresh;
    return;
  }
  // `present` was put here by this file (see setPath).
  for (const [name, child] of Object.entries(fresh)) merge(present as Mutable, name, child);
}

// Without a prototype, so that a key such as `constructor.prototype` meets nothing it could change.
function empty(): Mutable {
  return Object.create(null) as Mutable; // An object without prototype is a record of unknowns.
}
