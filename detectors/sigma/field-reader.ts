// Reads a field's value from a record along the paths that its shape gives; the first present one wins.
import type { FieldPath, ParsedRecord } from "../event.ts";

/** The value, or undefined when the record has none (null counts as none). */
export type FieldReader = (record: ParsedRecord) => unknown;

/** A reader for these paths, made for the common case of one top-level key. */
export function fieldReader(paths: readonly FieldPath[]): FieldReader {
  const readers = paths.map(pathReader);
  const [first, second] = readers;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (readers.length === 2) return (record) => first(record) ?? second(record);
  return (record) => {
    for (const reader of readers) {
      const value = reader(record);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

function pathReader(path: FieldPath): FieldReader {
  const [first = "", ...rest] = path;
  if (path.some((key) => key in Object.prototype)) return ownReader(path);
  if (rest.length === 0) return (record) => record[first] ?? undefined;
  return (record) => {
    let value: unknown = record[first];
    for (const key of rest) {
      if (typeof value !== "object" || value === null) return undefined;
      // Checked above: it is an object; arrays simply lack the key.
      value = (value as Record<string, unknown>)[key];
    }
    return value ?? undefined;
  };
}

// For the few names that every object has (`constructor`): only what the record itself holds counts.
function ownReader(path: FieldPath): FieldReader {
  return (record) => {
    let value: unknown = record;
    for (const key of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
        return undefined;
      // Checked above: it is an object that has the key.
      value = (value as Record<string, unknown>)[key];
    }
    return value ?? undefined;
  };
}
