// Log records of the OpenTelemetry protocol as plain JSON: the protocol's own names, but attributes and
// values as ordinary objects instead of lists of keys with typed values. Reads the protocol's JSON form;
// otlp-protobuf.ts reads the binary one into the same records.
// Layout: opentelemetry-proto, logs/v1/logs.proto and common/v1/common.proto.
import { AppError, messageOf } from "../../config/errors.ts";
import { setField } from "../normalize/field-table.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { isRecord } from "../normalize/json-text.ts";

export type OtlpObject = Readonly<Record<string, unknown>>;

/** Records that have resource and scope in common. */
export interface OtlpGroup {
  readonly resource: OtlpObject;
  readonly scope: OtlpObject;
  /**
   * In the order sent; undefined for one that is nested too deep. Each is read when it is asked for, so
   * that a large request can be read in turns.
   * @throws AppError HW_REQUEST_INVALID while iterating
   */
  readonly records: Iterable<OtlpObject | undefined>;
}

/** Deepest nesting of a value; deeper ones are refused by all JSON formats. */
export const VALUE_DEPTH_MAX = 32;

/** Thrown within one record, which is refused alone. */
export class TooDeep extends Error {}

/**
 * The groups of a request in the protocol's JSON form, each read when it is asked for.
 * @throws AppError HW_REQUEST_INVALID while iterating
 */
export function* readOtlpJson(text: string): Generator<OtlpGroup> {
  let root: unknown;
  try {
    root = parseOutsideJson(text);
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", `the body is no JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isRecord(root) || (root.resourceLogs !== undefined && !Array.isArray(root.resourceLogs))) {
    throw new AppError("HW_REQUEST_INVALID", "resourceLogs was expected");
  }
  for (const one of objectsIn(root.resourceLogs)) {
    const resource = sharedPart(one.resource, one.schemaUrl);
    for (const inner of objectsIn(one.scopeLogs)) {
      const scope = sharedPart(inner.scope, inner.schemaUrl);
      yield { resource, scope, records: readRecords(inner.logRecords) };
    }
  }
}

function* readRecords(list: unknown): Generator<OtlpObject | undefined> {
  for (const one of Array.isArray(list) ? list : []) if (isRecord(one)) yield readRecord(one);
}

/** Of a resource or scope, which all its records have. */
export function sharedPart(value: unknown, schemaUrl: unknown): OtlpObject {
  const part = isRecord(value) ? readRecord(value) : {};
  if (part === undefined) throw new AppError("HW_REQUEST_INVALID", "attributes nested too deep");
  return schemaUrl === undefined || schemaUrl === "" ? part : { ...part, schemaUrl };
}

function readRecord(source: OtlpObject): OtlpObject | undefined {
  try {
    const record: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(source)) {
      if (key === "attributes") record.attributes = readPairs(value, 0);
      else if (key === "body") record.body = readValue(value, 0);
      else if (/UnixNano$/.test(key)) setField(record, key, String(value));
      else if (typeof value !== "object") setField(record, key, value);
    }
    return record;
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

/** Attributes as an object. @throws TooDeep */
export function readPairs(list: unknown, depth: number): OtlpObject {
  if (depth > VALUE_DEPTH_MAX) throw new TooDeep();
  const pairs: Record<string, unknown> = {};
  for (const { key, value } of objectsIn(list)) {
    if (typeof key === "string") setField(pairs, key, readValue(value, depth));
  }
  return pairs;
}

function readValue(value: unknown, depth: number): unknown {
  if (depth > VALUE_DEPTH_MAX) throw new TooDeep();
  if (!isRecord(value)) return null;
  const [entry] = Object.entries(value);
  if (entry === undefined) return null;
  const [type, inner] = entry;
  if (type === "intValue") return readInteger(inner);
  if (type === "arrayValue" && isRecord(inner)) {
    return objectsIn(inner.values).map((one) => readValue(one, depth + 1));
  }
  if (type === "kvlistValue" && isRecord(inner)) return readPairs(inner.values, depth + 1);
  return typeof inner === "object" ? null : inner;
}

// 64-bit numbers come as text; what a double can't hold stays text.
function readInteger(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The objects of a list, none of anything else. */
export function objectsIn(value: unknown): OtlpObject[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
