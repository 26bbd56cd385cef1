// FortiGate firewalls (FortiOS 6 and 7 log reference): key=value lines, bare or behind a syslog header.

import { AppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { readPairs } from "../key-values.ts";
import { lookup } from "../lookup.ts";
import { epochTime, isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "source.ip": ["srcip", "remip", "src"],
  "source.port": ["srcport", "src_port"],
  "source.bytes": ["sentbyte"],
  "source.packets": ["sentpkt"],
  "source.mac": ["srcmac"],
  "source.geo.country_name": ["srccountry"],
  "destination.ip": ["dstip", "dst"],
  "destination.port": ["dstport", "dst_port"],
  "destination.bytes": ["rcvdbyte"],
  "destination.packets": ["rcvdpkt"],
  "destination.geo.country_name": ["dstcountry"],
  "network.iana_number": ["proto"],
  "network.application": ["app"],
  "network.direction": ["direction"],
  "observer.name": ["devname"],
  "observer.serial_number": ["devid"],
  "observer.ingress.interface.name": ["srcintf"],
  "observer.egress.interface.name": ["dstintf"],
  "event.action": ["action"],
  "event.code": ["logid", "log_id"],
  "event.reason": ["reason"],
  "rule.id": ["policyid"],
  "rule.name": ["policyname", "attack", "virus"],
  "user.name": ["user", "unauthuser", "xauthuser"],
  "url.domain": ["hostname"],
  "url.original": ["url"],
  "dns.question.name": ["qname"],
  "file.name": ["filename"],
  "user_agent.original": ["agent"],
  "log.level": ["level"],
  message: ["msg", "logdesc"],
};

/** FortiGate log lines. */
export const fortigate: Format = {
  id: "fortigate",
  title: "Fortinet FortiGate",
  reads: "text",
  shape: flatShape({
    id: "fortigate",
    family: "fortigate",
    ecs: ECS,
    aliases: {
      "host.name": ["devname"],
      src_ip: ["srcip", "remip", "src"],
      src_port: ["srcport", "src_port"],
      dst_ip: ["dstip", "dst"],
      dst_port: ["dstport", "dst_port"],
      username: ["user"],
      "c-uri": ["url"],
      "cs-host": ["hostname"],
      "c-useragent": ["agent"],
      query: ["qname"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, isFramed }) => isFramed || /[a-z]/.test(line),
  sniff: (line, json) => (json === undefined && pairsOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const text = pairsOf(line);
    if (text === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no FortiGate line: logid=, type= and devid= were expected",
      );
    }
    const record: Record<string, unknown> = {};
    readPairs(text, 0, true, (key, value, quote) => {
      if (key !== "") setField(record, key, quote === '"' ? unescaped(value) : value);
    });
    addVerdict(record);
    return { record, time: timeOfLine(record, line, context), identity: undefined };
  },
  ecs: (record) => {
    const document = flatDocument(record, ECS, "fortigate", TIME_KEYS);
    document["event.kind"] =
      record.subtype === "ips" || record.subtype === "virus" ? "alert" : "event";
    document["event.module"] = "fortigate";
    document["event.category"] = categoriesOf(record);
    document["observer.vendor"] = "Fortinet";
    document["observer.type"] = "firewall";
    if (typeof record.devname === "string") document["host.name"] = record.devname;
    const outcome = outcomeOf(String(record.action ?? ""), String(record.status ?? ""));
    if (outcome !== undefined) document["event.outcome"] = outcome;
    return document;
  },
};

const TIME_KEYS: ReadonlySet<string> = new Set(["date", "time", "tz", "eventtime", "blocked"]);
/** The keys that every FortiGate line has stand at its beginning. */
const HEAD_CHARACTERS = 600;

function pairsOf(line: string): string | undefined {
  const isBare = /^(?:date|logver|timestamp|itime|devname|devid|logid|eventtime)=/.test(
    line.slice(0, 12),
  );
  const text = isBare ? line : contentOf(line)?.content;
  if (text === undefined) return undefined;
  const head = text.slice(0, HEAD_CHARACTERS);
  const isMine =
    /\blog_?id="?\d{4,10}\b/.test(head) &&
    /\btype="?[a-z]/.test(head) &&
    /\bdev(?:id|name)=/.test(head);
  return isMine ? text : undefined;
}

/**
 * Adds `blocked` to records of traffic: a session that ended (`close`, `timeout`, `client-rst` …) was let
 * through, and rules of the category firewall ask for that.
 */
export function addVerdict(record: Record<string, unknown>): void {
  if (record.type !== "traffic" || typeof record.action !== "string") return;
  record.blocked = /^(?:den|block|drop)/.test(record.action) ? "true" : "false";
}

const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  vpn: ["authentication", "network"],
  user: ["authentication"],
  virus: ["malware", "network"],
  ips: ["intrusion_detection", "network"],
  anomaly: ["intrusion_detection", "network"],
  webfilter: ["web", "network"],
  emailfilter: ["email", "network"],
};

function categoriesOf(record: ParsedRecord): string[] {
  if (record.cfgpath !== undefined) return ["configuration"];
  if (record.type === "event" && (record.action === "login" || record.action === "logout")) {
    return ["authentication"];
  }
  return [...(lookup(CATEGORIES, String(record.subtype)) ?? ["network"])];
}

function unescaped(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\\])/g, "$1") : value;
}

// eventtime: seconds in 6.0, nanoseconds since 6.2; its unit shows in its size.
function timeOfLine(
  record: Readonly<Record<string, unknown>>,
  line: string,
  context: ParseContext,
): number | undefined {
  const { date, time, tz, eventtime } = record;
  const exact =
    typeof eventtime === "string" && /^\d{9,20}$/.test(eventtime)
      ? epochTime(Number(eventtime))
      : undefined;
  if (exact !== undefined) return exact;
  if (typeof date === "string" && typeof time === "string") {
    const zone = typeof tz === "string" && /^[+-]\d{2}:?\d{2}$/.test(tz) ? tz : "";
    const written = isoTime(`${date}T${time}${zone}`, context);
    if (written !== undefined) return written;
  }
  const frame = contentOf(line);
  return frame === undefined ? undefined : frameTime(frame, context);
}

function outcomeOf(action: string, status: string): "success" | "failure" | undefined {
  if (/fail|deny|denied|block|drop/.test(`${action} ${status}`)) return "failure";
  return /^(?:accept|close|passthrough|pass|tunnel-up|login)$/.test(action) || status === "success"
    ? "success"
    : undefined;
}
