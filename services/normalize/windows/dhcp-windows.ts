// The audit log of the Windows DHCP server (DhcpSrvLog-*.log, DhcpV6SrvLog-*.log): which machine had
// which address when. CSV, in the server's wall-clock time; the date is always month/day/year.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { readDelimited } from "./delimited-line.ts";
import { isDhcpPreamble } from "./file-preambles.ts";
import { putAccount } from "./windows-ecs.ts";

const ECS: FieldTable = {
  "source.ip": ["ip"],
  "source.mac": ["mac"],
  "source.domain": ["host_name"],
  "event.code": ["id"],
  "host.name": ["host"],
  message: ["description"],
};

/** DHCP server audit log. */
export const dhcpWindows: Format = {
  id: "dhcp-windows",
  title: "Windows DHCP server audit log",
  reads: "text",
  shape: flatShape({
    id: "dhcp-windows",
    family: "dhcp-windows",
    ecs: ECS,
    aliases: { EventID: ["id"], "user.name": ["user"], src_ip: ["ip"] },
  }),
  dataClass: "network",
  mayClaim: ({ line, message }) => /\d/.test(line + message),
  sniff: (line, json) => (json === undefined && HEAD.test(textOf(line).slice(0, 30)) ? 0.95 : 0),
  parse: (line, context) => {
    const text = textOf(line);
    const head = HEAD.exec(text.slice(0, 30));
    const time = head === null ? undefined : timeOfHead(head, context);
    if (time === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no DHCP audit line: ID,MM/DD/YY,hh:mm:ss was expected",
      );
    }
    const host = line.startsWith("<") ? contentOf(line)?.host : undefined;
    return { record: recordOf(text, host), time, identity: undefined };
  },
  ecs,
  isHeader: isDhcpPreamble,
};

const HEAD = /^(\d{2,5}),(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d),/;

const COLUMNS_V4 =
  "id date time description ip host_name mac user transaction_id q_result probation_time correlation_id dhcid vendor_class_hex vendor_class user_class_hex user_class relay_agent dns_error".split(
    " ",
  );
const COLUMNS_V6 =
  "id date time description ip host_name error_code duid_length duid user dhcid subnet_prefix".split(
    " ",
  );
/** Ids of the DHCPv6 log begin here. */
const V6_ID_MIN = 1000;
const COLUMNS_MAX = 40;

function textOf(line: string): string {
  return line.startsWith("<") ? (contentOf(line)?.message ?? line) : line;
}

function recordOf(text: string, host: string | undefined): Record<string, unknown> {
  const values = readDelimited(text, COLUMNS_MAX);
  const names = Number(values[0]) >= V6_ID_MIN ? COLUMNS_V6 : COLUMNS_V4;
  const record: Record<string, unknown> = {};
  for (const [index, raw] of values.entries()) {
    const value = raw.trim();
    if (value !== "") setField(record, names[index] ?? `column_${index + 1}`, value);
  }
  const mac = typeof record.mac === "string" ? record.mac : "";
  // ECS writes addresses of cards as pairs with hyphens.
  if (/^[0-9a-f]{12}$/i.test(mac)) record.mac = mac.toUpperCase().match(/../g)?.join("-");
  if (host !== undefined) record.host = host;
  return record;
}

function timeOfHead(head: RegExpExecArray, context: ParseContext): number | undefined {
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = head
    .slice(2)
    .map(Number);
  const wallMs = wallTime(2000 + year, month, day, hour, minute, second);
  return wallMs === undefined ? undefined : wallToUtc(wallMs, context);
}

/** Ids after the head of the log file itself; outcome where the id decides it. */
const ACTIONS: Readonly<Record<string, readonly [string, "success" | "failure"] | [string]>> = {
  "00": ["log-start"],
  "01": ["log-stop"],
  "02": ["log-pause"],
  "10": ["lease-assigned", "success"],
  "11": ["lease-renewed", "success"],
  "12": ["lease-released", "success"],
  "13": ["address-conflict", "failure"],
  "14": ["scope-exhausted", "failure"],
  "15": ["lease-denied", "failure"],
  "16": ["lease-deleted"],
  "17": ["lease-expired"],
  "18": ["lease-expired-and-deleted"],
  "20": ["bootp-assigned", "success"],
  "21": ["bootp-assigned", "success"],
  "22": ["bootp-scope-exhausted", "failure"],
  "23": ["bootp-deleted"],
  "24": ["cleanup-begin"],
  "25": ["cleanup-statistics"],
  "30": ["dns-update-request"],
  "31": ["dns-update", "failure"],
  "32": ["dns-update", "success"],
  "33": ["packet-dropped-nap", "failure"],
  "34": ["dns-update", "failure"],
  "35": ["dns-update", "failure"],
  "36": ["packet-dropped-standby"],
  "50": ["domain-unreachable", "failure"],
  "51": ["server-authorized", "success"],
  "53": ["server-authorized-cached", "success"],
  "54": ["server-not-authorized", "failure"],
  "55": ["server-authorized", "success"],
  "56": ["server-not-authorized", "failure"],
  "57": ["foreign-server-found"],
  "58": ["domain-not-found", "failure"],
  "59": ["network-failure", "failure"],
  "62": ["foreign-server-found"],
  "64": ["no-interface", "failure"],
  "11000": ["solicit"],
  "11001": ["advertise"],
  "11002": ["request"],
  "11003": ["confirm"],
  "11004": ["renew", "success"],
  "11005": ["rebind"],
  "11006": ["decline", "failure"],
  "11007": ["release"],
  "11008": ["information-request"],
  "11009": ["scope-exhausted", "failure"],
  "11010": ["log-start"],
  "11011": ["log-stop"],
  "11012": ["log-pause"],
  "11021": ["cleanup-begin"],
};

const SKIPS: ReadonlySet<string> = new Set(["date", "time", "user"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "dhcp-windows", SKIPS);
  const id = String(record.id);
  const [action, outcome] = (Object.hasOwn(ACTIONS, id) ? ACTIONS[id] : undefined) ?? [];
  put(document, "event.kind", "event");
  put(document, "event.module", "dhcp");
  put(document, "event.category", ["network"]);
  put(document, "event.type", ["info", "protocol"]);
  if (action !== undefined) put(document, "event.action", action);
  if (outcome !== undefined) put(document, "event.outcome", outcome);
  put(document, "network.protocol", "dhcp");
  putAccount(document, record.user);
  return document;
}
