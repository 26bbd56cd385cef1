// Reads a correlation rule from its document. Which rules it joins is looked up later, when all are known.
// Source: Sigma specification 2.1, "Sigma Correlation Rules".
import { readAttributes } from "../sigma/attributes.ts";
import { readInfo } from "../sigma/read.ts";
import { type DocumentReader, isRecord } from "../sigma/rule-document.ts";
import { CORRELATION_TYPES, type Comparison, type CorrelationRule } from "./rule.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};
const OPERATORS = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;

/** @throws PlacedFault */
export function readCorrelation(
  value: Record<string, unknown>,
  reader: DocumentReader,
): CorrelationRule {
  const body = value.correlation;
  if (typeof value.title !== "string" || value.title.trim() === "") {
    throw reader.fault(["title"], "expected title: a text");
  }
  if (!isRecord(body)) {
    throw reader.fault(["correlation"], "expected correlation: keys and values");
  }
  const type = CORRELATION_TYPES.find((one) => one === body.type);
  if (type === undefined) {
    throw reader.fault(
      ["correlation", "type"],
      `expected type: one of ${CORRELATION_TYPES.join(", ")}`,
    );
  }
  const condition = isRecord(body.condition) ? body.condition : {};
  const comparisons = OPERATORS.flatMap((operator): Comparison[] => {
    const number = condition[operator];
    return typeof number === "number" ? [{ operator, value: number }] : [];
  });
  return {
    info: readInfo(value, reader, "correlation"),
    name: typeof value.name === "string" ? value.name : undefined,
    attributes: readAttributes(value),
    type,
    rules: texts(body.rules),
    groupBy: texts(body["group-by"]),
    timespanMs: readTimespan(body.timespan, reader),
    comparisons,
    fields: texts(condition.field),
    percentile: typeof condition.percentile === "number" ? condition.percentile : undefined,
    expression: undefined,
    aliases: new Map(),
    generate: body.generate === true || value.generate === true,
    place: reader.place([]),
  };
}

function readTimespan(value: unknown, reader: DocumentReader): number {
  const match = /^(\d{1,9})([smhdwMy])$/.exec(String(value));
  const unit = UNIT_MS[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw reader.fault(["correlation", "timespan"], "expected timespan: a number and s, m, h or d");
  }
  return Number(match[1]) * unit;
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
