// Definitions of boards ask only for what the KPI stage writes, are whole in both languages, and lead to pages
// that the console has.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FigureQuery, Panel } from "../../dashboards/board.ts";
import { BOARDS } from "../../dashboards/boards.ts";
import { valueLabels } from "../../dashboards/value-labels.ts";
import { filledPath } from "../../services/console/model/board-view.ts";
import { readIncidentFilter } from "../../services/console/model/incident-filter.ts";
import { readQueueSearch } from "../../services/console/model/queue-search.ts";
import {
  FIGURE_DIMENSIONS,
  FIGURE_SET_NAMES,
  FIGURE_SETS,
} from "../../services/store/figure-row.ts";
import { RISK_DETECTOR } from "../../services/store/finding.ts";

const panels: { readonly name: string; readonly panel: Panel }[] = BOARDS.flatMap(
  ({ id, panels: all }) => all.map((panel) => ({ name: `${id}/${panel.id}`, panel })),
);
const figures = panels.flatMap(({ name, panel }) =>
  panel.query.kind === "figures" ? [{ name, panel, query: panel.query }] : [],
);
/** Which dimensions rows of a set have. */
const DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  kpi: ["granularity", "severity", "category"],
  case: ["phase", "incident", "severity", "category"],
  alarm: ["per", "name", "title"],
  hour: ["hourOfDay", "weekday"],
  day: [],
  paging: ["priority"],
};

const links = panels.flatMap(({ name, panel }) =>
  panel.link === undefined ? [] : [{ name, path: panel.link.path }],
);
/** Readers of addresses by the name under which routes call them; `none` keeps nothing. */
const READERS: Readonly<Record<string, (raw: Readonly<Record<string, unknown>>) => object>> = {
  readQueueSearch,
  readIncidentFilter,
  none: () => ({}),
};
/** Of the console, by their path, with who reads what stands behind it. */
const routes = new Map(
  [
    ...readFileSync("services/console/router.tsx", "utf8").matchAll(
      /path: "(\/[^"]*)",(?:\s+validateSearch: (\w+))?/g,
    ),
  ].map(([, path = "", reader = "none"]) => [path, { reader }] as const),
);

function measuresOf({ measures }: FigureQuery, { target }: Panel): string[] {
  const asked = measures.flatMap(({ name, of = [] }) => [name, ...of]);
  return target === undefined ? asked : [...asked, target.name];
}

function textsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("de" in value && "en" in value) return [String(value.de), String(value.en)];
  return Object.values(value).flatMap(textsOf);
}

describe("the boards", () => {
  it("are the six, each panel under its own id", () => {
    expect(BOARDS.map(({ id }) => id)).toEqual([
      ...["kpi", "operations", "detection", "times", "pipeline", "health"],
    ]);
    for (const { id, panels: all } of BOARDS) {
      const ids = all.map((panel) => panel.id);
      expect(new Set(ids).size, id).toBe(ids.length);
      expect(
        ids.filter((one) => !/^[a-z][a-z0-9-]*$/.test(one)),
        id,
      ).toEqual([]);
    }
  });

  it.each(figures)("ask for numbers and dimensions that rows have: $name", ({ panel, query }) => {
    expect(FIGURE_SET_NAMES).toContain(query.set);
    const set = FIGURE_SETS[query.set as keyof typeof FIGURE_SETS]; // Checked the line before.
    expect(measuresOf(query, panel).filter((name) => !set.some((one) => one === name))).toEqual([]);
    const asked = [...Object.keys(query.where ?? {}), ...(query.by ? [query.by.dimension] : [])];
    const known: readonly string[] = FIGURE_DIMENSIONS;
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
    expect(asked.filter((name) => !DIMENSIONS[query.set]?.includes(name))).toEqual([]);
  });

  it.each(figures.filter(({ query }) => query.set === "kpi"))(
    "never add up or average figures that are means already: $name",
    ({ query }) => {
      expect(query.measures.map(({ how }) => how).filter((how) => how !== "max")).toEqual([]);
      expect(query.interval).toBe("1M");
      expect(query.where?.granularity).toBe("month");
      const fixed = [...Object.keys(query.where ?? {}), query.by?.dimension];
      expect(fixed).toEqual(expect.arrayContaining(["severity", "category"]));
    },
  );

  it.each(BOARDS)("have every text in both languages: $id", (board) => {
    const texts = textsOf(board);
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.filter((text) => text.trim() === "")).toEqual([]);
    for (const { title, description } of board.panels) {
      expect(description.de.endsWith("."), title.de).toBe(true);
      expect(description.en.endsWith("."), title.en).toBe(true);
    }
  });

  it.each(links)("lead to a page that reads all that they carry: $name", ({ path }) => {
    const [page = "", search = ""] = path.split("?");
    const route = routes.get(page.replace("{value}", "$id"));
    expect(route, `no route ${page}`).toBeDefined();
    const filled = filledPath(
      `?${search}`,
      { from: 1000, to: 2000 },
      "Anmeldung (0a1b2c3d) & mehr",
    );
    const raw = Object.fromEntries(new URLSearchParams(filled));
    const read = READERS[route?.reader ?? "none"];
    expect(read, `nobody reads an address like ${path}`).toBeDefined();
    // What is understood is kept in the address; all else falls out of it.
    const kept: Readonly<Record<string, unknown>> = { ...read?.(raw) };
    for (const [name, value] of Object.entries(raw))
      expect([name, String(kept[name] ?? "")]).toEqual([name, value]);
  });

  it.each(links)("keep the time wherever the page can narrow itself to one: $name", ({ path }) => {
    const [page = ""] = path.split("?");
    const read = READERS[routes.get(page)?.reader ?? "none"];
    const canNarrow = read !== undefined && "from" in read({ from: 1, to: 2 });
    if (!canNarrow || path.includes("{value}")) return;
    expect(path).toContain("from={from}&to={to}");
  });

  it("lead into the console more often than not", () => {
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(({ path }) => path.includes("{from}")).length).toBeGreaterThan(20);
  });
});

describe("names of values", () => {
  it("of accumulated risk are those of the detector that triage gives", () => {
    expect(valueLabels("title")[RISK_DETECTOR]?.de).toBe("Risiko-Häufung");
  });
});
