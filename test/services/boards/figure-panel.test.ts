// Panels over rows of figures: held to the plain meaning of the definitions, for every board and many rows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FigureMeasure, FigureQuery } from "../../../dashboards/board.ts";
import { BOARDS } from "../../../dashboards/boards.ts";
import { figurePanel } from "../../../services/boards/figure-panel.ts";
import { FIGURE_SETS, type FigureRow, type FigureSet } from "../../../services/store/figure-row.ts";
import * as reference from "./figure-evaluation.ts";

const ZONE = "Europe/Berlin";
const HOUR_MS = 3_600_000;
/** Two days before the clocks are put back. */
const START = Date.UTC(2026, 9, 23, 22);
const END = Date.UTC(2030, 0);

function row(
  set: FigureSet,
  at: number,
  measures: FigureRow["measures"],
  dimensions: FigureRow["dimensions"] = {},
): FigureRow {
  return { tenant: "t", set, at, measures, dimensions };
}
const label = { de: "x", en: "x" };
const one = (
  name: string,
  how: FigureMeasure["how"] = "sum",
  of?: readonly string[],
): FigureMeasure => ({
  ...{ name, how, label },
  ...(of === undefined ? {} : { of }),
});
const ask = (
  rows: readonly FigureRow[],
  query: Omit<FigureQuery, "kind" | "set">,
  target?: string,
) =>
  figurePanel({
    query: { kind: "figures", set: rows[0]?.set ?? "hour", ...query },
    ...{ rows, from: START, to: END, timeZone: ZONE, target },
  });

describe("buckets", () => {
  const hours = Array.from({ length: 72 }, (_, n) =>
    row("hour", START + n * HOUR_MS, { raised: 1, queue: n }),
  );

  it("are days of the tenant's zone, also where one has 25 hours", () => {
    const { points, series } = ask(hours, { interval: "1d", measures: [one("raised")] });
    expect(points.map((at) => new Date(at).toISOString())).toEqual([
      "2026-10-23T22:00:00.000Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T23:00:00.000Z",
    ]);
    expect(series[0]?.values).toEqual([24, 25, 23]);
  });

  it.each([
    ["1h", 72],
    ["1w", 2],
    ["1M", 1],
    ["1q", 1],
  ] as const)("of %s are %i", (interval, count) => {
    expect(ask(hours, { interval, measures: [one("raised")] }).points).toHaveLength(count);
  });

  it("without a row are there, without a value", () => {
    const rows = [hours[0], hours[3]].flatMap((found) => found ?? []);
    const { points, series } = ask(rows, { interval: "1h", measures: [one("raised")] });
    expect(points).toHaveLength(4);
    expect(series[0]?.values).toEqual([1, null, null, 1]);
  });

  it("are limited", () => {
    const rows = [
      row("hour", START, { raised: 1 }),
      row("hour", START + 20_000 * HOUR_MS, { raised: 1 }),
    ];
    expect(() => ask(rows, { interval: "1h", measures: [one("raised")] })).toThrow(/10000 buckets/);
  });

  it("are none where there is nothing", () => {
    expect(ask([], { interval: "1d", measures: [one("raised")] })).toEqual({
      points: [],
      series: [],
    });
  });
});

describe("a target", () => {
  it("is one more line, also where there are several for a dimension", () => {
    const rows = ["high", "low"].map((severity) =>
      row("kpi", START, { k1MeanS: 5, k1TargetS: 9 }, { severity }),
    );
    const { series } = ask(
      rows,
      {
        interval: "1M",
        by: { dimension: "severity", limit: 5 },
        measures: [one("k1MeanS", "max")],
      },
      "k1TargetS",
    );
    expect(series).toEqual([
      { of: 0, by: "high", values: [5] },
      { of: 0, by: "low", values: [5] },
      { of: -1, values: [9] },
    ]);
  });
});

describe("values of a dimension", () => {
  const rows = [
    ["a", 1],
    ["b", 5],
    ["c", 3],
    ["b", 1],
  ].map(([name, raised], n) =>
    row("alarm", START + n, { raised: Number(raised) }, { name: String(name) }),
  );
  it("are shown by the first measure, the largest first, and no more than asked for", () => {
    const found = ask(rows, {
      by: { dimension: "name", limit: 2 },
      measures: [one("raised"), one("raised", "count")],
    });
    expect(found.categories).toEqual(["b", "c"]);
    expect(found.series.map(({ values }) => values)).toEqual([
      [6, 3],
      [2, 1],
    ]);
  });

  it("have a share of what they are a part of, and none of nothing", () => {
    const share = [one("raised", "share", ["raised", "judged"])];
    const found = ask([row("alarm", START, { raised: 1, judged: 3 })], { measures: share });
    expect(found.series[0]?.values).toEqual([0.25]);
    expect(ask([row("alarm", START, {})], { measures: share }).series[0]?.values).toEqual([null]);
  });
});

describe("every panel of the boards", () => {
  const figures = BOARDS.flatMap(({ id, panels }) =>
    panels.flatMap((panel) =>
      panel.query.kind === "figures" ? [{ name: `${id}/${panel.id}`, query: panel.query }] : [],
    ),
  );
  const rowsOf = (query: FigureQuery) => {
    // The boards' own tests hold sets to those that exist.
    const names = FIGURE_SETS[query.set as FigureSet] as readonly string[];
    const measures = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 1000 }));
    const value = fc.constantFrom("a", "b", "c", "d");
    const where = Object.entries(query.where ?? {}).flatMap(([name, wanted]) =>
      wanted === null ? [] : [[name, wanted]],
    );
    const dimensions = fc.option(value).map((found) => ({
      ...Object.fromEntries(where),
      ...(query.by === undefined || found === null ? {} : { [query.by.dimension]: found }),
    }));
    const at = fc.integer({ min: START, max: START + 40 * 24 * HOUR_MS });
    return fc
      .array(fc.record({ at, measures, dimensions }), { minLength: 1, maxLength: 40 })
      .map((all) =>
        all
          .map((found) => ({ ...found, tenant: "t", set: query.set as FigureSet }))
          .sort((a, b) => a.at - b.at),
      );
  };

  it.each(figures)("$name shows what its definition means", ({ query }) => {
    fc.assert(
      fc.property(rowsOf(query), (rows) => {
        const found = figurePanel({ query, rows, from: START, to: END, timeZone: ZONE });
        const { by, interval, measures } = query;
        const values = by === undefined ? [undefined] : reference.values(rows, query);
        if (interval === undefined && by !== undefined) expect(found.categories).toEqual(values);
        for (const [of, wanted] of measures.entries()) {
          for (const [at, value] of values.entries()) {
            const part = rows.filter(
              (each) => by === undefined || reference.dimensionOf(each, by.dimension) === value,
            );
            const series = found.series.find(
              (each) => each.of === of && (interval === undefined || each.by === value),
            );
            const expected = (some: readonly FigureRow[]) => {
              const number = reference.measured(some, wanted);
              return Number.isNaN(number) ? null : number;
            };
            if (interval === undefined) {
              expect(series?.values[at]).toBe(expected(part));
              continue;
            }
            for (const [point, begin] of found.points.entries()) {
              const inBucket = part.filter(
                (each) => reference.bucketOf(each.at, interval, ZONE) === begin,
              );
              expect(series?.values[point]).toBe(inBucket.length === 0 ? null : expected(inBucket));
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
