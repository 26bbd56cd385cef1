// The stage: keeps every tenant's figures up to date in the store, shortly after each change and anew once
// an hour. A store that is away makes figures late, never wrong.
import type { Logger } from "pino";
import { messageOf } from "../../config/errors.ts";
import type { KpiDocument } from "../store/kpi.ts";
import type { Store } from "../store/store.ts";
import type { FigureSettings } from "./figures/tenant-figures.ts";
import type { KpiLedger } from "./ledger.ts";
import { TenantKpi } from "./tenant-kpi.ts";

export interface KpiStageParts {
  readonly store: Store;
  readonly tenants: readonly string[];
  readonly timeZoneOf: (tenant: string) => string;
  readonly figuresOf: (tenant: string) => FigureSettings;
  readonly logger: Pick<Logger, "warn" | "info">;
  /** ms UTC. */
  readonly now: () => number;
  /** Changes within so long are written together. */
  readonly refreshMs?: number;
  /** Everything is read anew so often. */
  readonly reconcileMs?: number;
  readonly retryMs?: number;
}

const REFRESH_MS = 2000;
const RECONCILE_MS = 3_600_000;
const RETRY_MS = 10_000;
/** By the clock, so that it falls on the ends of hours: queues of the running hour grow older by themselves. */
const TICK_MS = 300_000;

export interface KpiStage {
  /** What stands in the store for the running month; undefined before it was first calculated. */
  current(tenant: string): KpiDocument | undefined;
  /** Undefined for tenants that are not kept here, and before everything was read once. */
  ledgerOf(tenant: string): KpiLedger | undefined;
  close(): Promise<void>;
}

/** Begins at once, and tells nobody to wait for it. */
export function startKpi(parts: KpiStageParts): KpiStage {
  const loops = new Map(parts.tenants.map((tenant) => [tenant, startLoop(tenant, parts)]));
  return {
    current: (tenant) => loops.get(tenant)?.kpi.current(),
    ledgerOf: (tenant) => loops.get(tenant)?.kpi.ledger,
    close: async () => {
      for (const { stop } of loops.values()) await stop();
    },
  };
}

/** One tenant: one thing at a time, a reconciliation before a refresh. */
function startLoop(tenant: string, parts: KpiStageParts) {
  const { refreshMs = REFRESH_MS, reconcileMs = RECONCILE_MS, retryMs = RETRY_MS } = parts;
  const { store, timeZoneOf, figuresOf, logger, now } = parts;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isDue = false;
  let isStopped = false;
  let isFailing = false;
  let reconcileAt = Number.NEGATIVE_INFINITY;
  const kpi = new TenantKpi({
    ...{ store, tenant, now, timeZone: timeZoneOf(tenant), figures: figuresOf(tenant) },
    onChange: () => {
      isDue = true;
      if (running === undefined && !isFailing) wake(refreshMs, "sooner");
    },
  });
  let wakeAt = Number.POSITIVE_INFINITY;
  const wake = (afterMs: number, when: "sooner" | "instead") => {
    const at = performance.now() + afterMs;
    if (isStopped || (when === "sooner" && at >= wakeAt)) return;
    clearTimeout(timer);
    wakeAt = at;
    timer = setTimeout(run, afterMs).unref();
  };
  const work = async () => {
    const isWhole = performance.now() >= reconcileAt;
    isDue = false;
    try {
      await (isWhole ? kpi.reconcile() : kpi.refresh());
      if (isWhole) reconcileAt = performance.now() + reconcileMs;
      if (isFailing) logger.info({ tenant }, "kpis are calculated again");
      isFailing = false;
    } catch (error) {
      // What was touched may not be written: only reading everything is sure.
      reconcileAt = Number.NEGATIVE_INFINITY;
      const reason = messageOf(error);
      if (!isFailing) logger.warn({ tenant, reason }, "kpis can't be calculated; trying again");
      isFailing = true;
    }
  };
  const run = () => {
    wakeAt = Number.POSITIVE_INFINITY;
    running = work().finally(() => {
      running = undefined;
      const wholeIn = Math.max(0, reconcileAt - performance.now());
      const idleMs = Math.min(wholeIn, TICK_MS - (now() % TICK_MS));
      wake(isFailing ? retryMs : isDue ? refreshMs : idleMs, "instead");
    });
  };
  wake(0, "instead");
  const stop = async () => {
    isStopped = true;
    clearTimeout(timer);
    kpi.close();
    await running;
  };
  return { kpi, stop };
}
