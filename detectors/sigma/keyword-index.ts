// Keywords: tests of every value of a record. Each value is searched once for the literals of all keywords;
// only where one stands are the tests run. The raw text would not do: parsers decode what stands there
// encoded (auditd's hexadecimal values, entities in XML, escapes).
import type { LogEvent } from "../event.ts";
import { type Automaton, buildAutomaton } from "./automaton.ts";
import type { LeafSink } from "./field-index.ts";
import type { Leaf } from "./leaf.ts";
import type { Literal } from "./pattern-test.ts";

const VALUES_MAX = 10_000;
const DEPTH_MAX = 64;

/** Searches an event's values and marks the leaves whose test has to be run when a rule asks. */
export type KeywordIndex = (event: LogEvent) => void;

export function buildKeywordIndex(leaves: readonly Leaf[], sink: LeafSink): KeywordIndex {
  const always: number[] = [];
  const literals: Literal[] = [];
  const owners: number[] = [];
  for (const leaf of leaves) {
    const all = leaf.tests.map((test) => test?.literals);
    if (all.some((one) => one === undefined || one.some((literal) => literal.text === ""))) {
      always.push(leaf.index);
      continue;
    }
    for (const { text } of all.flatMap((one) => one ?? [])) {
      literals.push({ text, atStart: false, atEnd: false });
      owners.push(leaf.index);
    }
  }
  const automaton: Automaton | undefined =
    literals.length === 0 ? undefined : buildAutomaton(literals);
  const emit = (index: number) => {
    const leaf = owners[index];
    if (leaf !== undefined) sink.suspect(leaf);
  };
  return ({ record }) => {
    for (const leaf of always) sink.suspect(leaf);
    if (automaton === undefined) return;
    for (const value of valuesOf(record)) automaton.scan(value, emit);
  };
}

/** The first value of the record that passes one of the leaf's tests, with the pattern's place. */
export function findKeyword(
  leaf: Leaf,
  record: unknown,
): { readonly value: string; readonly pattern: number } | undefined {
  for (const value of valuesOf(record)) {
    const lower = value.toLowerCase();
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
