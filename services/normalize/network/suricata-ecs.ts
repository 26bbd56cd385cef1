// A record of Suricata under ECS names; whatever has none stays under `suricata.eve.`.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { addressOf, ecsValue } from "../field-table.ts";
import { isRecord } from "../json-text.ts";
import { SURICATA_FIELDS } from "./suricata-fields.ts";

const PATHS = Object.entries(SURICATA_FIELDS).map(
  ([name, paths]) => [name, paths.map((path) => path.split("."))] as const,
);
const PREFIX = "suricata.eve";
// Packets and payloads are content of connections: large, and full of identities.
const LEFT_OUT: ReadonlySet<string> = new Set(
  ["timestamp", "packet", "payload", "payload_printable", "packet_info"].map(
    (key) => `${PREFIX}.${key}`,
  ),
);
// ECS allows these values only.
const CATEGORIES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    alert: ["network", "intrusion_detection"],
    anomaly: ["network", "intrusion_detection"],
    http: ["network", "web"],
    fileinfo: ["network", "file"],
    krb5: ["network", "authentication"],
    ssh: ["network", "session"],
    rdp: ["network", "session"],
    smtp: ["network", "email"],
  }),
);
const TYPES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    flow: ["connection", "end"],
    netflow: ["connection"],
    http: ["access", "protocol"],
    dns: ["protocol"],
    fileinfo: ["info"],
  }),
);

/** The record under ECS names. */
export function suricataEcs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  const rest: EcsDocument = {};
  putAll(rest, `${PREFIX}.`, record);
  for (const [name, paths] of PATHS) {
    for (const path of paths) {
      const value = follow(record, path);
      if (value === undefined || value === null || value === "") continue;
      const written = ecsValue(name, value);
      if (written === undefined) continue;
      put(document, name, written);
      delete rest[`${PREFIX}.${path.join(".")}`];
      break;
    }
  }
  for (const [name, value] of Object.entries(rest)) {
    if (!LEFT_OUT.has(name)) document[name] = value;
  }
  return { ...document, ...described(record), ...ownOf(record) };
}

function described(record: ParsedRecord): EcsDocument {
  const type = textOf(record.event_type);
  const isAlert = type === "alert";
  const document: EcsDocument = {
    "event.kind": isAlert ? "alert" : type === "stats" ? "metric" : "event",
    "event.module": "suricata",
    "event.dataset": "suricata.eve",
    "event.category": [...(CATEGORIES.get(type) ?? ["network"])],
    "event.type": [...(TYPES.get(type) ?? (isAlert ? alertTypes(record) : ["info"]))],
    "observer.type": "ids",
    "observer.vendor": "OISF",
    "observer.product": "Suricata",
  };
  if (typeof record.proto === "string") document["network.transport"] = record.proto.toLowerCase();
  return document;
}

function alertTypes(record: ParsedRecord): string[] {
  const action = isRecord(record.alert) ? record.alert.action : undefined;
  return action === "blocked" ? ["info", "denied"] : ["info", "allowed"];
}

// What a table can't say: numbers, lists, parts of addresses.
function ownOf(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  const { alert, dns, http, flow } = record;
  // 1 is the most severe, 255 the least.
  if (isRecord(alert)) put(document, "event.severity", alert.severity);
  if (isRecord(dns)) {
    const type = textOf(dns.type);
    if (type !== "") put(document, "dns.type", isAnswer(type) ? "answer" : "query");
    const data = answersOf(dns);
    put(document, "dns.answers.data", data);
    const addresses = data.map(addressOf).filter((one) => one !== undefined);
    put(document, "dns.resolved_ip", addresses);
  }
  if (isRecord(http)) {
    const url = textOf(http.url);
    const question = url.indexOf("?");
    put(document, "url.path", question === -1 ? url : url.slice(0, question));
    if (question !== -1) put(document, "url.query", url.slice(question + 1));
    const status = Number(http.status);
    if (status > 0) put(document, "event.outcome", status < 400 ? "success" : "failure");
    put(document, "http.version", textOf(http.protocol).replace(/^HTTP\//, ""));
  }
  if (isRecord(flow) && typeof flow.age === "number") {
    put(document, "event.duration", flow.age * 1e9);
  }
  return document;
}

function isAnswer(type: string): boolean {
  return type === "answer" || type === "response";
}

/** Answers that are looked at. */
const ANSWERS_MAX = 100;

// Version 1 writes one answer a record, later ones a list.
function answersOf(dns: Readonly<Record<string, unknown>>): string[] {
  if (typeof dns.rdata === "string") return [dns.rdata];
  if (!Array.isArray(dns.answers)) return [];
  return dns.answers
    .slice(0, ANSWERS_MAX)
    .map((answer: unknown) => (isRecord(answer) ? textOf(answer.rdata) : ""))
    .filter((data) => data !== "");
}

function follow(record: ParsedRecord, path: readonly string[]): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // Checked above: it is an object that has the key; a list has its places as keys.
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
