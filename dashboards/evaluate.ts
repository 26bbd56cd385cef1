// Answers a board's query out of rows of figures, as Elasticsearch's aggregations do for Grafana: the console
// and the report show the same numbers without a server of their own. Pure; whoever has the rows gives them.
import type { FigureMeasure, FigureQuery } from "./board.ts";
import { bucketStart } from "./time-buckets.ts";

/** A row as it is kept, without what no query asks for. */
export interface QueriedRow {
  readonly set: string;
  /** ms UTC. */
  readonly at: number;
  readonly dimensions: Readonly<Partial<Record<string, string>>>;
  readonly measures: Readonly<Partial<Record<string, number>>>;
}

export interface QuerySpan {
  /** ms UTC, both included, as Grafana asks. */
  readonly from: number;
  readonly to: number;
  /** IANA zone in which days, weeks and months begin. */
  readonly timeZone: string;
}

export interface AnsweredSeries {
  /** The value of `by`; undefined: there is none. */
  readonly key: string | undefined;
  /** Oldest first; without an interval it is one, which begins with the span. A bucket without rows is missing. */
  readonly points: readonly AnsweredPoint[];
}

interface AnsweredPoint {
  /** ms UTC. */
  readonly at: number;
  /** In the order of the query's measures; undefined: there is no such number. */
  readonly values: readonly (number | undefined)[];
}

/** Values of these are told in their own order. */
const IN_OWN_ORDER: ReadonlySet<string> = new Set(["hourOfDay", "weekday"]);

/** @returns no series where there is no row */
export function evaluate(
  query: FigureQuery,
  rows: Iterable<QueriedRow>,
  span: QuerySpan,
): AnsweredSeries[] {
  const { by } = query;
  const groups = new Map<string | undefined, QueriedRow[]>();
  for (const row of rows) {
    if (!isAsked(row, query, span)) continue;
    const key = by && row.dimensions[by.dimension];
    // As in a `terms` aggregation: what has no value is in no group.
    if (by !== undefined && key === undefined) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return inOrder(groups, query).map(([key, own]) => ({ key, points: pointsOf(own, query, span) }));
}

function isAsked(
  { set, at, dimensions }: QueriedRow,
  query: FigureQuery,
  { from, to }: QuerySpan,
): boolean {
  if (set !== query.set || at < from || at > to) return false;
  return Object.entries(query.where ?? {}).every(
    ([name, value]) => (dimensions[name] ?? null) === value,
  );
}

/** Those with the largest first measure over the whole span first, as many as are wanted. */
function inOrder(
  groups: ReadonlyMap<string | undefined, readonly QueriedRow[]>,
  { by, measures }: FigureQuery,
): (readonly [string | undefined, readonly QueriedRow[]])[] {
  if (by === undefined) return [...groups];
  const [first] = measures;
  const isPlain = IN_OWN_ORDER.has(by.dimension) || first === undefined;
  return [...groups]
    .map(([key, rows]) => ({ key, rows, size: isPlain ? 0 : (numberOf(first, rows) ?? -Infinity) }))
    .sort((a, b) => (a.size === b.size ? byKey(a.key, b.key) : b.size - a.size))
    .slice(0, by.limit)
    .map(({ key, rows }) => [key, rows]);
}

function pointsOf(
  rows: readonly QueriedRow[],
  { interval, measures }: FigureQuery,
  { from, timeZone }: QuerySpan,
): AnsweredPoint[] {
  const buckets = Map.groupBy(rows, ({ at }) =>
    interval === undefined ? from : bucketStart(at, interval, timeZone),
  );
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([at, own]) => ({ at, values: measures.map((measure) => numberOf(measure, own)) }));
}

function numberOf(
  { name, how, of = [] }: FigureMeasure,
  rows: readonly QueriedRow[],
): number | undefined {
  const values = valuesOf(name, rows);
  switch (how) {
    case "sum":
      return sumOf(values);
    case "count":
      return values.length;
    case "mean":
      return values.length === 0 ? undefined : sumOf(values) / values.length;
    case "max":
      return extreme(values, Math.max);
    case "min":
      return extreme(values, Math.min);
    case "share": {
      const whole = of.reduce((sum, one) => sum + sumOf(valuesOf(one, rows)), 0);
      return whole === 0 ? undefined : sumOf(values) / whole;
    }
  }
}

function valuesOf(name: string, rows: readonly QueriedRow[]): number[] {
  return rows.flatMap(({ measures }) => measures[name] ?? []);
}

/**
 * Of nothing it is 0, as in Elasticsearch; a mean of nothing is none. What is lost by rounding is carried along,
 * as there (W. Kahan, CACM 8 (1965), 40): the order of rows, which nobody promises, is then nobody's business.
 */
function sumOf(values: readonly number[]): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const added = value - lost;
    const next = sum + added;
    lost = next - sum - added;
    sum = next;
  }
  return sum;
}

// One by one: there may be more values than arguments.
function extreme(values: readonly number[], of: (a: number, b: number) => number) {
  const [first, ...rest] = values;
  return first === undefined ? undefined : rest.reduce((one, other) => of(one, other), first);
}

/** By code points, as keywords are ordered. */
function byKey(a: string | undefined = "", b: string | undefined = ""): number {
  const [one, other] = [[...a], [...b]];
  for (const [index, character] of one.entries()) {
    const difference = (character.codePointAt(0) ?? 0) - (other[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
