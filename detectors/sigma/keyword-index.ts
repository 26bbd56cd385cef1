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
  const search: Search = {
    scan: buildStrideSearch(entries) ?? scanOf(buildGramIndex(entries, countOf)),
    shortest: Math.min(...entries.map(({ literal }) => literal.text.length)),
    inScalars: entries.some(({ literal }) => mayStandInScalar(literal.text)),
  };
  return ({ record }, sink) => {
    if (alwaysRules.length > 0) sink.consider(alwaysRules);
    searchValues(record, 0, search, sink);
  };
}

interface Search {
  readonly scan: (text: string, sink: GramSink) => void;
  /** Shorter values hold none of the literals. */
  readonly shortest: number;
  /** Whether numbers and truth values can hold one. */
  readonly inScalars: boolean;
}

function scanOf(index: GramIndex): Search["scan"] {
  return (text, sink) => index.scan(text, sink);
}

function mayStandInScalar(text: string): boolean {
  return /^[-+.e\d]+$/.test(text) || "true".includes(text) || "false".includes(text);
}

function searchValues(container: object, depth: number, search: Search, sink: GramSink): void {
  const { scan, shortest } = search;
  for (const value of Object.values(container)) {
    if (typeof value === "string") {
      if (value.length >= shortest) scan(value, sink);
    } else if (typeof value === "object") {
      if (value !== null && depth < DEPTH_MAX) searchValues(value, depth + 1, search, sink);
    } else if (search.inScalars) scan(String(value), sink);
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
