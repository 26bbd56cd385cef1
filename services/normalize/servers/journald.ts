// Journal entries as JSON: `journalctl -o json`, systemd-journal-upload's readers, and what Vector, Fluent
// Bit and others make of them (names in lower case, without leading underscores). An entry whose program
// has a format of its own is handed to it as a syslog line, with what only the journal knows as
// structured data.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, InnerLine, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { epochTime, timeOf } from "../time-text.ts";

const ECS: FieldTable = {
  "host.name": ["hostname", "host"],
  "host.id": ["machine_id"],
  "process.name": ["syslog_identifier", "comm"],
  "process.pid": ["pid", "syslog_pid"],
  "process.executable": ["exe"],
  "process.command_line": ["cmdline"],
  "user.id": ["uid"],
  "group.id": ["gid"],
  "user.audit.id": ["audit_loginuid"],
  "service.name": ["systemd_unit", "unit"],
  "log.syslog.priority": ["priority"],
  "log.syslog.facility.code": ["syslog_facility"],
  "container.id": ["container_id_full", "container_id"],
  "container.name": ["container_name"],
  "container.image.name": ["image_name"],
  message: ["message"],
};

const FLAT = flatShape({
  id: "journald",
  family: "linux-auth",
  ecs: ECS,
  aliases: {
    program: ["syslog_identifier", "comm"],
    Message: ["message"],
    Image: ["exe"],
    CommandLine: ["cmdline"],
  },
});

/** Journal entries. */
export const journald: Format = {
  id: "journald",
  title: "systemd journal (JSON)",
  reads: "json",
  shape: {
    ...FLAT,
    // The journal's own names (`_SYSTEMD_UNIT`) lead to the fields too.
    locate: (name) => FLAT.locate(/^_{0,2}[A-Z][A-Z_]+$/.test(name) ? bare(name) : name),
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isEntry(json) ? 0.95 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isEntry(json)) {
      throw new AppError("HW_PARSE_FAILED", "no journal entry: MESSAGE and _BOOT_ID were expected");
    }
    const record: Record<string, unknown> = {};
    const entry = isBeatEntry(json) ? flattened(json) : json;
    for (const [key, value] of Object.entries(entry)) {
      const name = bare(key);
      if (name !== "" && !Object.hasOwn(record, name)) setField(record, name, readValue(value));
    }
    const cursor = record.cursor;
    return {
      record,
      time: timeOfEntry(record, context),
      identity: typeof cursor === "string" && cursor !== "" ? cursor : undefined,
    };
  },
  ecs: (record) => {
    const document: EcsDocument = flatDocument(record, ECS, "journald", SKIPPED);
    put(document, "event.kind", "event");
    put(document, "host.os.type", "linux");
    return document;
  },
  inner: innerOf,
};

const TIMES = [
  "source_realtime_timestamp",
  "realtime_timestamp",
  "timestamp",
  "@timestamp",
  "date",
];
const SKIPPED: ReadonlySet<string> = new Set([...TIMES, "monotonic_timestamp"]);
/** Longest message that is taken from a list of bytes. */
const BYTES_MAX = 1024 * 1024;

// systemd.journal-fields(7): each entry has a boot and a transport; the shippers keep them.
function isEntry(json: JsonRecord): boolean {
  if (isBeatEntry(json)) return true;
  const isNamed = "_BOOT_ID" in json || "_boot_id" in json || "__CURSOR" in json;
  if (isNamed) return "MESSAGE" in json || "message" in json || "_TRANSPORT" in json;
  // Fluent Bit's Strip_Underscores.
  const isStripped = "BOOT_ID" in json || "boot_id" in json;
  return isStripped && ("TRANSPORT" in json || "transport" in json);
}

// Filebeat's journald input and Journalbeat write the fields under ECS names and `journald.`.
function isBeatEntry(json: JsonRecord): boolean {
  const isOne = isRecord(json.journald) || "journald.host.boot_id" in json;
  return isOne && "message" in json && "@timestamp" in json;
}

/** Name of the record → where Filebeat 8 and Journalbeat 7 put it. */
const BEAT: FieldTable = {
  hostname: ["host.hostname", "host.name", "agent.hostname"],
  machine_id: ["host.id"],
  boot_id: ["journald.host.boot_id"],
  syslog_identifier: ["log.syslog.appname", "syslog.identifier"],
  syslog_facility: ["log.syslog.facility.code", "syslog.facility"],
  priority: ["log.syslog.priority", "log.syslog.severity.code", "syslog.priority"],
  pid: ["journald.pid", "process.pid", "log.syslog.procid", "syslog.pid"],
  uid: ["journald.uid", "user.id"],
  gid: ["journald.gid"],
  comm: ["journald.process.name", "process.name"],
  exe: ["journald.process.executable", "process.executable"],
  cmdline: ["journald.process.command_line", "process.command_line"],
  systemd_unit: ["systemd.unit"],
  transport: ["systemd.transport"],
  audit_loginuid: ["journald.audit.login_uid"],
  container_id: ["container.id"],
  container_name: ["container.name"],
  image_name: ["container.image.name"],
  cursor: ["systemd.cursor", "journald.cursor"],
};

function flattened(json: JsonRecord): JsonRecord {
  const all: EcsDocument = {};
  putAll(all, "", json);
  const record: Record<string, unknown> = {};
  for (const [name, paths] of Object.entries(BEAT)) {
    const path = paths.find((one) => all[one] !== undefined);
    if (path === undefined) continue;
    record[name] = typeof all[path] === "number" ? String(all[path]) : all[path];
    delete all[path];
  }
  return { ...record, ...all };
}

// The journal's names are few; what programs add is theirs and may be anything.
const bareNames = new Map<string, string>();
const BARE_NAMES_MAX = 1000;

function bare(key: string): string {
  const known = bareNames.get(key);
  if (known !== undefined) return known;
  const name = key.replace(/^_{1,2}/, "").toLowerCase();
  if (bareNames.size < BARE_NAMES_MAX && key.length <= 64) bareNames.set(key, name);
  return name;
}

// Text that is no UTF-8 comes as a list of bytes, a field given twice as a list of texts.
function readValue(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return value;
  const isBytes = value.every((one) => Number.isInteger(one) && one >= 0 && one <= 255);
  return isBytes ? Buffer.from(value.slice(0, BYTES_MAX)).toString("utf8") : value;
}

function timeOfEntry(record: ParsedRecord, context: ParseContext): number | undefined {
  for (const name of TIMES) {
    const value = record[name];
    const isMicroseconds = typeof value === "string" && /^\d{15,17}$/.test(value);
    const time = isMicroseconds ? epochTime(Number(value)) : timeOf(value, context);
    if (time !== undefined) return time;
  }
  return undefined;
}

function innerOf(record: ParsedRecord): InnerLine | undefined {
  const { message } = record;
  if (typeof message !== "string" || message === "") return undefined;
  const host = textOf(record.hostname ?? record.host) || undefined;
  if (message.startsWith("{")) return { text: message, host };
  return { text: auditLine(record, message) ?? syslogLine(record, message), host };
}

// Of the kernel's audit records the journal keeps type, number and text apart.
function auditLine(record: ParsedRecord, message: string): string | undefined {
  const type = textOf(record.audit_type_name);
  const id = textOf(record.audit_id);
  const time = textOf(record.source_realtime_timestamp ?? record.realtime_timestamp);
  if (record.transport !== "audit" || type === "" || id === "" || !/^\d{16}$/.test(time)) {
    return undefined;
  }
  const text = message.startsWith(`${type} `) ? message.slice(type.length + 1) : message;
  const node = word(record.hostname);
  const stamp = `${time.slice(0, 10)}.${time.slice(10, 13)}:${id}`;
  return `${node === "-" ? "" : `node=${node} `}type=${type} msg=audit(${stamp}): ${text}`;
}

/** What goes along as structured data. */
const KEPT = "exe cmdline uid gid comm systemd_unit transport container_name image_name".split(" ");

function syslogLine(record: ParsedRecord, message: string): string {
  const priority = Number(record.priority ?? 6);
  const facility = Number(record.syslog_facility ?? 3);
  const isSound = priority >= 0 && priority <= 7 && facility >= 0 && facility <= 23;
  const program = word(record.container_name ?? record.syslog_identifier ?? record.comm);
  const words = [
    word(record.hostname ?? record.host),
    program,
    word(record.pid ?? record.syslog_pid),
  ];
  let data = "";
  for (const name of KEPT) {
    const value = record[name];
    if (typeof value === "string" && value !== "") data += ` ${name}="${escaped(value)}"`;
  }
  const element = data === "" ? "-" : `[journald${data}]`;
  const head = isSound ? facility * 8 + priority : 30;
  return `<${Math.trunc(head)}>1 - ${words.join(" ")} - ${element} ${message}`;
}

function escaped(value: string): string {
  return /["\\\]]/.test(value) ? value.replace(/["\\\]]/g, "\\$&") : value;
}

// A word of a syslog header: no blanks, at most 128 characters.
function word(value: unknown): string {
  const text = textOf(value);
  if (text === "") return "-";
  return /\s/.test(text) || text.length > 128 ? text.slice(0, 128).replace(/\s+/g, "_") : text;
}
