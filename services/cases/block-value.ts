// What may stand on a block list: one form for each value, and never anything of our own or indispensable.
// Pure.
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { parse } from "tldts";
import type { BlockType } from "../store/block-list.ts";
import type { ProposalMessages } from "./proposal-messages.ts";

/** What is never blocked for a tenant: networks, addresses and domains. */
export interface Protected {
  readonly ownNetworks: readonly string[];
  readonly ownDomains: readonly string[];
  readonly critical: readonly string[];
  /** Name of the own network that an address lies in, where a list of networks is kept. */
  readonly ownNetworkOf?: (address: string) => string | undefined;
}

type Reason = (messages: ProposalMessages) => string;
type Read = { readonly value: string } | { readonly refused: Reason };

const VALUE_CHARS_MAX = 500;
const DOMAIN =
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAME_CHARACTERS = /^[\p{L}\p{M}\p{N}._-]+$/u;
const DOMAIN_CHARS_MAX = 253;
/** Hexadecimal digits of MD5, SHA-1 and SHA-256. */
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/;
/** MD5, SHA-1 and SHA-256 of nothing: every empty file has them. */
const EMPTY_HASHES: ReadonlySet<string> = new Set([
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]);

/** The value in the one form that it is kept in, or why it is none of its type. */
export function readBlockValue(type: BlockType, text: string): Read {
  const given = text.trim().slice(0, VALUE_CHARS_MAX + 1);
  switch (type) {
    case "address":
      return readAddress(given);
    case "domain":
      return readDomain(given);
    case "hash": {
      const value = given.toLowerCase();
      return HASH.test(value) ? { value } : { refused: (m) => m.notHash };
    }
  }
}

/** Why a value in its one form must not be blocked; undefined when it may be. */
export function protectionOf(
  type: BlockType,
  value: string,
  shield: Protected,
): Reason | undefined {
  switch (type) {
    case "address":
      return addressProtection(value, shield);
    case "domain":
      return domainProtection(value, shield);
    case "hash":
      return EMPTY_HASHES.has(value) ? (m) => m.sharedHash : undefined;
  }
}

function readAddress(given: string): Read {
  // Without leading zeros and short forms, which programs read as different addresses.
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(given) || ipaddr.IPv6.isValid(given);
  if (!isPlain || given.includes("%")) return { refused: (m) => m.notAddress };
  return { value: ipaddr.process(given).toString() };
}

function readDomain(given: string): Read {
  // The conversion reads as a browser does: it drops line breaks, and what comes after a slash.
  if (!NAME_CHARACTERS.test(given)) return { refused: (m) => m.notDomain };
  const value = domainToASCII(given.replace(/\.$/, "")).toLowerCase();
  const isDomain = DOMAIN.test(value) && value.length <= DOMAIN_CHARS_MAX && !ipaddr.isValid(value);
  return isDomain ? { value } : { refused: (m) => m.notDomain };
}

function addressProtection(value: string, shield: Protected): Reason | undefined {
  const range = ipaddr.parse(value).range();
  if (range !== "unicast") return (m) => m.reserved(range);
  const own =
    shield.ownNetworks.find((network) => holds(network, value)) ?? shield.ownNetworkOf?.(value);
  if (own !== undefined) return (m) => m.ownNetwork(own);
  const critical = shield.critical.find((entry) => holds(entry, value));
  return critical === undefined ? undefined : (m) => m.critical(critical);
}

function holds(network: string, address: string): boolean {
  const one = ipaddr.parse(address);
  if (ipaddr.isValid(network)) return ipaddr.process(network).toString() === one.toString();
  if (!ipaddr.isValidCIDR(network)) return false;
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === one.kind() && one.match([base, bits]);
}

function domainProtection(value: string, shield: Protected): Reason | undefined {
  // A list that stops a whole suffix stops everybody below it.
  if (parse(value).domain === null) return (m) => m.publicSuffix;
  const own = shield.ownDomains.find((domain) => concerns(value, domain));
  if (own !== undefined) return (m) => m.ownDomain(own);
  const critical = shield.critical.find((entry) => concerns(value, entry));
  return critical === undefined ? undefined : (m) => m.critical(critical);
}

/** Whether it is the protected domain, lies below it, or holds it. */
function concerns(value: string, entry: string): boolean {
  const domain = domainToASCII(entry).toLowerCase();
  if (domain === "") return false;
  return value === domain || value.endsWith(`.${domain}`) || domain.endsWith(`.${value}`);
}
