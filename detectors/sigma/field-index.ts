// All tests that an engine's rules make of one field: one automaton for the literals, a table for whole
// values, short lists for numbers and networks.
import { type Automaton, buildAutomaton, isSettled } from "./automaton.ts";
import type { Leaf } from "./leaf.ts";
import type { Literal, ValueTest } from "./pattern-test.ts";

/** What the index tells the engine. */
export interface LeafSink {
  /** The leaf is true. */
  fire(leaf: number): void;
  /** The leaf may be true: its test is dear and runs when a rule asks. */
  suspect(leaf: number): void;
  isFired(leaf: number): boolean;
}

export interface FieldIndex {
  /** @param value anything but undefined and null */
  scan(value: unknown): void;
  /** Leaves that are true when the field is missing. */
  readonly whenAbsent: readonly number[];
  readonly bytes: number;
}

interface Entry {
  readonly leaf: number;
  /** Undefined: the literal settles it. */
  readonly test: ValueTest["test"] | undefined;
  readonly dear: boolean;
}

/** Elements of a list that are looked at. */
const ELEMENTS_MAX = 1000;

export function buildFieldIndex(leaves: readonly Leaf[], sink: LeafSink): FieldIndex {
  const literals: Literal[] = [];
  const entries: Entry[] = [];
  const whole = new Map<string, Entry[]>();
  const present: number[] = [];
  const whenAbsent: number[] = [];
  const tests: Entry[] = [];
  for (const leaf of leaves) {
    for (const [at, pattern] of leaf.item.patterns.entries()) {
      if (pattern.kind === "null") whenAbsent.push(leaf.index);
      else if (pattern.kind === "exists") (pattern.wanted ? present : whenAbsent).push(leaf.index);
      const test = leaf.tests[at];
      if (test === undefined || pattern.kind === "date") continue;
      if (test.literals === undefined) {
        // A regex without a literal runs when a rule asks; numbers and networks are cheap.
        if (!test.dear) tests.push({ leaf: leaf.index, test: test.test, dear: false });
        continue;
      }
      for (const literal of test.literals) {
        const settled = test.exact && isSettled(literal);
        const entry = { leaf: leaf.index, test: settled ? undefined : test.test, dear: test.dear };
        if (literal.text === "" && !literal.atStart) {
          if (test.exact) present.push(leaf.index);
          else tests.push(entry);
        } else if (literal.atStart && literal.atEnd && test.exact) {
          const known = whole.get(literal.text);
          if (known === undefined) whole.set(literal.text, [{ ...entry, test: undefined }]);
          else known.push({ ...entry, test: undefined });
        } else {
          literals.push(literal);
          entries.push(entry);
        }
      }
    }
  }
  const automaton = literals.length === 0 ? undefined : buildAutomaton(literals);
  return {
    scan: makeScan({ automaton, entries, whole, present, tests }, sink),
    whenAbsent,
    bytes: automaton?.bytes ?? 0,
  };
}

interface Parts {
  readonly automaton: Automaton | undefined;
  readonly entries: readonly Entry[];
  readonly whole: ReadonlyMap<string, readonly Entry[]>;
  readonly present: readonly number[];
  readonly tests: readonly Entry[];
}

function makeScan(parts: Parts, sink: LeafSink): (value: unknown) => void {
  const { automaton, entries, whole, present, tests } = parts;
  const wholeLengthMax = Math.max(0, ...[...whole.keys()].map((key) => key.length));
  let text = "";
  let lower: string | undefined;
  const decide = (entry: Entry) => {
    if (sink.isFired(entry.leaf)) return;
    if (entry.test === undefined) sink.fire(entry.leaf);
    else if (entry.dear) sink.suspect(entry.leaf);
    else {
      lower ??= text.toLowerCase();
      if (entry.test(text, lower)) sink.fire(entry.leaf);
    }
  };
  const emit = (index: number) => {
    const entry = entries[index];
    if (entry !== undefined) decide(entry);
  };
  const scanText = (value: string) => {
    text = value;
    lower = undefined;
    if (whole.size > 0 && value.length <= wholeLengthMax) {
      lower = value.toLowerCase();
      for (const entry of whole.get(lower) ?? []) decide(entry);
    }
    for (const entry of tests) decide(entry);
    automaton?.scan(value, emit);
  };
  return (value) => {
    for (const leaf of present) sink.fire(leaf);
    if (typeof value === "string") scanText(value);
    else if (typeof value === "number" || typeof value === "boolean") scanText(String(value));
    else if (Array.isArray(value)) {
      for (const element of value.slice(0, ELEMENTS_MAX)) {
        if (typeof element === "string") scanText(element);
        else if (typeof element === "number" || typeof element === "boolean")
          scanText(String(element));
        else if (element !== null && typeof element === "object") scanText(JSON.stringify(element));
      }
      // An object is searched as the JSON that it came in, as SigmaHQ's cloud rules expect.
    } else if (typeof value === "object" && value !== null) scanText(JSON.stringify(value));
  };
}
