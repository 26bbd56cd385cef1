// Finds which of many literals stand in a value, in one pass: for each literal the rarest four
// neighbouring characters are looked for, and only where they stand is the literal compared. Small
// tables that stay in the processor's cache are the point; what it tells is still no proof.
import type { Literal } from "./pattern-test.ts";
import {
  BOUNDARY,
  GRAM_HASH,
  GRAM_LENGTH,
  GRAM_MASK,
  isWide,
  SYMBOL_BITS,
  SYMBOL_OF,
  searchableBy,
  symbolsOf,
  UNSURE,
} from "./symbols.ts";

/** A literal and what is to be told when it stands in a value. */
export interface GramEntry {
  /** Not one that `searchableBy` refuses. */
  readonly literal: Literal;
  readonly owners: readonly number[];
}

export interface GramSink {
  /** Called for owners of a literal that stands in the value; may be told again. */
  consider(owners: Int32Array): void;
}

export interface GramIndex {
  scan(text: string, sink: GramSink): void;
  readonly bytes: number;
}

// Long values are copied out of V8's strings first, which are slow to walk. Characters beyond Latin 1 lose
// their upper byte; so do they in the literals.
const BYTES = Buffer.alloc(65_536);
const LONG_CHARACTERS_MIN = 40;
const PAIR_MASK = 0xfff;
const NO_PAIRS = new Uint8Array(PAIR_MASK + 1);
const SYMBOLS = 64;
const FILTER_BITS_MIN = 8;
const FILTER_BITS_MAX = 16;
/** Places of the filter for each gram, so that few others fall on a taken one. */
const FILTER_SPARSENESS = 16;

/** A literal, and where in it the characters stand that are looked for. */
interface Entry {
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly owners: Int32Array;
  /** From the last character that is looked for back to the literal's beginning. */
  readonly back: number;
}

/** The four neighbouring symbols that are seen least often. */
export function rarestGram(
  symbols: readonly number[],
  countOf: (gram: number) => number,
): { readonly end: number; readonly gram: number; readonly count: number } {
  let gram = 0;
  let sure = 0;
  let best = { end: -1, gram: 0, count: Number.POSITIVE_INFINITY };
  for (const [end, symbol] of symbols.entries()) {
    gram = ((gram << SYMBOL_BITS) | symbol) & GRAM_MASK;
    sure = symbol === UNSURE ? 0 : sure + 1;
    if (sure < GRAM_LENGTH) continue;
    const count = countOf(gram);
    if (count < best.count) best = { end, gram, count };
  }
  return best;
}

/** @param countOf how often a gram is to be expected */
export function buildGramIndex(
  entries: readonly GramEntry[],
  countOf: (gram: number) => number,
): GramIndex {
  const grams = new Map<number, Entry[]>();
  const pairs: Entry[][] = [];
  const wide: number[] = [];
  for (const { literal, owners } of entries) {
    const { text, atStart, atEnd } = literal;
    const by = searchableBy(literal);
    if (by === "wide") wide.push(...owners);
    if (by === "wide" || by === "not") continue;
    const symbols = symbolsOf(text, atStart, atEnd);
    const make = (end: number): Entry => ({
      text,
      atStart,
      atEnd,
      owners: Int32Array.from(owners),
      back: end - (atStart ? 1 : 0),
    });
    const end = symbols.length - 1;
    if (by === "grams") {
      const found = rarestGram(symbols, countOf);
      addTo(grams, found.gram, make(found.end));
    } else if (end === 0) {
      for (let before = 0; before < SYMBOLS; before += 1) {
        addPair(pairs, before, symbols[0], make(0));
      }
    } else addPair(pairs, symbols[end - 1], symbols[end], make(end));
  }
  return new Grams(grams, pairs, Int32Array.from(new Set(wide)));
}

function addTo(map: Map<number, Entry[]>, key: number, entry: Entry): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

function addPair(pairs: Entry[][], first = 0, second = 0, entry: Entry): void {
  const pair = (first << SYMBOL_BITS) | second;
  const known = pairs[pair];
  if (known === undefined) pairs[pair] = [entry];
  else known.push(entry);
}

class Grams implements GramIndex {
  readonly bytes: number;
  readonly #filter: Uint8Array;
  readonly #shift: number;
  readonly #grams: ReadonlyMap<number, readonly Entry[]>;
  /** Owners of literals that only values with characters beyond Latin 1 can hold. */
  readonly #wide: Int32Array;
  readonly #hasPairs: boolean;
  readonly #pairFilter: Uint8Array;
  readonly #pairs: readonly (readonly Entry[] | undefined)[];

  constructor(
    grams: ReadonlyMap<number, readonly Entry[]>,
    pairs: readonly Entry[][],
    wide: Int32Array,
  ) {
    this.#wide = wide;
    const wanted = Math.ceil(Math.log2(Math.max(1, grams.size) * FILTER_SPARSENESS));
    const bits = Math.min(FILTER_BITS_MAX, Math.max(FILTER_BITS_MIN, wanted));
    this.#shift = 32 - bits;
    this.#filter = new Uint8Array(1 << bits);
    for (const gram of grams.keys()) this.#filter[Math.imul(gram, GRAM_HASH) >>> this.#shift] = 1;
    this.#grams = grams;
    this.#pairs = pairs;
    this.#hasPairs = pairs.length > 0;
    this.#pairFilter = this.#hasPairs ? new Uint8Array(PAIR_MASK + 1) : NO_PAIRS;
    for (const pair of pairs.keys()) if (pairs[pair] !== undefined) this.#pairFilter[pair] = 1;
    this.bytes = this.#filter.byteLength + (this.#hasPairs ? this.#pairFilter.byteLength : 0);
  }

  scan(text: string, sink: GramSink): void {
    if (this.#wide.length > 0 && isWide(text)) sink.consider(this.#wide);
    const { length } = text;
    if (length < LONG_CHARACTERS_MIN || length > BYTES.length) {
      this.#scanCharacters(text, sink);
    } else if (this.#hasPairs) this.#scanBytesAndPairs(text, sink);
    else this.#scanBytes(text, sink);
  }

  #scanBytes(text: string, sink: GramSink): void {
    const filter = this.#filter;
    const shift = this.#shift;
    const symbolOf = SYMBOL_OF;
    const bytes = BYTES;
    const length = bytes.write(text, 0, text.length, "latin1");
    let gram = BOUNDARY;
    for (let index = 0; index < length; index += 1) {
      // A byte is in the buffer and has an entry in the table.
      gram = ((gram << SYMBOL_BITS) | (symbolOf[bytes[index] as number] as number)) & GRAM_MASK;
      if (filter[Math.imul(gram, GRAM_HASH) >>> shift] !== 0) this.#hit(text, index, gram, sink);
    }
    this.#end(text, gram, sink);
  }

  #scanBytesAndPairs(text: string, sink: GramSink): void {
    const filter = this.#filter;
    const pairFilter = this.#pairFilter;
    const shift = this.#shift;
    const symbolOf = SYMBOL_OF;
    const bytes = BYTES;
    const length = bytes.write(text, 0, text.length, "latin1");
    let gram = BOUNDARY;
    for (let index = 0; index < length; index += 1) {
      // A byte is in the buffer and has an entry in the table.
      gram = ((gram << SYMBOL_BITS) | (symbolOf[bytes[index] as number] as number)) & GRAM_MASK;
      if (filter[Math.imul(gram, GRAM_HASH) >>> shift] !== 0) this.#hit(text, index, gram, sink);
      if (pairFilter[gram & PAIR_MASK] !== 0) this.#hitPair(text, index, gram, sink);
    }
    this.#end(text, gram, sink);
  }

  #scanCharacters(text: string, sink: GramSink): void {
    const filter = this.#filter;
    const pairFilter = this.#pairFilter;
    const shift = this.#shift;
    const symbolOf = SYMBOL_OF;
    const { length } = text;
    let gram = BOUNDARY;
    for (let index = 0; index < length; index += 1) {
      const symbol = symbolOf[text.charCodeAt(index) & 0xff] as number; // The table has 256 entries.
      gram = ((gram << SYMBOL_BITS) | symbol) & GRAM_MASK;
      if (filter[Math.imul(gram, GRAM_HASH) >>> shift] !== 0) this.#hit(text, index, gram, sink);
      if (pairFilter[gram & PAIR_MASK] !== 0) this.#hitPair(text, index, gram, sink);
    }
    this.#end(text, gram, sink);
  }

  #end(text: string, last: number, sink: GramSink): void {
    const gram = ((last << SYMBOL_BITS) | BOUNDARY) & GRAM_MASK;
    if (this.#filter[Math.imul(gram, GRAM_HASH) >>> this.#shift] !== 0) {
      this.#hit(text, text.length, gram, sink);
    }
    if (this.#pairFilter[gram & PAIR_MASK] !== 0) this.#hitPair(text, text.length, gram, sink);
  }

  #hitPair(text: string, end: number, gram: number, sink: GramSink): void {
    const found = this.#pairs[gram & PAIR_MASK];
    if (found !== undefined) verify(found, text, end, sink);
  }

  #hit(text: string, end: number, gram: number, sink: GramSink): void {
    const found = this.#grams.get(gram);
    if (found !== undefined) verify(found, text, end, sink);
  }
}

function verify(entries: readonly Entry[], text: string, end: number, sink: GramSink): void {
  for (let at = 0; at < entries.length; at += 1) {
    const entry = entries[at] as Entry; // Within bounds.
    const start = end - entry.back;
    if (start < 0 || start + entry.text.length > text.length) continue;
    if (entry.atStart && start !== 0) continue;
    if (entry.atEnd && start + entry.text.length !== text.length) continue;
    if (standsAt(entry.text, text, start)) sink.consider(entry.owners);
  }
}

/** Compares in any case; characters beyond ASCII pass for one another: the rule's own test follows. */
export function standsAt(literal: string, text: string, start: number): boolean {
  for (let index = 0; index < literal.length; index += 1) {
    const code = text.charCodeAt(start + index);
    const wanted = literal.charCodeAt(index);
    if (code === wanted) continue;
    if (code >= 65 && code <= 90) {
      if (code + 32 !== wanted) return false;
    } else if (code < 128 || wanted < 128) return false;
  }
  return true;
}
