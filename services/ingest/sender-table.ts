// Whose records a sender's are, by its network address and, on TLS listeners, by its certificate.
import ipaddr from "ipaddr.js";
import type { SourceBinding } from "../../config/inputs.ts";
import type { SyslogConfig } from "../../config/network-inputs.ts";

/** What a sender's records carry. */
export interface Sender {
  readonly binding: SourceBinding;
  /** Keeps the order of one sender's records. */
  readonly key: string;
}

/** Who is at the other end. */
export interface Peer {
  readonly address: string;
  /** What the verified certificate says (see peer-certificate.ts); undefined: none was shown. */
  readonly names?: ReadonlySet<string> | undefined;
}

/** Senders remembered between look-ups; a flood of forged addresses only empties the memory. */
const REMEMBERED_MAX = 10_000;

/** @returns a look-up; undefined for senders that nothing in the configuration names */
export function createSenderTable(
  config: Pick<SyslogConfig, "binding" | "senders">,
): (peer: Peer) => Sender | undefined {
  const entries = config.senders.map(({ networks, certificates, ...binding }) => ({
    binding,
    ranges: networks?.map(toRange),
    names: certificates?.map((name) => name.toLowerCase()),
  }));
  const find = ({ address, names }: Peer): Sender | undefined => {
    const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
    const entry = entries.find(
      (one) =>
        (one.ranges === undefined || one.ranges.some((range) => isWithin(parsed, range))) &&
        (one.names === undefined || one.names.some((name) => names?.has(name))),
    );
    const binding = entry?.binding ?? config.binding;
    return binding && { binding, key: `${binding.source}/${address}` };
  };
  const remembered = new Map<string, Sender | undefined>();
  return (peer) => {
    if (peer.names !== undefined) return find(peer);
    if (remembered.has(peer.address)) return remembered.get(peer.address);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const sender = find(peer);
    remembered.set(peer.address, sender);
    return sender;
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function isWithin(address: Address | undefined, range: [Address, number]): boolean {
  return address !== undefined && address.kind() === range[0].kind() && address.match(range);
}

function toRange(network: string): [Address, number] {
  if (network.includes("/")) return ipaddr.parseCIDR(network);
  const address = ipaddr.parse(network);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
