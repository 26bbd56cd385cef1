// The way back from an archived document to a record as its format lays it out, so that rules meet the
// archive through the same shapes and the same compiled engine as live events. What a format computed is
// not undone; identities stay the pseudonyms that they were archived as.
import { isAppError } from "../../config/errors.ts";
import type { EcsDocument, EcsValue, FieldPath, ParsedRecord } from "../../detectors/event.ts";
import { decidingFields } from "./document-origin.ts";
import type { Format } from "./format.ts";
import { parseJsonRecord } from "./json-text.ts";
import { isFlatWindows, restoreFlatWindows } from "./windows/windows-restored.ts";

/** Remembered names of one format; beyond, they are looked up each time. */
const NAMES_MAX = 5000;
/** Longest dotted name that is taken for a path. */
const PATH_KEYS_MAX = 16;
/** Formats that archive their records as they came, which are ECS already. */
const KEPT_AS_THEY_ARE: ReadonlySet<string> = new Set(["ecs", "winlogbeat"]);
/** A key that no format knows; under which name it is written shows where unknown keys go. */
const UNKNOWN_KEY = "unknownkey";

type Mutable = Record<string, unknown>;

/** Makes the way back; it remembers where the names of each format lie. */
export function createRestorer(): (document: EcsDocument, format: Format) => ParsedRecord {
  const places = new Map<Format, (name: string) => readonly FieldPath[]>();
  return (document, format) => {
    if (isFlatWindows(format)) return restoreFlatWindows(document);
    let placesOf = places.get(format);
    if (placesOf === undefined) {
      placesOf = remembered(KEPT_AS_THEY_ARE.has(format.id) ? nestedPlace : placesIn(format));
      places.set(format, placesOf);
    }
    return restore(document, placesOf);
  };
}

// Dots are levels, as in the record that came, where they can be.
function nestedPlace(name: string): readonly FieldPath[] {
  const path = name.split(".");
  return [path.includes("") || path.length > PATH_KEYS_MAX ? [name] : path];
}

// What the format's shape reads under a name is where the name's value lay.
function placesIn(format: Format): (name: string) => readonly FieldPath[] {
  const { locate } = format.shape;
  const written = Object.keys(format.ecs({ [UNKNOWN_KEY]: "x" }));
  const prefix = written
    .find((name) => name.endsWith(`.${UNKNOWN_KEY}`))
    ?.slice(0, -UNKNOWN_KEY.length);
  return (name) =>
    prefix !== undefined && name.startsWith(prefix)
      ? locate(name.slice(prefix.length)).slice(0, 1)
      : locate(name);
}

function remembered(
  find: (name: string) => readonly FieldPath[],
): (name: string) => readonly FieldPath[] {
  const known = new Map<string, readonly FieldPath[]>();
  return (name) => {
    let paths = known.get(name);
    if (paths === undefined) {
      paths = find(name);
      if (known.size < NAMES_MAX) known.set(name, paths);
    }
    return paths;
  };
}

function restore(
  document: EcsDocument,
  placesOf: (name: string) => readonly FieldPath[],
): ParsedRecord {
  // Without a prototype: names come from logs.
  const record = Object.create(null) as Mutable; // An object without prototype is a record of unknowns.
  for (const [field, value] of decidingFields(document)) record[field] = value;
  let further: { readonly path: FieldPath; readonly value: unknown }[] | undefined;
  for (const name of Object.keys(document)) {
    const paths = placesOf(name);
    const [path] = paths;
    const value = document[name];
    if (path === undefined || value === undefined) continue;
    const original = unpacked(value);
    setAt(record, path, original);
    // Senders call the same thing by several names; rules may ask for any of them.
    for (let at = 1; at < paths.length; at += 1) {
      further ??= [];
      further.push({ path: paths[at] ?? path, value: original });
    }
  }
  for (const { path, value } of further ?? []) setAt(record, path, value);
  return record;
}

// The first name that leads to a place fills it: what stands under several names is the same value.
function setAt(record: Mutable, path: FieldPath, value: unknown): void {
  let level = record;
  for (let at = 0; at < path.length - 1; at += 1) {
    const key = path[at] ?? "";
    const below = level[key];
    if (below === undefined) {
      const made = Object.create(null) as Mutable; // As above.
      level[key] = made;
      level = made;
    } else if (typeof below === "object" && below !== null && !Array.isArray(below)) {
      level = below as Mutable; // Objects in the record are made here and nowhere else.
    } else return;
  }
  const last = path.at(-1) ?? "";
  level[last] ??= value;
}

/** Objects of a list are archived as JSON text, each. */
function unpacked(value: EcsValue): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one: string | number) =>
    typeof one === "string" && one.startsWith("{") ? objectOr(one) : one,
  );
}

function objectOr(text: string): unknown {
  try {
    return parseJsonRecord(text);
  } catch (error) {
    // Cut off where the archive bounds texts, or never JSON: the text is what there is.
    if (isAppError(error)) return text;
    throw error;
  }
}
