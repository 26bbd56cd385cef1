// Takes a line of a mapped application apart: by patterns, columns, pairs or JSON, bare or behind a syslog
// header. What does not fit is refused with the place at which it stopped fitting.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { JsonRecord } from "../format.ts";
import { contentOf, frameFields, type SyslogFrame } from "../generic/syslog.ts";
import { looksLikeJson, parseJsonRecord } from "../json-text.ts";
import { readPairs } from "../key-values.ts";
import { splitCsv } from "./csv-line.ts";
import type { MappingFile } from "./mapping-schema.ts";
import type { Pattern, PatternMiss } from "./pattern.ts";

/** A line's own values, and the header that it came behind. */
export interface ReadLine {
  readonly record: Record<string, unknown>;
  readonly frame: SyslogFrame | undefined;
}

export interface LineReader {
  /** @throws AppError HW_PARSE_FAILED; its cause is a `LineRefusal` */
  read(line: string, json: JsonRecord | undefined): ReadLine;
  /** The part of a line that is the application's. */
  contentOf(line: string): { readonly text: string; readonly frame: SyslogFrame | undefined };
}

/** Why a line was refused, for those who write mappings. */
export type LineRefusal =
  | { readonly kind: "pattern"; readonly misses: readonly PatternMiss[] }
  | { readonly kind: "columns"; readonly expected: number; readonly found: number }
  | { readonly kind: "no-pairs" }
  | { readonly kind: "no-json" };

/** Most pairs of one line. */
const PAIRS_MAX = 1000;

/** The reader for a mapping; `patterns` are its compiled ones. */
export function lineReader(mapping: MappingFile, patterns: readonly Pattern[]): LineReader {
  const { csv, syslog } = mapping;
  const pairs = mapping.keyValue ?? { delimiter: " ", assign: "=" };
  const content: LineReader["contentOf"] = (line) => {
    const frame = syslog ? contentOf(line) : undefined;
    return { text: (frame?.message ?? line).replace(/[\r\n]{1,2}$/, ""), frame };
  };
  const readText = (text: string, json: JsonRecord | undefined): Record<string, unknown> => {
    if (patterns.length > 0) return readPattern(text, patterns, pairs);
    if (csv !== undefined) return readColumns(text, csv);
    if (mapping.keyValue !== undefined) return readOwnPairs(text, pairs);
    const value = json ?? (looksLikeJson(text) ? parseJsonRecord(text) : undefined);
    if (value === undefined) throw refused("no JSON object", { kind: "no-json" });
    return { ...value };
  };
  return {
    contentOf: content,
    read(line, json) {
      const { text, frame } = content(line);
      const record = readText(text, json);
      if (frame !== undefined) {
        for (const [name, value] of Object.entries(frameFields(frame))) {
          if (name !== "message" && !Object.hasOwn(record, name)) setField(record, name, value);
        }
      }
      return { record, frame };
    },
  };
}

type PairShape = NonNullable<MappingFile["keyValue"]>;

function readPattern(
  text: string,
  patterns: readonly Pattern[],
  pairs: PairShape,
): Record<string, unknown> {
  const misses: PatternMiss[] = [];
  for (const pattern of patterns) {
    const matched = pattern.match(text);
    if ("miss" in matched) {
      misses.push(matched.miss);
      continue;
    }
    const record: Record<string, unknown> = {};
    let isWhole = true;
    for (const one of matched.values) {
      if ("pairs" in one) isWhole = takePairs(one.pairs, pairs, record) > 0;
      else setField(record, one.name, one.value);
    }
    if (isWhole) return record;
    misses.push({ at: text.length, expected: "%{KEYVALUE}" });
  }
  const furthest = misses.reduce((best, one) => (one.at > best.at ? one : best));
  throw refused(`character ${furthest.at + 1}: expected ${furthest.expected || "the end"}`, {
    kind: "pattern",
    misses,
  });
}

function readColumns(
  text: string,
  { columns, delimiter, quote }: NonNullable<MappingFile["csv"]>,
): Record<string, unknown> {
  const values = splitCsv(text, delimiter === "\\t" ? "\t" : delimiter, quote);
  if (values.length !== columns.length) {
    throw refused(`${columns.length} columns expected, ${values.length} found`, {
      kind: "columns",
      expected: columns.length,
      found: values.length,
    });
  }
  const record: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    if (column !== "-") setField(record, column, values[index]);
  }
  return record;
}

function readOwnPairs(text: string, shape: PairShape): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  if (takePairs(text, shape, record) === 0) throw refused("no pairs", { kind: "no-pairs" });
  return record;
}

/** How many pairs there were. */
function takePairs(text: string, shape: PairShape, record: Record<string, unknown>): number {
  const { assign } = shape;
  const delimiter = shape.delimiter === "\\t" ? "\t" : shape.delimiter;
  let taken = 0;
  const take = (key: string, value: string) => {
    if (key === "") return;
    taken++;
    setField(record, key, value);
  };
  if (delimiter === " " && assign === "=") {
    readPairs(text, 0, true, (key, value, quote) =>
      take(key, quote === "" ? value : unescaped(value)),
    );
    return taken;
  }
  let at = 0;
  for (let count = 0; count < PAIRS_MAX && at < text.length; count++) {
    const found = readPair(text, at, delimiter, assign);
    take(found.key, found.value);
    at = found.end;
  }
  return taken;
}

// `key:"value; with marks";key2:value`. A part without the assigning character is passed over.
function readPair(
  text: string,
  start: number,
  delimiter: string,
  assign: string,
): { readonly key: string; readonly value: string; readonly end: number } {
  const next = text.indexOf(delimiter, start);
  const partEnd = next === -1 ? text.length : next;
  const middle = text.slice(start, partEnd).indexOf(assign);
  if (middle < 1) return { key: "", value: "", end: partEnd + 1 };
  const key = text.slice(start, start + middle).trim();
  let at = start + middle + 1;
  while (text[at] === " " && delimiter !== " ") at++;
  if (text[at] === '"') {
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    const behind = text.indexOf(delimiter, end);
    const value = unescaped(text.slice(at + 1, Math.min(end, text.length)));
    return { key, value, end: behind === -1 ? text.length : behind + 1 };
  }
  return { key, value: text.slice(at, partEnd).trim(), end: partEnd + 1 };
}

function unescaped(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["'\\])/g, "$1") : value;
}

function refused(message: string, refusal: LineRefusal): AppError {
  return new AppError("HW_PARSE_FAILED", message, { cause: refusal });
}
