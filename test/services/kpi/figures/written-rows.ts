// What rows the stage leaves in any store: the same examples for the embedded one and for Elasticsearch.
import { expect, it, vi } from "vitest";
import type { Level } from "../../../../detectors/detector.ts";
import { namedPeriod } from "../../../../services/kpi/period.ts";
import { tuningRows } from "../../../../services/kpi/tuning.ts";
import type { FigureRow, FigureSet } from "../../../../services/store/figure-row.ts";
import { readFigureRows } from "../../../../services/store/figure-rows.ts";
import { RISK_DETECTOR } from "../../../../services/store/finding.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../../services/store/kinds.ts";
import type { Store } from "../../../../services/store/store.ts";
import { SUMMARY_MESSAGES } from "../../../../services/triage/messages.ts";
import { at, findingOf, incidentOf, judged, stated, TENANT } from "../incidents.ts";
import { NOW, solved, startStage, stored, untilStored, ZONE } from "../stage.ts";

const WAIT = { timeout: 20_000, interval: 20 };
const OCTOBER = at("2026-09-30T22:00");

export async function rowsOf(
  store: Store,
  set: FigureSet,
  where: Parameters<typeof readFigureRows>[2]["where"] = {},
): Promise<FigureRow[]> {
  return readFigureRows(store, TENANT, { set, from: 0, to: NOW + 1, where });
}

const shown = ({ at: moment, dimensions, measures }: FigureRow) => ({
  at: new Date(moment).toISOString().slice(0, 16),
  ...dimensions,
  ...measures,
});

/** The examples, in a suite that opens a store of its own for each. */
export function describeRows(open: () => Promise<Store>): void {
  it("hold the numbers of the document, for the month and its quarter", async () => {
    const store = await open();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    startStage(store);
    await vi.waitFor(async () => {
      expect(await rowsOf(store, "kpi", { granularity: "quarter" })).toHaveLength(3);
    }, WAIT);
    const whole = { granularity: "month", severity: null, category: null };
    const [october, november] = await rowsOf(store, "kpi", whole);
    const figures = (await stored(store))?.figures;
    expect(october).toMatchObject({ at: OCTOBER, dimensions: { granularity: "month" } });
    expect(october?.measures).toMatchObject({
      ...{ k1MeanS: figures?.corrective.meanS, k2MeanS: 7200, k3MeanS: 14_400, k3N: 1 },
      ...{ k4FalseAlarms: 0, k4Incidents: 1, k5N: 1, k5Share: 1 },
    });
    expect(november?.measures).toMatchObject({ k3N: 0, k3Open: 0 });
    expect(november?.measures).not.toHaveProperty("k3MeanS");
    const parts = await rowsOf(store, "kpi", { granularity: "quarter" });
    expect(parts.map(shown)).toMatchObject([
      { at: "2026-09-30T22:00", k3MeanS: 14_400 },
      { category: "malicious_code", k3MeanS: 14_400 },
      { severity: "high", k3MeanS: 14_400 },
    ]);
  });

  it("tell each phase of an incident, and take it away when it leaves the figures", async () => {
    const store = await open();
    await store.put(TENANT, INCIDENT_KIND, "i1", solved("i1"));
    const { recovered: _, ...running } = solved("i2");
    await store.put(TENANT, INCIDENT_KIND, "i2", {
      ...running,
      firstCompromise: { method: "unknown", evidenceIds: [] },
      identifiedAt: at("2026-11-15T11:30"),
    });
    startStage(store);
    await vi.waitFor(async () => expect(await rowsOf(store, "case")).toHaveLength(6), WAIT);
    const high = { severity: "high", category: "malicious_code" };
    expect((await rowsOf(store, "case")).map(shown)).toEqual([
      {
        ...{ at: "2026-10-10T09:00", phase: "identified", incident: "i1", ...high },
        ...{ identificationS: 7200, detectionS: 3600, triageS: 3600 },
      },
      {
        ...{ at: "2026-10-10T12:00", phase: "recovered", incident: "i1", ...high },
        ...{ recoveryS: 14_400, contained: 1 },
      },
      {
        ...{ at: "2026-10-12T09:00", phase: "corrected", incident: "i1", ...high },
        correctiveS: 172_800,
      },
      // Corrected before it was identified: no duration, and the document says so.
      { at: "2026-10-12T09:00", phase: "corrected", incident: "i2", ...high },
      { at: "2026-11-15T11:30", phase: "identified", incident: "i2", ...high },
      { at: "2026-11-15T12:00", phase: "open", incident: "i2", ...high, ageS: 1800 },
    ]);
    const october = await rowsOf(store, "kpi", { granularity: "month", category: null });
    expect(october.at(-1)?.measures.k3Open).toBe(1);
    await store.put(TENANT, INCIDENT_KIND, "i1", { ...solved("i1"), mergedInto: "i2" });
    await store.put(TENANT, INCIDENT_KIND, "i2", incidentOf("i2", { exercise: true }));
    await vi.waitFor(async () => expect(await rowsOf(store, "case")).toEqual([]), WAIT);
  });

  it("count alarms by rule, source, model and level as the list for tuning rules does", async () => {
    const store = await open();
    const model = findingOf("f3", judged("true_positive", "2026-10-25T01:30"));
    const findings = [
      findingOf("f1", { ...judged("false_positive", "2026-10-20T08:00"), sources: ["dc", "vpn"] }),
      findingOf("f2", judged("duplicate", "2026-10-20T09:00")),
      { ...model, detector: { ...model.detector, id: "model-1", kind: "anomaly" as const } },
      findingOf("f4"),
    ];
    for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
    startStage(store);
    await untilStored(store, ({ figures }) => expect(figures.falseAlarms?.unjudged).toBe(1));
    await vi.waitFor(async () => {
      expect(await rowsOf(store, "alarm", { per: "model" })).toHaveLength(2);
    }, WAIT);
    const day = await rowsOf(store, "alarm", { per: "level" });
    expect(day.map(shown)).toMatchObject([
      { at: "2026-10-01T22:00", name: "high", raised: 4, falseAlarms: 0 },
      { at: "2026-10-19T22:00", name: "high", raised: 0, falseAlarms: 1, duplicates: 1 },
      { at: "2026-10-24T22:00", name: "high", raised: 0, truePositives: 1 },
    ]);
    const period = namedPeriod("2026-10", ZONE);
    for (const per of ["rule", "source"] as const) {
      const found = await rowsOf(store, "alarm", { per });
      for (const { name, precision: _, ...wanted } of await tuningRows(
        store,
        TENANT,
        per,
        period,
      )) {
        const sums: Record<string, number> = {};
        for (const { dimensions, measures } of found) {
          if (dimensions.name !== name) continue;
          for (const [key, value] of Object.entries(measures)) sums[key] = (sums[key] ?? 0) + value;
        }
        expect({ name, ...sums }).toMatchObject({ name, ...wanted });
      }
    }
    // What nobody was shown and nobody judged is no alarm.
    await store.put(TENANT, FINDING_KIND, "f4", findingOf("f4", { silencedBy: ["s1"] }));
    await vi.waitFor(async () => {
      const [first] = await rowsOf(store, "alarm", { per: "level" });
      expect(first?.measures.raised).toBe(3);
    }, WAIT);
  });

  it("name rules and models so that a search finds just their alarms, also after a new title", async () => {
    const store = await open();
    const [one, other] = ["0a1b2c3d", "4e5f6a7b"].map((id) => `${id}-0000-4000-8000-000000000000`);
    const finding = (id: string, rule: string | undefined, title: string, level: Level) => {
      const { detector, ...rest } = findingOf(id, judged("false_positive", "2026-10-20T08:00"));
      const of = { id: rule ?? "", title, level, kind: "anomaly" as const };
      return { ...rest, detector: { ...detector, ...of } };
    };
    for (const made of [
      finding("f1", one, "Anmeldung zur Unzeit", "high"),
      finding("f2", one, "Anmeldung zur Unzeit", "high"),
      finding("f3", other, "Anmeldung zur Unzeit", "low"),
      finding("f4", "ohne-nummer", "Anmeldung", "low"),
    ])
      await store.put(TENANT, FINDING_KIND, made.id, made);
    startStage(store);
    const titles = async (per: string) => {
      const rows = (await rowsOf(store, "alarm", { per })).filter(
        (row) => row.measures.falseAlarms,
      );
      return rows
        .map(({ dimensions, measures }) => [dimensions.title, measures.falseAlarms])
        .sort();
    };
    const before = [
      ["Anmeldung (ohne-nummer)", 1],
      ["Anmeldung zur Unzeit (0a1b2c3d)", 2],
      ["Anmeldung zur Unzeit (4e5f6a7b)", 1],
    ];
    await vi.waitFor(async () => expect(await titles("rule")).toEqual(before), WAIT);
    expect(await titles("model")).toEqual(before);
    for (const [text, count] of before) {
      const query = { text: String(text), sort: [], limit: 10 };
      await vi.waitFor(async () => {
        expect((await store.search(TENANT, FINDING_KIND, query)).total, query.text).toBe(count);
      }, WAIT);
    }
    await store.put(TENANT, FINDING_KIND, "f2", finding("f2", one, "Anmeldung nachts", "high"));
    await vi.waitFor(async () => {
      expect(await titles("rule")).toEqual([
        before[0],
        ["Anmeldung nachts (0a1b2c3d)", 1],
        ["Anmeldung zur Unzeit (0a1b2c3d)", 1],
        before[2],
      ]);
    }, WAIT);
  });

  it("name nobody", async () => {
    const store = await open();
    const finding = findingOf("f1", { ...judged("true_positive", "2026-10-20T08:00") });
    const entities = [{ type: "account" as const, value: "Geheimes Konto" }];
    await store.put(TENANT, FINDING_KIND, "f1", { ...finding, entities, assignee: "account-1" });
    // As triage makes it: the title names the entity.
    const risk = SUMMARY_MESSAGES.de.risk.title("Konto", "Geheimes Konto");
    await store.put(TENANT, FINDING_KIND, "f2", {
      ...{ ...finding, id: "f2", entities },
      detector: { ...finding.detector, id: RISK_DETECTOR, title: risk },
    });
    await store.put(TENANT, INCIDENT_KIND, "i1", {
      ...solved("i1"),
      recovered: stated("2026-10-10T12:00"),
      assignee: "account-1",
    });
    startStage(store);
    await vi.waitFor(async () => {
      const titles = (await rowsOf(store, "alarm")).map(({ dimensions }) => dimensions.title);
      expect(titles).toContain(RISK_DETECTOR);
    }, WAIT);
    for (const set of ["kpi", "case", "alarm", "hour", "day", "paging"] as const) {
      expect(JSON.stringify(await rowsOf(store, set))).not.toMatch(/account-|Geheim/);
    }
  });
}
