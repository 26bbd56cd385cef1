// Linux audit records, from audit.log or through syslog: one line is one record (SYSCALL, EXECVE, PATH,
// USER_LOGIN, …). Hexadecimal values are decoded, the fields inside msg='…' lie beside the others. The
// records of one event are joined (audit-event.ts).
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { readPairs } from "../key-values.ts";
import { auditJoin, deriveAuditFields } from "./audit-event.ts";

// "unset" in auditd's login uid: 2^32 - 1.
const UNSET = "4294967295";

const ECS: FieldTable = {
  "host.name": ["host", "node"],
  "process.executable": ["exe"],
  "process.name": ["comm"],
  "process.pid": ["pid"],
  "process.parent.pid": ["ppid"],
  "process.command_line": ["command_line", "proctitle", "cmd"],
  "process.args": ["args"],
  "process.working_directory": ["cwd"],
  "user.name": ["acct", "UID"],
  "user.id": ["uid"],
  "user.effective.id": ["euid"],
  "user.effective.name": ["EUID"],
  "user.audit.id": ["auid"],
  "user.audit.name": ["AUID"],
  "user.saved.name": ["SUID"],
  "user.filesystem.name": ["FSUID"],
  "user.target.name": ["ID"],
  "group.name": ["GID"],
  "file.path": ["file_path", "name"],
  "file.owner": ["OUID"],
  "file.group": ["OGID"],
  "auditd.object.user.name": ["OAUID"],
  "source.ip": ["addr", "source_ip"],
  "source.port": ["source_port"],
  "source.domain": ["hostname"],
  "destination.ip": ["destination_ip"],
  "destination.port": ["destination_port"],
  "service.name": ["unit"],
};

/** Linux audit records. */
export const auditd: Format = {
  id: "auditd",
  title: "Linux audit records",
  reads: "text",
  shape: flatShape({
    id: "auditd",
    family: "auditd",
    ecs: ECS,
    aliases: {
      CommandLine: ["command_line", "proctitle"],
      Image: ["exe"],
      CurrentDirectory: ["cwd"],
      User: ["acct", "UID"],
      ProcessId: ["pid"],
      ParentProcessId: ["ppid"],
      TargetFilename: ["created"],
      DestinationIp: ["destination_ip"],
      DestinationPort: ["destination_port"],
      SourceIp: ["source_ip"],
      SourcePort: ["source_port"],
      Initiated: ["initiated"],
    },
  }),
  dataClass: "security",
  mayClaim: ({ line, message }) => /[nt]/.test(line + message),
  sniff: (line, json) => (json === undefined && headOf(line) !== undefined ? 1 : 0),
  parse: (line) => {
    const head = headOf(line);
    if (head === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no audit record: `type=… msg=audit(…):` was expected");
    }
    const record: Record<string, unknown> = {
      type: head.type,
      serial: head.serial,
      stamp: head.stamp,
    };
    const host = head.node ?? head.frameHost;
    if (host !== undefined) record.host = host;
    if (head.node !== undefined) record.node = head.node;
    readPairs(head.text, head.end, false, (key, value, quote) => {
      if (key === "msg" && quote === "'") readMessage(record, value);
      else setOnce(record, key, decoded(head.type, key, value, quote));
    });
    deriveAuditFields(record);
    return { record, time: head.time, identity: undefined };
  },
  ecs,
  join: auditJoin,
};

interface Head {
  readonly text: string;
  readonly type: string;
  readonly node: string | undefined;
  readonly frameHost: string | undefined;
  readonly time: number;
  /** The time as written, for the key of its event. */
  readonly stamp: string;
  readonly serial: string;
  readonly end: number;
}

const HEAD =
  /^(?:node=(\S{1,255}) )?type=([A-Z][A-Z0-9_]{1,40}|UNKNOWN\[\d{1,6}\]) msg=audit\((\d{9,11})\.(\d{3}):(\d{1,20})\): ?/;

function headOf(line: string): Head | undefined {
  const bare = line.startsWith("type=") || line.startsWith("node=");
  const frame = bare ? undefined : contentOf(line);
  // rsyslog writes the separator of the enrichment as an octal escape when it passes a line on.
  const text = frame === undefined ? line : frame.message.replaceAll("#035", "\u001d");
  const match = HEAD.exec(text.slice(0, 400));
  if (match === null) return undefined;
  return {
    text,
    node: match[1],
    type: match[2] ?? "",
    frameHost: frame?.host,
    time: Number(match[3]) * 1000 + Number(match[4]),
    stamp: `${match[3]}.${match[4]}`,
    serial: match[5] ?? "",
    end: match[0].length,
  };
}

// `op=PAM:authentication acct="root" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 res=failed`
function readMessage(record: Record<string, unknown>, message: string): void {
  const type = String(record.type);
  readPairs(message, 0, false, (key, value, quote) => {
    // `?` is auditd's way of saying that there is none.
    if (value !== "?") setOnce(record, key, decoded(type, key, value, quote));
  });
}

function setOnce(record: Record<string, unknown>, key: string, value: string): void {
  if (key !== "" && !Object.hasOwn(record, key)) setField(record, key, value);
}

// Fields that auditd writes in quotes, or as hexadecimal when they hold anything unusual
// (audit_log_untrustedstring in the kernel; linux-audit specification, field dictionary).
const UNTRUSTED = new Set(
  "acct cmd comm cwd data dir exe key name new-disk ocomm old-disk path proctitle root_dir vm watch unit".split(
    " ",
  ),
);
const ARGUMENT = /^a\d{1,5}(?:\[\d{1,5}\])?$/;

function decoded(type: string, key: string, value: string, quote: string): string {
  if (quote !== "" || value.length < 2 || value.length % 2 !== 0) return value;
  const isText = UNTRUSTED.has(key) || (type === "EXECVE" && ARGUMENT.test(key));
  if (!isText || !/^[0-9A-F]+$/i.test(value)) return value;
  const text = Buffer.from(value, "hex").toString("utf8");
  // Zero bytes part the arguments of proctitle, 0x01 parts several keys.
  return text.replaceAll("\0", " ").replaceAll("\u0001", " ").trimEnd();
}

const SKIPPED: ReadonlySet<string> = new Set([
  "host",
  "node",
  "stamp",
  "classes",
  "created",
  "initiated",
  "command_line",
]);

function ecs(record: ParsedRecord): EcsDocument {
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (value !== UNSET && value !== "(null)" && value !== "(none)") setField(known, key, value);
  }
  const document = flatDocument(known, ECS, "auditd", SKIPPED);
  const type = Array.isArray(record.type) ? String(record.type[0]) : String(record.type);
  const classes = String(record.classes ?? "");
  put(document, "event.kind", "event");
  put(document, "event.module", "auditd");
  put(document, "event.action", String(record.SYSCALL ?? type).toLowerCase());
  put(document, "event.category", categoriesOf(type, classes));
  put(document, "event.type", typesOf(type, classes));
  const result = String(record.res ?? record.success ?? "");
  if (/^(?:success|yes|1)$/.test(result)) put(document, "event.outcome", "success");
  if (/^(?:failed|no|0)$/.test(result)) put(document, "event.outcome", "failure");
  put(document, "host.os.type", "linux");
  return document;
}

function categoriesOf(type: string, classes: string): string[] {
  const found: string[] = [];
  if (classes.includes("process_creation")) found.push("process");
  if (classes.includes("network_connection")) found.push("network");
  if (classes.includes("file_event")) found.push("file");
  if (/^(?:USER_AUTH|USER_LOGIN|USER_ACCT|LOGIN|USER_CMD|CRED_)/.test(type)) {
    found.push("authentication");
  }
  if (/^(?:ADD|DEL)_(?:USER|GROUP)|^(?:USER|GRP)_(?:MGMT|CHAUTHTOK)|^USER_ROLE/.test(type)) {
    found.push("iam");
  }
  if (/^USER_(?:START|END)$/.test(type)) found.push("session");
  if (/^(?:CONFIG_CHANGE|DAEMON_|SERVICE_)/.test(type)) found.push("configuration");
  return found;
}

function typesOf(type: string, classes: string): string[] {
  if (classes.includes("process_creation") || /^(?:USER_START|USER_LOGIN|LOGIN)$/.test(type)) {
    return ["start"];
  }
  if (classes.includes("network_connection")) return ["connection"];
  if (classes.includes("file_event") || /^ADD_/.test(type)) return ["creation"];
  if (/^DEL_/.test(type)) return ["deletion"];
  return /^(?:USER_END|CRED_DISP)$/.test(type) ? ["end"] : [];
}
