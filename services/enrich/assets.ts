// Names of machines and networks that the administration knows: which machine an address or host name is,
// to which unit it belongs, in which network it lies.
import type { EcsValue } from "../../detectors/event.ts";
import type { AddressTable } from "./address-table.ts";
import type { Asset, AssetList } from "./asset-file.ts";
import { type EnrichedFields, type Enrichment, textField } from "./enrichment.ts";
import { createRecentCache, type RecentCache } from "./recent-cache.ts";

const NAME_CHARACTERS_MAX = 254;
const ADDRESS_CHARACTERS_MAX = 64;
const ASSET_FIELDS = ["name", "unit", "criticality", "role", "os"];

/** What is loaded for a tenant at the moment. */
export interface TenantNames {
  readonly assets: readonly AssetList[];
  readonly networks: readonly AddressTable<string>[];
}

/** `host.asset.*`, `source.asset.*`, `destination.asset.*` and the same with `network.name`. */
export function assetNames(
  namesOf: (tenant: string) => TenantNames | undefined,
  cacheEntriesMax: number,
): { readonly enrichments: Enrichment[]; readonly forget: () => void } {
  const caches: RecentCache<EnrichedFields>[] = [];
  const enrichments = ["host", "source", "destination"].map((side): Enrichment => {
    const cache = createRecentCache<EnrichedFields>(cacheEntriesMax);
    caches.push(cache);
    const field = `${side}.ip`;
    return {
      id: `assets.${side}`,
      needs: side === "host" ? ["host.name", field] : [field],
      gives: [...ASSET_FIELDS.map((name) => `${side}.asset.${name}`), `${side}.network.name`],
      fill: (read, tenant) => {
        const names = namesOf(tenant);
        if (names === undefined) return undefined;
        const address = textField(read, field, ADDRESS_CHARACTERS_MAX);
        const host =
          side === "host" ? textField(read, "host.name", NAME_CHARACTERS_MAX) : undefined;
        if (address === undefined && host === undefined) return undefined;
        return cache.get(`${tenant}\n${host ?? ""}\n${address ?? ""}`, () =>
          fieldsOf(side, assetOf(names, host?.toLowerCase(), address), networkOf(names, address)),
        );
      },
    };
  });
  return {
    enrichments,
    forget: () => {
      for (const cache of caches) cache.clear();
    },
  };
}

function assetOf(
  { assets }: TenantNames,
  host: string | undefined,
  address: string | undefined,
): Asset | undefined {
  for (const { byName, byAddress } of assets) {
    const named =
      host === undefined ? undefined : (byName.get(host) ?? byName.get(host.split(".")[0] ?? ""));
    const found = named ?? (address === undefined ? undefined : byAddress.find(address));
    if (found !== undefined) return found;
  }
  return undefined;
}

function networkOf({ networks }: TenantNames, address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  for (const table of networks) {
    const found = table.find(address);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fieldsOf(
  side: string,
  asset: Asset | undefined,
  network: string | undefined,
): EnrichedFields {
  const fields: Record<string, EcsValue> = {};
  for (const [name, value] of Object.entries(asset ?? {})) fields[`${side}.asset.${name}`] = value;
  if (network !== undefined) fields[`${side}.network.name`] = network;
  return fields;
}
