// Whose lines a syslog sender's are, by its network address.
import ipaddr from "ipaddr.js";
import type { SourceBinding, SyslogConfig } from "../../config/inputs.ts";

/** What a sender's records carry. */
export interface Sender {
  readonly binding: SourceBinding;
  /** Keeps the order of one sender's records. */
  readonly key: string;
}

/** Senders remembered between look-ups; a flood of forged addresses only empties the memory. */
const REMEMBERED_MAX = 10_000;

/** @returns a look-up by address; undefined for senders that nothing in the configuration names */
export function createSenderTable(
  config: Pick<SyslogConfig, "binding" | "senders">,
): (address: string) => Sender | undefined {
  const entries = config.senders.map(({ networks, ...binding }) => ({
    binding,
    ranges: networks.map(toRange),
  }));
  const remembered = new Map<string, Sender | undefined>();
  return (address) => {
    if (remembered.has(address)) return remembered.get(address);
    const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
    const entry = entries.find(({ ranges }) =>
      ranges.some(
        (range) => parsed !== undefined && parsed.kind() === range[0].kind() && parsed.match(range),
      ),
    );
    const binding = entry?.binding ?? config.binding;
    const sender = binding && { binding, key: `${binding.source}/${address}` };
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(address, sender);
    return sender;
  };
}

function toRange(network: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (network.includes("/")) return ipaddr.parseCIDR(network);
  const address = ipaddr.parse(network);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
