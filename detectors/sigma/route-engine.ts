// The compiled form of all rules for one kind of record and one log source: an index over the gates of
// the rules, and for each rule its detection over leaves. One event at a time. After its first events it
// builds its index anew, from what it saw.
import type { LogSourceTable } from "../../config/log-sources.ts";
import type { FieldPath, LogEvent, RecordShape } from "../event.ts";
import { Candidates } from "./candidates.ts";
import { DetectionTable } from "./detection-table.ts";
import { type Expectation, Observation } from "./expectation.ts";
import { type FieldReader, fieldReader } from "./field-reader.ts";
import { textsOf } from "./field-value.ts";
import { type Expression, expressionOf, itemKey, type Leaf, type TestPool } from "./leaf.ts";
import type { Item, SigmaRule } from "./rule.ts";
import { RuleCounters, type RuleUse } from "./rule-counters.ts";
import { buildRuleIndex } from "./rule-index.ts";
import { EventState } from "./truth.ts";

export interface RouteEngine {
  /** Indexes (into the rules given) of the rules that are true for the event, ascending. */
  match(event: LogEvent): readonly number[];
  readonly readerOf: (field: string) => FieldReader;
  /** Of the tables of its index. */
  bytes(): number;
  /** For each rule that can be true, by its index in the rules given. */
  costs(): Iterable<readonly [number, Omit<RuleUse, "rule">]>;
}

/** What all engines of a shape share. */
export interface EngineParts {
  readonly shape: RecordShape;
  readonly table: LogSourceTable | undefined;
  readonly pool: TestPool;
  readonly guess: Expectation;
  readonly now: (() => number) | undefined;
}

const NOTHING: readonly number[] = [];
/** Events that are counted before the index is built anew. */
const OBSERVED_EVENTS = 500;
/** Few rules cost little however they are found; counting for every rare log source would cost memory. */
const OBSERVED_RULES_MIN = 10;

/**
 * @param constants items whose truth is the same for all events of this engine, by `itemKey`
 */
export function buildRouteEngine(
  rules: readonly { readonly index: number; readonly rule: SigmaRule }[],
  constants: ReadonlyMap<string, boolean>,
  { pool, shape, table, guess, now }: EngineParts,
): RouteEngine {
  const { leaves, alive, expressions } = poolLeaves(rules, constants, pool);
  const readerOf = createReaders(shape, table);
  const state = new EventState(leaves, readerOf);
  const candidates = new Candidates(expressions.length, state);
  const detections = new DetectionTable(expressions, leaves, state);
  const counters = new RuleCounters(expressions.length, now);
  let index = buildRuleIndex(expressions, leaves, state, guess);
  const learn = (seen: Expectation) => {
    index = buildRuleIndex(expressions, leaves, state, seen);
    observe = undefined;
  };
  let observe =
    expressions.length < OBSERVED_RULES_MIN
      ? undefined
      : createObserver(leaves, readerOf, guess, learn);
  return {
    readerOf,
    bytes: () => index.bytes,
    costs: () => alive.map((rule, at) => [rule, counters.of(at)] as const),
    match(event) {
      if (expressions.length === 0) return NOTHING;
      observe?.(event);
      state.begin(event);
      candidates.begin();
      index.search(event, candidates);
      const clock = counters.begin();
      let hits: number[] | undefined;
      for (let at = 0; at < candidates.count; at += 1) {
        const candidate = candidates.list[at] as number; // Below the count every place is set.
        counters.tried(candidate);
        const began = clock?.();
        const isTrue = detections.isTrue(candidate);
        if (clock !== undefined && began !== undefined) counters.took(candidate, clock() - began);
        if (!isTrue) continue;
        counters.hit(candidate);
        hits ??= [];
        hits.push(alive[candidate] as number); // As many as there are detections.
      }
      state.end();
      return hits?.sort((a, b) => a - b) ?? NOTHING;
    },
  };
}

function createReaders(
  shape: RecordShape,
  table: LogSourceTable | undefined,
): (field: string) => FieldReader {
  const readers = new Map<string, FieldReader>();
  return (field) => {
    let reader = readers.get(field);
    if (reader === undefined) {
      reader = fieldReader(pathsOf(field, shape, table));
      readers.set(field, reader);
    }
    return reader;
  };
}

/** Where a Sigma field lies in records of a shape. */
export function pathsOf(
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

/** The names that the table gives a field; undefined: its own. */
export function namesOf(
  field: string,
  table: LogSourceTable | undefined,
): readonly string[] | undefined {
  // A rule may name a field `constructor` or `__proto__`: only the table's own keys count.
  return table !== undefined && Object.hasOwn(table.fields, field)
    ? table.fields[field]
    : undefined;
}

/** The distinct items of the rules as leaves, and the rules that can be true. */
function poolLeaves(
  rules: readonly { readonly index: number; readonly rule: SigmaRule }[],
  constants: ReadonlyMap<string, boolean>,
  pool: TestPool,
): { leaves: Leaf[]; alive: number[]; expressions: Expression[] } {
  const leaves: Leaf[] = [];
  const alive: number[] = [];
  const expressions: Expression[] = [];
  const known = new Map<string, number | boolean>(constants);
  const leafOf = (item: Item): number | boolean => {
    const key = itemKey(item);
    let leaf = known.get(key);
    if (leaf === undefined) {
      leaf = leaves.length;
      known.set(key, leaf);
      leaves.push({ index: leaf, item, tests: pool.testsOf(item) });
    }
    return leaf;
  };
  for (const { index, rule } of rules) {
    const expression = expressionOf(rule.tree, leafOf);
    if (expression === false) continue;
    alive.push(index);
    expressions.push(expression === true ? { kind: "and", children: [] } : expression);
  }
  return { leaves, alive, expressions };
}

/** Counts the fields of the first events, then hands over what it saw. */
function createObserver(
  leaves: readonly Leaf[],
  readerOf: (field: string) => FieldReader,
  guess: Expectation,
  done: (seen: Expectation) => void,
): (event: LogEvent) => void {
  const seen = new Observation(guess);
  const names = new Set(leaves.flatMap(({ item }) => item.field ?? []));
  const fields = [...names].map((name) => ({ name, reader: readerOf(name) }));
  return ({ record }) => {
    for (const { name, reader } of fields) {
      const value = reader(record);
      seen.add(name, value === undefined ? undefined : textsOf(value));
    }
    seen.events += 1;
    if (seen.events >= OBSERVED_EVENTS) done(seen);
  };
}
