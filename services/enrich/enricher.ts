// All enrichments of a process: what rules may ask of an event, and what is written into its document.
// Each is optional, none may stop the stream.

import type { EnrichmentConfig, ThreatListConfig } from "../../config/enrichment.ts";
import type { AppError } from "../../config/errors.ts";
import type { EcsDocument, LogEvent } from "../../detectors/event.ts";
import { type ListFaults, readAssets, readNetworks } from "./asset-file.ts";
import { watchLdapAssets } from "./asset-ldap.ts";
import { assetNames, type TenantNames } from "./assets.ts";
import { communityIds } from "./community-id.ts";
import { createEnrichView } from "./enriched-view.ts";
import type { EnrichedFields, Enrichment, ReadField } from "./enrichment.ts";
import { geoLookups, readGeoDatabase } from "./geo.ts";
import type { ListTally } from "./intelligence/read-list.ts";
import { threatMatches } from "./intelligence/threat-matches.ts";
import { type WatchedList, watchList } from "./intelligence/watched-list.ts";
import { registeredDomains } from "./registered-domain.ts";
import { userAgents } from "./user-agent.ts";
import { type WatchedFile, watchFile } from "./watched-file.ts";

const LIST_BYTES_MAX = 32 * 1024 * 1024;
const GEO_BYTES_MAX = 512 * 1024 * 1024;

export interface Enricher {
  /** The event as rules see it; the very same when they ask for nothing that is enriched. */
  view(event: LogEvent): LogEvent;
  /** Rules have changed: from now on `view` gives what these fields ask for. */
  ask(asked: ReadonlySet<string>): void;
  /** Adds what the document has not; to be called before the identities are taken out. */
  document(document: EcsDocument, tenant: string): void;
  /** Takes files that have changed. Never rejects. */
  refresh(): Promise<void>;
}

export interface EnricherOptions {
  readonly config: EnrichmentConfig;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  /** Names of the fields that rules ask for. */
  readonly asked: ReadonlySet<string>;
  /** A file that can't be read or has faulty lines: told once for each state of it. */
  readonly onFileFault: (
    error: AppError | { readonly place: string; readonly message: string },
  ) => void;
  /** A threat list was read anew. */
  readonly onThreatList: (list: ThreatListConfig, tally: ListTally) => void;
  /** `JSON.parse` for text from outside. */
  readonly parseJson: (text: string) => unknown;
  /** ms UTC. */
  readonly now: () => number;
  /** An enrichment that threw; `isFirst` is false for those that threw before. */
  readonly onFault: (enrichment: string, error: unknown, isFirst: boolean) => void;
}

/** Makes the enricher and reads its files. */
export async function openEnricher(options: EnricherOptions): Promise<Enricher> {
  const { config } = options;
  const files = watchAll(options);
  const lists = threatLists(options);
  const tenants = new Map<string, TenantNames>();
  const geo = geoLookups(
    () => files.geo.flatMap(({ current }) => (current === undefined ? [] : [current])),
    config.cacheEntriesMax,
  );
  const names = assetNames((tenant) => tenants.get(tenant), config.cacheEntriesMax);
  const enrichments: Enrichment[] = [
    ...(files.names.length > 0 ? names.enrichments : []),
    ...(files.geo.length > 0 ? geo.enrichments : []),
    ...(config.registeredDomain ? registeredDomains(config.cacheEntriesMax) : []),
    ...(config.userAgent ? [userAgents(config.cacheEntriesMax)] : []),
    ...(config.communityId ? [communityIds] : []),
    // Last, so that it sees the names that others found.
    ...(lists.length > 0 ? [threatMatches(lists, options.now)] : []),
  ];
  const fill = guarded(options.onFault);
  const viewFor = (asked: ReadonlySet<string>): Enricher["view"] => {
    const wanted = enrichments.filter(({ gives }) => gives.some((name) => asked.has(name)));
    return wanted.length === 0 ? (event) => event : createEnrichView(wanted, fill);
  };
  let view = viewFor(options.asked);
  const refresh = async () => {
    // One after the other: each takes the room that the ones before have left.
    for (const list of lists) await list.refresh();
    const changed = await Promise.all([...files.names, ...files.geo].map((file) => file.refresh()));
    if (!changed.includes(true)) return;
    geo.forget();
    names.forget();
    for (const tenant of files.tenants) tenants.set(tenant, files.namesOf(tenant));
  };
  await refresh();
  return {
    view: (event) => view(event),
    ask: (asked) => {
      view = viewFor(asked);
    },
    document: (document, tenant) => {
      const read: ReadField = (name) => document[name];
      for (const enrichment of enrichments) {
        if (!enrichment.needs.some((name) => document[name] !== undefined)) continue;
        const fields = fill(enrichment, read, tenant);
        if (fields !== undefined) addAbsent(document, fields);
      }
    },
    refresh,
  };
}

function addAbsent(document: EcsDocument, fields: EnrichedFields): void {
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value !== undefined && document[name] === undefined) document[name] = value;
  }
}

// A fault of a library or a file's content costs the enrichment of this event, and nothing else.
function guarded(onFault: EnricherOptions["onFault"]) {
  const failed = new Set<string>();
  return (enrichment: Enrichment, read: ReadField, tenant: string): EnrichedFields | undefined => {
    try {
      return enrichment.fill(read, tenant);
    } catch (error) {
      onFault(enrichment.id, error, !failed.has(enrichment.id));
      failed.add(enrichment.id);
      return undefined;
    }
  };
}

function threatLists(options: EnricherOptions): readonly WatchedList[] {
  const { config, at, now, parseJson } = options;
  const all: WatchedList[] = [];
  const room = (own: ThreatListConfig) => () => {
    const others = all.filter((list) => list.config !== own);
    const taken = others.reduce((sum, { current }) => sum + (current?.size ?? 0), 0);
    return Math.max(0, config.threatIndicatorsMax - taken);
  };
  for (const list of config.threatLists) {
    const about = { config: list, path: at(list.path), room: room(list), now, parseJson };
    const told = { onFault: options.onFileFault, onRead: options.onThreatList };
    all.push(watchList({ ...about, ...told }));
  }
  return all;
}

function watchAll({ config, at, now, onFileFault }: EnricherOptions) {
  const list = <T>(path: string, read: (text: string, faults: ListFaults) => Promise<T>) =>
    watchFile<T>({
      path: at(path),
      bytesMax: LIST_BYTES_MAX,
      onFault: onFileFault,
      read: async (bytes) => {
        const faults: ListFaults = { lines: [], count: 0 };
        const content = await read(bytes.toString("utf8"), faults);
        if (faults.count > 0) {
          const message = `${faults.count} faulty lines, among them ${faults.lines.join(", ")}`;
          onFileFault({ place: at(path), message });
        }
        return content;
      },
    });
  const assets = config.assets.map(({ tenant, file }) => ({
    tenant,
    file: list(file, readAssets),
  }));
  const directories = config.ldapAssets.map((server) => ({
    tenant: server.tenant,
    file: watchLdapAssets({ server, at, now, onFault: onFileFault }),
  }));
  const networks = config.networks.map(({ tenant, file }) => ({
    tenant,
    file: list(file, readNetworks),
  }));
  return {
    names: [...assets, ...directories, ...networks].map(({ file }): WatchedFile<unknown> => file),
    tenants: new Set([...assets, ...directories, ...networks].map(({ tenant }) => tenant)),
    namesOf: (tenant: string): TenantNames => ({
      assets: loaded([...assets, ...directories], tenant),
      networks: loaded(networks, tenant),
    }),
    geo: config.geoFiles.map((path) =>
      watchFile({
        path: at(path),
        bytesMax: GEO_BYTES_MAX,
        onFault: onFileFault,
        read: readGeoDatabase,
      }),
    ),
  };
}

function loaded<T>(
  all: readonly { readonly tenant: string; readonly file: WatchedFile<T> }[],
  tenant: string,
): T[] {
  return all.flatMap(({ tenant: own, file }) =>
    own === tenant && file.current !== undefined ? [file.current] : [],
  );
}
