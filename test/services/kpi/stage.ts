// What the stage does with any store: the same examples for the embedded one and for Elasticsearch.
import pino from "pino";
import { Registry } from "prom-client";
import { expect, it, onTestFinished, vi } from "vitest";
import { type KpiStage, startKpi } from "../../../services/kpi/kpi.ts";
import { registerKpiMetrics } from "../../../services/kpi/metrics.ts";
import { createKpiLink } from "../../../services/kpi-link.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { KPI_KIND, type KpiDocument } from "../../../services/store/kpi.ts";
import type { Store } from "../../../services/store/store.ts";
import {
  actionOf,
  at,
  findingOf,
  impactOf,
  incidentOf,
  judged,
  stated,
  TENANT,
} from "./incidents.ts";

export const NOW = at("2026-11-15T12:00");
export const ZONE = "Europe/Berlin";
const OCTOBER = "2026-10.all";
const WAIT = { timeout: 20_000, interval: 20 };

/** Identified and recovered in October. */
export const solved = (id: string) =>
  incidentOf(id, {
    firstCompromise: stated("2026-10-10T07:00"),
    detectedAt: at("2026-10-10T08:00"),
    identifiedAt: at("2026-10-10T09:00"),
    contained: stated("2026-10-10T09:30"),
    recovered: stated("2026-10-10T12:00"),
    impact: impactOf("none"),
    actions: [actionOf("a", "2026-10-12T09:00")],
  });

/** @param store closed by the caller */
export function startStage(store: Store, reconcileMs = 3_600_000): KpiStage {
  const stage = startKpi({
    ...{ store, tenants: [TENANT], timeZoneOf: () => ZONE, now: () => NOW, reconcileMs },
    figuresOf: () => ({ targets: [], anomalyBudget: 5 }),
    ...{ refreshMs: 10, retryMs: 20, logger: pino({ level: "silent" }) },
  });
  onTestFinished(() => stage.close());
  return stage;
}

export async function stored(store: Store, id = OCTOBER): Promise<KpiDocument | undefined> {
  return (await store.get(TENANT, KPI_KIND, id))?.document;
}

/** Waits until the document of October has come to be as wanted. */
export async function untilStored(
  store: Store,
  wanted: (document: KpiDocument) => void,
  id = OCTOBER,
): Promise<void> {
  await vi.waitFor(async () => {
    const document = await stored(store, id);
    if (document === undefined) throw new Error(`${id} is not there`);
    wanted(document);
  }, WAIT);
}

/** The examples, in a suite that opens a store of its own for each. */
export function describeStage(open: () => Promise<Store>): void {
  it("writes what is in the store at its start, then what changes", async () => {
    const store = await open();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    startStage(store);
    await untilStored(store, ({ figures }) => expect(figures.headline.mttrS).toBe(14_400));
    await store.put(TENANT, INCIDENT_KIND, "i1", {
      ...solved("i1"),
      recovered: stated("2026-10-10T13:00"),
    });
    await untilStored(store, ({ figures }) => expect(figures.headline.mttrS).toBe(18_000));
    await store.put(TENANT, FINDING_KIND, "f1", findingOf("f1"));
    await untilStored(store, ({ figures }) => expect(figures.falseAlarms?.unjudged).toBe(1));
    const verdict = judged("false_positive", "2026-10-20T00:00");
    await store.put(TENANT, FINDING_KIND, "f1", findingOf("f1", verdict));
    await untilStored(store, ({ figures }) => {
      expect(figures.falseAlarms).toMatchObject({ unjudged: 0, falseAlarms: 1, perIncident: 1 });
    });
  });

  it("writes severities and categories that have something, and no others", async () => {
    const store = await open();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    startStage(store);
    await untilStored(
      store,
      ({ figures }) => expect(figures.recovery.n).toBe(1),
      "2026-10.category.malicious_code",
    );
    await untilStored(store, ({ figures }) => expect(figures.recovery.n).toBe(0), "2026-11.all");
    expect((await stored(store, "2026-10.severity.high"))?.figures.recovery.n).toBe(1);
    expect(await stored(store, "2026-10.severity.low")).toBeUndefined();
    expect(await stored(store, "2026-10.category.fraud")).toBeUndefined();
  });

  it("gives the API what it has written, and calculates the rest by the same code", async () => {
    const store = await open();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    const stage = startStage(store);
    await untilStored(store, ({ figures }) => expect(figures.recovery.n).toBe(1));
    await untilStored(store, () => undefined, "2026-11.all");
    const parts = { store, now: () => NOW, timeZoneOf: () => ZONE };
    const here = createKpiLink({ ...parts, ledgerOf: stage.ledgerOf });
    const elsewhere = createKpiLink(parts);
    for (const link of [here, elsewhere]) {
      const month = link.period(TENANT, { period: "2026-10" });
      expect(await link.figures(TENANT, month, {})).toEqual(await stored(store));
      const day = link.period(TENANT, { period: "2026-10-10" });
      const { figures } = await link.figures(TENANT, day, { severity: "high" });
      expect(figures.headline).toMatchObject({ mttdS: 7200, mttrS: 14_400 });
      await vi.waitFor(async () => {
        const names = (await link.months(TENANT)).map(({ period }) => period.name);
        expect(names).toEqual(["2026-11", "2026-10"]);
      }, WAIT);
    }
  });

  it("shows Prometheus the running month, without a figure where there is none", async () => {
    const store = await open();
    const open1 = { ...solved("i1"), identifiedAt: at("2026-11-10T09:00") };
    const { recovered: _, ...running } = open1;
    await store.put(TENANT, INCIDENT_KIND, "i1", running);
    const stage = startStage(store);
    const registry = new Registry();
    registerKpiMetrics(registry, [TENANT], stage.current);
    await vi.waitFor(async () => {
      const text = await registry.metrics();
      expect(text).toContain(`heidewacht_kpi_mean_seconds{tenant="${TENANT}",kpi="k2"} 2685600`);
      expect(text).toContain(`heidewacht_kpi_open_incidents{tenant="${TENANT}"} 1`);
      expect(text).toContain(`heidewacht_kpi_definition_version{tenant="${TENANT}"} 1`);
      expect(text).not.toMatch(/_mean_seconds\{[^}]*kpi="k3"/);
      expect(text).not.toMatch(/false_alarms_per_incident\{.*NaN|actor|assignee|account/);
    }, WAIT);
  });
}
