// Queries of rows of figures, for Grafana's Elasticsearch data source. The SDK (0.0.21) writes the type of
// every metric as "unknown", with which a panel stays empty without a word: each is made by `metric` here,
// which says it. Only aggregations are used that a real Grafana was seen to answer.
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  AverageBuilder,
  CountBuilder,
  DataqueryBuilder,
  DateHistogramBuilder,
  MaxBuilder,
  type MetricAggregation,
  MinBuilder,
  SumBuilder,
  TermsBuilder,
  TermsOrder,
} from "@grafana/grafana-foundation-sdk/elasticsearch";
import type { FigureMeasure, FigureQuery } from "../board.ts";
import { ORDERED_DIMENSIONS } from "../value-labels.ts";

export const FIGURES_SOURCE = { type: "elasticsearch", uid: "heidewacht-figures" } as const;
const TIME_FIELD = "@timestamp";
/** Replaced by the tenant's own when boards are set up for it. */
export const TIME_ZONE = "Europe/Berlin";
const BUCKET_IDS = { by: "100", time: "101" } as const;

/** How measures are named by the data source where they are columns of a table. */
const COLUMN_NAMES = {
  sum: "Sum",
  avg: "Average",
  max: "Max",
  min: "Min",
  count: "Count",
} as const;
type MetricType = keyof typeof COLUMN_NAMES;

const TYPES: Readonly<Record<Exclude<FigureMeasure["how"], "share">, MetricType>> = {
  ...{ sum: "sum", mean: "avg", max: "max", min: "min", count: "count" },
};

/** The path of a dimension or measure in a document. */
export function pathOf(name: string): string {
  return `fields.${name}`;
}

/** One query for each measure: each is a series, or one for each value of `by`. */
export function seriesTarget(
  query: FigureQuery,
  one: FigureMeasure,
  refId: string,
  alias: string,
): DataqueryBuilder {
  if (one.how === "share") throw new TypeError(`${one.name}: shares are columns of tables only`);
  const { by, interval } = query;
  const type = TYPES[one.how];
  const buckets = [
    ...(by === undefined ? [] : [termsOf(by, type)]),
    ...(interval === undefined ? [] : [timeOf(interval)]),
  ];
  const only = one.how === "count" ? [`_exists_:${pathOf(one.name)}`] : [];
  return (
    queryOf([...conditionsOf(query), ...only], refId)
      .alias(alias)
      .metrics([metric(type, one.name, "1")])
      // Without a bucket the data source refuses a query: the set is one value for all rows.
      .bucketAggs(buckets.length > 0 ? buckets : [termsOf({ dimension: "set", limit: 1 }, type)])
  );
}

/** One query whose measures are columns, a row for each value of `by`. */
export function tableTarget(query: FigureQuery, refId: string): DataqueryBuilder {
  const { by, interval } = query;
  if (by === undefined || interval !== undefined) {
    throw new TypeError("a table has a row for each value of a dimension, over the whole range");
  }
  const numbers = columnsOf(query);
  const first = numbers[0]?.type ?? "count";
  return queryOf(conditionsOf(query), refId)
    .metrics(numbers.map(({ type, name }, at) => metric(type, name, String(at + 1))))
    .bucketAggs([termsOf(by, first)]);
}

/** The numbers that a table asks for, those of shares among them, with the names that they come back under. */
export function columnsOf({ measures }: FigureQuery) {
  const asked = measures.flatMap(({ how, name, of = [] }) =>
    how === "share"
      ? [name, ...of].map((one) => ({ name: one, type: "sum" as const }))
      : [{ name, type: TYPES[how] }],
  );
  const unique = [...new Map(asked.map((one) => [`${one.type} ${one.name}`, one])).values()];
  return unique.map(({ name, type }) => {
    const isAlone = unique.filter((other) => other.type === type).length === 1;
    const column = isAlone ? COLUMN_NAMES[type] : `${COLUMN_NAMES[type]} ${pathOf(name)}`;
    return { name, type, column };
  });
}

/** Lucene: all of these must hold. */
function conditionsOf({ set, where = {} }: FigureQuery): string[] {
  return [
    `${pathOf("set")}:"${set}"`,
    ...Object.entries(where).map(([dimension, value]) =>
      value === null
        ? `NOT _exists_:${pathOf(dimension)}`
        : `${pathOf(dimension)}:"${value.replace(/["\\]/g, "\\$&")}"`,
    ),
  ];
}

function queryOf(conditions: readonly string[], refId: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(FIGURES_SOURCE)
    .query(conditions.join(" AND "))
    .timeField(TIME_FIELD)
    .refId(refId);
}

/** A metric with its type. */
function metric(type: MetricType, name: string, id: string): Builder<MetricAggregation> {
  const field = pathOf(name);
  const built = {
    sum: () => new SumBuilder().field(field).id(id).build(),
    avg: () => new AverageBuilder().field(field).id(id).build(),
    max: () => new MaxBuilder().field(field).id(id).build(),
    min: () => new MinBuilder().field(field).id(id).build(),
    count: () => new CountBuilder().id(id).build(),
  }[type];
  return { build: () => ({ ...built(), type }) };
}

function termsOf({ dimension, limit }: NonNullable<FigureQuery["by"]>, first: MetricType) {
  const isOrdered = ORDERED_DIMENSIONS.has(dimension) || dimension === "set";
  // Numbers of metrics alone are known as an order; a count is ordered by the rows themselves.
  const orderBy = isOrdered ? "_key" : first === "count" ? "_count" : "1";
  const settings = {
    order: isOrdered ? TermsOrder.Asc : TermsOrder.Desc,
    ...{ size: String(limit), min_doc_count: "1", orderBy },
  };
  return new TermsBuilder().id(BUCKET_IDS.by).field(pathOf(dimension)).settings(settings);
}

function timeOf(interval: NonNullable<FigureQuery["interval"]>) {
  return (
    new DateHistogramBuilder()
      .id(BUCKET_IDS.time)
      .field(TIME_FIELD)
      // Empty buckets are left out: what does not exist is missing, never 0.
      .settings({ interval, min_doc_count: "1", timeZone: TIME_ZONE, trimEdges: "0" })
  );
}
