// Each panel's query, as Grafana would ask it, against a real Elasticsearch that the KPI stage has filled: the
// answers are the KPI service's figures, to the second, and what the console makes of the same rows.
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BOARDS } from "../../../dashboards/boards.ts";
import { TIME_ZONE } from "../../../dashboards/grafana/elasticsearch.ts";
import { startKpi } from "../../../services/kpi/kpi.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { kindAlias } from "../../../services/store/elasticsearch-names.ts";
import {
  FIGURE_ROW_KIND,
  FIGURE_SET_NAMES,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import { readFigureRows } from "../../../services/store/figure-rows.ts";
import type { Finding } from "../../../services/store/finding.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { FINDING_KIND, INCIDENT_KIND } from "../../../services/store/kinds.ts";
import { KPI_KIND, type KpiDocument } from "../../../services/store/kpi.ts";
import type { Store } from "../../../services/store/store.ts";
import { ownPrefix } from "../../servers/addresses.ts";
import { findingsFrom, incidentFrom, isThere, readGolden } from "../../services/kpi/golden.ts";
import { randomOf, step, type World } from "../../services/kpi/histories.ts";
import { TENANT } from "../../services/kpi/incidents.ts";
import { NOW } from "../../services/kpi/stage.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { drawnRows, kindOf } from "./drawn-rows.ts";
import { FIGURES_OF_ROWS } from "./kpi-figures.ts";
import { type Ask, answered, figurePanels, meant } from "./panel-answers.ts";

const logger = pino({ level: "silent" });
const WAIT = { timeout: 60_000, interval: 200 };
const HISTORY_STEPS = 250;
const TARGETS = [
  {
    ...{
      validFrom: "2026-01-01",
      correctiveHours: 240,
      identificationHours: 48,
      recoveryHours: 24,
    },
    ...{ falseAlarmsPerIncident: 5, containedShare: 0.8 },
  },
  { validFrom: "2026-10-10", correctiveHours: 120, recoveryHours: 12, containedShare: 0.9 },
];
/** Everything; and a span whose ends lie within days and months. */
const RANGES = [
  { from: Date.UTC(2025, 0, 1), to: NOW },
  { from: Date.UTC(2026, 8, 30, 21, 59, 59), to: Date.UTC(2026, 9, 25, 0, 30) },
];

interface Histories {
  readonly name: string;
  readonly documents: () => { incidents: Iterable<Incident>; findings: Iterable<Finding> };
}

function drawnHistory() {
  const world: World = { incidents: new Map(), findings: new Map() };
  const random = randomOf(41);
  for (let at = 0; at < HISTORY_STEPS; at += 1) step(world, random);
  return { incidents: world.incidents.values(), findings: world.findings.values() };
}

function goldenHistory() {
  const golden = readGolden();
  return { incidents: golden.incidents.map(incidentFrom), findings: findingsFrom(golden.alarms) };
}

const histories: readonly Histories[] = [
  { name: "drawn histories", documents: drawnHistory },
  ...(isThere ? [{ name: "the golden histories", documents: goldenHistory }] : []),
];

/** Fills the store, and lets the stage write what it writes. */
async function fill(store: Store, { documents }: Histories): Promise<KpiDocument[]> {
  const { incidents, findings } = documents();
  for (const one of incidents) await store.put(TENANT, INCIDENT_KIND, one.id, one);
  for (const one of findings) await store.put(TENANT, FINDING_KIND, one.id, one);
  const stage = startKpi({
    ...{ store, tenants: [TENANT], timeZoneOf: () => TIME_ZONE, now: () => NOW, logger },
    figuresOf: () => ({ targets: TARGETS, anomalyBudget: 3 }),
  });
  let months: KpiDocument[] = [];
  await vi.waitFor(async () => {
    const query = { terms: { scope: ["all"] }, sort: [], limit: 200 };
    months = (await store.search(TENANT, KPI_KIND, query)).hits.map(({ document }) => document);
    const rows = await readFigureRows(store, TENANT, {
      ...{ set: "kpi", from: 0, to: NOW },
      where: { granularity: "month", severity: null, category: null },
    });
    expect(months.length).toBeGreaterThan(0);
    expect(rows.map(({ at }) => at).sort()).toEqual(months.map(({ period }) => period.from).sort());
    expect(await readFigureRows(store, TENANT, { set: "alarm", from: 0, to: NOW })).not.toEqual([]);
  }, WAIT);
  await stage.close();
  return months;
}

async function rowsIn(store: Store): Promise<FigureRow[]> {
  const all: FigureRow[] = [];
  for (const set of FIGURE_SET_NAMES) {
    all.push(...(await readFigureRows(store, TENANT, { set, from: 0, to: NOW + 1 })));
  }
  return all;
}

describe.each(histories)("$name, asked as Grafana asks", (history) => {
  const prefix = ownPrefix();
  const elasticsearch = connect(prefix);
  const { client } = elasticsearch;
  const index = kindAlias(prefix, FIGURE_ROW_KIND.name, TENANT);
  const ask: Ask = (body) => client.search({ index, ...body });
  const store = openElasticsearchStore({ elasticsearch, logger });
  let months: KpiDocument[] = [];
  let rows: FigureRow[] = [];

  beforeAll(async () => {
    months = await fill(store, history);
    // What a history has nothing of is drawn, so that no panel is held to nothing.
    const found = new Set((await rowsIn(store)).map(kindOf));
    for (const row of drawnRows(TENANT, TIME_ZONE, NOW)) {
      if (found.has(kindOf(row))) continue;
      await store.put(TENANT, FIGURE_ROW_KIND, figureRowId(row), row);
    }
    rows = await rowsIn(store);
    await client.indices.refresh({ index });
  });

  afterAll(async () => {
    await store.close();
    await client.close();
    await cleanUp(prefix);
  });

  const panels = BOARDS.flatMap((board) =>
    figurePanels(board).map((one) => ({ ...one, name: `${board.id}/${one.panel.id}` })),
  );

  it.each(panels)("shows what its definition means: $name", async ({ panel, query, drawn }) => {
    let seen = 0;
    for (const range of RANGES) {
      const shown = await answered(ask, drawn, range);
      const expected = meant(panel, query, rows, { ...range, timeZone: TIME_ZONE });
      expect(shown.series).toEqual(expected.series);
      expect(shown.rows).toEqual(expected.rows);
      seen += [...shown.series.values()].flat().length + shown.rows.length;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it.each(panels.filter(({ query }) => query.set === "kpi" && query.by === undefined))(
    "shows the KPI service's figures, to the second: $name",
    async ({ query, drawn }) => {
      const { series } = await answered(ask, drawn, RANGES[0] ?? { from: 0, to: NOW });
      for (const { name, label } of query.measures) {
        const figureOf = FIGURES_OF_ROWS[name];
        if (figureOf === undefined) throw new RangeError(`which figure of a document is ${name}?`);
        const points = new Map(series.get(label.de));
        for (const { period, figures } of months) {
          expect(points.get(period.from), `${name} ${period.name}`).toBe(figureOf(figures) ?? null);
        }
        expect(points.size).toBe(months.length);
      }
    },
  );
});
