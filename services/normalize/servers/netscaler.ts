// Citrix NetScaler (ADC, Gateway): sign-ins, sessions, commands of administrators, connections. Lines come
// with a syslog header, with a priority only, or as `ns.log` holds them; the date is month first or day
// first, as the administrator chose. Source: NetScaler Syslog Message Reference.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { rememberLast } from "../last-line.ts";
import type { DeviceMeaning } from "../network/device-messages.ts";
import { SIGN_IN_FAILED, SIGNED_IN, SIGNED_OUT } from "../network/device-messages.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { readNetscalerBody } from "./netscaler-body.ts";
import { SERVER_ECS, serverDocument } from "./server-document.ts";

const ECS: FieldTable = {
  ...SERVER_ECS,
  "source.ip": ["client_ip", "remote_ip", "clientip", "source_address", "source"],
  "source.port": ["clientport", "source_port"],
  "destination.ip": ["destination_address", "serverip", "vserverserviceip"],
  "destination.port": ["destination_port", "serverport", "vserverserviceport"],
  "source.nat.ip": ["natip", "nat_ip"],
  "source.bytes": ["total_bytes_recv"],
  "destination.bytes": ["total_bytes_send"],
  "user_agent.original": ["browser_type"],
  "user.domain": ["domain"],
  "event.reason": ["failure_reason", "reason", "errmsg"],
  "process.command_line": ["command"],
  "group.name": ["group_s"],
  "tls.cipher": ["ciphersuite"],
  "tls.version": ["clientversion", "protocolversion"],
};

/** NetScaler logs. */
export const netscaler: Format = {
  id: "netscaler",
  title: "Citrix NetScaler (ADC, Gateway)",
  reads: "text",
  shape: flatShape({
    id: "netscaler",
    family: "netscaler",
    ecs: ECS,
    aliases: { User: ["user"], src_ip: ["client_ip", "remote_ip", "source_address"] },
  }),
  dataClass: "security",
  sniff: (line, json) => (json === undefined && headOf(line) !== null ? 0.95 : 0),
  parse: (line, context) => {
    const head = headOf(line);
    if (head === null) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no NetScaler line: date, packet engine and message expected",
      );
    }
    const record = recordOf(head);
    readNetscalerBody(line.slice(head.index + head[0].length), record);
    Object.assign(record, meaningOf(record));
    const address =
      /^(?:<\d{1,3}>)?.{0,32}?(?: <\w{1,10}\.\w{1,10}>)? ([\d.]{7,15}|[\w.-]{1,255}) {1,2}$/.exec(
        line.slice(0, head.index),
      );
    if (record.host === undefined && address?.[1] !== undefined) record.host = address[1];
    return { record, time: timeOf(head, line, context), identity: undefined };
  },
  ecs: (record) => {
    const document = serverDocument(record, ECS, "netscaler");
    document["observer.vendor"] = "Citrix";
    document["observer.product"] = "NetScaler";
    return document;
  },
};

// 11/21/2026:04:38:16 GMT ns01 0-PPE-0 : default SSLVPN LOGIN 36493 0 :
const HEAD =
  /(?<=^|[ >])(\d\d)\/(\d\d)\/(\d{4}):(\d\d):(\d\d):(\d\d) (?:([A-Z]{3,5}) )? ?(?:([\w.-]{1,255}) )?((?:\d{1,4}-)?PPE-\d{1,4}) : (?:([\w.-]{1,64}) )??([A-Z][A-Z_0-9]{1,30}) ([A-Za-z][\w-]{1,60}) (\d{1,12})(?: (\d{1,6}))? : {0,3}/;
const HEAD_CHARACTERS = 700;

const headOf = rememberLast((line: string): RegExpExecArray | null => {
  const head = line.slice(0, HEAD_CHARACTERS);
  return head.includes("PPE-") ? HEAD.exec(head) : null;
});

function recordOf(head: RegExpExecArray): Record<string, unknown> {
  const record: Record<string, unknown> = { engine: head[9], feature: head[11], type: head[12] };
  if (head[8] !== undefined) record.host = head[8];
  if (head[10] !== undefined) record.partition = head[10];
  record.message_number = head[13];
  record.code = `${head[11] ?? ""} ${head[12] ?? ""}`;
  record.action = (head[12] ?? "").toLowerCase();
  return record;
}

const MEANINGS = new Map<string, DeviceMeaning>([
  ["SSLVPN LOGIN", SIGNED_IN],
  ["SSLVPN LOGOUT", SIGNED_OUT],
  ["AAA LOGIN_FAILED", SIGN_IN_FAILED],
  ["AAATM LOGIN", SIGNED_IN],
  ["AAATM LOGOUT", SIGNED_OUT],
  ["AAA LOGIN", SIGNED_IN],
  ["SSLVPN REMOVE_SESSION", { kind: "vpn", phase: "end" }],
]);

function meaningOf(record: Readonly<Record<string, unknown>>): DeviceMeaning {
  const known = MEANINGS.get(String(record.code));
  if (known !== undefined) return known;
  const feature = String(record.feature);
  if (record.type === "CMD_EXECUTED") {
    const isLogin = /^"?log(?:in|out)\b/i.test(String(record.command));
    const outcome = /^success/i.test(String(record.status)) ? "success" : "failure";
    return { kind: isLogin ? "authentication" : "configuration", outcome };
  }
  if (feature === "TCP" || feature === "UDP" || feature === "SSLLOG") return { kind: "traffic" };
  if (feature === "SSLVPN" || feature === "ICA") return { kind: "vpn" };
  if (feature === "APPFW" || feature === "BOT") return { kind: "threat" };
  return { kind: "system" };
}

/** A day that a header names may differ from the device's by its zone. */
const DAY_MS = 86_400_000;

// Month first or day first: where both make a date, the one nearer to the header's time, or to the receipt.
function timeOf(head: RegExpExecArray, line: string, context: ParseContext): number | undefined {
  const [one, other, year, hour, minute, second] = head.slice(1, 7).map(Number);
  const isUtc = head[7] === "GMT" || head[7] === "UTC";
  const candidates = [
    [one, other],
    [other, one],
  ].flatMap(([month = 0, day = 0]) => {
    const wall = wallTime(year ?? 0, month, day, hour ?? 99, minute ?? 99, second ?? 99);
    if (wall === undefined) return [];
    return [isUtc ? wall : wallToUtc(wall, context)];
  });
  const frame = head.index > 8 ? contentOf(line) : undefined;
  const near = (frame === undefined ? undefined : frameTime(frame, context)) ?? context.receivedAt;
  const past = candidates.filter((time) => time <= near + DAY_MS);
  return (past.length > 0 ? past : candidates).sort(
    (a, b) => Math.abs(a - near) - Math.abs(b - near),
  )[0];
}
