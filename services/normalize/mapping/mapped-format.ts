// The format of a mapping file: its lines' values under ECS names, with what the file adds to them.
import { isAppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { FIELDS_MAX, has, put, putAll } from "../document.ts";
import { ecsValue, setField } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { frameTime } from "../generic/syslog.ts";
import { isRecord, looksLikeJson } from "../json-text.ts";
import type { LineReader, ReadLine } from "./line-reader.ts";
import type { MappingFile } from "./mapping-schema.ts";
import type { TimeReader } from "./mapping-time.ts";

/** Claim of a line that bears all marks of `match`. */
const MATCH_SCORE = 1;
/** Marks of text have to stand in so much of a line's beginning, in UTF-16 units. */
const HEAD_CHARACTERS = 2000;

/** The format; `reader` takes lines apart, `time` reads the time value. */
export function mappedFormat(
  mapping: MappingFile,
  reader: LineReader,
  time: TimeReader | undefined,
): Format {
  const { id, title, logsource } = mapping;
  const isHeader = headerTest(mapping);
  return {
    id,
    title,
    reads: mapping.json === undefined ? "text" : "json",
    shape: {
      id,
      family: "mapped",
      ...(logsource === undefined ? {} : { logsource }),
      locate: (name) => locate(mapping, name),
    },
    dataClass: mapping.dataClass,
    sniff: (line, json) => (hasMarks(mapping, reader, line, json) ? MATCH_SCORE : 0),
    parse: (line, context, json) => {
      const read = reader.read(line, json);
      const { record } = read;
      const identity =
        mapping.identity === undefined ? undefined : valueAt(record, mapping.identity);
      const when = timeOf(mapping, time, read, context);
      addOwn(mapping, record);
      const isId =
        (typeof identity === "string" && identity !== "") || typeof identity === "number";
      return { record, time: when, identity: isId ? String(identity) : undefined };
    },
    ecs: (record) => document(mapping, record),
    ...(isHeader === undefined ? {} : { isHeader }),
  };
}

function headerTest({ csv }: MappingFile): ((line: string) => boolean) | undefined {
  if (csv === undefined) return undefined;
  const delimiter = csv.delimiter === "\\t" ? "\t" : csv.delimiter;
  const bare = (line: string) =>
    line
      .replaceAll(csv.quote || '"', "")
      .trim()
      .toLowerCase();
  const header = bare(csv.header ?? csv.columns.join(delimiter));
  return (line) => line.length < header.length * 4 && bare(line.replace("\ufeff", "")) === header;
}

function hasMarks(
  { match }: MappingFile,
  reader: LineReader,
  line: string,
  json: JsonRecord | undefined,
): boolean {
  if (match === undefined) return false;
  const { startsWith, contains, program, keys, equals } = match;
  const { text, frame } = reader.contentOf(line);
  if (startsWith !== undefined && !text.startsWith(startsWith)) return false;
  if (program !== undefined && frame?.program !== program) return false;
  const head = text.slice(0, HEAD_CHARACTERS);
  if (contains?.some((one) => !head.includes(one))) return false;
  if (keys === undefined && equals === undefined) return true;
  // Asked of every line: what can't be JSON must not cost a failed attempt.
  const record = json ?? (looksLikeJson(text) ? jsonIn(reader, line) : undefined);
  if (record === undefined) return false;
  if (keys?.some((path) => valueAt(record, path) === undefined)) return false;
  return Object.entries(equals ?? {}).every(([path, value]) => valueAt(record, path) === value);
}

// JSON behind a syslog header has not been parsed before it is asked for.
function jsonIn(reader: LineReader, line: string): JsonRecord | undefined {
  try {
    return reader.read(line, undefined).record;
  } catch (error) {
    if (isAppError(error)) return undefined;
    throw error;
  }
}

function timeOf(
  { time }: MappingFile,
  reader: TimeReader | undefined,
  { record, frame }: ReadLine,
  context: ParseContext,
): number | undefined {
  if (time !== undefined && reader !== undefined) {
    const values = [time.field].flat().map((field) => valueAt(record, field));
    const value = values.length === 1 ? values[0] : values.map(String).join(" ");
    const own = reader.read(value, context);
    if (own !== undefined) return own;
  }
  return frame === undefined ? undefined : frameTime(frame, context);
}

// Rules see what the file adds as they see what the line holds.
function addOwn({ constants, translate }: MappingFile, record: Record<string, unknown>): void {
  for (const [name, { from, map, otherwise }] of Object.entries(translate)) {
    const value = valueAt(record, from);
    if (value === undefined || value === null) continue;
    const key = String(value);
    const meant = Object.hasOwn(map, key) ? map[key] : otherwise;
    if (meant !== undefined) setField(record, name, meant);
  }
  for (const [name, value] of Object.entries(constants)) {
    if (!Object.hasOwn(record, name)) setField(record, name, value);
  }
}

function locate(mapping: MappingFile, name: string): readonly FieldPath[] {
  const prefix = `${mapping.id}.`;
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const path = Object.hasOwn(mapping.fields, bare) ? mapping.fields[bare] : undefined;
  const own = [...(path === undefined ? [] : [path]), bare];
  return own.flatMap((one) => (one.includes(".") ? [[one], one.split(".")] : [[one]]));
}

const ECS_ROOTS: ReadonlySet<string> = new Set(
  "@timestamp client container destination dns email error event file group host http labels log message network observer organization process related rule server service session source tags threat tls trace transaction url user user_agent vulnerability".split(
    " ",
  ),
);

function document(mapping: MappingFile, record: ParsedRecord): EcsDocument {
  const result: EcsDocument = { "event.kind": "event" };
  const written = new Set<string>([mapping.time?.field ?? []].flat());
  for (const [name, path] of Object.entries(mapping.fields)) {
    put(result, name, ecsValue(name, valueAt(record, path)));
    if (has(result, name)) written.add(path);
  }
  for (const name of [...Object.keys(mapping.constants), ...Object.keys(mapping.translate)]) {
    put(result, name, record[name]);
    written.add(name);
  }
  const own: EcsDocument = {};
  putAll(own, "", record);
  for (const [name, value] of Object.entries(own).slice(0, FIELDS_MAX)) {
    if (written.has(name)) continue;
    const frameName = mapping.syslog ? FRAME_ECS.get(name) : undefined;
    const ecsName = frameName ?? (ECS_ROOTS.has(name.split(".", 1)[0] ?? "") ? name : undefined);
    if (ecsName !== undefined && !has(result, ecsName) && isEcsLeaf(ecsName)) {
      put(result, ecsName, ecsValue(ecsName, value));
      if (has(result, ecsName)) continue;
    }
    put(result, `${mapping.id}.${name}`, value);
  }
  return result;
}

// `source` alone is an object in ECS; `message` is a text.
function isEcsLeaf(name: string): boolean {
  return name.includes(".") || name === "message" || name === "tags";
}

const FRAME_ECS: ReadonlyMap<string, string> = new Map([
  ["host", "host.name"],
  ["program", "process.name"],
  ["pid", "process.pid"],
  ["facility", "log.syslog.facility.name"],
  ["severity", "log.syslog.severity.name"],
  ["message_id", "log.syslog.msgid"],
]);

/** The value at a name or dotted path. */
function valueAt(record: ParsedRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return record[path];
  let value: unknown = record;
  for (const key of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
