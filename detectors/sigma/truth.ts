// Answers whether leaves are true for the event at hand, each at most once an event.

import type { LogEvent, ParsedRecord } from "../event.ts";
import type { FieldReader } from "./field-reader.ts";
import { FieldValue, textsOf } from "./field-value.ts";
import { foldCase } from "./fold-case.ts";
import { findKeyword } from "./keyword-index.ts";
import type { Leaf } from "./leaf.ts";
import { leafTest } from "./leaf-test.ts";
import { ANY, type Pattern } from "./rule.ts";
import { isWide } from "./symbols.ts";

const STAMP_MAX = 0x7ffffff0;
const NO_RECORD: ParsedRecord = {};

/** For which values the index proves a leaf whenever it is true; narrow: those without wide characters. */
export type Settled = "never" | "always" | "narrow";
const SETTLED = { never: 0, always: 1, narrow: 2 } as const;

/** The event at hand, its fields, and what is known of it. */
export class EventState {
  readonly #known: Int32Array;
  readonly #truth: Uint8Array;
  readonly #settled: Uint8Array;
  readonly #asks: readonly (() => boolean)[];
  readonly #fields = new Map<string, FieldValue>();
  readonly #readerOf: (field: string) => FieldReader;
  record: ParsedRecord = NO_RECORD;
  stamp = 0;

  constructor(leaves: readonly Leaf[], readerOf: (field: string) => FieldReader) {
    this.#readerOf = readerOf;
    this.#known = new Int32Array(leaves.length);
    this.#truth = new Uint8Array(leaves.length);
    this.#settled = new Uint8Array(leaves.length);
    this.#asks = leaves.map((leaf) => this.#askOf(leaf));
  }

  begin(event: LogEvent): void {
    this.record = event.record;
    this.stamp += 1;
    if (this.stamp < STAMP_MAX) return;
    this.stamp = 1;
    this.#known.fill(0);
    this.#fields.clear();
  }

  /** Nothing of the event is kept. */
  end(): void {
    this.record = NO_RECORD;
  }

  fieldOf(name: string): FieldValue {
    let field = this.#fields.get(name);
    if (field === undefined) {
      field = new FieldValue(this.#readerOf(name));
      this.#fields.set(name, field);
    }
    return field;
  }

  /** The leaves are true for the event at hand. */
  prove(leaves: Int32Array): void {
    for (let at = 0; at < leaves.length; at += 1) {
      const leaf = leaves[at] as number; // Within bounds.
      this.#known[leaf] = this.stamp;
      this.#truth[leaf] = 1;
    }
  }

  /** Which leaves are false when the index did not prove them. */
  settle(leaves: ReadonlyMap<number, Settled>): void {
    this.#settled.fill(0);
    for (const [leaf, settled] of leaves) this.#settled[leaf] = SETTLED[settled];
  }

  isTrue(leaf: number): boolean {
    if (this.#known[leaf] === this.stamp) return this.#truth[leaf] === 1;
    if (this.#settled[leaf] === SETTLED.always) return false;
    const truth = this.#asks[leaf]?.() === true;
    this.#known[leaf] = this.stamp;
    this.#truth[leaf] = truth ? 1 : 0;
    return truth;
  }

  #askOf(leaf: Leaf): () => boolean {
    const name = leaf.item.field;
    if (name === undefined) return () => findKeyword(leaf, this.record) !== undefined;
    const field = this.fieldOf(name);
    const { patterns } = leaf.item;
    const whenAbsent = patterns.some(isTrueOfAbsent);
    const whenPresent = patterns.some(isTrueOfPresent);
    const test = leafTest(leaf);
    const references = patterns.filter((one) => one.kind === "fieldref");
    const refers = references.map((one) => this.#referenceOf(one));
    const passes = (text: string, lower: string) =>
      test(text, lower) || (refers.length > 0 && refers.some((one) => one(text, lower)));
    return () => {
      field.load(this.record, this.stamp);
      if (!field.present) return whenAbsent;
      if (whenPresent) return true;
      const { text } = field;
      if (text !== undefined) {
        if (this.#settled[leaf.index] === SETTLED.narrow && !isWide(text)) return false;
        return passes(text, field.lowerText(text));
      }
      return field.texts?.some((one) => passes(one, foldCase(one))) === true;
    };
  }

  #referenceOf(
    pattern: Extract<Pattern, { kind: "fieldref" }>,
  ): (text: string, lower: string) => boolean {
    const other = this.fieldOf(pattern.other);
    return (text, lower) => {
      other.load(this.record, this.stamp);
      const own = pattern.cased ? text : lower;
      // Folding keeps the length; the other text is not folded where that tells already.
      if (other.text !== undefined && !fits(pattern, text, other.text)) return false;
      if (other.text === undefined) {
        return other.texts?.some((one) => relates(pattern, own, one, foldCase(one))) === true;
      }
      return relates(pattern, own, other.text, other.lowerText(other.text));
    };
  }
}

function isTrueOfAbsent(pattern: Pattern): boolean {
  return pattern.kind === "null" || (pattern.kind === "exists" && !pattern.wanted);
}

// `*` asks for the field alone, whatever is in it: an empty list will do.
function isTrueOfPresent(pattern: Pattern): boolean {
  if (pattern.kind === "text") return pattern.pieces.length === 1 && pattern.pieces[0] === ANY;
  return pattern.kind === "exists" && pattern.wanted;
}

/** The truth of an item that looks at one field alone, from the field's value. */
export function itemTest(leaf: Leaf): (value: unknown) => boolean {
  const { patterns } = leaf.item;
  const test = leafTest(leaf);
  return (value) =>
    value === undefined
      ? patterns.some(isTrueOfAbsent)
      : patterns.some(isTrueOfPresent) || textsOf(value).some((text) => test(text, foldCase(text)));
}

/** Whether a text stands in the named relation to another field's value. */
export function refersTo(
  pattern: Extract<Pattern, { kind: "fieldref" }>,
  text: string,
  other: unknown,
): boolean {
  const own = pattern.cased ? text : foldCase(text);
  return textsOf(other).some((one) => relates(pattern, own, one, foldCase(one)));
}

function fits(
  { part }: Extract<Pattern, { kind: "fieldref" }>,
  own: string,
  other: string,
): boolean {
  return part === "equals" ? own.length === other.length : own.length >= other.length;
}

function relates(
  { part, cased }: Extract<Pattern, { kind: "fieldref" }>,
  own: string,
  text: string,
  lower: string,
): boolean {
  const other = cased ? text : lower;
  switch (part) {
    case "equals":
      return own === other;
    case "startswith":
      return own.startsWith(other);
    case "endswith":
      return own.endsWith(other);
    case "contains":
      return own.includes(other);
  }
}
