// What answers of boards say in words.
import { describe, expect, it } from "vitest";
import type { Panel } from "../../../../dashboards/board.ts";
import type { BoardPanelAnswer } from "../../../../services/api/board-schemas.ts";
import {
  filledPath,
  lastOf,
  linesOf,
  pointTexts,
  readRange,
  seriesName,
  spanOf,
  unitOfMeasure,
} from "../../../../services/console/model/board-view.ts";

const text = (word: string) => ({ de: word, en: word });
const shown = {
  id: "p",
  title: text("T"),
  description: text("D"),
  unit: "count",
  width: 12,
  height: 8,
} as const;
const figures = (changes: object): Panel => ({
  ...{ ...shown, draw: "lines" },
  query: {
    ...{ kind: "figures", set: "kpi" },
    measures: [{ name: "k1MeanS", how: "max", label: text("Mittel") }],
    ...changes,
  },
  target: { name: "k1TargetS", label: text("Ziel") },
});
const metrics: Panel = {
  ...{ ...shown, draw: "lines" },
  query: {
    kind: "metrics",
    series: [
      { metric: "lag", how: "value", by: ["group"], label: text("Rückstand {{group}} {{nichts}}") },
    ],
  },
};
const answer = (changes: Partial<BoardPanelAnswer>): BoardPanelAnswer => ({
  ...{ timeZone: "Europe/Berlin", points: [], series: [] },
  ...changes,
});
const MONTHS = [Date.UTC(2026, 8, 30, 22), Date.UTC(2026, 9, 31, 23)];

describe("a series", () => {
  it.each([
    ["its measure", figures({}), { of: 0, values: [] }, "Mittel"],
    ["the target", figures({}), { of: -1, values: [] }, "Ziel"],
    [
      "a severity",
      figures({ by: { dimension: "severity", limit: 5 } }),
      { of: 0, by: "high", values: [] },
      "hoch",
    ],
    [
      "a rule",
      figures({ by: { dimension: "name", limit: 5 } }),
      { of: 0, by: "regel-1", values: [] },
      "regel-1",
    ],
    [
      "a rule by its title",
      figures({ by: { dimension: "title", limit: 5 } }),
      { of: 0, by: "Anmeldung (0a1b2c3d-1111-4222-8333-444455556666)", values: [] },
      "Anmeldung (0a1b2c3d-1111-4222-8333-444455556666)",
    ],
    [
      "accumulated risk",
      figures({ by: { dimension: "title", limit: 5 } }),
      { of: 0, by: "heidewacht-risk", values: [] },
      "Risiko-Häufung",
    ],
    [
      "an incident, in short",
      figures({ by: { dimension: "incident", limit: 5 } }),
      { of: 0, by: "0a1b2c3d-1111-4222-8333-444455556666", values: [] },
      "0a1b2c3d",
    ],
    [
      "an incident that has a short id",
      figures({ by: { dimension: "incident", limit: 5 } }),
      { of: 0, by: "vorfall-1", values: [] },
      "vorfall-1",
    ],
    [
      "labels of a metric",
      metrics,
      { of: 0, labels: { group: "detect" }, values: [] },
      "Rückstand detect ",
    ],
  ])("is called after %s", (_, panel, series, name) => {
    expect(seriesName(panel, series, "de")).toBe(name);
  });

  it("of a target is dashed, and many bars are none", () => {
    const panel: Panel = { ...figures({ interval: "1d" }), draw: "bars" };
    const values = Array.from({ length: 120 }, () => 1);
    const lines = linesOf(
      panel,
      answer({
        points: values,
        series: [
          { of: 0, values },
          { of: -1, values },
        ],
      }),
      "de",
    );
    expect(lines.map(({ look }) => look)).toEqual(["line", "dashed"]);
    const few = linesOf(panel, answer({ points: [1], series: [{ of: 0, values: [1] }] }), "de");
    expect(few[0]?.look).toBe("bars");
  });

  it("has a last value, wherever it is", () => {
    expect(lastOf([1, 2, null])).toEqual({ value: 2, at: 1 });
    expect(lastOf([0])).toEqual({ value: 0, at: 0 });
    expect(lastOf([null])).toBeUndefined();
    expect(lastOf([])).toBeUndefined();
  });
});

describe("moments", () => {
  it.each([
    ["1M", ["10/26", "11/26"], ["Oktober 2026", "November 2026"]],
    ["1q", ["Q4/2026", "Q4/2026"], ["Q4/2026", "Q4/2026"]],
    ["1d", ["01.10.", "01.11."], ["01.10.2026", "01.11.2026"]],
    ["1h", ["01.10.", "01.11."], ["01.10.2026, 00:00", "01.11.2026, 00:00"]],
  ] as const)("of %s are those of the tenant's zone", (interval, ticks, rows) => {
    const found = pointTexts(figures({ interval }), answer({ points: MONTHS }), "de");
    expect(found.ticks.map((tick) => tick.replace(/^(\d\d)\.(\d\d)$/, "$1/$2"))).toEqual(ticks);
    expect(found.rows).toEqual(rows);
  });

  it("of hours are told by the clock", () => {
    const points = [Date.UTC(2026, 10, 20, 8), Date.UTC(2026, 10, 20, 9)];
    expect(pointTexts(metrics, answer({ points }), "de").ticks).toEqual(["09:00", "10:00"]);
  });
});

describe("a column", () => {
  it.each([
    ["recoveryS", "max", "seconds"],
    ["falseAlarms", "sum", "count"],
    ["k5Share", "max", "share"],
    ["falseAlarms", "share", "share"],
    ["k4PerIncident", "max", "ratio"],
    ["recoveryS", "count", "count"],
  ] as const)("of %s by %s is in %s", (name, how, unit) => {
    expect(unitOfMeasure({ name, how, label: text("x") })).toBe(unit);
  });
});

describe("spans and ways", () => {
  it("are read from the address", () => {
    expect(readRange({ spanne: "90d" })).toEqual({ spanne: "90d" });
    expect(readRange({ spanne: "immer" })).toEqual({});
    expect(spanOf("24h", 86_400_000)).toEqual({ from: 0, to: 86_400_000 });
  });

  it("keep the time, and values that are no part of a path", () => {
    const path = filledPath("/vorfaelle/{value}?from={from}&to={to}", { from: 1, to: 2 }, "../a?b");
    expect(path).toBe("/vorfaelle/..%2Fa%3Fb?from=1&to=2");
  });
});
