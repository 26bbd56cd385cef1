// Graylog Extended Log Format (GELF 1.1, and 1.0 of old senders): one JSON object with host, a short
// message, and the application's own fields behind an underscore.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { ecsValue, type FieldTable, numberOf } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { epochTime } from "../time-text.ts";
import { contentOf } from "./syslog.ts";

// RFC 5424, table 2: GELF's levels are those of syslog.
const LEVELS = "emergency alert critical error warning notice informational debug".split(" ");

// Names that applications' fields commonly have, without their underscore.
const ECS: FieldTable = {
  "source.ip": ["src_ip", "source_ip", "client_ip", "remote_addr", "remote_ip"],
  "source.port": ["src_port", "source_port", "client_port"],
  "destination.ip": ["dst_ip", "destination_ip", "server_ip"],
  "destination.port": ["dst_port", "destination_port"],
  "user.name": ["user", "username", "user_name", "login"],
  "event.action": ["action", "event_action"],
  "process.name": ["application_name", "process_name", "program"],
  "process.pid": ["process_id", "pid"],
  "container.name": ["container_name"],
  "container.id": ["container_id"],
  "container.image.name": ["image_name"],
  "log.logger": ["logger", "logger_name", "LoggerName"],
  "http.request.method": ["http_method", "request_method"],
  "http.response.status_code": ["http_status", "response_status", "http_response_code"],
  "url.path": ["request_path", "http_path"],
};

/** GELF messages. */
export const gelf: Format = {
  id: "gelf",
  title: "Graylog Extended Log Format (GELF)",
  reads: "json",
  shape: { id: "gelf", family: "gelf", locate },
  dataClass: "content",
  sniff: (_line, json) => {
    if (json === undefined || !isGelf(json)) return 0;
    return json.version === "1.1" || json.version === "1.0" ? 1 : 0.6;
  },
  parse: (_line, _context, json) => {
    if (json === undefined || !isGelf(json)) {
      throw new AppError("HW_PARSE_FAILED", "no GELF message: host and short_message are expected");
    }
    return { record: json, time: timeOf(json.timestamp), identity: undefined };
  },
  ecs: (record) => document(record),
  inner: (record) => {
    const { short_message, full_message, host } = record;
    const from = typeof host === "string" ? host : undefined;
    // A log line of another program, passed on as it was; ordinary sentences speak for themselves.
    for (const text of [full_message, short_message]) {
      if (typeof text !== "string" || text === "") continue;
      if (text.startsWith("{") || contentOf(text) !== undefined || /^(?:CEF|LEEF):\d/.test(text)) {
        return { text, host: from };
      }
    }
    return undefined;
  },
};

function isGelf(json: JsonRecord): boolean {
  return typeof json.short_message === "string" && typeof json.host === "string";
}

// Seconds with a fraction; some senders write milliseconds, or a text.
function timeOf(value: unknown): number | undefined {
  const number =
    typeof value === "string" && /^\d{9,13}(?:\.\d{1,9})?$/.test(value) ? +value : value;
  return typeof number === "number" ? epochTime(number) : undefined;
}

const OWN: Readonly<Record<string, readonly FieldPath[]>> = {
  "host.name": [["host"]],
  message: [["full_message"], ["short_message"]],
  "log.syslog.facility.name": [["facility"]],
  "log.origin.file.name": [["file"], ["_file"]],
};

function locate(name: string): readonly FieldPath[] {
  if (Object.hasOwn(OWN, name)) return OWN[name] ?? [];
  const keys = Object.hasOwn(ECS, name) ? (ECS[name] ?? []) : [];
  const bare = name.startsWith("gelf.") ? name.slice("gelf.".length) : name;
  return [...keys.map((key) => [`_${key}`]), [`_${bare}`], [bare]];
}

const SPOKEN: ReadonlySet<string> = new Set(
  "version host short_message full_message timestamp level facility file line".split(" "),
);

function document(record: ParsedRecord): EcsDocument {
  const result: EcsDocument = { "event.kind": "event", "event.module": "gelf" };
  put(result, "host.name", textOf(record.host));
  put(result, "message", textOf(record.full_message) || textOf(record.short_message));
  if (textOf(record.full_message) !== "") put(result, "gelf.short_message", record.short_message);
  const level = numberOf(record.level);
  put(result, "log.level", level === undefined ? record.level : (LEVELS[level] ?? String(level)));
  put(result, "log.syslog.facility.name", textOf(record.facility));
  put(result, "log.origin.file.name", textOf(record.file));
  put(result, "log.origin.file.line", numberOf(record.line));
  const used = new Set<string>();
  for (const [name, keys] of Object.entries(ECS)) {
    const key = keys.find((one) => Object.hasOwn(record, `_${one}`));
    if (key === undefined) continue;
    put(result, name, ecsValue(name, record[`_${key}`]));
    if (Object.hasOwn(result, name)) used.add(`_${key}`);
  }
  for (const [key, value] of Object.entries(record)) {
    if (SPOKEN.has(key) || used.has(key)) continue;
    put(result, `gelf.${key.startsWith("_") ? key.slice(1) : key}`, value);
  }
  return result;
}
