// Answers a panel's query over rows of figures, as Grafana answers it from Elasticsearch: buckets of the
// tenant's calendar, values of a dimension, and one number a measure. Pure.
import type { FigureMeasure, FigureQuery } from "../../dashboards/board.ts";
import { ORDERED_DIMENSIONS } from "../../dashboards/value-labels.ts";
import type { FigureDimension, FigureRow } from "../store/figure-row.ts";
import { Buckets } from "./buckets.ts";

/** Of a panel; the target is a measure after all others. */
export interface PanelSeries {
  /** Place of the measure, or of the series of metrics, in the panel's definition; -1: the target. */
  readonly of: number;
  /** The value of `by` in a query with buckets of time. */
  readonly by?: string;
  /** Of metrics: what the label of the series may name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One a point or category; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface PanelData {
  /** ms UTC at which buckets begin; without buckets the begin of the range alone. */
  readonly points: readonly number[];
  /** Values of `by` where there are no buckets: rows of a table, or bars. */
  readonly categories?: readonly string[];
  readonly series: readonly PanelSeries[];
}

export interface FigurePanelParts {
  readonly query: FigureQuery;
  /** The measure that holds the target. */
  readonly target?: string | undefined;
  /** Those that fit the query's set and dimensions, in the order of their moments. */
  readonly rows: readonly FigureRow[];
  /** ms UTC. */
  readonly from: number;
  readonly timeZone: string;
}

/** @throws AppError HW_REQUEST_INVALID when there are too many buckets */
export function figurePanel({ query, target, rows, from, timeZone }: FigurePanelParts): PanelData {
  const { interval, by, measures } = query;
  const wanted: readonly { readonly of: number; readonly measure: FigureMeasure }[] = [
    ...measures.map((measure, of) => ({ of, measure })),
    ...(target === undefined ? [] : [{ of: -1, measure: targetMeasure(target) }]),
  ];
  const groups = by === undefined ? undefined : groupsOf(rows, query, by);
  if (interval === undefined) {
    const parts = groups ?? [{ value: "", rows }];
    return {
      points: [from],
      ...(groups === undefined ? {} : { categories: groups.map(({ value }) => value) }),
      series: wanted.map(({ of, measure }) => ({
        of,
        values: parts.map((part) => measured(part.rows, measure)),
      })),
    };
  }
  const buckets = new Buckets(rows, interval, timeZone);
  const valuesOf = (part: readonly FigureRow[], measure: FigureMeasure) =>
    buckets.split(part).map((bucket) => (bucket === undefined ? null : measured(bucket, measure)));
  if (groups === undefined) {
    const series = wanted.map(({ of, measure }) => ({ of, values: valuesOf(rows, measure) }));
    return { points: buckets.points, series };
  }
  return {
    points: buckets.points,
    series: groups.flatMap((group) =>
      wanted
        // A target is one line, whatever the values of the dimension.
        .filter(({ of }) => of >= 0 || group === groups[0])
        .map(({ of, measure }) => ({
          ...{ of, values: valuesOf(of < 0 ? rows : group.rows, measure) },
          ...(of < 0 ? {} : { by: group.value }),
        })),
    ),
  };
}

/** The number that a measure has over some rows; null: there is none. */
export function measured(
  rows: readonly FigureRow[],
  { name, how, of = [] }: FigureMeasure,
): number | null {
  let [sum, count, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { measures } of rows) {
    const value = measures[name];
    if (value === undefined) continue;
    sum += value;
    count += 1;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (how === "sum") return sum;
  if (how === "count") return count;
  if (how === "share") {
    const whole = rows.reduce(
      (total, { measures }) => of.reduce((all, one) => all + (measures[one] ?? 0), total),
      0,
    );
    return whole === 0 ? null : sum / whole;
  }
  if (count === 0) return null;
  if (how === "mean") return sum / count;
  return how === "max" ? most : least;
}

/** Values of the dimension with their rows, in the order in which they are shown. */
function groupsOf(
  rows: readonly FigureRow[],
  { measures }: FigureQuery,
  { dimension, limit }: NonNullable<FigureQuery["by"]>,
) {
  const found = new Map<string, FigureRow[]>();
  for (const row of rows) {
    // A name that is no dimension has no value in any row.
    const value = row.dimensions[dimension as FigureDimension];
    if (value === undefined) continue;
    const group = found.get(value);
    if (group === undefined) found.set(value, [row]);
    else group.push(row);
  }
  const [first] = measures;
  const groups = [...found].map(([value, group]) => ({
    ...{ value, rows: group },
    size: first === undefined ? 0 : (measured(group, first) ?? Number.NEGATIVE_INFINITY),
  }));
  const byName = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  const isOrdered = ORDERED_DIMENSIONS.has(dimension);
  return groups
    .sort((a, b) => (isOrdered || a.size === b.size ? byName(a.value, b.value) : b.size - a.size))
    .slice(0, limit);
}

function targetMeasure(name: string): FigureMeasure {
  return { name, how: "max", label: { de: "Ziel", en: "Target" } };
}
