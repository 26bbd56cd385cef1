// What Grafana (12) does with a panel, in as far as our boards use it: its Elasticsearch data source makes a
// search of the query and series or tables of the answer, and the panel's transformations change the tables.
// Written down from Grafana's behaviour, so that panels can be held to figures where no Grafana can be had.
import { z } from "zod";

const settings = z.record(z.string(), z.unknown()).default({});
export const targetSchema = z.looseObject({
  refId: z.string(),
  query: z.string(),
  alias: z.string().optional(),
  metrics: z.array(z.object({ type: z.string(), id: z.string(), field: z.string().optional() })),
  bucketAggs: z.array(
    z.object({
      ...{ type: z.enum(["terms", "date_histogram"]), id: z.string(), field: z.string(), settings },
    }),
  ),
});
export type Target = z.infer<typeof targetSchema>;
type Bucket = Target["bucketAggs"][number];

export interface Range {
  readonly from: number;
  readonly to: number;
}

const CALENDAR = new Set(["1w", "1M", "1q", "1y"]);
const NAMES: Readonly<Record<string, string>> = {
  ...{ count: "Count", sum: "Sum", avg: "Average", max: "Max", min: "Min" },
};

/** The body of the search. */
export function searchBody(target: Target, { from, to }: Range): Record<string, unknown> {
  const metrics = Object.fromEntries(
    target.metrics.flatMap(({ type, id, field }) =>
      type === "count" ? [] : [[id, { [type]: { field } }]],
    ),
  );
  let aggs: Record<string, unknown> = metrics;
  for (const bucket of target.bucketAggs.toReversed()) {
    const ordering = orderingMetric(bucket, target);
    const inner = ordering === undefined ? aggs : { ...ordering, ...aggs };
    aggs = {
      [bucket.id]: {
        ...(bucket.type === "terms" ? terms(bucket, target) : histogram(bucket, { from, to })),
        ...(Object.keys(inner).length > 0 ? { aggs: inner } : {}),
      },
    };
  }
  const range = { gte: from, lte: to, format: "epoch_millis" };
  const words = { query: target.query, analyze_wildcard: true };
  return {
    size: 0,
    query: { bool: { filter: [{ range: { "@timestamp": range } }, { query_string: words }] } },
    aggs,
  };
}

function terms({ field, settings: given }: Bucket, { metrics }: Target) {
  const by = String(given.orderBy);
  const metric = metrics.find(({ id }) => id === by);
  const key = metric?.type === "count" ? "_count" : by;
  return {
    terms: {
      ...{ field, size: Number(given.size), order: { [key]: given.order } },
      min_doc_count: Number(given.min_doc_count),
    },
  };
}

// Ordered by a metric, it stands beside the buckets inside, too.
function orderingMetric({ type, settings: given }: Bucket, { metrics }: Target) {
  if (type !== "terms") return undefined;
  const found = metrics.find(({ id }) => id === given.orderBy);
  if (found === undefined || found.type === "count") return undefined;
  return { [found.id]: { [found.type]: { field: found.field } } };
}

function histogram({ field, settings: given }: Bucket, { from, to }: Range) {
  const interval = String(given.interval);
  return {
    date_histogram: {
      ...{ field, min_doc_count: Number(given.min_doc_count ?? 0), format: "epoch_millis" },
      [CALENDAR.has(interval) ? "calendar_interval" : "fixed_interval"]: interval,
      extended_bounds: { min: from, max: to },
      ...(given.timeZone === undefined ? {} : { time_zone: given.timeZone }),
    },
  };
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number | null])[];
}
export type Row = Readonly<Record<string, string | number | null>>;

const bucketAnswer = z.looseObject({
  key: z.union([z.string(), z.number()]),
  doc_count: z.number(),
});
const bucketsAnswer = z.object({ buckets: z.array(bucketAnswer) });
const valueAnswer = z.object({ value: z.number().nullable() });
type Answer = Readonly<Record<string, unknown>>;

/** Series of a query whose last bucket is time. */
export function seriesOf(target: Target, aggregations: Answer): Series[] {
  return walk(target, aggregations, 0, {});
}

function walk(
  target: Target,
  answer: Answer,
  depth: number,
  labels: Record<string, string>,
): Series[] {
  const bucket = target.bucketAggs[depth];
  if (bucket === undefined) return [];
  const { buckets } = bucketsAnswer.parse(answer[bucket.id]);
  if (bucket.type === "date_histogram") {
    return target.metrics.map((metric) => ({
      name: nameOf(target, metric, labels),
      points: buckets.map((one) => [Number(one.key), valueOfMetric(one, metric)] as const),
    }));
  }
  return buckets.flatMap((one) =>
    walk(target, one, depth + 1, { ...labels, [bucket.field]: String(one.key) }),
  );
}

function valueOfMetric(
  bucket: z.infer<typeof bucketAnswer>,
  { type, id }: Target["metrics"][number],
): number | null {
  return type === "count" ? bucket.doc_count : valueAnswer.parse(bucket[id]).value;
}

function nameOf(
  { alias = "" }: Target,
  { type, field }: Target["metrics"][number],
  labels: Readonly<Record<string, string>>,
): string {
  if (alias === "") return [...Object.values(labels), NAMES[type], field].join(" ");
  return alias.replace(/\{\{term ([^}]+)\}\}/g, (_, label: string) => labels[label] ?? "");
}

/** The table of a query whose last bucket is a term. */
export function tableOf(target: Target, aggregations: Answer): Row[] {
  const [bucket] = target.bucketAggs;
  if (bucket === undefined) return [];
  const { buckets } = bucketsAnswer.parse(aggregations[bucket.id]);
  return buckets.map((one) => ({
    [bucket.field]: one.key,
    ...Object.fromEntries(
      target.metrics.map((metric) => [columnOf(target, metric), valueOfMetric(one, metric)]),
    ),
  }));
}

function columnOf({ metrics }: Target, { type, field }: Target["metrics"][number]): string {
  const name = NAMES[type] ?? type;
  return metrics.filter((one) => one.type === type).length > 1 ? `${name} ${field}` : name;
}

const operand = z.object({ matcher: z.object({ id: z.literal("byName"), options: z.string() }) });
const calculation = z.discriminatedUnion("mode", [
  z.object({
    ...{ mode: z.literal("reduceRow"), alias: z.string() },
    reduce: z.object({ reducer: z.literal("sum"), include: z.array(z.string()) }),
  }),
  z.object({
    ...{ mode: z.literal("binary"), alias: z.string() },
    binary: z.object({ left: operand, operator: z.literal("/"), right: operand }),
  }),
]);
const organizing = z.object({
  indexByName: z.record(z.string(), z.number()),
  excludeByName: z.record(z.string(), z.boolean()),
  renameByName: z.record(z.string(), z.string()),
});
export const transformationSchema = z.object({ id: z.string(), options: z.unknown() });

/** A table as the panel shows it. */
export function transformed(
  rows: readonly Row[],
  transformations: readonly z.infer<typeof transformationSchema>[],
): readonly Row[] {
  return transformations.reduce<readonly Row[]>((table, { id, options }) => {
    if (id === "calculateField") return table.map((row) => calculated(row, options));
    if (id === "organize") return table.map((row) => organized(row, options));
    return table;
  }, rows);
}

function calculated(row: Row, options: unknown): Row {
  const one = calculation.parse(options);
  const numberOf = (name: string) => {
    if (!(name in row)) throw new RangeError(`there is no column "${name}"`);
    return Number(row[name]);
  };
  if (one.mode === "reduceRow") {
    return {
      ...row,
      [one.alias]: one.reduce.include.reduce((sum, name) => sum + numberOf(name), 0),
    };
  }
  const { left, right } = one.binary;
  return { ...row, [one.alias]: numberOf(left.matcher.options) / numberOf(right.matcher.options) };
}

function organized(row: Row, options: unknown): Row {
  const { indexByName, excludeByName, renameByName } = organizing.parse(options);
  for (const name of Object.keys(indexByName)) {
    if (!(name in row)) throw new RangeError(`there is no column "${name}"`);
  }
  const shown = Object.entries(row)
    .filter(([name]) => excludeByName[name] !== true)
    .sort(([a], [b]) => (indexByName[a] ?? 99) - (indexByName[b] ?? 99));
  return Object.fromEntries(shown.map(([name, value]) => [renameByName[name] ?? name, value]));
}
