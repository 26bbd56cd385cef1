// Panels of boards over the API: rows of figures and metrics, spans that are refused, and who sees which board.
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { BOARDS } from "../../../dashboards/boards.ts";
import type { Role } from "../../../services/api/permissions.ts";
import { boardPanel } from "../../../services/boards/boards.ts";
import { MetricMemory } from "../../../services/boards/metric-memory.ts";
import {
  FIGURE_ROW_KIND,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import type { Store } from "../../../services/store/store.ts";
import { FOREIGN, HOME, openWorld, START } from "./fixture.ts";

const OCTOBER = Date.UTC(2026, 8, 30, 22);
const SPAN = `from=${OCTOBER - 1}&to=${OCTOBER + 86_400_000}`;
const COURSE = "/boards/kpi/panels/k3-course";

async function open() {
  let store: Store | undefined;
  const memory = new MetricMemory({
    ...{ registry: new Registry(), names: new Set<string>(), instance: "x", now: () => START },
  });
  const world = await openWorld(
    {},
    {
      boards: async (tenant, asked, range) =>
        store === undefined
          ? undefined
          : boardPanel(
              { boards: BOARDS, store, memory, timeZoneOf: () => "Europe/Berlin" },
              tenant,
              asked,
              range,
            ),
    },
  );
  store = world.store;
  const row: FigureRow = {
    ...{ tenant: HOME, set: "kpi", at: OCTOBER, dimensions: { granularity: "month" } },
    measures: { k3MeanS: 50_400, k3TargetS: 14_400 },
  };
  const high: FigureRow = { ...row, dimensions: { ...row.dimensions, severity: "high" } };
  for (const one of [row, high]) await store.put(HOME, FIGURE_ROW_KIND, figureRowId(one), one);
  return world;
}

/** Of the management board, the panel that draws the course of K3. */
const course = BOARDS[0]?.panels.find(({ id, draw }) => id.startsWith("k3") && draw === "lines");

describe("a panel", () => {
  it("has the rows of the whole, with the target", async () => {
    const { person } = await open();
    const { send } = await person("management");
    const { status, body } = await send("GET", `/boards/kpi/panels/${course?.id}?${SPAN}`);
    expect([status, body.timeZone, body.points]).toEqual([200, "Europe/Berlin", [OCTOBER]]);
    expect(body.series[0]).toEqual({ of: 0, values: [50_400] });
    expect(body.series.at(-1)).toEqual({ of: -1, values: [14_400] });
  });

  it("of metrics says since when they are remembered", async () => {
    const { person } = await open();
    const { send } = await person("admin");
    const { body } = await send("GET", `/boards/health/panels/memory?${SPAN}`);
    expect(body).toMatchObject({ points: [], series: [], memory: { since: null, leftOut: 0 } });
  });

  it("shows nothing of another tenant", async () => {
    const { person } = await open();
    const { send } = await person("admin", FOREIGN);
    const { body } = await send("GET", `/boards/kpi/panels/${course?.id}?${SPAN}`);
    expect(body.series).toEqual([]);
  });

  it.each([
    ["/boards/kpi/panels/nichts", SPAN, 404],
    ["/boards/nichts/panels/k3", SPAN, 404],
    [COURSE, "", 422],
    [COURSE, "from=2&to=1", 422],
    [COURSE, "from=0&to=4000000000000", 422],
    [COURSE, "from=gestern&to=1", 422],
    [COURSE, `${SPAN}&tenant=samtgemeinde`, 422],
  ])("%s with %s is answered by %i", async (path, query, status) => {
    const { person } = await open();
    const { send } = await person("admin");
    expect((await send("GET", `${path}?${query}`)).status).toBe(status);
  });

  it.each<[Role, string[]]>([
    ["management", ["kpi", "operations", "times"]],
    ["analyst", BOARDS.map(({ id }) => id)],
    ["isb", BOARDS.map(({ id }) => id)],
    ["admin", BOARDS.map(({ id }) => id)],
  ])("is shown to %s of these boards alone: %j", async (role, boards) => {
    const { person } = await open();
    const { send } = await person(role);
    for (const { id, panels } of BOARDS) {
      const { status } = await send("GET", `/boards/${id}/panels/${panels[0]?.id}?${SPAN}`);
      expect([id, status]).toEqual([id, boards.includes(id) ? 200 : 403]);
    }
  });
});
