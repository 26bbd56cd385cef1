// Metrics of the OpenTelemetry protocol as plain JSON: the points of one resource and scope that have time and
// attributes in common become one record with a number for each metric, as Metricbeat would write it.
// Layout: opentelemetry-proto, metrics/v1/metrics.proto, JSON mapping.
import { AppError, messageOf } from "../../config/errors.ts";
import { setField } from "../normalize/field-table.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { isRecord } from "../normalize/json-text.ts";
import {
  type OtlpGroup,
  type OtlpObject,
  objectsIn,
  readPairs,
  sharedPart,
  TooDeep,
} from "./otlp-record.ts";

/** Kinds of metrics, by the key under which their points stand. */
const NUMBERS = ["gauge", "sum"] as const;
const DISTRIBUTIONS = ["histogram", "exponentialHistogram", "summary"] as const;
/** Of `DataPointFlags`: the point says that there is no value. */
const NO_VALUE = 1;
/** So many metrics in one record; more of the same attributes and time begin another. */
const METRICS_PER_RECORD = 200;

/**
 * The groups of a request, each read when it is asked for. Of distributions count and sum are taken.
 * @throws AppError HW_REQUEST_INVALID while iterating
 */
export function* readOtlpMetrics(text: string): Generator<OtlpGroup> {
  let root: unknown;
  try {
    root = parseOutsideJson(text);
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", `the body is no JSON: ${messageOf(cause)}`, { cause });
  }
  const list = isRecord(root) ? root.resourceMetrics : null;
  if (list !== undefined && !Array.isArray(list)) {
    throw new AppError("HW_REQUEST_INVALID", "resourceMetrics was expected");
  }
  for (const one of objectsIn(list)) {
    const resource = sharedPart(one.resource, one.schemaUrl);
    for (const inner of objectsIn(one.scopeMetrics)) {
      const scope = sharedPart(inner.scope, inner.schemaUrl);
      yield { resource, scope, records: recordsOf(inner.metrics) };
    }
  }
}

interface Open {
  readonly attributes: OtlpObject;
  readonly timeUnixNano: string | undefined;
  readonly metrics: Record<string, number>;
  count: number;
}

/** In the order in which their first points stand; undefined for a point that is nested too deep. */
function recordsOf(list: unknown): Iterable<OtlpObject | undefined> {
  const records: (Open | undefined)[] = [];
  const open = new Map<string, Open>();
  for (const metric of objectsIn(list)) {
    const { name } = metric;
    if (typeof name !== "string" || name === "") continue;
    for (const { point, values } of pointsOf(metric, name)) {
      const attributes = attributesOf(point);
      if (attributes === undefined) {
        records.push(undefined);
        continue;
      }
      const time = point.timeUnixNano === undefined ? undefined : String(point.timeUnixNano);
      const key = `${time} ${JSON.stringify(attributes)}`;
      let record = open.get(key);
      if (record === undefined || record.count >= METRICS_PER_RECORD) {
        record = { attributes, timeUnixNano: time, metrics: {}, count: 0 };
        open.set(key, record);
        records.push(record);
      }
      for (const [field, value] of values) setField(record.metrics, field, value);
      record.count += values.length;
    }
  }
  return records.map((record) => {
    if (record === undefined) return undefined;
    const { attributes, timeUnixNano, metrics } = record;
    return { attributes, ...(timeUnixNano === undefined ? {} : { timeUnixNano }), metrics };
  });
}

interface Point {
  readonly point: OtlpObject;
  readonly values: readonly (readonly [string, number])[];
}

function* pointsOf(metric: OtlpObject, name: string): Generator<Point> {
  for (const kind of NUMBERS) {
    for (const point of dataPoints(metric[kind])) {
      const value = numberOf(point.asDouble ?? point.asInt);
      if (value !== undefined) yield { point, values: [[name, value]] };
    }
  }
  for (const kind of DISTRIBUTIONS) {
    for (const point of dataPoints(metric[kind])) {
      const count = numberOf(point.count);
      const sum = numberOf(point.sum);
      const values: [string, number][] = [];
      if (count !== undefined) values.push([`${name}.count`, count]);
      if (sum !== undefined) values.push([`${name}.sum`, sum]);
      if (values.length > 0) yield { point, values };
    }
  }
}

function dataPoints(value: unknown): OtlpObject[] {
  const points = objectsIn(isRecord(value) ? value.dataPoints : undefined);
  return points.filter(({ flags }) => typeof flags !== "number" || (flags & NO_VALUE) === 0);
}

/** 64-bit numbers come as text. What is no number, or endless, is no value. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function attributesOf(point: OtlpObject): OtlpObject | undefined {
  try {
    return readPairs(point.attributes, 0);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}
