// What names and conventions (profile folders, SIDs, user options) begin with, as a table of bits that one
// pass over a text asks at every character. A gram is a separator and five folded characters after it, five
// bits each; what the table knows is only looked at more closely, so that it may hold too much, never too
// little.
import { ASCII_FOLD, foldUnit, isMark } from "./fold.ts";
import { SEPARATOR_UNITS_MAX } from "./name-words.ts";

const CLASS_BITS = 5;
const CLASS_COUNT = 1 << CLASS_BITS;
/** Characters after the separator. */
export const GRAM_CHARACTERS = 5;
/** Of these so many tell, without any hash, whether it is worth to look at all five. */
export const BEGIN_CHARACTERS = 3;
const BEGIN_SHIFT = CLASS_BITS * (GRAM_CHARACTERS - BEGIN_CHARACTERS);
/** Multiplier of Fibonacci hashing, 2^32 by the golden ratio, as a signed number. */
const FACTOR = 0x9e3779b1 | 0;

const DIGIT_FIRST = 27;
const DIGIT_CLASSES = 4;
const FOREIGN = 31;

/** Greatest kind that is a class: 0 a separator, 1 to 26 letters, then digits and letters of other scripts. */
const KIND_CLASS_LAST = FOREIGN;
/** Added to the class of a letter of Latin-1, before which expressions see the end of a word. */
export const KIND_LATIN = 32;
/** Added to the first class of one that is transcribed by two letters. */
export const KIND_PAIR = 64;
export const KIND_BACKSLASH = 128;
const KIND_PERCENT = 129;
/** Has to be folded or decoded by itself. */
export const KIND_OTHER = 255;

/** What each UTF-16 unit is to the pass. */
export const UNIT_KINDS = new Uint8Array(65_536).fill(KIND_OTHER);
/** Second class of a letter of the kind pair. */
export const SECOND_CLASSES = new Uint8Array(256);

for (let unit = 0; unit < 128; unit += 1) UNIT_KINDS[unit] = classOf(ASCII_FOLD[unit] ?? 0);
for (let unit = 128; unit < 256; unit += 1) UNIT_KINDS[unit] = latinKind(unit);
// Dashes, quotation marks, bullets and currencies are separators like those of ASCII.
for (let unit = 0x2010; unit < 0x20d0; unit += 1) {
  if (foldUnit(unit) === "" && !isMark(unit)) UNIT_KINDS[unit] = 0;
}

/** The same for texts in which characters may be encoded. */
export const ENCODED_KINDS = UNIT_KINDS.slice();
ENCODED_KINDS["\\".charCodeAt(0)] = KIND_BACKSLASH;
ENCODED_KINDS["%".charCodeAt(0)] = KIND_PERCENT;

function classOf(folded: number): number {
  if (folded === 0) return 0;
  if (folded >= 97 && folded <= 122) return folded - 96;
  if (folded >= 48 && folded <= 57) return DIGIT_FIRST + ((folded - 48) % DIGIT_CLASSES);
  return FOREIGN;
}

function latinKind(unit: number): number {
  const fold = foldUnit(unit);
  if (fold === "") return 0;
  // Raised digits and fractions are digits to a name, but end a word elsewhere.
  if (!/\p{L}/u.test(String.fromCharCode(unit)) || fold.length > 2) return KIND_OTHER;
  const first = classOf(fold.charCodeAt(0));
  if (fold.length === 1) return KIND_LATIN + first;
  SECOND_CLASSES[unit] = classOf(fold.charCodeAt(1));
  return KIND_PAIR + first;
}

const BITS_LOG_MIN = 16;
const BITS_LOG_MAX = 24;
/** One bit in so many is set at most, so that few characters pass for nothing. */
const BITS_PER_GRAM = 32;

// `\users\`, `/home/`, `user=`, `net user`, `su - `, `-Identity`: see the expressions of `text.ts`. A dash is a
// separator; `-1-5-2` is a part of every SID, and a space stands for any separator, `?` for anything.
const CONVENTIONS = ["users", "userh", "user ", "usern", "home?", "profi", "dokum", "docum"];
const COMMANDS = ["net u", "net  ", "net1 ", "su   ", "ident", "mailb", "1 5 2"];

/** Grams of the conventions. */
const CONVENTION_GRAMS = new Set<number>();
for (const text of [...CONVENTIONS, ...COMMANDS]) {
  eachGram(text.replace("?", ""), text.endsWith("?") ? 1 : 0, (gram) => CONVENTION_GRAMS.add(gram));
}

/** Grams of a text of folded characters; what is left open is filled with all that there is. */
function eachGram(text: string, open: number, take: (gram: number) => void): void {
  let gram = 0;
  for (const char of text) {
    gram = gram * CLASS_COUNT + classOf(char === " " ? 0 : char.charCodeAt(0));
  }
  const first = gram * CLASS_COUNT ** open;
  for (let more = 0; more < CLASS_COUNT ** open; more += 1) take(first + more);
}

/** The beginnings of a name: as many as ways to separate its words, and what may follow a short one. */
function eachGramOf(words: readonly string[], take: (gram: number) => void): void {
  const grow = (text: string, next: number): void => {
    if (text.length >= GRAM_CHARACTERS) eachGram(text.slice(0, GRAM_CHARACTERS), 0, take);
    else if (next === words.length) {
      // The name has ended: a separator, and whatever comes behind it.
      eachGram(`${text} `, GRAM_CHARACTERS - text.length - 1, take);
    } else {
      for (let count = 1; count <= SEPARATOR_UNITS_MAX; count += 1) {
        grow(text + " ".repeat(count) + words[next], next + 1);
      }
    }
  };
  const [first = ""] = words;
  if (first !== "") grow(first, 1);
}

export interface GramTable {
  /** The first three characters of all grams, a bit each. */
  readonly begins: Uint32Array;
  /** Hashes of the whole grams, of so many bits as fit into 32 less `shift`. */
  readonly bits: Uint32Array;
  readonly shift: number;
  /** How many bits are set. */
  count: number;
}

export function createGramTable(bitsLog = BITS_LOG_MIN): GramTable {
  const begins = new Uint32Array(2 ** (CLASS_BITS * BEGIN_CHARACTERS - 5));
  const bits = new Uint32Array(2 ** (bitsLog - 5));
  const table = { begins, bits, shift: 32 - bitsLog, count: 0 };
  for (const gram of CONVENTION_GRAMS) setGram(table, gram);
  return table;
}

function setGram(table: GramTable, gram: number): void {
  const begin = gram >>> BEGIN_SHIFT;
  table.begins[begin >>> 5] = (table.begins[begin >>> 5] ?? 0) | (1 << (begin & 31));
  const bit = Math.imul(gram, FACTOR) >>> table.shift;
  const before = table.bits[bit >>> 5] ?? 0;
  const after = before | (1 << (bit & 31));
  if (after === before) return;
  table.bits[bit >>> 5] = after;
  table.count += 1;
}

/** Adds a name; false when the table has become too full and should be made anew, twice as large. */
export function addToGrams(table: GramTable, words: readonly string[]): boolean {
  eachGramOf(words, (gram) => setGram(table, gram));
  const size = table.bits.length * 32;
  return table.count * BITS_PER_GRAM <= size || size >= 2 ** BITS_LOG_MAX;
}

/** Where a pass stands: the classes of the last units, the newest in the lowest bits. */
export interface Pass {
  classes: number;
}

const LAST_CLASSES = 2 ** (CLASS_BITS * (BEGIN_CHARACTERS + 1)) - 1;
const AFTER_SEPARATOR = 2 ** (CLASS_BITS * BEGIN_CHARACTERS);
const LAST_BEGIN = AFTER_SEPARATOR - 1;

/**
 * The next unit that is of no class, or at which the first three characters of a gram end; `end` when there
 * is none. Two units behind `end` are read, too. Everything of the loop is a variable of this function, and
 * it does nothing else: it is what a text costs.
 */
export function nextStop(
  units: Uint16Array,
  from: number,
  end: number,
  kinds: Uint8Array,
  { begins, bits, shift }: GramTable,
  pass: Pass,
): number {
  let classes = pass.classes;
  for (let at = from; at < end; at += 1) {
    const kind = kinds[units[at] ?? 0] ?? 0;
    if (kind > KIND_CLASS_LAST) {
      pass.classes = classes;
      return at;
    }
    classes = (classes << CLASS_BITS) | kind;
    // Branches that can't be foretold cost more than what they save: both conditions are one.
    const isAfterSeparator = ((classes & LAST_CLASSES) - AFTER_SEPARATOR) >>> 31;
    const begin = (begins[(classes & LAST_BEGIN) >>> 5] ?? 0) >>> classes;
    if ((begin & isAfterSeparator) === 0) continue;
    const next = kinds[units[at + 1] ?? 0] ?? 0;
    const second = kinds[units[at + 2] ?? 0] ?? 0;
    if (next <= KIND_CLASS_LAST && second <= KIND_CLASS_LAST) {
      const gram = ((classes & LAST_BEGIN) << BEGIN_SHIFT) | (next << CLASS_BITS) | second;
      const bit = Math.imul(gram, FACTOR) >>> shift;
      if ((((bits[bit >>> 5] ?? 0) >>> bit) & 1) === 0) continue;
    }
    pass.classes = classes;
    return at;
  }
  pass.classes = classes;
  return end;
}

/** Adds a class; whether the first three characters of a gram may end with it. */
export function mayEndBegin(pass: Pass, kind: number, { begins }: GramTable): boolean {
  pass.classes = (pass.classes << CLASS_BITS) | kind;
  const begin = pass.classes & LAST_CLASSES;
  return begin < AFTER_SEPARATOR && (((begins[begin >>> 5] ?? 0) >>> begin) & 1) !== 0;
}

/** Whether three characters that a pass has met and the two units behind them begin a convention. */
export function mayBeginConvention(pass: Pass, next: number, second: number): boolean {
  const kinds = [next, second].map((unit) => UNIT_KINDS[unit] ?? 0);
  const [first = 0, last = 0] = kinds;
  const gram = ((pass.classes & LAST_BEGIN) << BEGIN_SHIFT) | (first << CLASS_BITS) | last;
  return CONVENTION_GRAMS.has(gram);
}
