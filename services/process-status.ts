// What each process tells of itself, and all of them together: every process puts what it has seen into
// the store, a document for each tenant, and whoever shows the state adds up those that live.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { Activity } from "./detect/activity.ts";
import type { SelfReport } from "./self-report.ts";
import type { Kind, Store } from "./store/store.ts";

const PUBLISH_MS = 5000;
/** A process that told nothing for so long does not live any more. */
const LIVE_MS = 30_000;
/** A process that fell silent without taking its leave is still shown for so long. */
const SHOWN_MS = 15 * 60_000;
const FORGET_MS = 24 * 3_600_000;
const PROCESSES_MAX = 100;
/** Rules whose hits are told. */
const HITS_MAX = 5000;

/** Which process it is. */
interface ProcessAbout {
  /** Its name, unlike all others. */
  readonly instance: string;
  readonly services: readonly string[];
  readonly version: string;
  /** ms UTC. */
  readonly startedAt: number;
}

/** The rules that a process works with. */
export interface RuleState {
  /** The same for the same rules. */
  readonly fingerprint: string;
  readonly rules: number;
  readonly faults: number;
}

/** What is read of an activity. */
export type ActivityView = Pick<Activity, "sources" | "hits" | "reachedAt">;

/** As stored for one tenant. No field is about a person. Times in ms UTC. */
interface ProcessStatus extends ProcessAbout {
  readonly seenAt: number;
  readonly reachedAt?: number;
  readonly rules?: RuleState;
  /** Findings that can't be paged about because of a fault of the program. */
  readonly stuckPages?: number;
  /** When a watchdog asked it for its heartbeat last. */
  readonly watchdogAskedAt?: number;
  readonly sources: ReturnType<Activity["sources"]>;
  readonly hits: readonly {
    readonly rule: string;
    readonly hits: number;
    readonly lastHitAt: number;
  }[];
}

const PROCESS_STATUS_KIND: Kind<ProcessStatus> = {
  name: "process_status",
  fields: { seenAt: { kind: "number", values: ({ seenAt }) => [seenAt] } },
};

type ShownProcess = Omit<ProcessStatus, "sources" | "hits">;

export interface ProcessView {
  /** Of all living processes together. */
  readonly activity: ActivityView;
  /** Those that live, by name; this one with them. */
  readonly processes: readonly ShownProcess[];
  /** Those that ended or hang without having said so, by name. */
  readonly silent: readonly ShownProcess[];
}

export interface Processes {
  /** This process as it is now, the others as they told last. */
  view(tenant: string): Promise<ProcessView>;
  /** Takes this process off the list. */
  close(): Promise<void>;
}

export interface ProcessesParts {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly about: ProcessAbout;
  readonly activity: ActivityView;
  /** Undefined where no rules are loaded. */
  readonly rules: () => RuleState | undefined;
  readonly self: SelfReport;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Tells at once and then every few seconds. */
export function startProcesses(parts: ProcessesParts): Processes {
  const { store, tenants, about, logger, now } = parts;
  let isAway = false;
  let forgottenAt = Number.NEGATIVE_INFINITY;
  const tell = async (): Promise<void> => {
    const isForgetting = now() - forgottenAt >= FORGET_MS;
    if (isForgetting) forgottenAt = now();
    try {
      for (const tenant of tenants) {
        await store.put(tenant, PROCESS_STATUS_KIND, about.instance, ownStatus(tenant, parts));
        if (isForgetting) await forgetOld(store, tenant, now() - FORGET_MS);
      }
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn({ reason: messageOf(error) }, "the process can't tell its state");
      isAway = true;
    }
  };
  let running = tell();
  const timer = setInterval(() => {
    running = running.then(tell);
  }, PUBLISH_MS);
  timer.unref();
  return {
    async view(tenant) {
      const own = ownStatus(tenant, parts);
      const page = await store.search(tenant, PROCESS_STATUS_KIND, {
        ranges: { seenAt: { gte: now() - SHOWN_MS } },
        sort: [{ field: "seenAt", order: "desc" }],
        limit: PROCESSES_MAX,
      });
      const others = page.hits
        .map(({ document }) => document)
        .filter(({ instance }) => instance !== about.instance);
      const all = [own, ...others].sort((a, b) => (a.instance < b.instance ? -1 : 1));
      const liveFrom = now() - LIVE_MS;
      const processes = all.filter(({ seenAt }) => seenAt >= liveFrom);
      const silent = all.filter(({ seenAt }) => seenAt < liveFrom);
      return { activity: mergedActivity(processes), processes, silent };
    },
    async close() {
      clearInterval(timer);
      await running;
      for (const tenant of tenants) {
        await store.remove(tenant, PROCESS_STATUS_KIND, about.instance).catch((error: unknown) => {
          logger.warn({ reason: messageOf(error) }, "the process can't say that it ends");
        });
      }
    },
  };
}

function ownStatus(tenant: string, parts: ProcessesParts): ProcessStatus {
  const { about, activity, self, now } = parts;
  const rules = parts.rules();
  const askedAgoMs = self.watchdogAskedAgoMs?.();
  const stuckPages = self.stuckPages?.(tenant) ?? 0;
  const reachedAt = activity.reachedAt(tenant);
  const hits = [...activity.hits(tenant)]
    .map(([rule, seen]) => ({ rule, ...seen }))
    .sort((a, b) => b.hits - a.hits)
    .slice(0, HITS_MAX);
  return {
    ...about,
    seenAt: now(),
    ...(reachedAt === undefined ? {} : { reachedAt }),
    ...(rules === undefined ? {} : { rules }),
    ...(stuckPages === 0 ? {} : { stuckPages }),
    ...(askedAgoMs === undefined ? {} : { watchdogAskedAt: now() - askedAgoMs }),
    sources: activity.sources(tenant, now()),
    hits,
  };
}

async function forgetOld(store: Store, tenant: string, before: number): Promise<void> {
  const page = await store.search(tenant, PROCESS_STATUS_KIND, {
    ranges: { seenAt: { lt: before } },
    sort: [],
    limit: PROCESSES_MAX,
  });
  for (const { id } of page.hits) await store.remove(tenant, PROCESS_STATUS_KIND, id);
}

function mergedActivity(all: readonly ProcessStatus[]): ActivityView {
  const reached = all.flatMap(({ reachedAt }) => (reachedAt === undefined ? [] : [reachedAt]));
  return {
    sources: () => mergedSources(all),
    hits: () => mergedHits(all),
    reachedAt: () => (reached.length === 0 ? undefined : Math.max(...reached)),
  };
}

function mergedSources(all: readonly ProcessStatus[]): ReturnType<Activity["sources"]> {
  const byName = new Map<string, ProcessStatus["sources"][number]>();
  for (const source of all.flatMap(({ sources }) => sources)) {
    const known = byName.get(source.name);
    const times = [source.lastEventAt, known?.lastEventAt ?? null].filter((at) => at !== null);
    byName.set(source.name, {
      name: source.name,
      events: source.events + (known?.events ?? 0),
      eventsPerSecond: source.eventsPerSecond + (known?.eventsPerSecond ?? 0),
      failed: source.failed + (known?.failed ?? 0),
      lastEventAt: times.length === 0 ? null : Math.max(...times),
    });
  }
  return [...byName.values()];
}

function mergedHits(all: readonly ProcessStatus[]): ReturnType<Activity["hits"]> {
  const byRule = new Map<string, { readonly hits: number; readonly lastHitAt: number }>();
  for (const { rule, hits, lastHitAt } of all.flatMap((one) => one.hits)) {
    const known = byRule.get(rule);
    byRule.set(rule, {
      hits: hits + (known?.hits ?? 0),
      lastHitAt: Math.max(lastHitAt, known?.lastHitAt ?? lastHitAt),
    });
  }
  return byRule;
}
