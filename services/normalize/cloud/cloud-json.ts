// What the JSON formats of cloud services share: records stay nested as they came, a table of ECS name →
// dotted paths gives the document, and names of Sigma rules are found in whatever case the export wrote
// them (`ResultType`, `resultType`, below `properties` or not).
import type {
  EcsDocument,
  FieldPath,
  ParsedRecord,
  RecordShape,
} from "../../../detectors/event.ts";
import { has, put, putAll } from "../document.ts";
import { ecsValue, type FieldTable } from "../field-table.ts";
import { isRecord } from "../json-text.ts";

export interface CloudShapeOptions {
  readonly id: string;
  readonly family: string;
  /** ECS name → dotted paths, best first. */
  readonly ecs: FieldTable;
  /** Names of rules → dotted paths. */
  readonly aliases?: FieldTable;
  /** Objects whose keys count as the record's own, e.g. `properties` in Azure's exports. */
  readonly wrappers?: readonly string[];
}

/** The view on a cloud service's records. */
export function cloudShape(options: CloudShapeOptions): RecordShape {
  const { id, family, ecs, aliases = {}, wrappers = [] } = options;
  const known = new Map<string, readonly FieldPath[]>();
  for (const [name, paths] of [...Object.entries(ecs), ...Object.entries(aliases)]) {
    known.set(
      name,
      paths.map((path) => path.split(".")),
    );
  }
  return {
    id,
    family,
    locate: (name) => {
      const paths = known.get(name) ?? [];
      const bare = name.startsWith(`${id}.`) ? name.slice(id.length + 1) : name;
      const spellings = [...new Set([bare, cased(bare, "lower"), cased(bare, "upper")])];
      const own = spellings.map((spelling) => spelling.split("."));
      const wrapped = wrappers.flatMap((wrapper) => own.map((path) => [wrapper, ...path]));
      return [...paths, ...own, ...wrapped];
    },
  };
}

/** A record as an ECS document: what the table knows under ECS names, everything else below `prefix`. */
export function cloudDocument(
  record: ParsedRecord,
  ecs: FieldTable,
  prefix: string,
  timePaths: readonly string[],
): EcsDocument {
  const document: EcsDocument = { "event.kind": "event" };
  const written = new Set<string>(timePaths);
  for (const [name, paths] of Object.entries(ecs)) {
    for (const path of paths) {
      const value = valueAt(record, path);
      if (value === undefined || value === null || value === "") continue;
      put(document, name, ecsValue(name, value));
      if (has(document, name)) written.add(path);
      break;
    }
  }
  const own: EcsDocument = {};
  putAll(own, "", record);
  for (const [path, value] of Object.entries(own)) {
    if (!written.has(path)) put(document, `${prefix}.${path}`, value);
  }
  return document;
}

/** The value at a dotted path. */
function valueAt(record: ParsedRecord, path: string): unknown {
  let value: unknown = record;
  for (const key of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The text at a dotted path, empty when there is none. */
export function textAt(record: ParsedRecord, path: string): string {
  const value = valueAt(record, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

// Each part of a dotted name with its first letter in one case.
function cased(name: string, letter: "lower" | "upper"): string {
  return name.replace(/(^|\.)([a-z])/gi, (_whole, dot: string, first: string) =>
    letter === "lower" ? dot + first.toLowerCase() : dot + first.toUpperCase(),
  );
}
