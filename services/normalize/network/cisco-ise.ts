// Cisco Identity Services Engine (and Secure ACS 5), RADIUS and TACACS+ for network access: its syslog
// messages come in numbered segments with key=value steps (Cisco ISE Syslogs, "Introduction").
import { AppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { textOf } from "../document.ts";
import { addressOf, type FieldTable, flatShape, setField } from "../field-table.ts";
import { type Format, type ParseContext, SURE } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { isoTime } from "../time-text.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "./device-document.ts";
import type { DeviceMeaning } from "./device-messages.ts";

const ECS: FieldTable = {
  ...DEVICE_ECS,
  "event.reason": ["FailureReason", "Failure Reason"],
  "user.name": ["UserName", "User-Name", "AdminName", "User"],
  "destination.ip": ["NetworkDeviceIPAddress", "Device IP Address", "NAS-IP-Address"],
  "destination.domain": ["NetworkDeviceName"],
  "rule.name": ["AuthorizationPolicyMatchedRule", "SelectedAuthorizationProfiles"],
  "network.protocol": ["Protocol"],
};

/** Messages of Cisco ISE. */
export const ciscoIse: Format = {
  id: "cisco-ise",
  title: "Cisco Identity Services Engine (ISE)",
  reads: "text",
  shape: flatShape({ id: "cisco-ise", family: "cisco", ecs: ECS, aliases: DEVICE_ALIASES }),
  dataClass: "security",
  sniff: (line, json) => (json === undefined && headOf(line) !== undefined ? SURE : 0),
  parse: (line, context) => {
    const head = headOf(line);
    if (head === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no ISE line: `CISE_… <id> <total> <number>` expected");
    }
    const record: Record<string, unknown> = {
      category: head.category,
      message_id: head.messageId,
      segments: head.total,
      segment: head.number,
    };
    const frame = contentOf(line);
    if (frame?.host !== undefined) record.host = frame.host;
    readBody(head.body, record);
    // Kept until the segments are joined: a value may be cut in two.
    if (head.total > 1) record.body = head.body;
    const own = timeOf(head.body, context);
    const relayed = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time: own ?? relayed, identity: undefined };
  },
  join: {
    keyOf: ({ host, category, message_id, segments }) =>
      typeof segments === "number" && segments > 1
        ? `${textOf(host)}|${textOf(category)}|${textOf(message_id)}`
        : undefined,
    isComplete: (records) =>
      new Set(records.map(({ segment }) => segment)).size === records[0]?.segments,
    merge,
    parts: "merged",
  },
  ecs: (record) =>
    deviceDocument(withoutBody(record), {
      id: "cisco-ise",
      ecs: ECS,
      vendor: "Cisco",
      product: "ISE",
      type: "nac",
    }),
};

interface Head {
  readonly category: string;
  readonly messageId: string;
  readonly total: number;
  /** From 0. */
  readonly number: number;
  readonly body: string;
}

const HEAD = /^(?:CISE|CSCOacs)_(\w{1,60}):? (\d{1,12}) (\d{1,3}) (\d{1,3}) /;
const BODY =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d[.:]\d{3}) ([+-]\d\d:\d\d) \d{1,12} (\d{3,6}) ([A-Z]{1,10}) {1,2}([^:,]{1,80}): ([^,]{0,500}),? ?/;
/** Most attributes of one message. */
const ATTRIBUTES_MAX = 500;

function headOf(line: string): Head | undefined {
  const start = line.slice(0, 200);
  if (!start.includes("CISE_") && !start.includes("CSCOacs_")) return undefined;
  const content = contentOf(line)?.content ?? line;
  const match = HEAD.exec(content.slice(0, 120));
  if (match === null) return undefined;
  const total = Number(match[3]);
  const number = Number(match[4]);
  if (total < 1 || number >= total) return undefined;
  const body = content.slice(match[0].length);
  return { category: match[1] ?? "", messageId: match[2] ?? "", total, number, body };
}

function timeOf(body: string, context: ParseContext): number | undefined {
  const match = BODY.exec(body.slice(0, 800));
  if (match === null) return undefined;
  const [, date, clock, zone] = match;
  return isoTime(`${date}T${clock?.replace(/:(?=\d{3}$)/, ".")}${zone}`, context);
}

function readBody(body: string, record: Record<string, unknown>): void {
  const match = BODY.exec(body.slice(0, 800));
  let rest = body;
  if (match !== null) {
    record.code = match[4];
    record.level = match[5]?.toLowerCase();
    record.class = match[6];
    record.message = match[7];
    rest = body.slice(match[0].length);
  }
  // Commas inside a value are escaped, or have no blank behind them.
  const parts = rest.split(/(?<!\\), ?(?=[A-Za-z][\w .:/-]{0,80}=)/, ATTRIBUTES_MAX);
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at < 1) continue;
    addAttribute(record, part.slice(0, at), clean(part.slice(at + 1)));
  }
  addMeaning(record);
}

function clean(value: string): string {
  const whole = value.endsWith(",") ? value.slice(0, -1) : value;
  return (whole.includes("\\") ? whole.replace(/\\([,;=\\])/g, "$1") : whole).trim();
}

const OWN: ReadonlySet<string> = new Set(
  "category message_id segments segment host code level class message body kind phase blocked".split(
    " ",
  ),
);

// Steps and pairs of a device come many times over.
function addAttribute(record: Record<string, unknown>, name: string, value: string): void {
  const key = OWN.has(name) ? `${name}_` : name;
  const before = Object.hasOwn(record, key) ? record[key] : undefined;
  if (before === undefined) setField(record, key, value);
  else if (Array.isArray(before)) before.push(value);
  else setField(record, key, [before, value]);
}

const ACCESS: DeviceMeaning = { kind: "authentication", action: "network-access", phase: "start" };

function addMeaning(record: Record<string, unknown>): void {
  const category = textOf(record.category);
  if (category === "Passed_Authentications") Object.assign(record, ACCESS, { outcome: "success" });
  else if (category === "Failed_Attempts") Object.assign(record, ACCESS, { outcome: "failure" });
  else if (category === "RADIUS_Accounting") {
    const status = textOf(record["Acct-Status-Type"]);
    record.kind = "vpn";
    record.action = "session-update";
    if (/^start/i.test(status)) Object.assign(record, { action: "session-start", phase: "start" });
    if (/^stop/i.test(status)) Object.assign(record, { action: "session-end", phase: "end" });
  } else if (category === "Administrative_and_Operational_Audit") {
    const isLogin = /Administrator-Login/i.test(textOf(record.class));
    record.kind = isLogin ? "authentication" : "configuration";
    record.action = isLogin ? "login" : "configured";
    record.outcome = /fail|invalid|denied/i.test(textOf(record.message)) ? "failure" : "success";
  }
  const command = commandOf(record.CmdSet);
  if (command !== undefined) {
    Object.assign(record, { kind: "command", action: "command", phase: "change", command });
  }
  const caller = textOf(record["Calling-Station-ID"] ?? record["Remote-Address"]);
  const address = addressOf(textOf(record["Remote-Address"] ?? record.AdminIPAddress) || caller);
  if (address !== undefined) record.src_ip = address;
  else if (addressOf(record["Framed-IP-Address"]) !== undefined) {
    record.src_ip = record["Framed-IP-Address"];
  }
  if (/^(?:[\dA-F]{2}[:-]){5}[\dA-F]{2}$/i.test(caller)) record.src_mac = caller;
}

// `[ CmdAV=show CmdArgAV=version CmdArgAV=<cr> ]` → `show version`.
function commandOf(set: unknown): string | undefined {
  const text = textOf(Array.isArray(set) ? set[0] : set);
  if (!text.includes("CmdAV=")) return undefined;
  const words = text
    .replace(/^\[ ?/, "")
    .replace(/ ?\]$/, "")
    .split(/ ?Cmd(?:Arg)?AV=/)
    .map((word) => word.trim())
    .filter((word) => word !== "" && word !== "<cr>");
  return words.length === 0 ? undefined : words.join(" ");
}

// In order of their numbers; a segment that came twice counts once.
function merge(records: readonly ParsedRecord[]): ParsedRecord {
  const byNumber = new Map(records.map((record) => [Number(record.segment), record]));
  const parts = [...byNumber].sort(([one], [other]) => one - other).map(([, record]) => record);
  const [first = {}] = parts;
  const { host, category, message_id, segments } = first;
  const joined: Record<string, unknown> = { category, message_id, segments };
  if (host !== undefined) joined.host = host;
  const body = parts.map((part) => textOf(part.body)).join("");
  readBody(body.replace(/,(?=[A-Za-z][\w.:/-]{0,80}=)/g, ", "), joined);
  return joined;
}

function withoutBody(record: ParsedRecord): ParsedRecord {
  if (record.body === undefined) return record;
  const { body: _body, ...rest } = record;
  return rest;
}
