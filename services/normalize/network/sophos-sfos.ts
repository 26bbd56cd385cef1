// Sophos Firewall (SFOS 17 to 21, XG and XGS): key=value lines, in the device's older format
// (`device="SFW" date=… time=…`) and in the newer one (`device_name="SFW" timestamp="…"`).

import { AppError } from "../../../config/errors.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { readPairs } from "../key-values.ts";
import { lookup } from "../lookup.ts";
import { isoTime } from "../time-text.ts";
import { deviceDocument } from "./device-document.ts";
import { type DeviceMeaning, verdictOf } from "./device-messages.ts";
import { zoneOfName } from "./zone-names.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "observer.name": ["host"],
  "observer.serial_number": ["device_serial_id", "device_id"],
  "observer.ingress.interface.name": ["in_interface", "src_zone"],
  "observer.egress.interface.name": ["out_interface", "dst_zone"],
  "event.action": ["action", "log_subtype", "status"],
  "event.code": ["log_id"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason", "con_event"],
  "source.ip": ["src_ip", "remote_ip", "ip", "sourceip"],
  "source.port": ["src_port"],
  "source.mac": ["src_mac"],
  "source.bytes": ["sent_bytes", "bytes_sent"],
  "source.packets": ["sent_pkts", "packets_sent"],
  "source.nat.ip": ["tran_src_ip", "src_trans_ip"],
  "source.nat.port": ["tran_src_port", "src_trans_port"],
  "source.geo.country_iso_code": ["src_country_code", "src_country"],
  "destination.ip": ["dst_ip"],
  "destination.port": ["dst_port"],
  "destination.bytes": ["recv_bytes", "bytes_received"],
  "destination.packets": ["recv_pkts", "packets_received"],
  "destination.nat.ip": ["tran_dst_ip", "dst_trans_ip"],
  "destination.nat.port": ["tran_dst_port", "dst_trans_port"],
  "destination.domain": ["domain", "dst_domainname"],
  "destination.geo.country_iso_code": ["dst_country_code", "dst_country"],
  "network.transport": ["protocol"],
  "network.application": ["application", "app_name"],
  "rule.id": ["fw_rule_id"],
  "rule.name": ["fw_rule_name", "signature_msg", "virus", "malware"],
  "user.name": ["user_name", "user", "usr_name", "username"],
  "user.full_name": ["name"],
  "group.name": ["user_gp", "user_group", "usergroupname"],
  "url.original": ["url"],
  "http.request.method": ["http_method", "method"],
  "http.response.status_code": ["status_code", "http_status"],
  "user_agent.original": ["user_agent"],
  "file.name": ["filename", "file_name", "download_file_name"],
  "log.level": ["priority", "severity"],
  message: ["message"],
};

/** Lines of Sophos Firewall. */
export const sophosSfos: Format = {
  id: "sophos-sfos",
  title: "Sophos Firewall (SFOS)",
  reads: "text",
  shape: {
    ...flatShape({
      id: "sophos-sfos",
      family: "firewall",
      ecs: ECS,
      aliases: {
        src_ip: ["src_ip", "remote_ip", "ip"],
        username: ["user_name", "user", "usr_name"],
        action: ["action", "log_subtype", "status"],
        "c-uri": ["url"],
        "cs-host": ["domain"],
        "cs-method": ["http_method", "method"],
        "c-useragent": ["user_agent"],
        Signature: ["virus", "malware"],
        Filename: ["filename", "file_name"],
      },
    }),
    logsource: { product: "sophos" },
  },
  dataClass: "network",
  mayClaim: ({ line, content }) => line === "d" || content === "d",
  sniff: (line, json) => (json === undefined && pairsOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const text = pairsOf(line);
    if (text === undefined) {
      throw new AppError("HW_PARSE_FAILED", 'no Sophos Firewall line: device="SFW" was expected');
    }
    const record: Record<string, unknown> = {};
    readPairs(text, 0, true, (key, value, quote) => {
      if (key === "" || value === "") return;
      const isEscaped = quote === '"' && value.includes("\\");
      setField(record, key, isEscaped ? value.replace(/\\(["\\])/g, "$1") : value);
    });
    const host = contentOf(line)?.host ?? nameOf(record);
    if (host !== undefined) record.host = host;
    for (const key of ["tran_src_port", "tran_dst_port"])
      if (record[key] === "0") delete record[key];
    if (typeof record.protocol === "string") record.protocol = record.protocol.toLowerCase();
    Object.assign(record, meaningOf(record));
    return { record, time: timeOf(record, line, context), identity: undefined };
  },
  ecs: (record) => {
    const document = deviceDocument(record, {
      id: "sophos-sfos",
      ecs: ECS,
      vendor: "Sophos",
      product: "SFOS",
      type: "firewall",
    });
    for (const name of TIME_KEYS) delete document[`sophos-sfos.${name}`];
    // Mails have the names of persons under their own keys.
    put(document, "email.subject", record.subject);
    return document;
  },
};

const TIME_KEYS = ["date", "time", "timestamp", "timezone"];
const HEAD_CHARACTERS = 300;

function pairsOf(line: string): string | undefined {
  const isBare = line.startsWith("device=") || line.startsWith("device_name=");
  const text = isBare ? line : contentOf(line)?.content;
  if (text === undefined) return undefined;
  const head = text.slice(0, HEAD_CHARACTERS);
  const isMine =
    (head.startsWith('device="SFW"') || /^device_name="[^"]{0,64}" /.test(head)) &&
    /\blog_(?:id|type)="?[\w ]/.test(head);
  return isMine ? text : undefined;
}

// The newer format writes SFW for the name of every device.
function nameOf(record: Readonly<Record<string, unknown>>): string | undefined {
  const name = textOf(record.device_name);
  return name === "" || name === "SFW" ? undefined : name;
}

function timeOf(
  record: Readonly<Record<string, unknown>>,
  line: string,
  context: ParseContext,
): number | undefined {
  const exact = isoTime(textOf(record.timestamp), context);
  if (exact !== undefined) return exact;
  const zone = zoneOfName(textOf(record.timezone));
  const zoned = zone === undefined ? context : { ...context, timeZone: zone };
  const written = isoTime(`${textOf(record.date)}T${textOf(record.time)}`, zoned);
  const frame = written === undefined ? contentOf(line) : undefined;
  return frame === undefined ? written : frameTime(frame, context);
}

const KINDS: Readonly<Record<string, DeviceMeaning["kind"]>> = {
  Firewall: "traffic",
  "Content Filtering": "web",
  WAF: "web",
  IDP: "threat",
  IPS: "threat",
  ATP: "threat",
  Heartbeat: "threat",
  "Anti-Virus": "malware",
  Sandbox: "malware",
  "Zero-day Protection": "malware",
  "Anti-Spam": "email",
};

function meaningOf(record: Readonly<Record<string, unknown>>): DeviceMeaning {
  const type = textOf(record.log_type);
  const subtype = textOf(record.log_subtype);
  const component = textOf(record.log_component);
  const status = textOf(record.status);
  if (type === "Event") return eventMeaning(component, subtype, status);
  const kind = lookup(KINDS, type) ?? "system";
  const verdict = verdictOf(subtype === "" ? status : subtype);
  // A scan's `Virus` names what was found, and it was kept out.
  if (kind === "malware" && !("outcome" in verdict)) return { kind, ...verdictOf("block") };
  return { kind, ...verdict };
}

function eventMeaning(component: string, subtype: string, status: string): DeviceMeaning {
  const outcome = /^(?:succ|establ|connect|allow)/i.test(status)
    ? "success"
    : /^(?:fail|den)/i.test(status)
      ? "failure"
      : undefined;
  const said: DeviceMeaning = outcome === undefined ? {} : { outcome };
  if (subtype === "Authentication" || /Authentication/.test(component)) {
    return { kind: "authentication", action: "login", phase: "start", ...said };
  }
  if (subtype === "Admin") {
    const isLogin = /^(?:GUI|CLI|Console|SSH)$/i.test(component);
    return { kind: isLogin ? "authentication" : "configuration", ...said };
  }
  if (/VPN|IPSec|L2TP|PPTP|RED/i.test(component)) {
    const isEnd = /^(?:termin|disconn)/i.test(status);
    return { kind: "vpn", action: isEnd ? "session-end" : "session-start", ...said };
  }
  return { kind: "system", ...said };
}
