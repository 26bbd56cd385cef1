// Per-case tokens: hosts, addresses and accounts are readable for the analyst, but not for a language model
// or in a page that leaves the house. Within one case a value always has the same token (RECHNER-1), which
// says nothing outside of it; whoever holds the case's tokens can put the values back.
import { isIP } from "node:net";
import type { EcsDocument, EcsValue } from "../../detectors/event.ts";
import { isPseudonym } from "./pseudonym.ts";

/** What a token stands for. `word` is a text that only looks like a token. */
type TokenKind = "host" | "address" | "account" | "service" | "domain" | "word";

// German, because analysts read them; upper case and a number, so that they are found again in sentences.
const PREFIX: Readonly<Record<TokenKind, string>> = {
  host: "RECHNER",
  address: "ADRESSE",
  account: "KONTO",
  service: "DIENST",
  domain: "DOMAIN",
  word: "WORT",
};
const TOKEN = /^(?:RECHNER|ADRESSE|KONTO|DIENST|DOMAIN|WORT)-[1-9]\d{0,5}$/i;

// A case has dozens of values; a flood of invented addresses in one case must not fill the memory.
const TOKENS_MAX = 10_000;
const OVERFLOW = 0;
const VALUE_CHARACTERS_MAX = 1024;

const HOST_FIELDS =
  /(?:^|\.)(?:host|observer)\.(?:name|hostname)$|(?:^|\.)(?:computer_?name|workstation(?:name)?|hostname)$/i;
const DOMAIN_FIELDS = /(?:^|\.)(?:domain|registered_domain|fqdn)$|^dns\.question\.name$/i;

export interface Tokens {
  /** The token of a value; upper and lower case are the same value. */
  of(kind: TokenKind, value: string): string;
  /**
   * The text with tokens for addresses, pseudonyms, hosts of URLs and all values that were given before.
   * Linear in the length of the text. Give each text once: what reads like a token before is somebody's
   * own word and gets a token itself, so that no log can speak in the name of a value.
   */
  text(value: string): string;
  /** A copy with tokens in all texts; what fields say of hosts and domains is learned first. */
  document(document: EcsDocument): EcsDocument;
  /** The value that a token of this case stands for, as it was given first. */
  resolve(token: string): string | undefined;
}

/** Tokens of one case: numbered in the order in which its values come. */
export function createTokens(): Tokens {
  const tokens = new Map<string, string>();
  const values = new Map<string, string>();
  const counts = new Map<TokenKind, number>();
  const given = (value: string) => tokens.get(keyOf(value));
  const of = (kind: TokenKind, value: string): string => {
    const known = given(value);
    if (known !== undefined) return known;
    if (tokens.size >= TOKENS_MAX) return `${PREFIX[kind]}-${OVERFLOW}`;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const token = `${PREFIX[kind]}-${number}`;
    tokens.set(keyOf(value), token);
    values.set(token, value.trim().slice(0, VALUE_CHARACTERS_MAX));
    return token;
  };
  const text = (value: string) => tokenizeText(value, of, given);
  return {
    of,
    text,
    document(document) {
      for (const [field, value] of Object.entries(document)) learn(field, value, of);
      return Object.fromEntries(
        Object.entries(document).map(([field, value]) => [field, mapTexts(value, text)]),
      );
    },
    resolve: (token) => values.get(token),
  };
}

type Of = Tokens["of"];

function keyOf(value: string): string {
  return value.trim().slice(0, VALUE_CHARACTERS_MAX).toLowerCase();
}

function learn(field: string, value: EcsValue, of: Of): void {
  const kind = HOST_FIELDS.test(field) ? "host" : DOMAIN_FIELDS.test(field) ? "domain" : undefined;
  if (kind === undefined) return;
  for (const one of [value].flat()) {
    if (typeof one === "string" && one.trim().length > 1)
      of(isIP(one) === 0 ? kind : "address", one);
  }
}

function mapTexts(value: EcsValue, text: (value: string) => string): EcsValue {
  if (typeof value === "string") return text(value);
  if (!Array.isArray(value)) return value;
  // An array of an EcsValue holds strings only or numbers only, and stays so.
  return value.map((item) => (typeof item === "string" ? text(item) : item)) as EcsValue;
}

// Words as names and addresses are written; colons only between hexadecimal digits, as in IPv6.
const WORD = /[\p{L}\d_](?:[\p{L}\d_.-]|:(?=[\da-f:])|(?<=:):)*|::[\da-f:.]+/giu;
const URL_HOST = /:\/\/$|@$/;

function tokenizeText(text: string, of: Of, given: (value: string) => string | undefined): string {
  return text.replace(WORD, (word, offset: number) => {
    const name = isIP(word) === 0 ? withoutEnd(word) : word;
    const rest = word.slice(name.length);
    const isAfterScheme = URL_HOST.test(text.slice(Math.max(0, offset - 3), offset));
    return tokenOf(name, isAfterScheme, of, given) + rest;
  });
}

// Full stops, colons and dashes that end a word belong to the sentence.
function withoutEnd(word: string): string {
  let end = word.length;
  while (end > 0 && ".:-".includes(word[end - 1] ?? "x")) end -= 1;
  return word.slice(0, end);
}

function tokenOf(
  word: string,
  isUrlHost: boolean,
  of: Of,
  given: (value: string) => string | undefined,
): string {
  const known = given(word);
  if (known !== undefined) return known;
  if (isIP(word) !== 0) return of("address", word);
  if (isPseudonym(word.toLowerCase())) return of("account", word.toLowerCase());
  if (TOKEN.test(word)) return of("word", word);
  if (isUrlHost && word.includes(".")) return of("domain", word);
  if (word.includes(":")) {
    const parts = word.split(":");
    return parts.map((part) => (part === "" ? "" : tokenOf(part, false, of, given))).join(":");
  }
  // A name of a host with its domain is another value than the bare name, but no less one of a host.
  const dot = word.indexOf(".");
  const short = dot > 0 ? given(word.slice(0, dot)) : undefined;
  return short?.startsWith(`${PREFIX.host}-`) === true ? of("host", word) : word;
}
