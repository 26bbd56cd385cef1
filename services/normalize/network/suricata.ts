// Suricata's EVE log: one JSON object an event, told by `event_type` (Suricata 4 to 8, "EVE JSON Format").
// The three forms in which it writes DNS give the same names here.
import { AppError } from "../../../config/errors.ts";
import type { FieldPath } from "../../../detectors/event.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { suricataEcs } from "./suricata-ecs.ts";
import { SURICATA_FIELDS } from "./suricata-fields.ts";

/** Suricata EVE records. */
export const suricata: Format = {
  id: "suricata",
  title: "Suricata EVE",
  reads: "json",
  shape: { id: "suricata", family: "suricata", locate },
  dataClass: "network",
  sniff: (_line, json) => {
    if (json === undefined || typeof json.event_type !== "string") return 0;
    if (json.timestamp === undefined) return 0;
    // The name of each record's own part is its type; the sensor's statistics have no addresses.
    const isOwn = isRecord(json[json.event_type]) || "flow_id" in json || "in_iface" in json;
    return isOwn && ("src_ip" in json || json.event_type === "stats") ? 0.95 : 0;
  },
  parse: (_line, context, json) => {
    if (json === undefined || typeof json.event_type !== "string") {
      throw new AppError("HW_PARSE_FAILED", "no Suricata record: event_type was expected");
    }
    return { record: json, time: timeOf(json.timestamp, context), identity: undefined };
  },
  ecs: suricataEcs,
};

// Names that Sigma's general categories use, beside the ECS names.
const PATHS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ...SURICATA_FIELDS,
    query: ["dns.rrname", "dns.queries.0.rrname", "dns.query.0.rrname"],
    record_type: ["dns.rrtype", "dns.queries.0.rrtype", "dns.query.0.rrtype"],
    answer: ["dns.answers", "dns.grouped", "dns.rdata"],
    dst_ip: ["dest_ip"],
    dst_port: ["dest_port"],
    action: ["alert.action"],
    "c-uri": ["http.url"],
    "c-uri-query": ["http.url"],
    "cs-uri": ["http.url"],
    "cs-uri-query": ["http.url"],
    "cs-uri-stem": ["http.url"],
    "url.path": ["http.url"],
    "cs-host": ["http.hostname"],
    "r-dns": ["http.hostname"],
    "cs-method": ["http.http_method"],
    "cs-referer": ["http.http_refer"],
    "cs-user-agent": ["http.http_user_agent"],
    "c-useragent": ["http.http_user_agent"],
    "cs-cookie": ["http.cookie"],
    "sc-status": ["http.status"],
    "c-ip": ["src_ip"],
  }),
);

function locate(name: string): readonly FieldPath[] {
  const known = PATHS.get(name);
  if (known !== undefined) return known.map((path) => path.split("."));
  const own = name.startsWith("suricata.eve.") ? name.slice("suricata.eve.".length) : name;
  return own.includes(".") ? [own.split("."), [own]] : [[own]];
}
