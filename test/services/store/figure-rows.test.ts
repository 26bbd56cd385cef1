// Rows of figures in the store: read by set, span and dimensions, page by page; and fields that only others
// read can't be searched by.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { storedDocument } from "../../../services/store/elasticsearch-document.ts";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import {
  FIGURE_MEASURES,
  FIGURE_ROW_KIND,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import { isFigureSet, readFigureRows } from "../../../services/store/figure-rows.ts";
import type { Store } from "../../../services/store/store.ts";

const ROWS = 2500;

async function filled(): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), "heidewacht-figure-rows-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const put = (row: FigureRow) => store.put("a", FIGURE_ROW_KIND, figureRowId(row), row);
  await Promise.all(
    Array.from({ length: ROWS }, (_, at) =>
      put({
        ...{ tenant: "a", set: "alarm", at },
        dimensions: { per: at % 2 === 0 ? "rule" : "level", name: `n${at % 5}` },
        measures: { raised: at },
      }),
    ),
  );
  await put({ tenant: "a", set: "day", at: 7, dimensions: {}, measures: { raised: 1 } });
  return store;
}

it("are read in the order of their moments, over all pages", async () => {
  const store = await filled();
  const all = await readFigureRows(store, "a", { set: "alarm", from: 10, to: ROWS });
  expect(all.map(({ at }) => at)).toEqual(Array.from({ length: ROWS - 10 }, (_, at) => at + 10));
  const where = { per: "rule", name: "n4", severity: null };
  const some = await readFigureRows(store, "a", { set: "alarm", from: 0, to: 30, where });
  expect(some.map(({ at }) => at)).toEqual([4, 14, 24]);
  expect(
    await readFigureRows(store, "a", { set: "alarm", from: 0, to: 30, where: { per: null } }),
  ).toEqual([]);
  expect(await readFigureRows(store, "a", { set: "day", from: 0, to: 30 })).toHaveLength(1);
  expect(await readFigureRows(store, "b", { set: "day", from: 0, to: 30 })).toEqual([]);
});

it("can't be searched or sorted by what lies there for others", async () => {
  const store = await filled();
  const sort = [{ field: "pointAt", order: "asc" as const }];
  for (const query of [
    { terms: { name: ["n1"] }, sort, limit: 1 },
    { ranges: { raised: { gte: 1 } }, sort, limit: 1 },
    { sort: [{ field: "raised", order: "asc" as const }], limit: 1 },
  ]) {
    await expect(store.search("a", FIGURE_ROW_KIND, query)).rejects.toMatchObject({
      code: "HW_REQUEST_INVALID",
    });
  }
});

it("carry in Elasticsearch the numbers that they have, and nothing to sort them by", () => {
  const row: FigureRow = {
    ...{ tenant: "a", set: "alarm", at: 5 },
    dimensions: { per: "rule", name: "n1" },
    measures: { raised: 0, falseAlarms: 2.5 },
  };
  const stored = storedDocument(FIGURE_ROW_KIND, JSON.stringify(row), {
    ...{ tenant: "a", id: "x", rev: 1, changedAt: 1, write: "w" },
  });
  expect(stored.fields).toEqual({
    ...{ set: ["alarm"], pointAt: [5], per: ["rule"], name: ["n1"] },
    ...{ raised: [0], falseAlarms: [2.5] },
  });
  expect(stored["@timestamp"]).toBe(5);
  expect(Object.keys(stored.sort).filter((name) => FIGURE_MEASURES.includes(name))).toEqual([]);
});

it("have sets of names that are known", () => {
  expect(["kpi", "day", "nothing", "constructor"].map(isFigureSet)).toEqual([
    ...[true, true, false, false],
  ]);
});
