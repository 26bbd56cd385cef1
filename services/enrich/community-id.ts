// Community ID, version 1: one short text for a network flow, the same in both directions and in all
// tools, so that a firewall's line and a sensor's alert find each other.
// https://github.com/corelight/community-id-spec
import { hash } from "node:crypto";
import { addressBytes } from "./address-bytes.ts";
import { type Enrichment, numberField, type ReadField, textField } from "./enrichment.ts";

const SEED = 0;
const ADDRESS_CHARACTERS_MAX = 64;
const PORT_MAX = 65_535;
const BYTE_MAX = 255;

const ICMP = 1;
const ICMP_V6 = 58;
/** Protocols whose ports are part of the flow: TCP, UDP, SCTP. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132]);
const NUMBERS: Readonly<Record<string, number>> = {
  icmp: ICMP,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  "ipv6-icmp": ICMP_V6,
  icmpv6: ICMP_V6,
  icmp6: ICMP_V6,
  sctp: 132,
};
/** Questions and their answers share a flow; other types go one way. */
const COUNTERPARTS: Readonly<Record<number, ReadonlyMap<number, number>>> = {
  [ICMP]: pairs([
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18],
  ]),
  [ICMP_V6]: pairs([
    [128, 129],
    [130, 131],
    [133, 134],
    [135, 136],
    [139, 140],
    [144, 145],
  ]),
};
// Router solicitations over IPv4 ask for advertisements; the specification maps no answer back.
const ROUTER_SOLICITATION = 10;
const ROUTER_ADVERTISEMENT = 9;

function pairs(list: readonly (readonly [number, number])[]): Map<number, number> {
  return new Map(list.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]));
}

/** A flow. For ICMP the ports are type and code. */
export interface Flow {
  readonly source: string;
  readonly destination: string;
  /** IANA number of the protocol. */
  readonly protocol: number;
  readonly sourcePort: number | undefined;
  readonly destinationPort: number | undefined;
}

/** `1:` and the base64 of the SHA-1; undefined when the flow is not complete. */
export function communityId(flow: Flow): string | undefined {
  const source = addressBytes(flow.source);
  const destination = addressBytes(flow.destination);
  if (source === undefined || destination === undefined) return undefined;
  if (source.length !== destination.length) return undefined;
  const ports = portsOf(flow);
  if (ports === undefined) return undefined;
  const order = Buffer.compare(source, destination) || ports.source - ports.destination;
  const isForward = ports.isOneWay || order < 0;
  const width = source.length;
  const input = Buffer.alloc(2 + 2 * width + 2 + (ports.isNone ? 0 : 4));
  input.writeUInt16BE(SEED, 0);
  input.set(isForward ? source : destination, 2);
  input.set(isForward ? destination : source, 2 + width);
  input.writeUInt8(flow.protocol, 2 + 2 * width);
  if (!ports.isNone) {
    input.writeUInt16BE(isForward ? ports.source : ports.destination, 4 + 2 * width);
    input.writeUInt16BE(isForward ? ports.destination : ports.source, 6 + 2 * width);
  }
  return `1:${hash("sha1", input, "base64")}`;
}

interface Ports {
  readonly source: number;
  readonly destination: number;
  readonly isOneWay: boolean;
  readonly isNone: boolean;
}

function portsOf({ protocol, sourcePort, destinationPort }: Flow): Ports | undefined {
  const counterparts = COUNTERPARTS[protocol];
  const two = { isOneWay: false, isNone: false };
  if (counterparts !== undefined) {
    if (sourcePort === undefined) return undefined;
    const isSolicitation = protocol === ICMP && sourcePort === ROUTER_SOLICITATION;
    const answer = isSolicitation ? ROUTER_ADVERTISEMENT : counterparts.get(sourcePort);
    if (answer !== undefined) return { ...two, source: sourcePort, destination: answer };
    return { ...two, source: sourcePort, destination: destinationPort ?? 0, isOneWay: true };
  }
  if (!WITH_PORTS.has(protocol))
    return { source: 0, destination: 0, isOneWay: false, isNone: true };
  if (sourcePort === undefined || destinationPort === undefined) return undefined;
  return { ...two, source: sourcePort, destination: destinationPort };
}

/** `network.community_id`, where addresses, protocol and ports are known. */
export const communityIds: Enrichment = {
  id: "community-id",
  needs: ["destination.ip"],
  gives: ["network.community_id"],
  fill: (read) => {
    const source = textField(read, "source.ip", ADDRESS_CHARACTERS_MAX);
    const destination = textField(read, "destination.ip", ADDRESS_CHARACTERS_MAX);
    if (source === undefined || destination === undefined) return undefined;
    const protocol = protocolOf(read);
    if (protocol === undefined) return undefined;
    const isIcmp = protocol === ICMP || protocol === ICMP_V6;
    const sourcePort = isIcmp
      ? numberField(read, "icmp.type", BYTE_MAX)
      : numberField(read, "source.port", PORT_MAX);
    const destinationPort = isIcmp
      ? numberField(read, "icmp.code", BYTE_MAX)
      : numberField(read, "destination.port", PORT_MAX);
    const id = communityId({ source, destination, protocol, sourcePort, destinationPort });
    return id === undefined ? undefined : { "network.community_id": id };
  },
};

function protocolOf(read: ReadField): number | undefined {
  const number = numberField(read, "network.iana_number", BYTE_MAX);
  if (number !== undefined) return number;
  const name = textField(read, "network.transport", 20)?.toLowerCase();
  if (name === undefined) return undefined;
  return Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined;
}
