// Keywords: tests of every value of a record. All values are searched once for the literals of all
// keywords; only where one stands are rules looked at. Where the record is what JSON.parse made of the
// event's text, the text is searched instead. Otherwise the text would not do: parsers decode what stands
// there encoded (auditd's hexadecimal values, entities in XML).

import type { LogEvent, ParsedRecord } from "../event.ts";
import { foldCase } from "./fold-case.ts";
import { buildGramIndex, type GramEntry, type GramIndex, type GramSink } from "./gram-index.ts";
import type { Leaf } from "./leaf.ts";
import { buildStrideSearch } from "./stride-search.ts";
import { searchableBy } from "./symbols.ts";
import { buildTextSearch, standsInJson, type TextEntry } from "./text-search.ts";

const VALUES_MAX = 10_000;
const DEPTH_MAX = 64;

/** Searches an event and tells which rules have to be looked at. */
export type KeywordIndex = (event: LogEvent, sink: GramSink) => void;

export function buildKeywordIndex(
  leaves: readonly { readonly leaf: Leaf; readonly rules: readonly number[] }[],
  countOf: (gram: number) => number,
): KeywordIndex {
  const always: number[] = [];
  const inText: TextEntry[] = [];
  const inValues: GramEntry[] = [];
  for (const { leaf, rules } of leaves) {
    const literals = literalsOf(leaf);
    if (literals === undefined) {
      always.push(...rules);
      continue;
    }
    for (const text of literals) {
      // A number may be written in more than one way.
      if (standsInJson(text) && !mayStandInScalar(text)) {
        inText.push({ literal: text, owners: rules });
      } else inValues.push(entryOf(text, rules));
    }
  }
  const all = [...inText.map(({ literal, owners }) => entryOf(literal, owners)), ...inValues];
  const searchAll = all.length === 0 ? undefined : buildWalk(all, countOf);
  const searchRest = inValues.length === 0 ? undefined : buildWalk(inValues, countOf);
  const searchText = inText.length === 0 ? undefined : buildTextSearch(inText);
  const alwaysRules = Int32Array.from(always);
  return ({ record, text, textRecord }, sink) => {
    if (alwaysRules.length > 0) sink.consider(alwaysRules);
    const told =
      searchText !== undefined &&
      text !== undefined &&
      textRecord === record &&
      searchText(text, sink);
    const search = told ? searchRest : searchAll;
    search?.(record, sink);
  };
}

/** Undefined: the index can't look for what the leaf asks. */
function literalsOf(leaf: Leaf): string[] | undefined {
  const all = leaf.tests.map((test) => test?.literals);
  const isLost = all.some(
    (one) => one === undefined || one.some((literal) => searchableBy(literal) === "not"),
  );
  return isLost ? undefined : all.flatMap((one) => one?.map(({ text }) => text) ?? []);
}

function entryOf(text: string, owners: readonly number[]): GramEntry {
  return { literal: { text, atStart: false, atEnd: false }, owners };
}

function buildWalk(
  entries: readonly GramEntry[],
  countOf: (gram: number) => number,
): (record: ParsedRecord, sink: GramSink) => void {
  const search: Search = {
    scan: buildStrideSearch(entries) ?? scanOf(buildGramIndex(entries, countOf)),
    shortest: Math.min(...entries.map(({ literal }) => literal.text.length)),
    inScalars: entries.some(({ literal }) => mayStandInScalar(literal.text)),
  };
  return (record, sink) => searchValues(record, 0, search, sink);
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
