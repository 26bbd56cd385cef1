// The health of all sources of a process: fed by the detect stage, kept in the store, asked by the API and
// the metrics. Bounded: invented source names can't fill the memory.
import type { Kind, Store } from "../store/store.ts";
import type { ClockState } from "./lag-window.ts";
import {
  countFailed,
  countHost,
  countParsed,
  dueNotices,
  newHealth,
  type RunningHealth,
  readHealth,
  resumeHealth,
  type SourceHealth,
  type SourceNotice,
} from "./source-health.ts";

const SOURCES_MAX = 1000;
const ROWS_PER_PAGE = 500;

/** Under this name Heidewacht reports about itself; it is no source that can fall silent. */
export const OWN_SOURCE = "heidewacht";

/** Source name → what is known of it. */
const SOURCE_HEALTH_KIND: Kind<SourceHealth> = {
  name: "source_health",
  fields: { source: { kind: "keyword", values: (health) => [health.source] } },
};

/** What the detect stage tells. */
export interface SourceWatch {
  parsed(
    tenant: string,
    source: string,
    record: { readonly format: string; readonly receivedAt: number; readonly eventAt: number },
  ): void;
  failed(tenant: string, source: string, reason: string, receivedAt: number): void;
  host(tenant: string, source: string, host: unknown, receivedAt: number): void;
}

/** A source as it is told. Times in ms UTC, spans in ms. */
export interface SourceReport {
  readonly source: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly lastEventAt: number | null;
  readonly records: number;
  readonly failed: number;
  readonly formats: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  readonly hosts: Readonly<Record<string, number>>;
  readonly usualPerSecond: number | undefined;
  readonly parseShare: number | undefined;
  readonly usualShare: number;
  readonly isShareFallen: boolean;
  readonly lagMedianMs: number | undefined;
  readonly lagMaxMs: number | undefined;
  readonly skewMs: number | undefined;
  readonly clock: ClockState;
  readonly silenceAfterMs: number | undefined;
  /** Since when the silence that was told lasts; undefined while the source is not silent. */
  readonly silentSince: number | undefined;
}

export interface SourceMonitor extends SourceWatch {
  /** Notices that are due; see `dueNotices`. */
  notices(tenant: string, reachedAt: number): SourceNotice[];
  report(tenant: string, now: number): SourceReport[];
  /** Stores what changed since. */
  save(tenant: string): Promise<void>;
}

export interface SourceMonitorOptions {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly startedAt: number;
  /** Pause that the configuration names for a source. */
  readonly silenceMsOf: (tenant: string, source: string) => number | undefined;
  /** Whether a host is watched by its name: machines that are named in the configuration, no others. */
  readonly isWatchedHost: (host: string) => boolean;
}

/** Reads what was stored and goes on with it. */
export async function openSourceMonitor(options: SourceMonitorOptions): Promise<SourceMonitor> {
  const { store, startedAt } = options;
  const tenants = new Map<string, Map<string, RunningHealth>>();
  for (const tenant of options.tenants)
    tenants.set(tenant, await readAll(store, tenant, startedAt));
  const sourcesOf = (tenant: string) => tenants.get(tenant) ?? new Map<string, RunningHealth>();
  const runningOf = (tenant: string, source: string, at: number): RunningHealth | undefined => {
    if (source === OWN_SOURCE) return undefined;
    const sources = sourcesOf(tenant);
    const known = sources.get(source);
    if (known !== undefined || sources.size >= SOURCES_MAX) return known;
    const made = resumeHealth(newHealth(source, at), at);
    sources.set(source, made);
    return made;
  };
  return {
    parsed(tenant, source, record) {
      const running = runningOf(tenant, source, record.receivedAt);
      if (running !== undefined) countParsed(running, record);
    },
    failed(tenant, source, reason, receivedAt) {
      const running = runningOf(tenant, source, receivedAt);
      if (running !== undefined) countFailed(running, reason, receivedAt);
    },
    host(tenant, source, host, receivedAt) {
      if (typeof host !== "string" || !options.isWatchedHost(host)) return;
      const running = runningOf(tenant, source, receivedAt);
      if (running !== undefined) countHost(running, host.toLowerCase(), receivedAt);
    },
    notices: (tenant, reachedAt) =>
      [...sourcesOf(tenant).values()].flatMap((running) =>
        dueNotices(
          running,
          reachedAt,
          startedAt,
          options.silenceMsOf(tenant, running.health.source),
        ),
      ),
    report: (tenant, now) =>
      [...sourcesOf(tenant).values()].map((running) =>
        reportOf(running, now, options.silenceMsOf(tenant, running.health.source)),
      ),
    async save(tenant) {
      const changed = [...sourcesOf(tenant).values()].filter((running) => running.isChanged);
      // All at once: the store writes them in one transaction.
      await Promise.all(
        changed.map((running) => {
          running.isChanged = false;
          const { health } = running;
          return store.put(tenant, SOURCE_HEALTH_KIND, health.source, health);
        }),
      );
    },
  };
}

async function readAll(
  store: Store,
  tenant: string,
  startedAt: number,
): Promise<Map<string, RunningHealth>> {
  const found = new Map<string, RunningHealth>();
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, SOURCE_HEALTH_KIND, {
      sort: [{ field: "source", order: "asc" }],
      limit: ROWS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) {
      found.set(document.source, resumeHealth(document, startedAt));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

function reportOf(
  running: RunningHealth,
  now: number,
  configuredMs: number | undefined,
): SourceReport {
  const { health } = running;
  const { parseShare, lags, usualPerSecond, silenceAfterMs } = readHealth(
    running,
    now,
    configuredMs,
  );
  const { source, firstSeenAt, lastSeenAt, lastEventAt, records, failed, usualShare } = health;
  return {
    ...{ source, firstSeenAt, lastSeenAt, lastEventAt, records, failed, usualShare },
    formats: { ...health.formats },
    reasons: { ...health.reasons },
    hosts: { ...health.hosts },
    usualPerSecond,
    parseShare,
    isShareFallen: health.shareFallenAt !== null,
    lagMedianMs: lags?.medianMs,
    lagMaxMs: lags?.maxMs,
    skewMs: lags?.skewMs,
    clock: lags?.clock ?? "right",
    silenceAfterMs,
    silentSince: health.silence?.lastSeenAt,
  };
}
