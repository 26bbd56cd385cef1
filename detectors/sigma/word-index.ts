// Finds literals in a value by looking at four neighbouring bytes at every fourth place: a literal of seven
// characters holds such a word wherever it stands. A quarter of the work of the gram index, for fields whose
// literals are all long and rare: call traces, scripts, hashes.
import {
  bitsOf,
  bytesOf,
  type GramEntry,
  type GramIndex,
  type PlacedLiteral,
  placedLiteral,
  verify,
  wordOf,
} from "./gram-index.ts";
import { copyToScan, FOLD, SCAN_CHARACTERS_MAX, SCAN_START, SCAN_WORDS } from "./scan-memory.ts";
import {
  GRAM_HASH,
  GRAM_LENGTH,
  GRAM_MASK,
  SYMBOL_BITS,
  searchableBy,
  symbolsOf,
  UNSURE,
} from "./symbols.ts";

const WORD = 4;
const FIRST_WORD = SCAN_START / WORD;
/** So many neighbours hold a whole word wherever they begin. */
const RUN_MIN = 2 * WORD - 1;
/** Beginnings, endings and whole values are compared in their place, so there must be few. */
const ANCHORED_MAX = 4;
/** Words of literals that an event's field may hold; more are looked for by their rarest gram. */
const EXPECTED_WORDS_MAX = 1;
const FILTER_BITS_MIN = 8;
const FILTER_BITS_MAX = 17;
const FILTER_SPARSENESS = 32;

/**
 * @param countOf how often a gram is to be expected
 * @returns undefined where the literals are too short or too common
 */
export function buildWordIndex(
  entries: readonly GramEntry[],
  countOf: (gram: number) => number,
): GramIndex | undefined {
  const words = new Map<number, PlacedLiteral[]>();
  const anchored: PlacedLiteral[] = [];
  let expected = 0;
  for (const entry of entries) {
    const { literal } = entry;
    if (searchableBy(literal) !== "grams") return undefined;
    if (literal.atStart || literal.atEnd) {
      anchored.push(placedLiteral(entry, literal.atStart ? 1 : 0));
      if (anchored.length > ANCHORED_MAX) return undefined;
      continue;
    }
    const run = rarestRun(symbolsOf(literal.text, false, false), countOf);
    if (run === undefined) return undefined;
    expected += run.count;
    if (expected > EXPECTED_WORDS_MAX) return undefined;
    const bytes = bytesOf(literal);
    for (let first = run.first; first < run.first + WORD; first += 1) {
      const word = wordOf(bytes, first);
      const placed = placedLiteral(entry, first);
      const known = words.get(word);
      if (known === undefined) words.set(word, [placed]);
      else known.push(placed);
    }
  }
  return makeIndex(words, anchored);
}

/** The seven neighbours whose words are seen least often, and how often one is, at every fourth place. */
function rarestRun(
  symbols: readonly number[],
  countOf: (gram: number) => number,
): { readonly first: number; readonly count: number } | undefined {
  let best: { readonly first: number; readonly count: number } | undefined;
  const counts: number[] = [];
  let gram = 0;
  let sure = 0;
  for (const [end, symbol] of symbols.entries()) {
    gram = ((gram << SYMBOL_BITS) | symbol) & GRAM_MASK;
    sure = symbol === UNSURE ? 0 : sure + 1;
    counts.push(sure < GRAM_LENGTH ? 0 : countOf(gram));
    if (sure < RUN_MIN) continue;
    const count = counts.slice(-WORD).reduce((sum, one) => sum + one, 0) / WORD;
    if (best === undefined || count < best.count) best = { first: end - RUN_MIN + 1, count };
  }
  return best;
}

function makeIndex(
  words: ReadonlyMap<number, readonly PlacedLiteral[]>,
  anchored: readonly PlacedLiteral[],
): GramIndex {
  const wanted = Math.ceil(Math.log2(Math.max(1, words.size) * FILTER_SPARSENESS));
  const bits = Math.min(FILTER_BITS_MAX, Math.max(FILTER_BITS_MIN, wanted));
  const shift = 32 - bits;
  const filter = bitsOf(
    bits,
    [...words.keys()].map((word) => Math.imul(word, GRAM_HASH) >>> shift),
  );
  const starting = anchored.filter(({ atStart }) => atStart);
  const ending = anchored.filter(({ atStart }) => !atStart);
  return {
    bytes: filter.byteLength,
    scan(text, sink) {
      if (starting.length > 0) verify(starting, text, 0, sink);
      for (const one of ending) verify([one], text, text.length - one.text.length, sink);
      if (words.size === 0) return;
      // Longer than the memory: in pieces that overlap by all that a word could miss.
      for (let from = 0; from < text.length; from += SCAN_CHARACTERS_MAX - WORD) {
        const piece =
          text.length <= SCAN_CHARACTERS_MAX ? text : text.slice(from, from + SCAN_CHARACTERS_MAX);
        copyToScan(piece, 0);
        const end = FIRST_WORD + (piece.length >>> 2);
        for (
          let at = nextWord(filter, shift, FIRST_WORD, end);
          at < end;
          at = nextWord(filter, shift, at + 1, end)
        ) {
          const found = words.get((SCAN_WORDS[at] as number) | FOLD); // Before the end.
          if (found !== undefined) verify(found, text, from + (at - FIRST_WORD) * WORD, sink);
        }
      }
    },
  };
}

/** The next word before the end that the filter lets pass. */
function nextWord(filter: Int32Array, shift: number, from: number, end: number): number {
  const words = SCAN_WORDS;
  for (let at = from; at < end; at += 1) {
    const hash = Math.imul((words[at] as number) | FOLD, GRAM_HASH) >>> shift;
    if ((((filter[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0) return at; // Within bounds.
  }
  return end;
}
