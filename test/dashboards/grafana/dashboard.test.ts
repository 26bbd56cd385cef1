// The committed JSON is what the definitions give, and nothing in it is of an unknown type, twice under one id,
// or one above the other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MaxBuilder } from "@grafana/grafana-foundation-sdk/elasticsearch";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ALERTS } from "../../../dashboards/alerts.ts";
import type { Board, Panel } from "../../../dashboards/board.ts";
import { BOARDS } from "../../../dashboards/boards.ts";
import { grafanaBoard } from "../../../dashboards/grafana/dashboard.ts";
import { generatedFiles } from "../../../dashboards/grafana/files.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";

const linksSchema = z.array(
  z.object({ title: z.string(), url: z.string(), targetBlank: z.boolean() }),
);
const mappingsSchema = z.array(
  z.object({
    type: z.literal("regex"),
    options: z.object({ pattern: z.string(), result: z.looseObject({ text: z.string() }) }),
  }),
);
const panelSchema = z.looseObject({
  id: z.number(),
  type: z.enum(["stat", "timeseries", "barchart", "table"]),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: z.object({ type: z.string(), uid: z.string() }),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.looseObject({ refId: z.string() })).min(1),
  fieldConfig: z.looseObject({
    defaults: z.looseObject({ unit: z.string(), links: linksSchema.optional() }),
    overrides: z.array(
      z.looseObject({
        matcher: z.looseObject({ options: z.unknown() }),
        properties: z.array(z.looseObject({ id: z.string(), value: z.unknown() })),
      }),
    ),
  }),
});
const boardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  editable: z.literal(false),
  timezone: z.string(),
  panels: z.array(panelSchema),
  templating: z.object({
    list: z.array(z.looseObject({ name: z.string(), skipUrlSync: z.boolean() })),
  }),
});
/** What a real Grafana was seen to answer. */
const METRICS = new Set(["count", "sum", "avg", "max", "min"]);
const BUCKETS = new Set(["terms", "date_histogram"]);
const PLACEHOLDER = "$" + "{";

const files = generatedFiles(BOARDS, ALERTS);
const boards = files
  .filter(({ path }) => path.endsWith(".json"))
  .map(({ path, content }) => ({
    path,
    content,
    board: boardSchema.parse(JSON.parse(content)),
  }));

describe("the generated boards", () => {
  it("are committed as the definitions make them, and no others (npm run build:dashboards)", () => {
    const found = readdirSync("dashboards/generated", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => join("generated", name));
    expect(found.sort()).toEqual(boards.map(({ path }) => path).sort());
    for (const { path, content } of files) {
      expect(readFileSync(join("dashboards", path), "utf8") === content, path).toBe(true);
    }
  });

  it("have a German and an English one each, of which every address is its own", () => {
    expect(boards).toHaveLength(2 * BOARDS.length);
    expect(new Set(boards.map(({ board }) => board.uid)).size).toBe(boards.length);
    for (const { id, title } of BOARDS) {
      const titleOf = (language: string) =>
        boards.find(({ path }) => path === `generated/${language}/${id}.json`)?.board.title;
      expect([titleOf("de"), titleOf("en")]).toEqual([
        `Heidewacht: ${title.de}`,
        `Heidewacht: ${title.en}`,
      ]);
    }
  });

  it.each(boards)("hold nothing of an unknown type: $path", ({ content }) => {
    expect(content).not.toContain(`"unknown"`);
    expect(content).not.toMatch(/undefined|NaN\b/);
  });

  it.each(boards)("have panels that don't lie one above the other: $path", ({ board }) => {
    const ids = board.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, number>();
    for (const { id, gridPos } of board.panels) {
      expect(gridPos.x + gridPos.w, String(id)).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${x} ${y}`), `${id} over`).toBeUndefined();
          taken.set(`${x} ${y}`, id);
        }
      }
    }
  });

  it.each(boards)(
    "read the two data sources, with queries under names of their own: $path",
    ({ board }) => {
      for (const { title, datasource, targets } of board.panels) {
        expect(["heidewacht-figures", "heidewacht-metrics"], title).toContain(datasource.uid);
        const names = targets.map(({ refId }) => refId);
        expect(new Set(names).size, title).toBe(names.length);
        for (const target of targets) expect(target.datasource, title).toEqual(datasource);
      }
    },
  );

  it.each(boards)("lead into the console as their definitions say: $path", ({ path, board }) => {
    expect(board.templating.list[0]).toMatchObject({ name: "console", skipUrlSync: true });
    const defined = BOARDS.find(({ id }) => path.endsWith(`/${id}.json`));
    let seen = 0;
    for (const [at, { link, query }] of (defined?.panels ?? []).entries()) {
      const { defaults, overrides } = board.panels[at]?.fieldConfig ?? {};
      const own = (overrides ?? []).flatMap(({ matcher, properties }) =>
        properties
          .filter(({ id }) => id === "links")
          .map(({ value }) => ({ head: matcher.options, links: linksSchema.parse(value) })),
      );
      const all = [...(defaults?.links ?? []), ...own.flatMap(({ links }) => links)];
      expect(all).toHaveLength(link === undefined ? 0 : 1);
      if (link === undefined) continue;
      // The whole value, where the row's name is a short or another one.
      const whole = link.path.includes("{value}") ? `${PLACEHOLDER}__value.raw}` : "";
      const url = link.path
        .replace("{from}", `${PLACEHOLDER}__from}`)
        .replace("{to}", `${PLACEHOLDER}__to}`)
        .replace("{value}", whole);
      expect(all[0]?.url).toBe(`${PLACEHOLDER}console:raw}${url}`);
      const by = query.kind === "figures" ? query.by?.dimension : undefined;
      const language = path.includes("/de/") ? "de" : "en";
      if (whole !== "") expect(own[0]?.head).toBe(DIMENSION_LABELS[by ?? ""]?.[language]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(2);
  });

  it("tell ids of incidents by their beginning", () => {
    const cases = BOARDS.flatMap(({ id, panels }) =>
      panels.flatMap(({ query }, at) =>
        query.kind === "figures" && query.by?.dimension === "incident" ? [{ id, at }] : [],
      ),
    );
    expect(cases).toHaveLength(4);
    for (const { id, at } of cases) {
      const drawn = boards.find(({ path }) => path === `generated/de/${id}.json`)?.board.panels[at];
      const mappings = (drawn?.fieldConfig.overrides ?? [])
        .filter(({ matcher }) => matcher.options === "Vorfall")
        .flatMap(({ properties }) => properties.filter((one) => one.id === "mappings"))
        .flatMap(({ value }) => mappingsSchema.parse(value));
      const [{ options }] = z.tuple([mappingsSchema.element]).parse(mappings);
      // As Grafana does: the text takes the place of what the pattern finds.
      const text = (value: string) =>
        value.replace(new RegExp(options.pattern), options.result.text);
      expect(text("0a1b2c3d-1111-4222-8333-444455556666")).toBe("0a1b2c3d");
      expect(text("vorfall-17")).toBe("vorfall-17");
    }
  });

  it("ask Elasticsearch only for aggregations that a real Grafana answers, each with its type", () => {
    let seen = 0;
    for (const { board } of boards) {
      for (const { title, targets } of board.panels) {
        for (const target of targets) {
          if (!("bucketAggs" in target)) continue;
          const { metrics, bucketAggs } = z
            .object({
              metrics: z.array(z.looseObject({ type: z.string(), id: z.string().regex(/^\d+$/) })),
              bucketAggs: z.array(z.looseObject({ type: z.string(), id: z.string() })).min(1),
            })
            .parse(target);
          expect(
            metrics.filter(({ type }) => !METRICS.has(type)),
            title,
          ).toEqual([]);
          expect(
            bucketAggs.filter(({ type }) => !BUCKETS.has(type)),
            title,
          ).toEqual([]);
          seen += metrics.length;
        }
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

describe("the SDK", () => {
  it("still writes no type for metrics of Elasticsearch; when it does, ours can go", () => {
    expect(new MaxBuilder().build().type).toBe("unknown");
  });
});

describe("a definition that can't be drawn", () => {
  const panel: Panel = {
    ...{ id: "p", draw: "lines", unit: "count", width: 12, height: 8 },
    title: { de: "Titel", en: "Title" },
    description: { de: "Satz.", en: "Sentence." },
    query: { kind: "figures", set: "day", interval: "1d", measures: [] },
  };
  const figures = { kind: "figures", set: "alarm" } as const;
  const share = { name: "falseAlarms", how: "share", of: [], label: panel.title } as const;
  const cases: readonly (readonly [string, Partial<Panel>, string])[] = [
    ["a share as a line", { query: { ...figures, measures: [share] } }, "columns of tables"],
    [
      "a table without rows",
      { draw: "table", query: { ...figures, measures: [] } },
      "a row for each",
    ],
    ["a heatmap", { draw: "heatmap" }, "not drawn"],
    [
      "a quantile without its part",
      {
        query: { kind: "metrics", series: [{ metric: "m", how: "quantile", label: panel.title }] },
      },
      "which quantile",
    ],
    [
      "a link to a value that is none",
      { link: { path: "/vorfaelle/{value}", title: panel.title } },
      "no dimension",
    ],
  ];

  it.each(cases)("is refused when it is made: %s", (_, change, message) => {
    const board: Board = {
      ...{ id: "b", title: panel.title, description: panel.description, range: "7d" },
      panels: [{ ...panel, ...change }],
    };
    expect(() => grafanaBoard(board, "de")).toThrow(message);
  });
});
