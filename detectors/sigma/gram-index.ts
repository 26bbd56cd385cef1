// Finds which of many literals stand in a value, in one pass: for each literal the rarest four
// neighbouring characters are looked for, and only where they stand is the literal compared. Small
// tables that stay in the processor's cache are the point; what it tells is still no proof.
import type { Literal } from "./pattern-test.ts";
import { copyToScan, FOLD, SCAN_CHARACTERS_MAX, SCAN_START, SCAN_VIEW } from "./scan-memory.ts";
import {
  byteOf,
  GRAM_HASH,
  GRAM_LENGTH,
  GRAM_MASK,
  isWide,
  SYMBOL_BITS,
  searchableBy,
  symbolsOf,
  UNSURE,
} from "./symbols.ts";

/** A literal and what is to be told when it stands in a value. */
export interface GramEntry {
  /** Not one that `searchableBy` refuses. */
  readonly literal: Literal;
  readonly owners: readonly number[];
  /** Leaves that are true when the literal stands in the value. Only of literals in ASCII. */
  readonly proves?: readonly number[];
}

export interface GramSink {
  /** Called for owners of a literal that stands in the value; may be told again. */
  consider(owners: Int32Array, proves?: Int32Array): void;
}

export interface GramIndex {
  scan(text: string, sink: GramSink): void;
  readonly bytes: number;
}

/** Stands before the first and behind the last character; few texts have the letter. */
const BOUNDARY_BYTE = 0xff;
const BYTES_FOLDED = 256;
const FILTER_BITS_MIN = 8;
/** One bit a place: 16 KiB stay in the processor's nearest cache. */
const FILTER_BITS_MAX = 17;
/** Places of the filter for each gram, so that few others fall on a taken one. */
const FILTER_SPARSENESS = 32;
const PAIR_BITS = 16;

/** A literal, and where in it the characters stand that are looked for. */
export interface PlacedLiteral {
  readonly text: string;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly cased: string | undefined;
  readonly owners: Int32Array;
  readonly proves: Int32Array | undefined;
  /** From the first character that is looked for back to the literal's beginning. */
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
  const grams = new Map<number, PlacedLiteral[]>();
  const pairs = new Map<number, PlacedLiteral[]>();
  const wide = new Set<number>();
  for (const { literal, owners, proves } of entries) {
    const { text, atStart, atEnd } = literal;
    const by = searchableBy(literal);
    if (by === "wide") for (const owner of owners) wide.add(owner);
    if (by === "wide" || by === "not") continue;
    const bytes = bytesOf(literal);
    const make = (first: number) => placedLiteral({ literal, owners, proves: proves ?? [] }, first);
    if (by === "grams") {
      const first = rarestGram(symbolsOf(text, atStart, atEnd), countOf).end - GRAM_LENGTH + 1;
      addTo(grams, wordOf(bytes, first), make(first));
      continue;
    }
    const last = bytes.length - 1;
    const second = bytes[last] ?? 0;
    if (last > 0) addTo(pairs, pairOf(bytes[last - 1] ?? 0, second), make(last - 1));
    else {
      for (let before = 0; before < BYTES_FOLDED; before += 1) {
        if ((before & FOLD) !== 0) addTo(pairs, pairOf(before, second), make(-1));
      }
    }
  }
  return makeIndex(grams, pairs, Int32Array.from(wide));
}

/** @param first where in the literal, with its boundaries, the characters stand that are looked for */
export function placedLiteral(
  { literal, owners, proves = [] }: GramEntry,
  first: number,
): PlacedLiteral {
  const { text, atStart, atEnd, cased } = literal;
  return {
    text,
    atStart,
    atEnd,
    cased,
    owners: Int32Array.from(owners),
    proves: proves.length === 0 ? undefined : Int32Array.from(proves),
    back: first - (atStart ? 1 : 0),
  };
}

/** A literal as it is copied and folded, with its boundaries. */
export function bytesOf({ text, atStart, atEnd }: Literal): number[] {
  const bytes: number[] = atStart ? [BOUNDARY_BYTE] : [];
  for (let index = 0; index < text.length; index += 1) bytes.push(byteOf(text, index) | 0x20);
  if (atEnd) bytes.push(BOUNDARY_BYTE);
  return bytes;
}

/** Four bytes as the processor reads them. */
export function wordOf(bytes: readonly number[], at: number): number {
  const [one = 0, two = 0, three = 0, four = 0] = bytes.slice(at, at + GRAM_LENGTH);
  return one | (two << 8) | (three << 16) | (four << 24);
}

// As the last two bytes of a word.
function pairOf(first: number, second: number): number {
  return first | (second << 8);
}

function addTo(map: Map<number, PlacedLiteral[]>, key: number, entry: PlacedLiteral): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

function makeIndex(
  grams: ReadonlyMap<number, readonly PlacedLiteral[]>,
  pairs: ReadonlyMap<number, readonly PlacedLiteral[]>,
  wide: Int32Array,
): GramIndex {
  const wanted = Math.ceil(Math.log2(Math.max(1, grams.size) * FILTER_SPARSENESS));
  const bits = Math.min(FILTER_BITS_MAX, Math.max(FILTER_BITS_MIN, wanted));
  const shift = 32 - bits;
  const filter = bitsOf(
    bits,
    [...grams.keys()].map((gram) => Math.imul(gram, GRAM_HASH) >>> shift),
  );
  const pairFilter = pairs.size === 0 ? undefined : bitsOf(PAIR_BITS, [...pairs.keys()]);
  const scanShort = (text: string, sink: GramSink) => {
    copyToScan(text, BOUNDARY_BYTE);
    const { length } = text;
    const last = SCAN_START + length - GRAM_LENGTH + 1;
    if (pairFilter === undefined) {
      for (
        let at = nextGram(filter, shift, SCAN_START - 1, last);
        at <= last;
        at = nextGram(filter, shift, at + 1, last)
      ) {
        const found = grams.get(SCAN_VIEW.getInt32(at, true) | FOLD);
        if (found !== undefined) verify(found, text, at - SCAN_START, sink);
      }
      return;
    }
    // A pair is the end of a word, so the first words begin before the text.
    for (
      let at = nextGramOrPair(filter, shift, pairFilter, SCAN_START - GRAM_LENGTH + 1, last);
      at <= last;
      at = nextGramOrPair(filter, shift, pairFilter, at + 1, last)
    ) {
      const word = SCAN_VIEW.getInt32(at, true) | FOLD;
      const found = grams.get(word);
      if (found !== undefined) verify(found, text, at - SCAN_START, sink);
      const foundPair = pairs.get(word >>> PAIR_BITS);
      if (foundPair !== undefined) verify(foundPair, text, at + 2 - SCAN_START, sink);
    }
  };
  return {
    bytes: filter.byteLength + (pairFilter?.byteLength ?? 0),
    scan(text, sink) {
      if (wide.length > 0 && isWide(text)) sink.consider(wide);
      if (text.length <= SCAN_CHARACTERS_MAX) scanShort(text, sink);
      else scanLong(text, grams, pairs, sink);
    },
  };
}

/** A filter of one bit a place. */
export function bitsOf(bits: number, places: readonly number[]): Int32Array {
  const filter = new Int32Array(1 << Math.max(0, bits - 5));
  for (const place of places) {
    filter[place >>> 5] = (filter[place >>> 5] as number) | (1 << (place & 31)); // Within bounds.
  }
  return filter;
}

/** The next place up to the last whose word the filter lets pass. */
function nextGram(filter: Int32Array, shift: number, from: number, last: number): number {
  const view = SCAN_VIEW;
  for (let at = from; at <= last; at += 1) {
    const hash = Math.imul(view.getInt32(at, true) | FOLD, GRAM_HASH) >>> shift;
    if ((((filter[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0) return at; // Within bounds.
  }
  return last + 1;
}

function nextGramOrPair(
  filter: Int32Array,
  shift: number,
  pairFilter: Int32Array,
  from: number,
  last: number,
): number {
  const view = SCAN_VIEW;
  for (let at = from; at <= last; at += 1) {
    const word = view.getInt32(at, true) | FOLD;
    const hash = Math.imul(word, GRAM_HASH) >>> shift;
    const pair = word >>> PAIR_BITS;
    const gramBit = (filter[hash >>> 5] as number) >>> (hash & 31); // Within bounds, as is the next.
    const pairBit = (pairFilter[pair >>> 5] as number) >>> (pair & 31);
    if (((gramBit | pairBit) & 1) !== 0) return at;
  }
  return last + 1;
}

// Longer than the memory: read from the string itself.
function scanLong(
  text: string,
  grams: ReadonlyMap<number, readonly PlacedLiteral[]>,
  pairs: ReadonlyMap<number, readonly PlacedLiteral[]>,
  sink: GramSink,
): void {
  let word = BOUNDARY_BYTE << 24;
  for (let end = 0; end <= text.length; end += 1) {
    const byte = end === text.length ? BOUNDARY_BYTE : text.charCodeAt(end) & 0xff;
    word = (word >>> 8) | (byte << 24) | FOLD;
    const found = grams.get(word);
    if (found !== undefined) verify(found, text, end - GRAM_LENGTH + 1, sink);
    const foundPair = pairs.get(word >>> PAIR_BITS);
    if (foundPair !== undefined) verify(foundPair, text, end - 1, sink);
  }
}

/** @param at where in the text the characters stand that were looked for */
export function verify(
  entries: readonly PlacedLiteral[],
  text: string,
  at: number,
  sink: GramSink,
): void {
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index] as PlacedLiteral; // Within bounds.
    const start = at - entry.back;
    if (start < 0 || start + entry.text.length > text.length) continue;
    if (entry.atStart && start !== 0) continue;
    if (entry.atEnd && start + entry.text.length !== text.length) continue;
    if (!standsAt(entry.text, text, start)) continue;
    if (entry.cased !== undefined && !text.startsWith(entry.cased, start)) continue;
    sink.consider(entry.owners, entry.proves);
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
