// Answers a panel's query over rows of figures for the console: what evaluates boards gives the numbers, and
// here they are put side by side over points without gaps, with the target as one more line. Pure.
import type { FigureQuery } from "../../dashboards/board.ts";
import { type AnsweredSeries, evaluate, type QueriedRow } from "../../dashboards/evaluate.ts";
import { bucketsOf } from "./buckets.ts";

/** Of a panel. */
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
  readonly rows: readonly QueriedRow[];
  /** ms UTC, half-open [from, to). */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

/** @throws AppError HW_REQUEST_INVALID when there are too many buckets */
export function figurePanel(parts: FigurePanelParts): PanelData {
  const { query, rows, from, to, timeZone } = parts;
  const { interval, by, measures } = query;
  // As Grafana asks, both ends are included there.
  const span = { from, to: to - 1, timeZone };
  const answered = evaluate(query, rows, span);
  const target = targetOf(parts, span);
  if (interval === undefined && by !== undefined) {
    const categories = answered.map(({ key }) => key ?? "");
    const series = measures.map((_measure, of) => ({
      of,
      values: answered.map(({ points }) => points[0]?.values[of] ?? null),
    }));
    return { points: [from], categories, series };
  }
  const all = target === undefined ? answered : [...answered, target];
  const begins = all.flatMap(({ points }) => points.map(({ at }) => at));
  const points = interval === undefined ? [from] : bucketsOf(begins, interval, timeZone);
  const places = new Map(points.map((at, place) => [at, place]));
  const placed = (one: AnsweredSeries, of: number) => {
    const values: (number | null)[] = points.map(() => null);
    for (const point of one.points) {
      const place = places.get(point.at);
      if (place !== undefined) values[place] = point.values[of] ?? null;
    }
    return values;
  };
  return {
    points,
    series: [
      ...answered.flatMap((one) =>
        measures.map((_measure, of) => ({
          ...{ of, values: placed(one, of) },
          ...(one.key === undefined ? {} : { by: one.key }),
        })),
      ),
      ...(target === undefined ? [] : [{ of: -1, values: placed(target, 0) }]),
    ],
  };
}

/** One line, whatever the values of the dimension. */
function targetOf(
  { query, target, rows }: FigurePanelParts,
  span: Parameters<typeof evaluate>[2],
): AnsweredSeries | undefined {
  if (target === undefined) return undefined;
  const { by: _, ...whole } = query;
  const label = { de: "Ziel", en: "Target" };
  const measures = [{ name: target, how: "max" as const, label }];
  return evaluate({ ...whole, measures }, rows, span)[0];
}
