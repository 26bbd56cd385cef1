// JSON of a configured application: the administrator says where time and fields lie, and under which
// ECS names and Sigma log source they are to be found. One format is made from each mapping.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { has, put, putAll } from "../document.ts";
import { ecsValue } from "../field-table.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { locate } from "./json-generic.ts";

/** One configured mapping. Paths are dotted (`request.client.ip`). */
export interface JsonMapping {
  /** Name by which sources choose it as their format. */
  readonly id: string;
  /** Path of the event time. */
  readonly time: string;
  /** Path of an id that the application gives each record, if it does. */
  readonly identity?: string | undefined;
  /** ECS name → path. */
  readonly fields: Readonly<Record<string, string>>;
  /** Which Sigma rules concern it. */
  readonly logsource?:
    | {
        readonly product?: string | undefined;
        readonly category?: string | undefined;
        readonly service?: string | undefined;
      }
    | undefined;
}

/** The format for a configured mapping. */
export function mappedJson(mapping: JsonMapping): Format {
  const paths = new Map(Object.entries(mapping.fields));
  return {
    id: mapping.id,
    title: mapping.id,
    reads: "json",
    shape: {
      id: mapping.id,
      family: "json",
      ...(mapping.logsource === undefined ? {} : { logsource: mapping.logsource }),
      locate: (name) => {
        const path = paths.get(name);
        return path === undefined ? locate(name) : locate(path);
      },
    },
    dataClass: "content",
    // Only the source's configuration can know whose JSON it is.
    sniff: () => 0,
    parse: (_line, context, json) => {
      if (json === undefined) throw new AppError("HW_PARSE_FAILED", "no JSON object");
      const id = mapping.identity === undefined ? undefined : valueAt(json, mapping.identity);
      const isId = (typeof id === "string" && id !== "") || typeof id === "number";
      return {
        record: json,
        time: timeOf(valueAt(json, mapping.time), context),
        identity: isId ? String(id) : undefined,
      };
    },
    ecs: (record) => document(record, mapping, paths),
  };
}

function document(
  record: ParsedRecord,
  mapping: JsonMapping,
  paths: ReadonlyMap<string, string>,
): EcsDocument {
  const result: EcsDocument = { "event.kind": "event" };
  for (const [name, path] of paths) put(result, name, ecsValue(name, valueAt(record, path)));
  const own: EcsDocument = {};
  putAll(own, "", record);
  const written = new Set([...paths].filter(([name]) => has(result, name)).map(([, path]) => path));
  for (const [name, value] of Object.entries(own)) {
    if (!written.has(name) && name !== mapping.time) put(result, `json.${name}`, value);
  }
  return result;
}

function valueAt(record: ParsedRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const key of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
