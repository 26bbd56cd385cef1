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
    for (let index = 0; index < rest.length; index++) {
      if (typeof value !== "object" || value === null) return undefined;
      if (Array.isArray(value)) return valuesBelow(value, rest.slice(index));
      // Checked above: it is an object.
      value = (value as Record<string, unknown>)[rest[index] ?? ""];
    }
    return value ?? undefined;
  };
}

/** Elements of a list that are followed further down. */
const ELEMENTS_MAX = 1000;

// `TargetResources.modifiedProperties.newValue` means all of them where the resources are a list.
function valuesBelow(list: readonly unknown[], path: FieldPath): unknown {
  const read = pathReader(path);
  const values: unknown[] = [];
  for (const element of list.slice(0, ELEMENTS_MAX)) {
    if (typeof element !== "object" || element === null) continue;
    // Checked above: an object, read only; a list in a list has no keys of its own.
    const value = read(element as ParsedRecord);
    if (Array.isArray(value)) values.push(...value.slice(0, ELEMENTS_MAX));
    else if (value !== undefined) values.push(value);
  }
  return values.length === 0 ? undefined : values.slice(0, ELEMENTS_MAX);
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
