// The compiled form of all rules for one kind of record and one log source: an index per field that the
// rules ask for, and for each rule its detection over leaves. One event at a time.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { FieldPath, LogEvent, RecordShape } from "../event.ts";
import { canTrigger, coverOf } from "./cover.ts";
import { buildFieldIndex, type FieldIndex, type LeafSink } from "./field-index.ts";
import { type FieldReader, fieldReader } from "./field-reader.ts";
import { buildKeywordIndex, findKeyword } from "./keyword-index.ts";
import { type Expression, expressionOf, itemKey, type Leaf, type TestPool } from "./leaf.ts";
import type { Item, Pattern, SigmaRule } from "./rule.ts";

export interface RouteEngine {
  /** Indexes (into the rules given) of the rules that are true for the event, ascending. */
  match(event: LogEvent): readonly number[];
  /** Fields, in the order of the rule, that made it true; see explain.ts. */
  readonly readerOf: (field: string) => FieldReader;
  readonly bytes: number;
}

const NOTHING: readonly number[] = [];
const STAMP_MAX = 0x7ffffff0;

/** Where a Sigma field lies in records of a shape. */
function pathsOf(
  field: string,
  shape: RecordShape,
  table: LogSourceTable | undefined,
): readonly FieldPath[] {
  const bare = field.replaceAll(" ", "");
  const names = namesOf(field, table) ?? namesOf(bare, table) ?? [bare];
  const paths = names.flatMap((name) => [...shape.locate(name)]);
  // Some senders keep the spaces of a field's name.
  return bare === field ? paths : [...paths, ...shape.locate(field), [field]];
}

// A rule may name a field `constructor` or `__proto__`: only the table's own keys count.
function namesOf(field: string, table: LogSourceTable | undefined): readonly string[] | undefined {
  return table !== undefined && Object.hasOwn(table.fields, field)
    ? table.fields[field]
    : undefined;
}

export function buildRouteEngine(
  rules: readonly { readonly index: number; readonly rule: SigmaRule }[],
  shape: RecordShape,
  table: LogSourceTable | undefined,
  pool: TestPool,
): RouteEngine {
  const { leaves, expressions } = poolLeaves(rules, pool);
  const state = new LeafState(leaves.length, rules.length);
  const readers = new Map<string, FieldReader>();
  const readerOf = (field: string): FieldReader => {
    let reader = readers.get(field);
    if (reader === undefined) {
      reader = fieldReader(pathsOf(field, shape, table));
      readers.set(field, reader);
    }
    return reader;
  };
  const always: number[] = [];
  const triggers: number[][] = leaves.map(() => []);
  for (const [at, expression] of expressions.entries()) {
    const cover = coverOf(expression, leaves);
    if (cover === undefined) always.push(at);
    else for (const leaf of cover.leaves) triggers[leaf]?.push(at);
  }
  state.triggers = triggers.map((one) => Int32Array.from(one));
  const { fields, keywords, bytes } = buildIndexes(leaves, readerOf, state);
  let event: LogEvent | undefined;
  const ask = onDemand(leaves, readerOf, () => event);
  const truths = expressions.map((expression) => truthOf(expression, leaves, state, ask));
  return {
    readerOf,
    bytes,
    match(next) {
      event = next;
      state.begin();
      const { record } = next;
      for (const { reader, index } of fields) {
        const value = reader(record);
        if (value !== undefined) index.scan(value);
        else for (const leaf of index.whenAbsent) state.fire(leaf);
      }
      keywords?.(next);
      for (const at of always) state.consider(at);
      let hits: number[] | undefined;
      for (let at = 0; at < state.candidateCount; at += 1) {
        const candidate = state.candidates[at] as number; // Below the count every place is set.
        if (truths[candidate]?.() === true) {
          const rule = rules[candidate];
          if (rule !== undefined) {
            hits ??= [];
            hits.push(rule.index);
          }
        }
      }
      event = undefined;
      return hits === undefined ? NOTHING : hits.sort((a, b) => a - b);
    },
  };
}

function poolLeaves(
  rules: readonly { readonly rule: SigmaRule }[],
  pool: TestPool,
): { leaves: Leaf[]; expressions: Expression[] } {
  const leaves: Leaf[] = [];
  const known = new Map<string, number>();
  const indexOf = (item: Item): number => {
    const key = itemKey(item);
    let index = known.get(key);
    if (index === undefined) {
      index = leaves.length;
      known.set(key, index);
      leaves.push({ index, item, tests: pool.testsOf(item) });
    }
    return index;
  };
  return { leaves, expressions: rules.map(({ rule }) => expressionOf(rule.tree, indexOf)) };
}

function buildIndexes(
  leaves: readonly Leaf[],
  readerOf: (field: string) => FieldReader,
  sink: LeafSink,
) {
  const byField = new Map<string, Leaf[]>();
  const keywordLeaves: Leaf[] = [];
  for (const leaf of leaves) {
    const { field } = leaf.item;
    if (field === undefined) keywordLeaves.push(leaf);
    else {
      const known = byField.get(field);
      if (known === undefined) byField.set(field, [leaf]);
      else known.push(leaf);
    }
  }
  const fields: { reader: FieldReader; index: FieldIndex }[] = [];
  let bytes = 0;
  for (const [field, all] of byField) {
    const index = buildFieldIndex(all, sink);
    bytes += index.bytes;
    fields.push({ reader: readerOf(field), index });
  }
  const keywords = keywordLeaves.length === 0 ? undefined : buildKeywordIndex(keywordLeaves, sink);
  return { fields, keywords, bytes };
}

// Stamps instead of sets: nothing has to be cleared between events.
class LeafState implements LeafSink {
  readonly #fired: Int32Array;
  readonly #suspected: Int32Array;
  readonly #answered: Int32Array;
  readonly #considered: Int32Array;
  readonly candidates: Int32Array;
  candidateCount = 0;
  triggers: readonly Int32Array[] = [];
  #stamp = 0;

  constructor(leaves: number, rules: number) {
    this.#fired = new Int32Array(leaves);
    this.#suspected = new Int32Array(leaves);
    this.#answered = new Int32Array(leaves);
    this.#considered = new Int32Array(rules);
    this.candidates = new Int32Array(rules);
  }

  begin(): void {
    this.candidateCount = 0;
    this.#stamp += 1;
    if (this.#stamp < STAMP_MAX) return;
    this.#stamp = 1;
    for (const stamps of [this.#fired, this.#suspected, this.#answered, this.#considered]) {
      stamps.fill(0);
    }
  }

  isFired(leaf: number): boolean {
    return this.#fired[leaf] === this.#stamp;
  }

  fire(leaf: number): void {
    if (this.#fired[leaf] === this.#stamp) return;
    this.#fired[leaf] = this.#stamp;
    this.#trigger(leaf);
  }

  suspect(leaf: number): void {
    if (this.#suspected[leaf] === this.#stamp) return;
    this.#suspected[leaf] = this.#stamp;
    this.#trigger(leaf);
  }

  #trigger(leaf: number): void {
    const rules = this.triggers[leaf];
    if (rules === undefined) return;
    for (let at = 0; at < rules.length; at += 1) this.consider(rules[at] as number); // Within bounds.
  }

  consider(rule: number): void {
    if (this.#considered[rule] === this.#stamp) return;
    this.#considered[rule] = this.#stamp;
    this.candidates[this.candidateCount] = rule;
    this.candidateCount += 1;
  }

  /** Whether a leaf is true, running its dear test at most once an event. */
  isTrue(leaf: number, ask: (leaf: number) => boolean, onlyIfSuspected: boolean): boolean {
    if (this.#fired[leaf] === this.#stamp) return true;
    if (onlyIfSuspected && this.#suspected[leaf] !== this.#stamp) return false;
    if (this.#answered[leaf] === this.#stamp) return false;
    this.#answered[leaf] = this.#stamp;
    if (!ask(leaf)) return false;
    this.#fired[leaf] = this.#stamp;
    return true;
  }
}

function truthOf(
  expression: Expression,
  leaves: readonly Leaf[],
  state: LeafState,
  ask: (leaf: number) => boolean,
): () => boolean {
  switch (expression.kind) {
    case "leaf": {
      const { leaf } = expression;
      const found = leaves[leaf];
      const cheap = found?.tests.every((test) => test !== undefined && !test.dear);
      if (cheap === true && found?.item.field !== undefined && canTrigger(found)) {
        return () => state.isFired(leaf);
      }
      const onlyIfSuspected = found !== undefined && canTrigger(found);
      return () => state.isTrue(leaf, ask, onlyIfSuspected);
    }
    case "not": {
      const child = truthOf(expression.child, leaves, state, ask);
      return () => !child();
    }
    case "and": {
      const ordered = cheapFirst(expression.children, leaves);
      const children = ordered.map((child) => truthOf(child, leaves, state, ask));
      return () => {
        for (const child of children) if (!child()) return false;
        return true;
      };
    }
    case "or": {
      const ordered = cheapFirst(expression.children, leaves);
      const children = ordered.map((child) => truthOf(child, leaves, state, ask));
      return () => {
        for (const child of children) if (child()) return true;
        return false;
      };
    }
  }
}

// Dear tests come last, so that most of them are never run.
function cheapFirst(children: readonly Expression[], leaves: readonly Leaf[]): Expression[] {
  const dear = (expression: Expression): boolean => {
    if (expression.kind === "not") return dear(expression.child);
    if (expression.kind !== "leaf") return expression.children.some(dear);
    const leaf = leaves[expression.leaf];
    return (
      leaf === undefined ||
      leaf.item.field === undefined ||
      leaf.tests.some((test) => test?.dear === true)
    );
  };
  return [...children.filter((one) => !dear(one)), ...children.filter(dear)];
}

/** Runs what the index can't decide: dear tests, keywords, comparisons with other fields. */
function onDemand(
  leaves: readonly Leaf[],
  readerOf: (field: string) => FieldReader,
  current: () => LogEvent | undefined,
): (leaf: number) => boolean {
  return (index) => {
    const leaf = leaves[index];
    const record = current()?.record;
    if (leaf === undefined || record === undefined) return false;
    const { field, patterns } = leaf.item;
    if (field === undefined) return findKeyword(leaf, record) !== undefined;
    const value = readerOf(field)(record);
    if (value === undefined) return false;
    return textsOf(value).some((text) => {
      const lower = text.toLowerCase();
      return patterns.some((pattern, at) =>
        pattern.kind === "fieldref"
          ? refersTo(pattern, text, readerOf(pattern.other)(record))
          : leaf.tests[at]?.test(text, lower) === true,
      );
    });
  };
}

/** A value as the texts that tests see. */
export function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number" || typeof value === "boolean") return [String(value)];
  if (Array.isArray(value)) {
    return value.flatMap((one) => (Array.isArray(one) ? [JSON.stringify(one)] : textsOf(one)));
  }
  return typeof value === "object" && value !== null ? [JSON.stringify(value)] : [];
}

/** Whether a text stands in the named relation to another field's value. */
export function refersTo(
  pattern: Extract<Pattern, { kind: "fieldref" }>,
  text: string,
  other: unknown,
): boolean {
  const fold = (one: string) => (pattern.cased ? one : one.toLowerCase());
  const left = fold(text);
  const holds = {
    equals: (right: string) => left === right,
    startswith: (right: string) => left.startsWith(right),
    endswith: (right: string) => left.endsWith(right),
    contains: (right: string) => left.includes(right),
  }[pattern.part];
  return textsOf(other).some((one) => holds(fold(one)));
}
