// Palo Alto Networks firewalls and Panorama (PAN-OS 9 to 11): comma separated values behind a syslog
// header, their columns decided by the log's type.

import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { lookup } from "../lookup.ts";
import { isoTime } from "../time-text.ts";
import { splitColumns } from "./csv-columns.ts";
import { paloAltoColumns } from "./palo-alto-columns.ts";

const ECS: FieldTable = {
  "host.name": ["device_name"],
  "observer.name": ["device_name"],
  "observer.serial_number": ["serial"],
  "observer.ingress.interface.name": ["inbound_if"],
  "observer.ingress.zone": ["from_zone"],
  "observer.egress.interface.name": ["outbound_if"],
  "observer.egress.zone": ["to_zone"],
  "event.code": ["eventid", "threatid"],
  "event.action": ["action", "eventid", "cmd", "event", "subtype", "matchtype"],
  "event.reason": ["session_end_reason", "reason", "error"],
  "source.ip": ["src", "public_ip", "ip", "client_ip"],
  "source.port": ["sport"],
  "source.nat.ip": ["natsrc"],
  "source.nat.port": ["natsport"],
  "source.bytes": ["bytes_sent"],
  "source.packets": ["pkts_sent"],
  "source.mac": ["src_mac", "mac"],
  "source.domain": ["src_host", "machinename"],
  "source.geo.country_name": ["srcloc", "srcregion"],
  "destination.ip": ["dst"],
  "destination.port": ["dport"],
  "destination.nat.ip": ["natdst"],
  "destination.nat.port": ["natdport"],
  "destination.bytes": ["bytes_received"],
  "destination.packets": ["pkts_received"],
  "destination.domain": ["sni", "dst_host"],
  "destination.geo.country_name": ["dstloc"],
  "destination.user.name": ["dstuser"],
  "network.transport": ["proto"],
  "network.application": ["app"],
  "network.bytes": ["bytes"],
  "network.packets": ["packets"],
  "rule.name": ["rule", "authpolicy", "policy_name"],
  "rule.uuid": ["rule_uuid"],
  "user.name": ["srcuser", "user", "admin"],
  "user_agent.original": ["user_agent"],
  "http.request.method": ["http_method"],
  "http.request.referrer": ["referer"],
  "url.original": ["url"],
  "file.name": ["file"],
  "file.hash.sha256": ["filedigest"],
  "tls.version": ["tls_version"],
  "tls.server.subject": ["subject_cn"],
  "log.level": ["severity"],
  message: ["opaque", "path"],
};

/** PAN-OS log lines. */
export const paloAlto: Format = {
  id: "palo-alto",
  title: "Palo Alto Networks PAN-OS",
  reads: "text",
  shape: flatShape({
    id: "palo-alto",
    family: "palo-alto",
    ecs: ECS,
    aliases: {
      src_ip: ["src", "public_ip", "ip", "client_ip"],
      src_port: ["sport"],
      dst_ip: ["dst"],
      dst_port: ["dport"],
      username: ["srcuser", "user", "admin"],
      "c-uri": ["url"],
      "cs-host": ["url"],
      "cs-method": ["http_method"],
      "c-useragent": ["user_agent"],
      "cs-referrer": ["referer"],
      Signature: ["threatid"],
      Filename: ["file"],
      Action: ["action"],
      description: ["opaque"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, content }) => /[\d,]/.test(line + content),
  sniff: (line, json) => (json === undefined && headOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const head = headOf(line);
    if (head === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no PAN-OS line: `1,<time>,<serial>,TRAFFIC,…` expected",
      );
    }
    const values = splitColumns(head.content, 0, COLUMNS_MAX);
    const record: Record<string, unknown> = {};
    const names = withoutDetails(head.type, values, head.columns);
    for (const [index, value] of values.entries()) {
      const name = names[index] ?? `column_${index + 1}`;
      if (name !== "-" && value !== "") setField(record, name, value);
    }
    tidy(record);
    const frame = contentOf(line);
    if (record.device_name === undefined && frame?.host !== undefined) {
      record.device_name = frame.host;
    }
    const sent = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time: timeOf(record, context) ?? sent, identity: undefined };
  },
  ecs,
};

/** Most columns of one line; DECRYPTION has 110. */
const COLUMNS_MAX = 200;
const HEAD = /^\d{0,4},(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d),[\w-]{1,40},([A-Z-]{3,16}),/;

interface Head {
  readonly content: string;
  readonly type: string;
  readonly columns: readonly string[];
}

function headOf(line: string): Head | undefined {
  const first = line.charCodeAt(0);
  const isBare = first === 0x2c || (first >= 0x30 && first <= 0x39 && line.indexOf(",") < 5);
  const content = isBare ? line : contentOf(line)?.content;
  if (content === undefined) return undefined;
  const type = HEAD.exec(content.slice(0, 120))?.[2];
  const columns = type === undefined ? undefined : paloAltoColumns(type);
  return type === undefined || columns === undefined ? undefined : { content, type, columns };
}

// What was changed stands in CONFIG lines of custom formats only; the number behind tells.
function withoutDetails(
  type: string,
  values: readonly string[],
  names: readonly string[],
): readonly string[] {
  const before = names.indexOf("before_change_detail");
  if (type !== "CONFIG" || before === -1) return names;
  const isShort = /^\d+$/.test(values[before] ?? "") && /^0x/.test(values[before + 1] ?? "");
  return isShort ? names.filter((_name, index) => index !== before && index !== before + 1) : names;
}

// `misc` is a URL or a file, by subtype. Where nothing is translated the columns hold zeros.
function tidy(record: Record<string, unknown>): void {
  for (const name of ["natsrc", "natdst", "public_ip", "private_ip"]) {
    if (record[name] === "0.0.0.0") delete record[name];
  }
  for (const name of ["natsport", "natdport", "subtype", "eventid"]) {
    if (record[name] === "0") delete record[name];
  }
  if (record.misc !== undefined) {
    const isUrl = record.subtype === "url" || textOf(record.misc).includes("/");
    record[isUrl ? "url" : "file"] = record.misc;
    delete record.misc;
  }
  const action = textOf(record.action);
  if (record.type === "TRAFFIC" && action !== "") {
    record.blocked = action === "allow" ? "false" : "true";
  }
  // `User 'name' failed authentication. Reason: … From: 198.51.100.9.`
  if (record.type === "SYSTEM") {
    const text = textOf(record.opaque).slice(0, 500);
    const user = /\b[Uu]ser(?: name)?:? '?([\w.@\\-]{1,128}?)'?(?=[,.]? )/.exec(text)?.[1];
    if (user !== undefined && /auth|login|logged|User name:/.test(text)) record.user = user;
    const from = /\b[Ff]rom:? {1,2}([\da-fA-F.:]{3,45}?)\.?(?=[,\s]|$)/.exec(text)?.[1];
    if (from !== undefined) record.client_ip = from;
  }
  if (record.type === "CONFIG" && record.host !== undefined) {
    record.client_ip = record.host;
    delete record.host;
  }
}

function timeOf(
  record: Readonly<Record<string, unknown>>,
  context: ParseContext,
): number | undefined {
  const exact = isoTime(textOf(record.high_res_timestamp), context);
  if (exact !== undefined) return exact;
  const written = textOf(record.time_generated) || textOf(record.receive_time);
  return isoTime(written.replace(/^(\d{4})\/(\d\d)\/(\d\d) /, "$1-$2-$3T"), context);
}

const TIME_KEYS: ReadonlySet<string> = new Set([
  "receive_time",
  "time_generated",
  "high_res_timestamp",
  "blocked",
]);
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  TRAFFIC: ["network"],
  THREAT: ["intrusion_detection", "network"],
  CONFIG: ["configuration"],
  GLOBALPROTECT: ["authentication", "network"],
  USERID: ["authentication"],
  AUTHENTICATION: ["authentication"],
  DECRYPTION: ["network"],
  HIPMATCH: ["host"],
  "HIP-MATCH": ["host"],
};
// Of the threats' kinds: what a page or file was, and not an attack.
const THREAT_CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  url: ["web", "network"],
  file: ["file", "network"],
  data: ["file", "network"],
  virus: ["malware", "network"],
  "wildfire-virus": ["malware", "network"],
  wildfire: ["malware", "network"],
};

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "palo-alto", TIME_KEYS);
  const type = textOf(record.type);
  const subtype = textOf(record.subtype);
  const threat = type === "THREAT" ? lookup(THREAT_CATEGORIES, subtype) : undefined;
  const isSystemAuth =
    type === "SYSTEM" &&
    (subtype === "auth" ||
      subtype === "globalprotect" ||
      /logged (?:in|out)/.test(textOf(record.opaque).slice(0, 200)));
  const category = isSystemAuth
    ? ["authentication"]
    : (threat ?? lookup(CATEGORIES, type) ?? ["host"]);
  put(document, "event.category", category);
  const isAttack = type === "THREAT" && subtype !== "url" && subtype !== "file";
  document["event.kind"] = isAttack ? "alert" : "event";
  document["event.module"] = "palo-alto";
  const outcome = outcomeOf(type, record);
  if (outcome !== undefined) document["event.outcome"] = outcome;
  if (type === "TRAFFIC") {
    const end = record.action === "allow" ? (subtype === "start" ? "start" : "end") : "denied";
    document["event.type"] = ["connection", end];
  }
  document["observer.vendor"] = "Palo Alto Networks";
  document["observer.product"] = "PAN-OS";
  document["observer.type"] = "firewall";
  return document;
}

// Where a log type says how it went.
const RESULTS: Readonly<Record<string, readonly string[]>> = {
  CONFIG: ["result"],
  AUTHENTICATION: ["event"],
  GLOBALPROTECT: ["status"],
  SYSTEM: ["eventid", "opaque"],
};

function outcomeOf(type: string, record: ParsedRecord): "success" | "failure" | undefined {
  const action = textOf(record.action);
  if (type === "TRAFFIC" || type === "THREAT") {
    if (action === "allow" || action === "alert" || action === "continue") return "success";
    return action === "" ? undefined : "failure";
  }
  const said = (lookup(RESULTS, type) ?? [])
    .map((name) => textOf(record[name]).slice(0, 200))
    .join(" ");
  if (/fail|unauth|invalid|denied|locked/i.test(said)) return "failure";
  return /succ|submitted|logged in/i.test(said) ? "success" : undefined;
}
