// The boards' panels, asked of a real Elasticsearch as Grafana asks them, against the KPI service's figures.
import { setTimeout } from "node:timers/promises";
import { type Client, errors } from "@elastic/elasticsearch";
import { BOARDS } from "../../../dashboards/boards.ts";
import { openElasticsearchStore } from "../../../services/store/elasticsearch.ts";
import { storedDocument } from "../../../services/store/elasticsearch-document.ts";
import { kindAlias } from "../../../services/store/elasticsearch-names.ts";
import {
  FIGURE_ROW_KIND,
  type FigureRow,
  figureRowId,
} from "../../../services/store/figure-row.ts";
import { FIGURES_OF_ROWS } from "../../dashboards/grafana/kpi-figures.ts";
import { answered, figurePanels } from "../../dashboards/grafana/panel-answers.ts";
import { TENANT } from "../../services/kpi/incidents.ts";
import { cleanUp, connect } from "../../support/elasticsearch.ts";
import { NOW, type Shown } from "./installation.ts";
import type { Tally } from "./tally.ts";

const RANGE = { from: 0, to: NOW };
const ATTEMPTS_MAX = 60;
const PAUSE_MS = 1000;
const TUNED = ["falseAlarms", "truePositives", "undetermined"] as const;

export interface Panels {
  readonly compare: (shown: Shown, tally: Tally) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Makes the index as the store makes it, under a prefix of its own. */
export async function openPanels(): Promise<Panels> {
  const elasticsearch = connect();
  const { client, prefix } = elasticsearch;
  const index = kindAlias(prefix, FIGURE_ROW_KIND.name, TENANT);
  const store = openElasticsearchStore({ elasticsearch, logger: silent });
  // The first writing makes the index.
  const row: FigureRow = { tenant: TENANT, set: "kpi", at: 0, dimensions: {}, measures: {} };
  await store.put(TENANT, FIGURE_ROW_KIND, figureRowId(row), row);
  // What only made the index goes.
  let lying = await fill(client, index, { rows: [] }, [row].map(figureRowId));
  return {
    compare: async (shown, tally) => {
      lying = await patiently(() => fill(client, index, shown, lying));
      await compareFigures(client, index, shown, tally);
      await compareTuning(client, index, shown, tally);
    },
    close: async () => {
      await store.close();
      await client.close();
      await cleanUp(prefix);
    },
  };
}

const silent = { info: () => undefined, warn: () => undefined };

/** Asks again where a small server says that it has no memory just now. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof errors.ResponseError && error.statusCode === 429;
      if (!isBusy || attempt === ATTEMPTS_MAX) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

/** The rows of this history in the place of those before. @returns the ids that lie there now */
async function fill(
  client: Client,
  index: string,
  { rows }: Pick<Shown, "rows">,
  before: readonly string[],
): Promise<string[]> {
  const ids = rows.map(figureRowId);
  const present = new Set(ids);
  const operations = [
    ...before.filter((id) => !present.has(id)).map((id) => ({ delete: { _id: id } })),
    ...rows.flatMap((row) => {
      const id = figureRowId(row);
      const bookkeeping = { tenant: TENANT, id, rev: 1, changedAt: NOW, write: "eval" };
      const document = storedDocument(FIGURE_ROW_KIND, JSON.stringify(row), bookkeeping);
      return [{ index: { _id: id } }, document];
    }),
  ];
  if (operations.length === 0) return ids;
  const { errors } = await client.bulk({ index, operations, refresh: true });
  if (errors) throw new Error("Elasticsearch did not take every row");
  return ids;
}

const PANELS = BOARDS.flatMap((board) =>
  figurePanels(board).map((one) => ({ ...one, name: `${board.id}/${one.panel.id}` })),
);

/** Months, as the API gives them. */
async function compareFigures(client: Client, index: string, shown: Shown, tally: Tally) {
  for (const { name, query, drawn } of PANELS) {
    if (query.set !== "kpi" || query.by !== undefined) continue;
    const { series } = await patiently(() => answered(client, index, drawn, RANGE));
    for (const { name: measure, label } of query.measures) {
      const figureOf = FIGURES_OF_ROWS[measure];
      if (figureOf === undefined) throw new RangeError(`which figure of a document is ${measure}?`);
      const points = new Map(series.get(label.de));
      for (const { period, figures } of shown.months) {
        const where = `${shown.name} panel ${name} ${measure} ${period.name}`;
        tally.same(where, points.get(period.from), figureOf(figures));
      }
    }
  }
}

/** Judged alarms of the quarter by rule and by source. */
async function compareTuning(client: Client, index: string, shown: Shown, tally: Tally) {
  const { from, to } = shown.quarter.period;
  for (const { name, query, drawn } of PANELS) {
    const per = query.where?.per;
    const isTable = query.interval === undefined && query.by !== undefined;
    if (query.set !== "alarm" || !isTable || (per !== "rule" && per !== "source")) continue;
    const { rows } = await patiently(() => answered(client, index, drawn, { from, to: to - 1 }));
    const sums = query.measures.filter(
      ({ name: measure, how }) => how === "sum" && TUNED.some((one) => one === measure),
    );
    for (const { name: measure, label } of sums) {
      const column = TUNED.find((one) => one === measure);
      if (column === undefined) continue;
      const where = `${shown.name} panel ${name} ${measure}`;
      const total = rows.reduce((sum, row) => sum + Number(row[label.de] ?? 0), 0);
      tally.same(
        where,
        total,
        shown.tuning[per].reduce((sum, row) => sum + row[column], 0),
      );
    }
  }
}
