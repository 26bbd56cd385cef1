// Keywords: tests of every value of a record. Each value is searched once for the literals of all
// keywords; only where one stands are rules looked at. The raw text would not do: parsers decode what
// stands there encoded (auditd's hexadecimal values, entities in XML, escapes).

import type { LogEvent } from "../event.ts";
import { foldCase } from "./fold-case.ts";
import { buildGramIndex, type GramEntry, type GramIndex, type GramSink } from "./gram-index.ts";
import type { Leaf } from "./leaf.ts";
import { buildStrideSearch } from "./stride-search.ts";
import { searchableBy } from "./symbols.ts";

const VALUES_MAX = 10_000;
const DEPTH_MAX = 64;

type Scan = (text: string, sink: GramSink) => void;

/** Searches an event and tells which rules have to be looked at. */
export type KeywordIndex = (event: LogEvent, sink: GramSink) => void;

export function buildKeywordIndex(
  leaves: readonly { readonly leaf: Leaf; readonly rules: readonly number[] }[],
  countOf: (gram: number) => number,
): KeywordIndex {
  const always: number[] = [];
  const entries: GramEntry[] = [];
  for (const { leaf, rules } of leaves) {
    const all = leaf.tests.map((test) => test?.literals);
    if (
      all.some((one) => one === undefined || one.some((literal) => searchableBy(literal) === "not"))
    ) {
      always.push(...rules);
      continue;
    }
    for (const { text } of all.flatMap((one) => one ?? [])) {
      entries.push({ literal: { text, atStart: false, atEnd: false }, owners: rules });
    }
  }
  const alwaysRules = Int32Array.from(always);
  if (entries.length === 0) return (_event, sink) => sink.consider(alwaysRules);
  const scan = buildStrideSearch(entries) ?? scanOf(buildGramIndex(entries, countOf));
  return ({ record }, sink) => {
    if (alwaysRules.length > 0) sink.consider(alwaysRules);
    scanValues(record, 0, scan, sink);
  };
}

function scanOf(index: GramIndex): Scan {
  return (text, sink) => index.scan(text, sink);
}

function scanValues(value: unknown, depth: number, scan: Scan, sink: GramSink): void {
  if (typeof value === "string") scan(value, sink);
  else if (typeof value === "number" || typeof value === "boolean") scan(String(value), sink);
  else if (typeof value === "object" && value !== null && depth <= DEPTH_MAX) {
    for (const inner of Object.values(value)) scanValues(inner, depth + 1, scan, sink);
  }
}

/** The first value of the record that passes one of the leaf's tests, with the pattern's place. */
export function findKeyword(
  leaf: Leaf,
  record: unknown,
): { readonly value: string; readonly pattern: number } | undefined {
  for (const value of valuesOf(record)) {
    const lower = foldCase(value);
    const pattern = leaf.tests.findIndex((test) => test?.test(value, lower));
    if (pattern !== -1) return { value, pattern };
  }
  return undefined;
}

function* valuesOf(record: unknown): Generator<string> {
  const waiting: { value: unknown; depth: number }[] = [{ value: record, depth: 0 }];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    seen += 1;
    if (seen > VALUES_MAX) return;
    if (typeof value === "string") yield value;
    else if (typeof value === "number" || typeof value === "boolean") yield String(value);
    else if (typeof value === "object" && value !== null && depth < DEPTH_MAX) {
      for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
    }
  }
}
