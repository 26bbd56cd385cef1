// Finds the rules that may be true for an event: searches the fields that the gates look into, and the
// values of the whole record where rules have keywords.
import type { LogEvent } from "../event.ts";
import type { Candidates } from "./candidates.ts";
import type { Expectation } from "./expectation.ts";
import type { FieldValue } from "./field-value.ts";
import { chooseGates } from "./gate.ts";
import { buildGramIndex, type GramEntry, type GramIndex } from "./gram-index.ts";
import { buildKeywordIndex } from "./keyword-index.ts";
import type { Expression, Leaf } from "./leaf.ts";
import type { Literal } from "./pattern-test.ts";
import { searchableBy } from "./symbols.ts";
import type { EventState } from "./truth.ts";

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
  for (const leaf of leaves) {
    const rules = opened[leaf.index] ?? [];
    if (rules.length === 0) continue;
    const { field } = leaf.item;
    if (field === undefined) keywordLeaves.push({ leaf, rules });
    else addGates(gatesFor(byField, field), leaf, rules, unsearched.has(field));
  }
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

interface FieldGates {
  readonly literals: Map<string, { readonly literal: Literal; readonly owners: Set<number> }>;
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

function addGates(
  gates: FieldGates,
  leaf: Leaf,
  rules: readonly number[],
  unsearched: boolean,
): void {
  const add = (set: Set<number>) => {
    for (const rule of rules) set.add(rule);
  };
  for (const [at, pattern] of leaf.item.patterns.entries()) {
    const literals = leaf.tests[at]?.literals;
    if (pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted)) {
      add(gates.whenAbsent);
    } else if (literals === undefined || unsearched) add(gates.whenPresent);
    else {
      for (const literal of literals) {
        if (searchableBy(literal) === "not") add(gates.whenPresent);
        else add(ownersOf(gates, literal));
      }
    }
  }
}

function ownersOf(gates: FieldGates, literal: Literal): Set<number> {
  const key = `${Number(literal.atStart)}${Number(literal.atEnd)}${literal.text}`;
  let entry = gates.literals.get(key);
  if (entry === undefined) {
    entry = { literal, owners: new Set() };
    gates.literals.set(key, entry);
  }
  return entry.owners;
}

function indexField(
  gates: FieldGates,
  value: FieldValue,
  countOf: (gram: number) => number,
): IndexedField {
  const entries = [...gates.literals.values()].map(
    ({ literal, owners }): GramEntry => ({ literal, owners: [...owners] }),
  );
  return {
    value,
    index: entries.length === 0 ? undefined : buildGramIndex(entries, countOf),
    whenPresent: Int32Array.from(gates.whenPresent),
    whenAbsent: Int32Array.from(gates.whenAbsent),
  };
}
