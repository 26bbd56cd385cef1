// PostgreSQL's log: lines with the usual prefixes (`%m [%p] `, Debian's `%m [%p] %q%u@%d `, pgBadger's
// `%t [%p]: user=%u,db=%d,app=%a,client=%h `), csvlog, jsonlog, and lines through syslog.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext, ParsedLine } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { splitColumns } from "../network/csv-columns.ts";
import { databaseTime } from "./database-time.ts";
import { readPostgresMessage } from "./postgresql-messages.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "process.pid": ["pid"],
  "user.name": ["user"],
  "user.effective.name": ["identity"],
  "source.ip": ["source_ip", "remote_host"],
  "source.port": ["source_port", "remote_port"],
  "log.level": ["error_severity"],
  "error.code": ["state_code"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  message: ["message"],
};
const ALIASES: FieldTable = {
  src_ip: ["source_ip", "remote_host"],
  dbname: ["dbname", "database"],
};

/** PostgreSQL's own log lines and csvlog. */
export const postgresql: Format = {
  id: "postgresql",
  title: "PostgreSQL (log file, csvlog, syslog)",
  reads: "text",
  shape: flatShape({ id: "postgresql", family: "database", ecs: ECS, aliases: ALIASES }),
  dataClass: "security",
  mayClaim: ({ line, program }) =>
    /\d/.test(line) || program === "postgres" || program === "postgresql",
  sniff: (line, json) => (json === undefined && kindOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const kind = kindOf(line);
    if (kind === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no PostgreSQL line: a time and `LOG:  ` were expected",
      );
    }
    return kind === "csv" ? parseCsv(line, context) : parseText(line, context);
  },
  ecs,
};

/** PostgreSQL's jsonlog (from version 15). */
export const postgresqlJson: Format = {
  id: "postgresql-json",
  title: "PostgreSQL (jsonlog)",
  reads: "json",
  shape: flatShape({ id: "postgresql-json", family: "database", ecs: ECS, aliases: ALIASES }),
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isJsonLog(json) ? 0.95 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isJsonLog(json)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no jsonlog: error_severity and backend_type were expected",
      );
    }
    return finished({ ...json }, context);
  },
  ecs,
};

function isJsonLog(json: JsonRecord): boolean {
  return (
    typeof json.error_severity === "string" &&
    "backend_type" in json &&
    "pid" in json &&
    typeof json.timestamp === "string"
  );
}

// Severities as the server writes them, English and German (elog.c and its translation).
const SEVERITY =
  /(?:^|[\s\])}>:,-])(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|FEHLER|WARNUNG|HINWEIS|PANIK|ANWEISUNG|TIPP|ZUSAMMENHANG|ANFRAGE): {1,2}(?=\S)/;
const TIME =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: (?:[A-Z]{2,5}|[+-]\d\d(?::?\d\d)?))?)(?=[ ,:;\]]|$)/;
/** Longest prefix before the severity. */
const PREFIX_MAX = 500;

function kindOf(line: string): "csv" | "text" | undefined {
  const head = line.slice(0, PREFIX_MAX);
  const time = head[4] === "-" ? TIME.exec(head)?.[0] : undefined;
  if (time === undefined) {
    const program = contentOf(line)?.program;
    if (program !== "postgres" && program !== "postgresql") return undefined;
    return SEVERITY.test(head) ? "text" : undefined;
  }
  if (line[time.length] === ",")
    return /,[A-Z]{3,9}\d?,[0-9A-Z]{5},/.test(head) ? "csv" : undefined;
  const severity = SEVERITY.exec(head);
  // Behind the time stands a process, a session or an account; other programs write the level at once.
  const prefix = severity === null ? "" : head.slice(time.length, severity.index + 1);
  return /\[\d{1,10}(?:-\d{1,9})?\]|\w=|@/.test(prefix) ? "text" : undefined;
}

function parseText(line: string, context: ParseContext): ParsedLine {
  const frame = TIME.test(line.slice(0, 60)) ? undefined : contentOf(line);
  const text = (frame?.message ?? line).replace(/^\[\d{1,9}-\d{1,9}\] /, "");
  const record: Record<string, unknown> = {};
  if (frame?.host !== undefined) record.host = frame.host;
  if (frame?.pid !== undefined) record.pid = frame.pid;
  const time = TIME.exec(text.slice(0, 60))?.[1];
  if (time !== undefined) record.timestamp = time;
  const severity = SEVERITY.exec(text.slice(0, PREFIX_MAX));
  if (severity === null) {
    record.message = text;
  } else {
    readPrefix(text.slice(time?.length ?? 0, severity.index + 1), record);
    record.error_severity = severity[1];
    record.message = text.slice(severity.index + severity[0].length);
  }
  const parsed = finished(record, context);
  if (parsed.time !== undefined || frame === undefined) return parsed;
  return { ...parsed, time: frameTime(frame, context) };
}

// `[2214] emustermann@fach`, `[2214]: [3-1] user=emustermann,db=fach,app=psql,client=10.20.0.17`
function readPrefix(prefix: string, record: Record<string, unknown>): void {
  const pid = /\[(\d{1,10})\]/.exec(prefix)?.[1];
  if (pid !== undefined) record.pid = pid;
  const account = /(?:^|\s)([^\s@=,[\]]{1,63})@([^\s@=,[\]]{1,63})(?=\s|$)/.exec(prefix);
  if (account !== null) {
    record.user = account[1];
    record.dbname = account[2];
  }
  for (const match of prefix.matchAll(/\b(user|db|app|client|host|remote)=([^,\s]{1,255})/g)) {
    if (match[2] !== "[unknown]")
      setField(record, PREFIX_NAMES.get(match[1] ?? "") ?? "", match[2]);
  }
}

const PREFIX_NAMES: ReadonlyMap<string, string> = new Map([
  ["user", "user"],
  ["db", "dbname"],
  ["app", "application_name"],
  ["client", "remote_host"],
  ["host", "remote_host"],
  ["remote", "remote_host"],
]);

// The columns of csvlog, PostgreSQL 9.0 to 18 (table in "Error Reporting and Logging").
const COLUMNS =
  "timestamp user dbname pid connection session_id line_num ps session_start vxid txid error_severity state_code message detail hint internal_query internal_position context statement cursor_position location application_name backend_type leader_pid query_id".split(
    " ",
  );

function parseCsv(line: string, context: ParseContext): ParsedLine {
  const record: Record<string, unknown> = {};
  const cells = splitColumns(line, 0, COLUMNS.length);
  for (const [index, name] of COLUMNS.entries()) {
    const cell = cells[index];
    if (cell !== undefined && cell !== "") record[name] = cell;
  }
  const place = /^(.{1,255}):(\d{1,5})$/.exec(textOf(record.connection));
  if (place !== null) {
    record.remote_host = place[1];
    record.remote_port = place[2];
  } else if (record.connection !== undefined) record.remote_host = record.connection;
  delete record.connection;
  return finished(record, context);
}

function finished(record: Record<string, unknown>, context: ParseContext): ParsedLine {
  const found = readPostgresMessage(textOf(record.message));
  for (const [name, value] of Object.entries(found)) {
    // The prefix says who is connected, the message whom it is about.
    if (name !== "user" || record.user === undefined || record.user === "") record[name] = value;
  }
  const time = databaseTime(textOf(record.timestamp), context);
  return { record, time, identity: undefined };
}

const SKIPPED: ReadonlySet<string> = new Set(["timestamp"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "postgresql", SKIPPED);
  const action = textOf(record.action);
  put(document, "event.kind", "event");
  put(document, "event.module", "postgresql");
  put(document, "event.category", [
    "database",
    ...(action === "database-login" ? ["authentication"] : []),
  ]);
  const from = record.source_ip ?? record.remote_host;
  if (document["source.ip"] === undefined && from !== "[local]")
    put(document, "source.domain", from);
  return document;
}
