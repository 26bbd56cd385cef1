// Finds the rules that may be true for an event: searches the fields that the gates look into, and the
// values of the whole record where rules have keywords.
import type { LogEvent } from "../event.ts";
import type { Candidates } from "./candidates.ts";
import type { Expectation } from "./expectation.ts";
import type { FieldValue } from "./field-value.ts";
import { chooseGates } from "./gate.ts";
import { buildGramIndex, type GramEntry, type GramIndex, rarestGram } from "./gram-index.ts";
import { buildKeywordIndex } from "./keyword-index.ts";
import type { Expression, Leaf } from "./leaf.ts";
import type { Literal } from "./pattern-test.ts";
import { isAscii, searchableBy, symbolsOf } from "./symbols.ts";
import type { EventState, Settled } from "./truth.ts";
import { buildWordIndex } from "./word-index.ts";

export interface RuleIndex {
  /** Adds to the candidates every rule that may be true for the event at hand. */
  search(event: LogEvent, candidates: Candidates): void;
  readonly bytes: number;
}

/** @param expressions the rules; candidates are told by their place in this list */
export function buildRuleIndex(
  expressions: readonly Expression[],
  leaves: readonly Leaf[],
  state: EventState,
  expectation: Expectation,
): RuleIndex {
  const { always, opened, unsearched } = chooseGates(expressions, leaves, expectation);
  const byField = new Map<string, FieldGates>();
  const keywordLeaves: { leaf: Leaf; rules: readonly number[] }[] = [];
  const settled = new Map<number, Settled>();
  for (const leaf of leaves) {
    const rules = opened[leaf.index] ?? [];
    if (rules.length === 0) continue;
    const { field } = leaf.item;
    if (field === undefined) keywordLeaves.push({ leaf, rules });
    else {
      const how = addGates(
        gatesFor(byField, field),
        leaf,
        rules,
        unsearched.has(field),
        expectation,
      );
      settled.set(leaf.index, how);
    }
  }
  for (const leaf of leaves) {
    const gates = byField.get(leaf.item.field ?? "");
    if (gates === undefined || settled.has(leaf.index)) continue;
    if (isWorthProving(leaf, unsearched, expectation)) {
      settled.set(leaf.index, addGates(gates, leaf, [], false, expectation));
    }
  }
  state.settle(settled);
  const fields = [...byField].map(([name, gates]) =>
    indexField(gates, state.fieldOf(name), (gram) => expectation.gramIn(name, gram)),
  );
  const keywords =
    keywordLeaves.length === 0
      ? undefined
      : buildKeywordIndex(keywordLeaves, (gram) => expectation.gramIn("", gram));
  const alwaysRules = Int32Array.from(always);
  return {
    bytes: fields.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0),
    search(event, candidates) {
      const { record } = event;
      for (let at = 0; at < fields.length; at += 1) {
        const field = fields[at] as IndexedField; // Within bounds.
        field.value.load(record, state.stamp);
        searchField(field, candidates);
      }
      keywords?.(event, candidates);
      candidates.consider(alwaysRules);
    },
  };
}

interface IndexedField {
  readonly value: FieldValue;
  readonly index: GramIndex | undefined;
  readonly whenPresent: Int32Array;
  readonly whenAbsent: Int32Array;
}

function searchField(field: IndexedField, candidates: Candidates): void {
  const { value, index } = field;
  if (!value.present) {
    candidates.consider(field.whenAbsent);
    return;
  }
  candidates.consider(field.whenPresent);
  if (index === undefined) return;
  if (value.text !== undefined) index.scan(value.text, candidates);
  else for (const text of value.texts ?? []) index.scan(text, candidates);
}

/** A literal, the rules that are to be looked at where it stands, and the leaves that it proves. */
interface Wanted {
  readonly literal: Literal;
  readonly owners: Set<number>;
  readonly proves: Set<number>;
}

interface FieldGates {
  readonly literals: Map<string, Wanted>;
  readonly whenPresent: Set<number>;
  readonly whenAbsent: Set<number>;
}

function gatesFor(byField: Map<string, FieldGates>, field: string): FieldGates {
  let gates = byField.get(field);
  if (gates === undefined) {
    gates = { literals: new Map(), whenPresent: new Set(), whenAbsent: new Set() };
    byField.set(field, gates);
  }
  return gates;
}

/** Tells whether the index will prove the leaf of every value that makes it true. */
function addGates(
  gates: FieldGates,
  leaf: Leaf,
  rules: readonly number[],
  unsearched: boolean,
  expectation: Expectation,
): Settled {
  const add = (set: Set<number>) => {
    for (const rule of rules) set.add(rule);
  };
  let settled: Settled = "always";
  for (const [at, pattern] of leaf.item.patterns.entries()) {
    const test = leaf.tests[at];
    if (pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted)) {
      add(gates.whenAbsent);
      settled = "never";
    } else if (test?.literals === undefined || unsearched) {
      add(gates.whenPresent);
      settled = "never";
    } else {
      for (const literal of test.literals) {
        const by = searchableBy(literal);
        if (by === "not" || (by === "pairs" && isCommon(leaf, literal, expectation))) {
          add(gates.whenPresent);
          settled = "never";
          continue;
        }
        const wanted = wantedOf(gates, literal);
        add(wanted.owners);
        if (test.exact && isAscii(literal.text)) wanted.proves.add(leaf.index);
        else if (by !== "wide") settled = "never";
        else if (settled === "always") settled = "narrow";
      }
    }
  }
  return settled;
}

/** Shorter lists are tested as fast as they are proven. */
const PROVEN_PATTERNS_MIN = 6;
/** Of so many of its literals in an event. */
const PROVEN_SHARE_MAX = 8;

// A long list that no gate needs is dear to test where rules ask for it, but where its field is searched
// anyway and its literals are rare, to look for them too costs nothing.
function isWorthProving(
  leaf: Leaf,
  unsearched: ReadonlySet<string>,
  expectation: Expectation,
): boolean {
  const { field, patterns } = leaf.item;
  if (field === undefined || unsearched.has(field) || patterns.length < PROVEN_PATTERNS_MIN) {
    return false;
  }
  let share = 0;
  for (const test of leaf.tests) {
    if (test?.exact !== true || test.literals === undefined) return false;
    for (const literal of test.literals) {
      const by = searchableBy(literal);
      if (by === "wide") continue;
      if (by !== "grams" || !isAscii(literal.text)) return false;
      const symbols = symbolsOf(literal.text, literal.atStart, literal.atEnd);
      share += rarestGram(symbols, (gram) => expectation.gramIn(field, gram)).count;
    }
  }
  return share <= PROVEN_SHARE_MAX;
}

/** Of this many in a value, to look for them costs more than to look at the rules at once. */
const COMMON_SHARE = 0.5;

function isCommon({ item }: Leaf, literal: Literal, expectation: Expectation): boolean {
  const symbols = symbolsOf(literal.text, literal.atStart, literal.atEnd);
  return expectation.shortIn(item.field ?? "", symbols) >= COMMON_SHARE;
}

function wantedOf(gates: FieldGates, literal: Literal): Wanted {
  const { text, atStart, atEnd, cased = "" } = literal;
  const key = JSON.stringify([atStart, atEnd, text, cased]);
  let wanted = gates.literals.get(key);
  if (wanted === undefined) {
    wanted = { literal, owners: new Set(), proves: new Set() };
    gates.literals.set(key, wanted);
  }
  return wanted;
}

function indexField(
  gates: FieldGates,
  value: FieldValue,
  countOf: (gram: number) => number,
): IndexedField {
  const entries = [...gates.literals.values()].map(
    ({ literal, owners, proves }): GramEntry => ({
      literal,
      owners: [...owners],
      proves: [...proves],
    }),
  );
  return {
    value,
    index:
      entries.length === 0
        ? undefined
        : (buildWordIndex(entries, countOf) ?? buildGramIndex(entries, countOf)),
    whenPresent: Int32Array.from(gates.whenPresent),
    whenAbsent: Int32Array.from(gates.whenAbsent),
  };
}
