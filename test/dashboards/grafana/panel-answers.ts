// Asks Elasticsearch what a panel of a board asks, and says what its definition means by the rows that lie
// there: both in the same shape, so that they can be compared.
import type { Client } from "@elastic/elasticsearch";
import { z } from "zod";
import type { Board, FigureMeasure, FigureQuery, Panel } from "../../../dashboards/board.ts";
import { grafanaBoard } from "../../../dashboards/grafana/dashboard.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";
import type { FigureRow } from "../../../services/store/figure-row.ts";
import {
  bucketOf,
  dimensionOf,
  measured,
  selected,
  values,
} from "../../support/figure-evaluation.ts";
import {
  type Range,
  type Row,
  searchBody,
  seriesOf,
  tableOf,
  targetSchema,
  transformationSchema,
  transformed,
} from "../../support/grafana-query.ts";

type Points = readonly (readonly [at: number, value: number | null])[];
export interface Shown {
  /** Name → points, of graphs. */
  readonly series: ReadonlyMap<string, Points>;
  /** Of tables; of numbers over the whole range the one row of each query. */
  readonly rows: readonly Row[];
}

const panelSchema = z.looseObject({
  targets: z.array(targetSchema),
  transformations: z.array(transformationSchema).default([]),
});
const boardSchema = z.looseObject({ panels: z.array(panelSchema) });

/** The panels of a board that read rows, as Grafana gets them. */
export function figurePanels(board: Board) {
  const { panels } = z
    .looseObject({ panels: z.array(z.unknown()) })
    .parse(grafanaBoard(board, "de"));
  return board.panels.flatMap((panel, at) =>
    panel.query.kind === "figures"
      ? [{ panel, query: panel.query, drawn: panelSchema.parse(panels[at]) }]
      : [],
  );
}
export type DrawnPanel = z.infer<typeof boardSchema>["panels"][number];

/** What a panel shows, asked of Elasticsearch. */
export async function answered(
  client: Client,
  index: string,
  { targets, transformations }: DrawnPanel,
  range: Range,
): Promise<Shown> {
  const series = new Map<string, Points>();
  const rows: Row[] = [];
  for (const target of targets) {
    const answer = await client.search({ index, ...searchBody(target, range) });
    const aggregations = z.record(z.string(), z.unknown()).parse(answer.aggregations);
    if (target.bucketAggs.at(-1)?.type === "date_histogram") {
      for (const { name, points } of seriesOf(target, aggregations)) series.set(name, points);
    } else {
      rows.push(...transformed(tableOf(target, aggregations), transformations));
    }
  }
  return { series, rows };
}

/** What it should show, by its definition. */
export function meant(
  panel: Panel,
  query: FigureQuery,
  all: readonly FigureRow[],
  range: Range,
  timeZone: string,
): Shown {
  const rows = selected(all, query, range);
  const { by, interval, measures } = query;
  if (interval !== undefined)
    return { series: meantSeries(panel, query, rows, timeZone), rows: [] };
  if (by === undefined)
    return { series: new Map(), rows: measures.map((one) => number(rows, one)) };
  const head = DIMENSION_LABELS[by.dimension]?.de ?? by.dimension;
  const table = values(rows, query).map((value) => ({
    [head]: value,
    ...Object.fromEntries(
      measures.map((one) => [one.label.de, measured(withValue(rows, by.dimension, value), one)]),
    ),
  }));
  return { series: new Map(), rows: table };
}

function number(rows: readonly FigureRow[], one: FigureMeasure): Row {
  const column = { sum: "Sum", mean: "Average", max: "Max", min: "Min", count: "Count", share: "" };
  return { "fields.set": rows[0]?.set ?? "", [column[one.how]]: measured(rows, one) };
}

function meantSeries(
  { target }: Panel,
  query: FigureQuery,
  rows: readonly FigureRow[],
  timeZone: string,
): Map<string, Points> {
  const { by, interval = "", measures } = query;
  const series = new Map<string, Points>();
  const add = (name: string, some: readonly FigureRow[], one: FigureMeasure) => {
    const buckets = new Map<number, FigureRow[]>();
    for (const row of some) {
      const at = bucketOf(row.at, interval, timeZone);
      buckets.set(at, [...(buckets.get(at) ?? []), row]);
    }
    const sorted = [...buckets].sort(([a], [b]) => a - b);
    if (sorted.length === 0 && by !== undefined) return;
    series.set(
      name,
      sorted.map(([at, inside]) => [at, measured(inside, one)] as const),
    );
  };
  for (const one of measures) {
    if (by === undefined) add(one.label.de, rows, one);
    for (const value of values(rows, { ...query, measures: [one] })) {
      const name = measures.length === 1 ? value : `${value}: ${one.label.de}`;
      add(name, withValue(rows, by?.dimension ?? "", value), one);
    }
  }
  if (target !== undefined) {
    add(target.label.de, rows, { name: target.name, how: "max", label: target.label });
  }
  return series;
}

function withValue(rows: readonly FigureRow[], dimension: string, value: string): FigureRow[] {
  return rows.filter((row) => dimensionOf(row, dimension) === value);
}
