// ECS names of the fields that network devices share, and the document of a device's record.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable, flatDocument } from "../field-table.ts";

/** Fields as device-messages.ts and its tables name them. */
export const DEVICE_ECS: FieldTable = {
  "host.name": ["host"],
  "observer.name": ["host"],
  "event.code": ["code"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "source.ip": ["src_ip"],
  "source.port": ["src_port"],
  "source.mac": ["src_mac"],
  "source.nat.ip": ["src_nat_ip"],
  "source.nat.port": ["src_nat_port"],
  "source.bytes": ["src_bytes"],
  "destination.ip": ["dst_ip"],
  "destination.port": ["dst_port"],
  "destination.mac": ["dst_mac"],
  "destination.nat.ip": ["dst_nat_ip"],
  "destination.nat.port": ["dst_nat_port"],
  "destination.bytes": ["dst_bytes"],
  "network.transport": ["protocol"],
  "network.direction": ["direction"],
  "network.bytes": ["bytes"],
  "network.vlan.id": ["vlan"],
  "observer.ingress.interface.name": ["src_interface", "interface"],
  "observer.egress.interface.name": ["dst_interface"],
  "rule.name": ["rule"],
  "user.name": ["user"],
  "user.target.name": ["target_user"],
  "group.name": ["group"],
  "process.command_line": ["command"],
  "url.original": ["url"],
  "log.level": ["level"],
  "log.syslog.severity.code": ["severity"],
  message: ["message"],
};

/** Names that Sigma rules use for them, besides those that the records have anyway. */
export const DEVICE_ALIASES: FieldTable = {
  username: ["user"],
  User: ["user"],
  CommandLine: ["command"],
};

/** What a device is. */
export interface Device {
  readonly id: string;
  readonly ecs: FieldTable;
  readonly vendor: string;
  readonly product: string;
  /** ECS observer.type. */
  readonly type: "firewall" | "switch" | "router" | "nac";
}

const CATEGORIES: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["traffic", ["network"]],
  ["authentication", ["authentication"]],
  ["vpn", ["network", "session"]],
  ["command", ["configuration"]],
  ["configuration", ["configuration"]],
  ["account", ["iam"]],
  ["threat", ["intrusion_detection", "network"]],
  ["interface", ["network"]],
  ["system", ["host"]],
  ["web", ["web", "network"]],
  ["malware", ["malware", "network"]],
  ["email", ["email"]],
]);
/** Said by event.category and event.type, or made for rules only. */
const SKIPPED: ReadonlySet<string> = new Set(["kind", "phase", "blocked"]);

/** The document of a record whose fields have the shared names. */
export function deviceDocument(record: ParsedRecord, device: Device): EcsDocument {
  const document = flatDocument(record, device.ecs, device.id, SKIPPED);
  document["event.kind"] =
    record.kind === "threat" || record.kind === "malware" ? "alert" : "event";
  document["event.module"] = device.id;
  const categories = CATEGORIES.get(record.kind);
  if (categories !== undefined) document["event.category"] = [...categories];
  const { phase } = record;
  if (typeof phase === "string") {
    document["event.type"] = record.kind === "traffic" ? ["connection", phase] : [phase];
  }
  document["observer.vendor"] = device.vendor;
  document["observer.product"] = device.product;
  document["observer.type"] = device.type;
  for (const name of ["source.mac", "destination.mac"]) {
    const mac = macOf(document[name]);
    if (mac !== undefined) document[name] = mac;
  }
  // Some devices write names where others write addresses.
  putName(document, "source.domain", record.src_ip);
  putName(document, "destination.domain", record.dst_ip);
  return document;
}

function putName(document: EcsDocument, name: string, value: unknown): void {
  if (value !== undefined && addressOf(value) === undefined) put(document, name, value);
}

/** `0050.56aa.0001`, `00:50:56:aa:00:01` or `005056-aa0001` as ECS writes it: `00-50-56-AA-00-01`. */
function macOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 17) return undefined;
  const digits = value.replace(/[.:-]/g, "").toUpperCase();
  if (!/^[\dA-F]{12}$/.test(digits)) return undefined;
  return digits.match(/../g)?.join("-");
}

/**
 * Names of the severities, by number. `info`, because rules look through all values of a command's record
 * for `format`, the command, and would find it in RFC 5424's "informational".
 */
export const LEVELS: readonly string[] = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
];
