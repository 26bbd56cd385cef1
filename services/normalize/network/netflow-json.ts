// Flows of NetFlow, IPFIX and sFlow as collectors write them in JSON. Each has names of its own for the
// same things; the tables below know those of nfdump, pmacct, GoFlow 1 and 2, Logstash's netflow codec
// and IPFIXcol2.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, numberOf } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";

// Order of the keys: nfdump, pmacct, GoFlow 2, GoFlow 1, Logstash, IPFIX names (IPFIXcol2).
const SOURCE = {
  ip: words("src4_addr src6_addr ip_src src_addr SrcAddr ipv4_src_addr ipv6_src_addr"),
  port: words("src_port port_src SrcPort l4_src_port"),
  mac: words("in_src_mac mac_src src_mac SrcMac in_src_mac"),
};
const DESTINATION = {
  ip: words("dst4_addr dst6_addr ip_dst dst_addr DstAddr ipv4_dst_addr ipv6_dst_addr"),
  port: words("dst_port port_dst DstPort l4_dst_port"),
  mac: words("out_dst_mac mac_dst dst_mac DstMac out_dst_mac"),
};
const iana = (...names: string[]) => names.map((name) => `iana:${name}`);
const PROTOCOL = [...words("proto ip_proto Proto protocol"), ...iana("protocolIdentifier")];
const BYTES = [...words("in_bytes bytes Bytes"), ...iana("octetDeltaCount", "octetTotalCount")];
const PACKETS = [
  ...words("in_packets packets Packets in_pkts"),
  ...iana("packetDeltaCount", "packetTotalCount"),
];
const START = [
  ...words(
    "t_first first timestamp_start time_flow_start_ns TimeFlowStartNs TimeFlowStartMs TimeFlowStart first_switched",
  ),
  ...iana("flowStartMilliseconds", "flowStartMicroseconds", "flowStartNanoseconds"),
  ...iana("flowStartSeconds"),
];
const END = [
  ...words(
    "t_last last timestamp_end time_flow_end_ns TimeFlowEndNs TimeFlowEndMs TimeFlowEnd last_switched",
  ),
  ...iana("flowEndMilliseconds", "flowEndMicroseconds", "flowEndNanoseconds", "flowEndSeconds"),
];
const RECEIVED = words(
  "t_received received timestamp_arrival stamp_updated stamp_inserted time_received_ns time_received TimeReceived @timestamp",
);

const ECS: FieldTable = {
  "source.ip": [...SOURCE.ip, ...iana("sourceIPv4Address", "sourceIPv6Address")],
  "source.port": [...SOURCE.port, ...iana("sourceTransportPort")],
  "source.mac": [...SOURCE.mac, ...iana("sourceMacAddress")],
  "source.as.number": words("src_as as_src SrcAS"),
  "destination.ip": [
    ...DESTINATION.ip,
    ...iana("destinationIPv4Address", "destinationIPv6Address"),
  ],
  "destination.port": [...DESTINATION.port, ...iana("destinationTransportPort")],
  "destination.mac": [...DESTINATION.mac, ...iana("destinationMacAddress")],
  "destination.as.number": words("dst_as as_dst DstAS"),
  "source.bytes": BYTES,
  "source.packets": PACKETS,
  "destination.bytes": words("out_bytes"),
  "destination.packets": words("out_packets out_pkts"),
  "observer.ip": words("ip4_router ip6_router peer_ip_src sampler_address SamplerAddress host"),
  "observer.ingress.interface.id": [
    ...words("input_snmp iface_in in_if InIf"),
    ...iana("ingressInterface"),
  ],
  "observer.egress.interface.id": [
    ...words("output_snmp iface_out out_if OutIf"),
    ...iana("egressInterface"),
  ],
};

/** Flows as JSON. */
export const netflowJson: Format = {
  id: "netflow-json",
  title: "NetFlow and IPFIX as JSON",
  reads: "json",
  shape: flatShape({
    id: "netflow-json",
    family: "netflow",
    ecs: ECS,
    aliases: {
      src_ip: ECS["source.ip"] ?? [],
      src_port: ECS["source.port"] ?? [],
      dst_ip: ECS["destination.ip"] ?? [],
      dst_port: ECS["destination.port"] ?? [],
      "network.iana_number": PROTOCOL,
      "network.transport": PROTOCOL,
    },
  }),
  dataClass: "network",
  sniff: (_line, json) => (json !== undefined && isFlow(json) ? 0.95 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isFlow(json)) {
      throw new AppError("HW_PARSE_FAILED", "no flow: addresses of both ends were expected");
    }
    const { netflow, ...around } = json;
    const record: JsonRecord = isRecord(netflow) ? { ...around, ...netflow } : json;
    // A flow is known when it has ended.
    const time = firstTime(record, END, context) ?? firstTime(record, RECEIVED, context);
    return { record, time: time ?? firstTime(record, START, context), identity: undefined };
  },
  ecs,
};

function isFlow(json: JsonRecord): boolean {
  if (json["@type"] === "ipfix.entry") return true;
  if (isRecord(json.netflow)) {
    return "flowset_id" in json.netflow || "ipv4_src_addr" in json.netflow;
  }
  if ("src4_addr" in json || "src6_addr" in json) return "in_packets" in json || "in_bytes" in json;
  if ("ip_src" in json && "ip_dst" in json) return "packets" in json || "bytes" in json;
  if ("src_addr" in json && "dst_addr" in json) return "sampler_address" in json;
  return "SrcAddr" in json && "DstAddr" in json && "SamplerAddress" in json;
}

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  6: "tcp",
  17: "udp",
  41: "ipv6",
  47: "gre",
  50: "esp",
  58: "ipv6-icmp",
  132: "sctp",
};
const TIMES: ReadonlySet<string> = new Set([...START, ...END, ...RECEIVED, ...PROTOCOL]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "netflow", TIMES);
  put(document, "event.kind", "event");
  put(document, "event.module", "netflow");
  put(document, "event.action", "netflow_flow");
  put(document, "event.category", ["network"]);
  put(document, "event.type", ["connection", "end"]);
  const start = firstTime(record, START);
  const end = firstTime(record, END);
  if (start !== undefined) put(document, "event.start", new Date(start).toISOString());
  if (end !== undefined) put(document, "event.end", new Date(end).toISOString());
  if (start !== undefined && end !== undefined && end >= start) {
    put(document, "event.duration", (end - start) * 1e6);
  }
  const protocol = PROTOCOL.map((key) => record[key]).find((value) => value !== undefined);
  const number = numberOf(protocol);
  if (number !== undefined) put(document, "network.iana_number", String(number));
  const name = number === undefined ? textOf(protocol).toLowerCase() : PROTOCOLS[number];
  put(document, "network.transport", name);
  const total = Number(document["source.bytes"] ?? 0) + Number(document["destination.bytes"] ?? 0);
  if (total > 0) put(document, "network.bytes", total);
  return document;
}

// Dates beyond what ISO 8601 can write are no times of flows.
const TIME_MAX = 253_402_300_800_000;

function firstTime(
  record: ParsedRecord,
  keys: readonly string[],
  context?: ParseContext,
): number | undefined {
  for (const key of keys) {
    const time = timeOf(record[key], context);
    if (time !== undefined && Math.abs(time) < TIME_MAX) return time;
  }
  return undefined;
}

function words(text: string): string[] {
  return text.split(" ");
}
