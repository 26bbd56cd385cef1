// Looks for literals in the JSON text that a record was made of, without reading every character: four
// neighbouring bytes at a time, at every fourth place. Much cheaper than walking the record's values, and
// as sure where the text is what JSON.parse read: letters, digits and most signs stand in JSON as they are.
import {
  copyToScan,
  FOLD,
  SCAN_BYTES,
  SCAN_CHARACTERS_MAX,
  SCAN_START,
  SCAN_WORDS,
} from "./scan-memory.ts";
import { GRAM_HASH } from "./symbols.ts";

/** A literal and what is to be told when it may stand in the text. */
export interface TextEntry {
  /** Lower case. */
  readonly literal: string;
  readonly owners: readonly number[];
}

interface TextSink {
  consider(owners: Int32Array): void;
}

/** False: the text can't tell, the record has to be looked at. */
type TextSearch = (text: string, sink: TextSink) => boolean;

const WORD = 4;
/** A literal of so many characters holds a whole aligned word wherever it stands. */
const RUN_CHARACTERS_MIN = 2 * WORD - 1;
const FIRST_WORD = SCAN_START / WORD;
const FILTER_BITS = 16;
const SHIFT = 32 - FILTER_BITS;

interface Place {
  readonly run: string;
  /** Where in the run the word stands. */
  readonly offset: number;
  readonly owners: Int32Array;
}

/** What a word may be a part of. */
interface Found {
  readonly places: Place[];
  isOfEscape: boolean;
}

/** Whether `buildTextSearch` can look for a literal. */
export function standsInJson(literal: string): boolean {
  return longestRun(literal).length >= RUN_CHARACTERS_MIN;
}

/** @param entries literals of which `standsInJson` is true */
export function buildTextSearch(entries: readonly TextEntry[]): TextSearch {
  const found = new Map<number, Found>();
  const at = (word: number): Found => {
    const known = found.get(word) ?? { places: [], isOfEscape: false };
    found.set(word, known);
    return known;
  };
  for (const { literal, owners } of entries) {
    const run = longestRun(literal);
    // Endings tell more than beginnings: `kerberos::ptt`.
    for (let offset = run.length - RUN_CHARACTERS_MIN; offset <= run.length - WORD; offset += 1) {
      at(wordOf(run, offset)).places.push({ run, offset, owners: Int32Array.from(owners) });
    }
  }
  for (const word of wordsOfEscapes()) at(word).isOfEscape = true;
  return searchFor(found);
}

function searchFor(wanted: ReadonlyMap<number, Found>): TextSearch {
  // One bit a place: 8 KiB stay in the processor's nearest cache.
  const filter = new Int32Array(1 << (FILTER_BITS - 5));
  for (const word of wanted.keys()) {
    const hash = Math.imul(word, GRAM_HASH) >>> SHIFT;
    filter[hash >>> 5] = (filter[hash >>> 5] as number) | (1 << (hash & 31)); // Within bounds.
  }
  return (text, sink) => {
    const { length } = text;
    if (length > SCAN_CHARACTERS_MAX) return false;
    // What only looks like a literal, having lost its upper bytes, is told apart by the rule's own test.
    copyToScan(text, 0);
    const end = FIRST_WORD + (length >>> 2);
    for (let at = nextIn(filter, FIRST_WORD, end); at < end; at = nextIn(filter, at + 1, end)) {
      const found = wanted.get((SCAN_WORDS[at] as number) | FOLD); // Before the end.
      if (found === undefined) continue;
      if (found.isOfEscape && hasEscapeNear(at * WORD)) return false;
      verify(found.places, at * WORD - SCAN_START, length, sink);
    }
    return true;
  };
}

/** The next word that the filter lets pass. */
function nextIn(filter: Int32Array, from: number, end: number): number {
  const words = SCAN_WORDS;
  for (let at = from; at < end; at += 1) {
    const hash = Math.imul((words[at] as number) | FOLD, GRAM_HASH) >>> SHIFT;
    if ((((filter[hash >>> 5] as number) >>> (hash & 31)) & 1) !== 0) return at; // Within bounds.
  }
  return end;
}

// Signs that some writers of JSON escape (`\/`, `\"`) end a run; what they write as `\u003c` is noticed.
function longestRun(literal: string): string {
  let longest = "";
  for (const [run] of literal.matchAll(/[ !#-.0-[\]-~]+/g)) {
    if (run.length > longest.length) longest = run;
  }
  return longest;
}

function wordOf(text: string, at: number): number {
  let word = 0;
  for (let index = WORD - 1; index >= 0; index -= 1) {
    word = (word << 8) | text.charCodeAt(at + index);
  }
  return word | FOLD;
}

// `\u0020` to `\u007f` are characters that runs are made of. Of such an escape, which may begin at any
// byte of a word, one word tells.
function wordsOfEscapes(): Set<number> {
  const words = new Set<number>([wordOf("\\u00", 0)]);
  for (let before = 0; before < 256; before += 1) {
    words.add(wordOf(`${String.fromCharCode(before)}\\u0`, 0));
  }
  for (const high of "234567") {
    words.add(wordOf(`u00${high}`, 0));
    for (const low of "0123456789abcdef") words.add(wordOf(`00${high}${low}`, 0));
  }
  return words;
}

const BACKSLASH = 0x5c;
const SMALL_U = 0x75;
const ZERO = 0x30;
const TWO = 0x32;
const SEVEN = 0x37;

function hasEscapeNear(at: number): boolean {
  for (let start = at - 2; start <= at + 1; start += 1) {
    const high = SCAN_BYTES[start + 4] ?? 0;
    if (
      SCAN_BYTES[start] === BACKSLASH &&
      SCAN_BYTES[start + 1] === SMALL_U &&
      SCAN_BYTES[start + 2] === ZERO &&
      SCAN_BYTES[start + 3] === ZERO &&
      high >= TWO &&
      high <= SEVEN
    ) {
      return true;
    }
  }
  return false;
}

function verify(places: readonly Place[], at: number, length: number, sink: TextSink): void {
  for (const { run, offset, owners } of places) {
    const start = at - offset;
    if (start >= 0 && start + run.length <= length && standsInBytes(run, start)) {
      sink.consider(owners);
    }
  }
}

function standsInBytes(run: string, start: number): boolean {
  for (let index = 0; index < run.length; index += 1) {
    const byte = SCAN_BYTES[SCAN_START + start + index] ?? 0;
    const code = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (code !== run.charCodeAt(index)) return false;
  }
  return true;
}
