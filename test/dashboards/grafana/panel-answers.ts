// Asks Elasticsearch what a panel of a board asks, and says what its definition means by the rows that lie
// there: both in the same shape, so that they can be compared.
import { z } from "zod";
import type { Board, FigureQuery, Panel } from "../../../dashboards/board.ts";
import { evaluate, type QuerySpan } from "../../../dashboards/evaluate.ts";
import { grafanaBoard } from "../../../dashboards/grafana/dashboard.ts";
import { DIMENSION_LABELS } from "../../../dashboards/value-labels.ts";
import type { FigureRow } from "../../../services/store/figure-row.ts";
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

/** Gives the body of a search to Elasticsearch. */
export type Ask = (
  body: Record<string, unknown>,
) => Promise<{ readonly aggregations?: unknown | undefined }>;

/** What a panel shows, asked of Elasticsearch. */
export async function answered(
  ask: Ask,
  { targets, transformations }: DrawnPanel,
  range: Range,
): Promise<Shown> {
  const series = new Map<string, Points>();
  const rows: Row[] = [];
  for (const target of targets) {
    const answer = await ask(searchBody(target, range));
    const aggregations = z.record(z.string(), z.unknown()).parse(answer.aggregations);
    if (target.bucketAggs.at(-1)?.type === "date_histogram") {
      for (const { name, points } of seriesOf(target, aggregations)) series.set(name, points);
    } else {
      rows.push(...transformed(tableOf(target, aggregations), transformations));
    }
  }
  return { series, rows };
}

/** What it should show: the answer that the console and the report have of the same rows. */
export function meant(
  panel: Panel,
  query: FigureQuery,
  rows: readonly FigureRow[],
  span: QuerySpan,
): Shown {
  const { by, interval, measures } = query;
  if (interval !== undefined) return { series: meantSeries(panel, query, rows, span), rows: [] };
  const found = evaluate(query, rows, span);
  if (by === undefined) {
    const values = found[0]?.points[0]?.values;
    if (values === undefined) return { series: new Map(), rows: [] };
    const shown = measures.map(({ how }, at) => ({
      "fields.set": query.set,
      [COLUMNS[how]]: values[at] ?? null,
    }));
    return { series: new Map(), rows: shown };
  }
  const head = DIMENSION_LABELS[by.dimension]?.de ?? by.dimension;
  const table = found.map(({ key = "", points: [point] }) => ({
    [head]: key,
    ...Object.fromEntries(
      measures.map(({ label, how }, at) => [
        label.de,
        // Nothing over nothing is what Grafana shows as "–".
        point?.values[at] ?? (how === "share" ? Number.NaN : null),
      ]),
    ),
  }));
  return { series: new Map(), rows: table };
}

const COLUMNS = { sum: "Sum", mean: "Average", max: "Max", min: "Min", count: "Count", share: "" };

/** Each measure is a query of its own, with the order and the limit that it gives. */
function meantSeries(
  { target }: Panel,
  query: FigureQuery,
  rows: readonly FigureRow[],
  span: QuerySpan,
): Map<string, Points> {
  const { by: _, ...whole } = query;
  const asked = query.measures.map((one) => ({ ...query, measures: [one] }));
  if (target !== undefined) {
    asked.push({ ...whole, measures: [{ name: target.name, how: "max", label: target.label }] });
  }
  const series = new Map<string, Points>();
  for (const one of asked) {
    const label = one.measures[0]?.label.de ?? "";
    if (one.by === undefined) series.set(label, []);
    for (const { key, points } of evaluate(one, rows, span)) {
      const name = query.measures.length === 1 ? (key ?? label) : `${key}: ${label}`;
      series.set(
        key === undefined ? label : name,
        points.map(({ at, values: [value] }) => [at, value ?? null] as const),
      );
    }
  }
  return series;
}
