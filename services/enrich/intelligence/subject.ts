// What an indicator is about, in the one form in which lists and events meet: addresses as bytes, names and
// hashes in lower case, URLs without scheme, default port and fragment.
import { domainToASCII } from "node:url";
import { getPublicSuffix } from "tldts";
import { isUsableAddress, readNetwork } from "../address-bytes.ts";

/** Kinds that are found by their whole key; `network` by what lies in it. */
export type SubjectKind = "ip" | "domain" | "url" | "hash";

export interface Subject {
  readonly kind: SubjectKind | "network";
  readonly key: string;
}

export const URL_CHARACTERS_MAX = 2048;
const NAME_CHARACTERS_MAX = 253;
const ADDRESS_CHARACTERS_MAX = 64;
const HASH_LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [64, "sha256"],
  [128, "sha512"],
]);
/** Wider networks than these would name half the internet: a fault of the list. Bits, by bytes of address. */
const PREFIX_MIN: ReadonlyMap<number, number> = new Map([
  [4, 8],
  [16, 16],
]);

/** Any indicator by its looks; undefined for what is none, or too wide to say anything. */
export function subjectOf(text: string): Subject | undefined {
  const value = refanged(text.trim());
  if (value === "" || value.length > URL_CHARACTERS_MAX) return undefined;
  if (value.includes("://")) return urlSubject(value);
  return addressSubject(value) ?? hashSubject(value) ?? domainSubject(value) ?? pathSubject(value);
}

/** An address, or a network that is not too wide. */
export function addressSubject(text: string): Subject | undefined {
  // Most entries are names and hashes: told apart before an address is read with care.
  if (text.length > ADDRESS_CHARACTERS_MAX || !/[.:]/.test(text) || /[^\da-f.:/[\]]/i.test(text)) {
    return undefined;
  }
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const network = readNetwork(bare);
  if (network === undefined || !isUsableAddress(bare.split("/")[0] ?? "")) return undefined;
  const { bytes, length } = network;
  if (length === bytes.length * 8) return { kind: "ip", key: addressKey(bytes) };
  return length < (PREFIX_MIN.get(bytes.length) ?? 0) ? undefined : { kind: "network", key: bare };
}

/** MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal digits. */
export function hashSubject(text: string): Subject | undefined {
  if (!HASH_LENGTHS.has(text.length) || !/^[0-9a-f]+$/i.test(text)) return undefined;
  return { kind: "hash", key: text.toLowerCase() };
}

/** A name with two labels or more that is no public suffix: `github.io` would name thousands. */
export function domainSubject(text: string): Subject | undefined {
  const key = domainKey(text.replace(/^\*?\./, ""));
  if (key === undefined || !/^(?:[a-z0-9_][a-z0-9_-]{0,62}\.)+[a-z][a-z0-9-]{0,62}$/.test(key)) {
    return undefined;
  }
  const suffix = getPublicSuffix(key, { allowPrivateDomains: true, extractHostname: false });
  return suffix === key ? undefined : { kind: "domain", key };
}

export function urlSubject(text: string): Subject | undefined {
  const key = urlKey(text);
  return key === undefined ? undefined : { kind: "url", key };
}

// `evil.example/path`, as many lists write URLs.
function pathSubject(text: string): Subject | undefined {
  const host = text.slice(0, text.search(/[/?#]|$/)).replace(/:\d{1,5}$/, "");
  if (host === text || readNetwork(text) !== undefined) return undefined;
  return domainSubject(host) || addressSubject(host) ? urlSubject(text) : undefined;
}

/** The bytes as characters. */
function addressKey(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** A host name as lists and events share it; undefined when it is too long. */
export function domainKey(text: string): string | undefined {
  let name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name === "" || name.length > NAME_CHARACTERS_MAX) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant.
  if (!/^[\x00-\x7f]*$/.test(name)) name = domainToASCII(name);
  return name === "" ? undefined : name.toLowerCase();
}

/** Host and path; scheme, user, default port and fragment say nothing about what lies there. */
export function urlKey(text: string): string | undefined {
  if (text.length > URL_CHARACTERS_MAX) return undefined;
  const from = /^(?:[a-z][a-z0-9+.-]{0,20}:)?\/\//i.exec(text)?.[0].length ?? 0;
  const fragment = text.indexOf("#", from);
  const rest = text.slice(from, fragment === -1 ? undefined : fragment);
  const end = rest.search(/[/?]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  if (host === "") return undefined;
  const path = end === -1 ? "/" : rest.slice(end);
  return host.replace(/:(?:80|443)$/, "") + path;
}

/** Name of the hash function by the number of digits. */
export function hashName(key: string): string {
  return HASH_LENGTHS.get(key.length) ?? "";
}

// Lists spoil what could be clicked on: `hxxp://evil[.]example`.
function refanged(text: string): string {
  if (!/[[({]|^hxxp/i.test(text)) return text;
  return text
    .replace(/^hxxp/i, "http")
    .replace(/[[({](?:\.|dot)[\])}]/gi, ".")
    .replace(/[[(]:[\])]/g, ":");
}
