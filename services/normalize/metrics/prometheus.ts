// Lines of the Prometheus text exposition format and of OpenMetrics, one sample a record.
// Grammar: prometheus.io/docs/instrumenting/exposition_formats, and OpenMetrics 1.0.
import { AppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { metricDocument, metricRecord, metricShape } from "./metric-record.ts";

const NAME = /^[A-Za-z_:][\w:]{0,199}/;
/** Value, time, and an example that OpenMetrics puts behind them. */
const REST = /^[ \t]*(\S{1,40})(?:[ \t]+(-?\d{1,16}(?:\.\d{1,9})?))?[ \t]*(?:#[^\n]{0,1000})?$/;
const VALUE = /^(?:[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?|[+-]?Inf|NaN)$/;
const COMMENT = /^# (?:HELP [A-Za-z_:]|TYPE [A-Za-z_:]|UNIT [A-Za-z_:]|EOF\s*$)/;
const LABELS_MAX = 100;
/** Times from here on are milliseconds (Prometheus), smaller ones seconds (OpenMetrics). */
const MILLISECONDS_MIN = 1e11;

interface Sample {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly value: string;
  readonly time: string | undefined;
}

/** Prometheus text and OpenMetrics. */
export const prometheus: Format = {
  id: "prometheus",
  title: "Prometheus text and OpenMetrics",
  reads: "text",
  shape: metricShape("prometheus"),
  dataClass: "network",
  mayClaim: ({ line, isFramed }) => !isFramed && /^[A-Za-z_:]$/.test(line),
  sniff(line) {
    const sample = sampleOf(line);
    if (sample === undefined) return 0;
    if (sample.labels.length > 0) return 0.95;
    // A word and a number may be anything; names of Prometheus have a unit.
    return /[_:]/.test(sample.name) ? 0.6 : 0;
  },
  parse(line) {
    const sample = sampleOf(line);
    if (sample === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no sample: name, labels and value were expected");
    }
    const { name, labels, value, time } = sample;
    const at = time === undefined ? undefined : Number(time);
    return {
      record: metricRecord(name, labels, [[name, Number(value)]]),
      time: at === undefined ? undefined : at >= MILLISECONDS_MIN ? at : at * 1000,
      identity: undefined,
    };
  },
  ecs: metricDocument,
  isHeader: (line) => COMMENT.test(line),
};

function sampleOf(line: string): Sample | undefined {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return undefined;
  let at = name.length;
  const labels: (readonly [string, string])[] = [];
  if (line[at] === "{") {
    const end = readLabels(line, at + 1, labels);
    if (end === undefined) return undefined;
    at = end;
  } else if (line[at] !== " " && line[at] !== "\t") return undefined;
  const [, value, time] = REST.exec(line.slice(at, at + 2000).trimEnd()) ?? [];
  if (value === undefined || !VALUE.test(value)) return undefined;
  return { name, labels, value, time };
}

/** Puts the labels in; gives the place behind the brace. Values may hold braces and escaped quotes. */
function readLabels(
  line: string,
  start: number,
  into: (readonly [string, string])[],
): number | undefined {
  let at = start;
  for (let count = 0; count <= LABELS_MAX; count += 1) {
    while (line[at] === " " || line[at] === ",") at += 1;
    if (line[at] === "}") return at + 1;
    const equals = line.indexOf("=", at);
    if (equals < 0 || equals - at > 200 || line[equals + 1] !== '"') return undefined;
    const end = endOfText(line, equals + 2);
    if (end === undefined) return undefined;
    const key = line.slice(at, equals).trim();
    if (!/^[A-Za-z_][\w.]*$/.test(key)) return undefined;
    into.push([key, unescaped(line.slice(equals + 2, end))]);
    at = end + 1;
  }
  return undefined;
}

function endOfText(line: string, start: number): number | undefined {
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === '"') return at;
  }
  return undefined;
}

function unescaped(text: string): string {
  return text.includes("\\")
    ? text.replace(/\\(.)/g, (_, one: string) => (one === "n" ? "\n" : one))
    : text;
}
