// Wires the KPI calculator: the stage with its gauges in the process that runs triage, and what the API is
// told in whatever process it runs.
import type { KpiProvider, PublishedView } from "./api/kpi-provider.ts";
import { documentsOf, readLedger } from "./kpi/calculator.ts";
import { type KpiStage, startKpi } from "./kpi/kpi.ts";
import type { KpiLedger } from "./kpi/ledger.ts";
import { registerKpiMetrics } from "./kpi/metrics.ts";
import { MonthCalendar, namedPeriod, periodBetween } from "./kpi/period.ts";
import { differences, isIntact, publishPeriod } from "./kpi/publish.ts";
import { tuningRows } from "./kpi/tuning.ts";
import { type Run, timeZonesOf } from "./run.ts";
import { KPI_KIND, KPI_PERIOD_KIND, kpiDocumentId } from "./store/kpi.ts";
import type { Store } from "./store/store.ts";

const SECOND_MS = 1000;
/** What the API reads by itself, where the stage runs elsewhere, is used for so long. */
const LEDGER_MS = 30_000;
const MONTHS_LISTED_MAX = 120;
const PERIODS_LISTED_MAX = 200;

/** Starts the stage and registers its gauges. */
export function startKpiStage({ config, tenants, ports, registry, logger, now }: Run): KpiStage {
  const { store } = ports;
  const stage = startKpi({
    ...{ store, tenants, timeZoneOf: timeZonesOf(config), logger, now },
    figuresOf: (tenant) => ({
      targets: config.tenants.find(({ id }) => id === tenant)?.kpiTargets ?? [],
      anomalyBudget: config.anomaly.findingsPerDay,
    }),
  });
  registerKpiMetrics(registry, tenants, stage.current);
  return stage;
}

export interface KpiLinkParts {
  readonly store: Store;
  readonly timeZoneOf: (tenant: string) => string;
  /** ms UTC. */
  readonly now: () => number;
  /** Of the stage, where it runs in this process. */
  readonly ledgerOf?: (tenant: string) => KpiLedger | undefined;
}

/** Reads the stage's documents where they are what is asked for, and calculates the rest by the same code. */
export function createKpiLink(parts: KpiLinkParts): KpiProvider {
  const { store, timeZoneOf, now } = parts;
  const ledgerOf = cachedLedgers(parts);
  return {
    period(tenant, { period, from, to }) {
      const zone = timeZoneOf(tenant);
      if (period !== undefined) return namedPeriod(period, zone);
      if (from !== undefined && to !== undefined) return periodBetween(from, to, zone);
      const calendar = new MonthCalendar(zone);
      return calendar.periodOf(calendar.monthOf(Math.floor(now() / SECOND_MS)));
    },
    async figures(tenant, period, scope) {
      const stored = await store.get(tenant, KPI_KIND, kpiDocumentId(period, scope));
      // After a change of the tenant's zone the stage writes its documents anew.
      if (stored?.document.period.timeZone === period.timeZone) return stored.document;
      const ledger = await ledgerOf(tenant);
      const [document] = documentsOf(ledger, tenant, period, [scope], now());
      if (document === undefined) throw new TypeError("one scope gives one document");
      return document;
    },
    async months(tenant) {
      const sort = [{ field: "from", order: "desc" as const }];
      const query = { terms: { scope: ["all"] }, sort, limit: MONTHS_LISTED_MAX };
      const { hits } = await store.search(tenant, KPI_KIND, query);
      return hits.map(({ document }) => document);
    },
    async published(tenant) {
      const sort = [{ field: "from", order: "desc" as const }];
      const query = { sort, limit: PERIODS_LISTED_MAX };
      const { hits } = await store.search(tenant, KPI_PERIOD_KIND, query);
      if (hits.length === 0) return [];
      const ledger = await ledgerOf(tenant);
      return hits.map(
        ({ document: published }): PublishedView => ({
          published,
          isIntact: isIntact(published),
          differences: differences(published, ledger),
        }),
      );
    },
    // What is frozen rests on what the store has now, not on what was heard of it.
    publish: async (tenant, period, by) =>
      publishPeriod(store, await readLedger(store, tenant, timeZoneOf(tenant)), tenant, period, by),
    tuning: (tenant, period, by) => tuningRows(store, tenant, by, period),
  };
}

/** The stage's ledger, else one that was read a short while ago; several who ask share one reading. */
function cachedLedgers({ store, timeZoneOf, now, ledgerOf }: KpiLinkParts) {
  const kept = new Map<string, { readonly at: number; readonly ledger: Promise<KpiLedger> }>();
  return async (tenant: string): Promise<KpiLedger> => {
    const live = ledgerOf?.(tenant);
    if (live !== undefined) return live;
    const found = kept.get(tenant);
    if (found !== undefined && now() - found.at < LEDGER_MS) return found.ledger;
    const ledger = readLedger(store, tenant, timeZoneOf(tenant));
    kept.set(tenant, { at: now(), ledger });
    ledger.catch(() => kept.delete(tenant));
    return ledger;
  };
}
