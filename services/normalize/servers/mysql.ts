// MySQL and MariaDB: error log (8.x and MariaDB), general query log, and the MariaDB audit plugin's lines
// from its file or through syslog.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, ParseContext, ParsedLine } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "user.name": ["user"],
  "source.ip": ["source_host"],
  "source.port": ["source_port"],
  "log.level": ["level"],
  "error.code": ["error_code"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  message: ["message"],
};

/** Lines of MySQL and MariaDB. */
export const mysql: Format = {
  id: "mysql",
  title: "MySQL and MariaDB (error, general and audit log)",
  reads: "text",
  shape: flatShape({
    id: "mysql",
    family: "database",
    ecs: ECS,
    aliases: { src_ip: ["source_host"], dbname: ["database"] },
  }),
  dataClass: "security",
  mayClaim: ({ line, program }) =>
    /\d/.test(line) || program === "mysqld" || program === "mariadbd" || program === AUDIT_PROGRAM,
  sniff: (line, json) =>
    json === undefined && READERS.some((read) => read(line) !== undefined) ? 0.95 : 0,
  parse: (line, context) => {
    for (const read of READERS) {
      const parsed = read(line)?.(context);
      if (parsed !== undefined) return parsed;
    }
    throw new AppError("HW_PARSE_FAILED", "no line of a MySQL error, general or audit log");
  },
  ecs,
};

/** Makes the record of a line that is of this kind; the head was looked at already. */
type Reader = (line: string) => ((context: ParseContext) => ParsedLine) | undefined;

// 2026-11-21T04:38:16.123456Z 12 [Warning] [MY-010055] [Server] message
const ERROR_8 =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) (\d{1,20}) \[(System|Error|Warning|Note|ERROR|WARNING|NOTE)\] (?:\[(MY-\d{6})\] \[(\w{1,20})\] )?/;
// 2026-11-21  5:38:16 12 [Warning] message
const ERROR_MARIA =
  /^(\d{4}-\d\d-\d\d) {1,2}(\d{1,2}:\d\d:\d\d) (\d{1,20}) \[(ERROR|Warning|Note|Error)\] /;

const readErrorLog: Reader = (line) => {
  const frame = contentOf(line);
  const isSyslog = frame?.program === "mysqld" || frame?.program === "mariadbd";
  const text = isSyslog && frame !== undefined ? frame.message : line;
  const head = text.slice(0, 120);
  const modern = ERROR_8.exec(head);
  const maria = modern === null ? ERROR_MARIA.exec(head) : null;
  const whole = modern?.[0] ?? maria?.[0];
  if (whole === undefined) return undefined;
  return (context) => {
    const message = text.slice(whole.length);
    const record: Record<string, unknown> = {
      log: "error",
      connection_id: modern?.[2] ?? maria?.[3],
      level: (modern?.[3] ?? maria?.[4] ?? "").toLowerCase(),
      message,
    };
    if (frame?.host !== undefined && isSyslog) record.host = frame.host;
    if (modern?.[4] !== undefined) record.error_code = modern[4];
    if (modern?.[5] !== undefined) record.subsystem = modern[5];
    Object.assign(record, errorFields(message));
    const written =
      modern === null ? `${maria?.[1]}T${(maria?.[2] ?? "").padStart(8, "0")}` : (modern[1] ?? "");
    return { record, time: isoTime(written, context), identity: undefined };
  };
};

const DENIED =
  /Access denied for user '([^']{0,255})'@'([^']{0,255})'(?: to database '([^']{0,255})')?(?: \(using password: (YES|NO)\))?/;
const ABORTED =
  /^Aborted connection (\d{1,20}) to db: '([^']{0,255})' user: '([^']{0,255})' host: '([^']{0,255})' \((.{1,200})\)/;

function errorFields(message: string): Record<string, unknown> {
  const head = message.slice(0, 1200);
  const denied = DENIED.exec(head);
  if (denied !== null) {
    const [, user, from, database] = denied;
    return {
      action: "database-login",
      outcome: "failure",
      user,
      ...fromHost(from),
      ...named({ database }),
    };
  }
  const aborted = ABORTED.exec(head);
  if (aborted === null) return {};
  const [, , database, user, from, reason] = aborted;
  const action =
    reason?.includes("not authenticated") === true ? "database-login" : "connection-aborted";
  return { action, outcome: "failure", ...named({ database, user, reason }), ...fromHost(from) };
}

// 2026-11-21T04:38:16.123456Z	   12 Connect	emustermann@pc17 on fach using SSL/TLS
const GENERAL =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)|\d{6} {1,2}\d{1,2}:\d\d:\d\d)\t {0,12}(\d{1,20}) (Connect|Query|Quit|Init DB|Prepare|Execute|Change user|Field List|Close stmt|Statistics|Ping|Kill|Shutdown|Create DB|Drop DB|Refresh|Binlog Dump|Debug|Reset stmt|Fetch|Daemon)(?:\t|$)/;

const readGeneralLog: Reader = (line) => {
  const head = GENERAL.exec(line.slice(0, 100));
  if (head === null) return undefined;
  return (context) => {
    const [whole, time = "", connection_id, command = ""] = head;
    const text = line.slice(whole.length);
    const record: Record<string, unknown> = {
      log: "general",
      connection_id,
      command,
      message: text,
    };
    if (command === "Query" || command === "Execute" || command === "Prepare") {
      record.action = "sql-statement";
      record.statement = text;
    } else if (command === "Connect") Object.assign(record, connectFields(text));
    else record.action = command.toLowerCase().replace(" ", "-");
    return { record, time: generalTime(time, context), identity: undefined };
  };
};

function connectFields(text: string): Record<string, unknown> {
  if (text.startsWith("Access denied")) return errorFields(text);
  const match = /^(\S{0,255})@(\S{0,255})(?: as \S{0,255})? on (\S{0,255})/.exec(
    text.slice(0, 900),
  );
  if (match === null) return { action: "database-login" };
  const [, user, from, database] = match;
  return { action: "database-login", ...named({ user, database }), ...fromHost(from) };
}

// Old MariaDB: `261121  5:38:16`
function generalTime(text: string, context: ParseContext): number | undefined {
  const old = /^(\d\d)(\d\d)(\d\d) {1,2}(\d{1,2}:\d\d:\d\d)$/.exec(text);
  if (old === null) return isoTime(text, context);
  return isoTime(`20${old[1]}-${old[2]}-${old[3]}T${(old[4] ?? "").padStart(8, "0")}`, context);
}

// 20261121 05:38:16,db01,emustermann,10.20.0.17,12,34,QUERY,fach,'select 1',0
const AUDIT =
  /^(?:(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d),)? ?([\w.-]{1,255}),([^,]{0,255}),([^,]{0,255}),(\d{1,20}),(\d{1,20}),([A-Z_]{4,20}),([^,]{0,255}),/;

const AUDIT_PROGRAM = "mysql-server_auditing";

const readAuditLog: Reader = (line) => {
  const frame = /^\d{8} /.test(line.slice(0, 9)) ? undefined : contentOf(line);
  const isSyslog = frame?.program === AUDIT_PROGRAM;
  if (frame !== undefined && !isSyslog) return undefined;
  const text = isSyslog && frame !== undefined ? frame.message : line;
  const head = AUDIT.exec(text.slice(0, 1500));
  if (head === null || (head[1] === undefined && !isSyslog)) return undefined;
  return (context) => {
    const [whole, year, month, day, clock, host, user, from, connection_id, query_id] = head;
    const operation = head[10] ?? "";
    const rest = text.slice(whole.length);
    const end = /,(\d{0,6})$/.exec(rest);
    const code = end?.[1] === "" ? undefined : end?.[1];
    const object = end === null ? rest : rest.slice(0, end.index);
    const record: Record<string, unknown> = {
      log: "audit",
      host,
      connection_id,
      query_id,
      operation,
      message: object,
      ...named({ user, database: head[11] }),
      ...fromHost(from),
    };
    if (code !== undefined) record.error_code = code;
    Object.assign(record, auditFields(operation, object, code));
    const own =
      year === undefined ? undefined : isoTime(`${year}-${month}-${day}T${clock}`, context);
    const time = own ?? (frame === undefined ? undefined : frameTime(frame, context));
    return { record, time, identity: undefined };
  };
};

function auditFields(
  operation: string,
  object: string,
  code: string | undefined,
): Record<string, unknown> {
  const outcome = code === undefined ? {} : { outcome: code === "0" ? "success" : "failure" };
  if (operation === "CONNECT" || operation === "FAILED_CONNECT") {
    const isFailed = operation === "FAILED_CONNECT" || (code !== undefined && code !== "0");
    return { action: "database-login", outcome: isFailed ? "failure" : "success" };
  }
  if (operation === "DISCONNECT") return { action: "disconnection" };
  if (/^QUERY/.test(operation)) {
    const statement = object.replace(/^'(.*)'$/s, "$1").replaceAll("\\'", "'");
    return { action: "sql-statement", statement, ...outcome };
  }
  return { action: `table-${operation.toLowerCase()}`, object, ...outcome };
}

// `10.20.0.17`, from MariaDB 12 on `10.20.0.17:50122`.
function fromHost(host: string | undefined): Record<string, unknown> {
  if (host === undefined || host === "") return {};
  const withPort = /^(.{1,250}):(\d{2,5})$/.exec(host);
  const isV4 = withPort?.[1]?.includes(":") === false;
  if (!isV4 || withPort === null) return { source_host: host };
  return { source_host: withPort[1], source_port: withPort[2] };
}

function named(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== "") filled[name] = value;
  }
  return filled;
}

const READERS: readonly Reader[] = [readErrorLog, readGeneralLog, readAuditLog];

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "mysql");
  const action = textOf(record.action);
  put(document, "event.kind", "event");
  put(document, "event.module", "mysql");
  put(document, "event.category", [
    "database",
    ...(action === "database-login" ? ["authentication"] : []),
  ]);
  if (document["source.ip"] === undefined) put(document, "source.domain", record.source_host);
  return document;
}
