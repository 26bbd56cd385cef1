// Registered domain, public suffix and subdomain of the names in URLs, DNS questions and destinations, by
// the public suffix list that the library carries.
import { parse } from "tldts";
import { type EnrichedFields, type Enrichment, type ReadField, textField } from "./enrichment.ts";
import { createRecentCache, type RecentCache } from "./recent-cache.ts";

/** Longest name that DNS knows, with its last dot. */
const NAME_CHARACTERS_MAX = 254;
/** Only the beginning of a URL is looked at: its host can't lie further back. */
const URL_CHARACTERS_MAX = 2048;

interface NameParts {
  readonly host: string | undefined;
  readonly domain: string | undefined;
  readonly suffix: string | undefined;
  readonly subdomain: string | undefined;
  /** Made once for each place that the name stands in. */
  readonly fields: Map<string, EnrichedFields | undefined>;
}

/** One enrichment for each place that a name stands in. */
export function registeredDomains(cacheEntriesMax: number): Enrichment[] {
  const cache = createRecentCache<NameParts>(cacheEntriesMax);
  return [
    place(cache, "dns.question", "dns.question.name"),
    place(cache, "destination", "destination.domain"),
    {
      id: "registered-domain.url",
      needs: ["url.domain", "url.full", "url.original"],
      // `url.domain` is written, but not offered to rules: many ask for it, and formats that have a host
      // name its field; the view would be made for every event.
      gives: namesUnder("url"),
      fill: (read) => {
        const domain = textField(read, "url.domain", NAME_CHARACTERS_MAX);
        const text = domain ?? hostOfUrl(read);
        if (text === undefined) return undefined;
        const parts = partsOf(cache, text);
        const fields = fieldsOf("url", parts);
        if (domain !== undefined || parts.host === undefined) return fields;
        return { "url.domain": parts.host, ...fields };
      },
    },
  ];
}

function place(cache: RecentCache<NameParts>, under: string, field: string): Enrichment {
  return {
    id: `registered-domain.${under}`,
    needs: [field],
    gives: namesUnder(under),
    fill: (read) => {
      const name = textField(read, field, NAME_CHARACTERS_MAX);
      return name === undefined ? undefined : fieldsOf(under, partsOf(cache, name));
    },
  };
}

function namesUnder(under: string): string[] {
  return ["registered_domain", "top_level_domain", "subdomain"].map((name) => `${under}.${name}`);
}

function fieldsOf(under: string, parts: NameParts): EnrichedFields | undefined {
  if (!parts.fields.has(under)) parts.fields.set(under, makeFields(under, parts));
  return parts.fields.get(under);
}

function makeFields(under: string, parts: NameParts): EnrichedFields | undefined {
  const { domain, suffix, subdomain } = parts;
  if (domain === undefined) return undefined;
  return {
    [`${under}.registered_domain`]: domain,
    ...(suffix === undefined ? {} : { [`${under}.top_level_domain`]: suffix }),
    ...(subdomain === undefined ? {} : { [`${under}.subdomain`]: subdomain }),
  };
}

// `https://user@host:port/path`, `//host/path`, and `host:port` as proxies write for CONNECT.
function hostOfUrl(read: ReadField): string | undefined {
  for (const name of ["url.full", "url.original"]) {
    const value = read(name);
    if (typeof value !== "string") continue;
    const text = value.slice(0, URL_CHARACTERS_MAX);
    const authority = /^(?:[a-z][a-z0-9+.-]{0,30}:)?\/\/([^/?#\s]{1,400})/i.exec(text)?.[1];
    const bare = authority ?? /^([^/?#\s:]{1,254}\.[^/?#\s:]{1,63}):\d{1,5}$/.exec(text)?.[1];
    if (bare === undefined) continue;
    const host = bare.slice(bare.lastIndexOf("@") + 1).replace(/:\d{1,5}$/, "");
    if (host !== "" && host.length <= NAME_CHARACTERS_MAX) return host;
  }
  return undefined;
}

function partsOf(cache: RecentCache<NameParts>, name: string): NameParts {
  return cache.get(name, () => {
    const parsed = parse(name, { extractHostname: false, validateHostname: false });
    if (parsed.isIp === true) {
      const none = { domain: undefined, suffix: undefined, subdomain: undefined };
      return { host: name, ...none, fields: new Map() };
    }
    return {
      host: name.toLowerCase().replace(/\.$/, ""),
      domain: filled(parsed.domain),
      suffix: filled(parsed.publicSuffix),
      subdomain: filled(parsed.subdomain),
      fields: new Map(),
    };
  });
}

function filled(text: string | null): string | undefined {
  return text === null || text === "" ? undefined : text.toLowerCase();
}
