// Country, city and autonomous system of public addresses, from MaxMind DB files that the user supplies
// (GeoLite2, DB-IP and others of that format).
import { Reader, type Response } from "mmdb-lib";
import type { EcsValue } from "../../detectors/event.ts";
import { isPublicAddress } from "./address-bytes.ts";
import { type EnrichedFields, type Enrichment, textField } from "./enrichment.ts";
import { createRecentCache } from "./recent-cache.ts";

const ADDRESS_CHARACTERS_MAX = 64;
const TEXT_CHARACTERS_MAX = 200;

/** One file, ready for look-ups. */
export interface GeoDatabase {
  /** Names below `source.` and `destination.`: `geo.country_iso_code`. */
  readonly find: (address: string) => EnrichedFields;
}

/** @throws Error when the bytes are no MaxMind DB */
export function readGeoDatabase(bytes: Buffer): GeoDatabase {
  const reader = new Reader<Response>(bytes);
  return { find: (address) => fieldsOf(reader.get(address)) };
}

const GIVES = ["geo.country_iso_code", "geo.city_name", "as.number", "as.organization.name"];

/** Source and destination; `databases` gives the files that are loaded at the moment. */
export function geoLookups(
  databases: () => readonly GeoDatabase[],
  cacheEntriesMax: number,
): { readonly enrichments: Enrichment[]; readonly forget: () => void } {
  const sides = ["source", "destination"].map((side) => {
    const cache = createRecentCache<EnrichedFields>(cacheEntriesMax);
    const field = `${side}.ip`;
    const enrichment: Enrichment = {
      id: `geo.${side}`,
      needs: [field],
      gives: GIVES.map((name) => `${side}.${name}`),
      fill: (read) => {
        const address = textField(read, field, ADDRESS_CHARACTERS_MAX);
        if (address === undefined) return undefined;
        return cache.get(address, () => lookUp(side, address, databases()));
      },
    };
    return { enrichment, cache };
  });
  return {
    enrichments: sides.map(({ enrichment }) => enrichment),
    forget: () => {
      for (const { cache } of sides) cache.clear();
    },
  };
}

function lookUp(side: string, address: string, databases: readonly GeoDatabase[]): EnrichedFields {
  if (!isPublicAddress(address)) return {};
  const found = databases.flatMap((database) => Object.entries(database.find(address)));
  return Object.fromEntries(found.map(([name, value]) => [`${side}.${name}`, value]));
}

// The files differ in what they hold; what has another shape than expected is left out.
function fieldsOf(found: unknown): EnrichedFields {
  const fields: Record<string, EcsValue> = {};
  const put = (name: string, value: unknown) => {
    if (typeof value === "number" && Number.isSafeInteger(value)) fields[name] = value;
    if (typeof value === "string" && value !== "")
      fields[name] = value.slice(0, TEXT_CHARACTERS_MAX);
  };
  const names = at(found, "city", "names");
  put("geo.country_iso_code", at(found, "country", "iso_code"));
  put("geo.city_name", at(names, "de") ?? at(names, "en"));
  put("as.number", at(found, "autonomous_system_number"));
  put("as.organization.name", at(found, "autonomous_system_organization"));
  return fields;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    // Checked above: an object that has the key.
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
