// The Windows firewall's own log (pfirewall.log): one line a packet or connection that was let through or
// dropped. Columns stand in its `#Fields:` line; without one those that all versions since XP SP2 write
// count. Source: Microsoft, "Configure the Windows Firewall log" and the file's header.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "../network/device-document.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { columnsOf } from "./header-columns.ts";

const ECS: FieldTable = {
  ...DEVICE_ECS,
  "network.bytes": ["size"],
  "process.executable": ["path"],
  "process.pid": ["pid"],
};

/** pfirewall.log. */
export const windowsFirewall: Format = {
  id: "windows-firewall",
  title: "Windows Firewall log (pfirewall.log)",
  reads: "text",
  shape: {
    ...flatShape({ id: "windows-firewall", family: "firewall", ecs: ECS, aliases: DEVICE_ALIASES }),
    logsource: { product: "windows" },
  },
  dataClass: "network",
  mayClaim: ({ line, message }) => /\d/.test(line + message),
  sniff: (line, json) => (json === undefined && HEAD.test(headOf(textOf(line))) ? 0.95 : 0),
  parse: (line, context) => {
    const text = textOf(line);
    const head = HEAD.exec(headOf(text));
    const time = head === null ? undefined : timeOfHead(head, context);
    if (time === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no line of pfirewall.log: date, time, ALLOW or DROP and a protocol were expected",
      );
    }
    const host = line.startsWith("<") ? contentOf(line)?.host : undefined;
    return { record: recordOf(text, context.header, host), time, identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "windows-firewall",
      ecs: ECS,
      vendor: "Microsoft",
      product: "Windows Firewall",
      type: "firewall",
    }),
  isHeader: (line) => /^#Time Format: (?:Local|GMT|UTC)\s{0,2}$/.test(line.slice(0, 30)),
};

// 2026-11-21 05:38:16 DROP TCP 10.1.7.44 10.1.2.3 51544 445 60 S 12345 0 64240 - - - RECEIVE
const HEAD =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) (?:ALLOW|DROP|OPEN|OPEN-INBOUND|CLOSE|INFO-EVENTS-LOST) (?:TCP|UDP|ICMP|ICMPV6|IGMP|\d{1,3}|-) (?:[\da-fA-F:.%]{2,60}|-) (?:[\da-fA-F:.%]{2,60}|-) (?:\d{1,5}|-) (?:\d{1,5}|-) /;
const HEAD_CHARACTERS = 200;
const COLUMNS =
  "date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path pid".split(
    " ",
  );
/** Columns that other firewalls' records have too, under the names that these have there. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["src-ip", "src_ip"],
  ["dst-ip", "dst_ip"],
  ["src-port", "src_port"],
  ["dst-port", "dst_port"],
]);
const NUMBERS: ReadonlySet<string> = new Set(["src-port", "dst-port", "size", "pid"]);
/** `path` says which way a packet went. */
const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ["SEND", "outbound"],
  ["RECEIVE", "inbound"],
  ["FORWARD", "internal"],
]);

function textOf(line: string): string {
  return line.startsWith("<") ? (contentOf(line)?.message ?? line) : line;
}

function headOf(text: string): string {
  return text[4] === "-" && text[19] === " " ? text.slice(0, HEAD_CHARACTERS) : "";
}

function timeOfHead(head: RegExpExecArray, context: ParseContext): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = head
    .slice(1)
    .map(Number);
  const wallMs = wallTime(year, month, day, hour, minute, second);
  return wallMs === undefined ? undefined : wallToUtc(wallMs, context);
}

function recordOf(
  text: string,
  header: string | undefined,
  host: string | undefined,
): Record<string, unknown> {
  const told = columnsOf(header);
  const isOurs = told !== undefined && told.names[2] === "action" && told.names[3] === "protocol";
  const names = isOurs ? told.names : COLUMNS;
  const record: Record<string, unknown> = { kind: "traffic" };
  for (const [index, value] of text.trimEnd().split(" ", names.length).entries()) {
    const name = names[index] ?? "";
    if (value === "-" || value === "" || index < 2) continue;
    const isNumber = NUMBERS.has(name) && /^\d{1,15}$/.test(value);
    setField(record, NAMES.get(name) ?? name, isNumber ? Number(value) : value);
  }
  complete(record);
  if (host !== undefined) record.host = host;
  return record;
}

function complete(record: Record<string, unknown>): void {
  const action = String(record.action);
  record.action = action.toLowerCase();
  if (action !== "CLOSE" && action !== "INFO-EVENTS-LOST") {
    record.blocked = action === "DROP" ? "true" : "false";
    record.outcome = action === "DROP" ? "failure" : "success";
  }
  if (typeof record.protocol === "string") record.protocol = record.protocol.toLowerCase();
  // A path that is no direction names the program.
  const direction = DIRECTIONS.get(String(record.path));
  if (direction === undefined) return;
  record.direction = direction;
  delete record.path;
}
