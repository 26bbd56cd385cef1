// The health of all sources: put together of what the detect processes publish of them, kept in the store,
// where the API reads the reports. Bounded: invented source names can't fill the memory.
import type { SourceCounts } from "../bus/source-counts-record.ts";
import type { Kind, Store } from "../store/store.ts";
import type { ClockState } from "./lag-window.ts";
import {
  countSeen,
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
export const SOURCE_HEALTH_KIND: Kind<SourceHealth> = {
  name: "source_health",
  fields: { source: { kind: "keyword", values: (health) => [health.source] } },
};

/** All reports of a tenant at one moment, for processes without the monitor. */
interface StoredReports {
  readonly at: number;
  readonly reports: readonly SourceReport[];
}

const SOURCE_REPORTS_KIND: Kind<StoredReports> = {
  name: "source_reports",
  fields: { at: { kind: "number", values: ({ at }) => [at] } },
};
const REPORTS_ID = "all";

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

export interface SourceMonitor {
  /** Goes on with what is stored of a tenant; from now on nobody else counts its sources. */
  open(tenant: string): Promise<void>;
  /** Stores what changed since, and leaves the tenant to somebody else. */
  release(tenant: string): Promise<void>;
  /** What a process saw of a source; what was had before is passed over. */
  take(tenant: string, seen: SourceCounts): void;
  /** When the newest counted record was received, ms UTC; undefined before the first one. */
  reachedAt(tenant: string): number | undefined;
  /** Notices that are due; see `dueNotices`. */
  notices(tenant: string, reachedAt: number): SourceNotice[];
  report(tenant: string, now: number): SourceReport[];
  /** Puts the reports where `readSourceReports` finds them. */
  publish(tenant: string, now: number): Promise<void>;
  /** Stores what changed since. */
  save(tenant: string): Promise<void>;
}

export interface SourceMonitorOptions {
  readonly store: Store;
  /** Start of the process: what was not listened to before is no silence. */
  readonly startedAt: number;
  /** Pause that the configuration names for a source. */
  readonly silenceMsOf: (tenant: string, source: string) => number | undefined;
}

/** A monitor without tenants. */
export function createSourceMonitor(options: SourceMonitorOptions): SourceMonitor {
  const { store, startedAt } = options;
  const tenants = new Map<string, Map<string, RunningHealth>>();
  const reached = new Map<string, number>();
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
  const report = (tenant: string, now: number) =>
    [...sourcesOf(tenant).values()].map((running) =>
      reportOf(running, now, options.silenceMsOf(tenant, running.health.source)),
    );
  const save = async (tenant: string): Promise<void> => {
    const changed = [...sourcesOf(tenant).values()].filter((running) => running.isChanged);
    // All at once: the store writes them in one transaction.
    await Promise.all(
      changed.map((running) => {
        running.isChanged = false;
        const { health } = running;
        return store.put(tenant, SOURCE_HEALTH_KIND, health.source, health);
      }),
    );
  };
  return {
    async open(tenant) {
      tenants.set(tenant, await readAll(store, tenant, startedAt));
    },
    async release(tenant) {
      await save(tenant);
      tenants.delete(tenant);
      reached.delete(tenant);
    },
    take(tenant, seen) {
      if (!tenants.has(tenant)) return;
      const { appendedAt } = seen.stretch;
      reached.set(tenant, Math.max(appendedAt, reached.get(tenant) ?? appendedAt));
      const running = runningOf(tenant, seen.source, seen.receivedAt[0] ?? appendedAt);
      if (running !== undefined) countSeen(running, seen);
    },
    reachedAt: (tenant) => reached.get(tenant),
    report,
    publish: (tenant, now) =>
      store.put(tenant, SOURCE_REPORTS_KIND, REPORTS_ID, { at: now, reports: report(tenant, now) }),
    notices: (tenant, reachedAt) =>
      [...sourcesOf(tenant).values()].flatMap((running) =>
        dueNotices(
          running,
          reachedAt,
          startedAt,
          options.silenceMsOf(tenant, running.health.source),
        ),
      ),
    save,
  };
}

/** The reports that the monitor published last, in whatever process it runs. */
export async function readSourceReports(
  store: Store,
  tenant: string,
): Promise<readonly SourceReport[]> {
  return (await store.get(tenant, SOURCE_REPORTS_KIND, REPORTS_ID))?.document.reports ?? [];
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
