// JSON objects of applications that no other format claims, kept as they are: rules reach their fields by
// the sender's own names, documents carry them under `json.`.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll } from "../document.ts";
import type { Format, InnerLine, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";

/** Any JSON object. */
export const jsonGeneric: Format = {
  id: "json",
  title: "JSON of other applications",
  reads: "json",
  shape: { id: "json", family: "json", locate },
  dataClass: "content",
  sniff: (_line, json) => (json === undefined ? 0 : 0.1),
  parse: (_line, context, json) => {
    if (json === undefined) throw new AppError("HW_PARSE_FAILED", "no JSON object");
    return { record: json, time: firstTime(json, context), identity: undefined };
  },
  ecs: (record) => {
    const document: EcsDocument = { "event.kind": "event" };
    const own: EcsDocument = {};
    putAll(own, "", record);
    // What is ECS already keeps its name; the rest can't collide with it under `json.`.
    for (const [name, value] of Object.entries(own)) {
      const isTime = TIME_KEYS.includes(name);
      if (!isTime) put(document, isEcsName(name, record) ? name : `json.${name}`, value);
    }
    return document;
  },
  inner: carriedLine,
};

// What Vector and Fluent Bit put around a line that they only carry; any other key says that the object
// speaks for itself.
const CARRIER_KEYS: ReadonlySet<string> = new Set(
  "message log host hostname file path tag source_type timestamp time date @timestamp stream offset source".split(
    " ",
  ),
);

function carriedLine(record: ParsedRecord): InnerLine | undefined {
  const line = typeof record.message === "string" ? record.message : record.log;
  if (typeof line !== "string" || line === "") return undefined;
  if (!Object.keys(record).every((key) => CARRIER_KEYS.has(key))) return undefined;
  const host = record.host ?? record.hostname;
  return { text: line.trimEnd(), host: typeof host === "string" ? host : undefined };
}

const TIME_KEYS = [
  "@timestamp",
  "timestamp",
  "time",
  "ts",
  "eventTime",
  "TimeGenerated",
  "CreationTime",
  "date-time",
  "date",
];
const ECS_ROOTS: ReadonlySet<string> = new Set(
  "client destination dns email event file group host http log network observer process rule server service source url user user_agent".split(
    " ",
  ),
);

/** The path of a dotted name in a nested record, and the name as one key. */
export function locate(name: string): readonly FieldPath[] {
  return name.includes(".") ? [name.split("."), [name]] : [[name]];
}

function firstTime(record: JsonRecord, context: ParseContext): number | undefined {
  for (const key of TIME_KEYS) {
    const time = timeOf(record[key]);
    if (time !== undefined) return time;
  }
  for (const key of TIME_KEYS) {
    const time = timeOf(record[key], context);
    if (time !== undefined) return time;
  }
  return undefined;
}

// `host: "srv1"` is no ECS, `host: {"name": "srv1"}` is: only an object may open an ECS root.
function isEcsName(name: string, record: ParsedRecord): boolean {
  if (name === "message") return true;
  const root = name.slice(0, Math.max(0, name.indexOf(".")));
  return ECS_ROOTS.has(root) && (isRecord(record[root]) || Object.hasOwn(record, name));
}
