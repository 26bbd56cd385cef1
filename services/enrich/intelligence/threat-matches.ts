// Which addresses, names, URLs and hashes of an event stand on a threat list, as fields of ECS:
// https://www.elastic.co/guide/en/ecs/8.17/ecs-threat.html
import { CONFIDENCES, type Confidence, TLP_LABELS } from "../../../config/enrichment.ts";
import type { EcsValue } from "../../../detectors/event.ts";
import { addressBytes } from "../address-bytes.ts";
import { type EnrichedFields, type Enrichment, type ReadField, textField } from "../enrichment.ts";
import { Fingerprint, type IndicatorFacts } from "./indicator-set.ts";
import { domainKey, hashName, type SubjectKind, URL_CHARACTERS_MAX, urlKey } from "./subject.ts";
import type { WatchedList } from "./watched-list.ts";

const ADDRESS_CHARACTERS_MAX = 64;
const NAME_CHARACTERS_MAX = 254;
const HASH_CHARACTERS_MAX = 128;
/** Of a name with more labels the whole and its last ones are looked up: time stays bounded. */
const PARENT_LABELS_MAX = 8;
const DOT = 0x2e;

const ADDRESSES = ["source.ip", "destination.ip"];
const DOMAINS = ["dns.question.name", "url.domain", "destination.domain", "tls.client.server_name"];
const URLS = ["url.full", "url.original"];
const HASHES = ["file", "process", "dll"].flatMap((of) =>
  ["md5", "sha1", "sha256"].map((name) => `${of}.hash.${name}`),
);

const GIVES = [
  ...["type", "ip", "name", "url.domain", "url.full", "provider", "confidence", "marking.tlp"],
  ...["md5", "sha1", "sha256"].map((name) => `file.hash.${name}`),
].map((name) => `threat.indicator.${name}`);

const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  none: "None",
  low: "Low",
  medium: "Medium",
  high: "High",
};

/** One field that stands on one list. */
interface Match extends IndicatorFacts {
  readonly kind: SubjectKind;
  readonly field: string;
  /** As it stands on the list; addresses and URLs as the event writes them. */
  readonly value: string;
  readonly provider: string;
}

/**
 * `threat.indicator.*` of what is surest, and in `labels.threat_matched` every field that is listed.
 * @param nowMs for indicators that have expired, ms UTC
 */
export function threatMatches(lists: readonly WatchedList[], nowMs: () => number): Enrichment {
  const print = new Fingerprint();
  return {
    id: "threat",
    needs: [...ADDRESSES, ...DOMAINS, ...URLS, ...HASHES],
    gives: [...GIVES, "labels.threat_matched"],
    fill: (read, tenant) => {
      const own = lists.every(({ config }) => config.tenant === undefined)
        ? lists
        : lists.filter(({ config }) => config.tenant === undefined || config.tenant === tenant);
      const found = new Search(own, Math.floor(nowMs() / 1000), print);
      found.look(read);
      return found.matches.length === 0 ? undefined : fieldsOf(found.matches);
    },
  };
}

class Search {
  readonly matches: Match[] = [];
  readonly #lists: readonly WatchedList[];
  readonly #now: number;
  readonly #print: Fingerprint;

  constructor(lists: readonly WatchedList[], now: number, print: Fingerprint) {
    this.#lists = lists;
    this.#now = now;
    this.#print = print;
  }

  look(read: ReadField): void {
    if (this.#has("ip")) for (const field of ADDRESSES) this.#address(read, field);
    if (this.#has("domain")) {
      for (const field of DOMAINS) {
        this.#domain(field, textField(read, field, NAME_CHARACTERS_MAX));
      }
    }
    const url = textField(read, "url.full", URL_CHARACTERS_MAX);
    if (url !== undefined && read("url.domain") === undefined && this.#has("domain")) {
      this.#domain("url.full", urlKey(url)?.replace(/[:/?].*$/s, ""));
    }
    if (this.#has("url")) for (const field of URLS) this.#url(read, field);
    if (this.#has("hash")) for (const field of HASHES) this.#hash(read, field);
  }

  #has(kind: SubjectKind): boolean {
    return this.#lists.some(({ current }) => current?.has(kind) === true);
  }

  #address(read: ReadField, field: string): void {
    const address = textField(read, field, ADDRESS_CHARACTERS_MAX);
    const bytes = address === undefined ? undefined : addressBytes(address);
    if (address === undefined || bytes === undefined) return;
    this.#print.ofAddress(bytes);
    for (const { current, config } of this.#lists) {
      if (current === undefined) continue;
      const facts =
        current.find(this.#print, this.#now) ??
        (current.networks > 0 ? current.findNetwork(address, this.#now) : undefined);
      if (facts !== undefined) this.#add("ip", field, address, config.provider, facts);
    }
  }

  /** The name and its parents, read from the last label on. */
  #domain(field: string, text: string | undefined): void {
    const name = text === undefined ? undefined : domainKey(text);
    if (name === undefined) return;
    this.#print.begin("domain");
    let labels = 1;
    for (let at = name.length - 1; at >= 0; at -= 1) {
      const code = name.charCodeAt(at);
      if (code === DOT && labels++ > 1 && labels <= PARENT_LABELS_MAX) {
        this.#probe("domain", field, name, at + 1);
      }
      this.#print.take(code);
    }
    this.#probe("domain", field, name);
  }

  #url(read: ReadField, field: string): void {
    const text = textField(read, field, URL_CHARACTERS_MAX);
    const key = text === undefined ? undefined : urlKey(text);
    if (text === undefined || key === undefined) return;
    this.#print.of("url", key);
    this.#probe("url", field, text);
  }

  #hash(read: ReadField, field: string): void {
    const text = textField(read, field, HASH_CHARACTERS_MAX)?.toLowerCase();
    if (text === undefined) return;
    this.#print.of("hash", text);
    this.#probe("hash", field, text);
  }

  #probe(kind: SubjectKind, field: string, text: string, from = 0): void {
    const print = this.#print.end();
    for (const { current, config } of this.#lists) {
      const facts = current?.find(print, this.#now);
      if (facts === undefined) continue;
      this.#add(kind, field, text.slice(from), config.provider, facts);
    }
  }

  #add(
    kind: SubjectKind,
    field: string,
    value: string,
    provider: string,
    facts: IndicatorFacts,
  ): void {
    this.matches.push({ kind, field, value, provider, ...facts });
  }
}

function fieldsOf(matches: readonly Match[]): EnrichedFields {
  const rank = ({ confidence }: Match) => CONFIDENCES.indexOf(confidence);
  const best = matches.reduce((one, other) => (rank(other) > rank(one) ? other : one));
  const same = matches.filter(({ kind, value }) => kind === best.kind && value === best.value);
  const providers = [...new Set(same.map(({ provider }) => provider))];
  const tlp = TLP_LABELS.findLast((label) => same.some((match) => match.tlp === label));
  const fields: Record<string, EcsValue> = {
    "threat.indicator.type": typeOf(best),
    "threat.indicator.name": best.value,
    [placeOf(best)]: best.value,
    "threat.indicator.provider": providers.length === 1 ? (providers[0] ?? "") : providers,
    "threat.indicator.confidence": CONFIDENCE_WORDS[best.confidence],
    "threat.indicator.marking.tlp": tlp ?? best.tlp,
    "labels.threat_matched": [...new Set(matches.map(({ field }) => field))],
  };
  return fields;
}

/** The words of ECS, which are those of STIX. */
function typeOf({ kind, value }: Match): string {
  if (kind === "ip") return value.includes(":") ? "ipv6-addr" : "ipv4-addr";
  if (kind === "domain") return "domain-name";
  return kind === "url" ? "url" : "file";
}

function placeOf({ kind, value }: Match): string {
  if (kind === "ip") return "threat.indicator.ip";
  if (kind === "domain") return "threat.indicator.url.domain";
  if (kind === "url") return "threat.indicator.url.full";
  return `threat.indicator.file.hash.${hashName(value)}`;
}
