// The audit log of MySQL Enterprise and Percona Server as JSON, one record a line: `{"timestamp":…,
// "class":"connection","event":"connect","account":{…},"login":{…},"connection_data":{…}}`.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { ecsValue, type FieldTable } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { isoTime } from "../time-text.ts";

/** Name → dotted paths. */
const PATHS: FieldTable = {
  "user.name": ["login.user", "account.user"],
  "source.ip": ["login.ip"],
  "event.action": ["event"],
  "database.name": ["connection_data.db", "table_access_data.db"],
  statement: ["general_data.query", "query_data.query", "table_access_data.query"],
  sql_command: [
    "general_data.sql_command",
    "query_data.sql_command",
    "table_access_data.sql_command",
  ],
  src_ip: ["login.ip"],
};

/** MySQL's JSON audit records. */
export const mysqlAudit: Format = {
  id: "mysql-audit",
  title: "MySQL and Percona audit log (JSON)",
  reads: "json",
  shape: {
    id: "mysql-audit",
    family: "database",
    locate: (name) => {
      if (name === "action") return [["action"]];
      return (PATHS[name] ?? [name]).map((path) => path.split("."));
    },
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isMine(json) ? 0.95 : 0),
  parse: (_line, _context, json) => {
    if (json === undefined || !isMine(json)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no MySQL audit record: class, event and account were expected",
      );
    }
    const isStatement = PATHS.statement?.some((path) => textOf(at(json, path)) !== "") === true;
    const record = { ...json, action: isStatement ? "sql-statement" : textOf(json.event) };
    // The log's times are UTC.
    const time = isoTime(`${textOf(json.timestamp).replace(/ UTC$/, "").replace(" ", "T")}Z`);
    return { record, time, identity: undefined };
  },
  ecs,
};

function isMine(json: JsonRecord): boolean {
  const isNamed = typeof json.class === "string" && typeof json.timestamp === "string";
  return isNamed && (isRecord(json.account) || "connection_id" in json) && "id" in json;
}

function at(record: ParsedRecord, path: string): unknown {
  let value: unknown = record;
  for (const key of path.split(".")) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

const DATA = ["connection_data", "general_data", "query_data", "table_access_data", "command_data"];

function ecs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  for (const [name, paths] of Object.entries(PATHS)) {
    if (!/^(?:user|source|event)\./.test(name)) continue;
    const path = paths.find((one) => textOf(at(record, one)) !== "");
    if (path !== undefined) put(document, name, ecsValue(name, at(record, path)));
  }
  const { timestamp, ...rest } = record;
  putAll(document, "mysql.", rest);
  put(document, "event.kind", "event");
  put(document, "event.module", "mysql");
  const isLogin = record.class === "connection";
  put(document, "event.category", ["database", ...(isLogin ? ["authentication"] : [])]);
  const status = DATA.map((name) => at(record, `${name}.status`)).find((one) => one !== undefined);
  if (typeof status === "number")
    put(document, "event.outcome", status === 0 ? "success" : "failure");
  return document;
}
