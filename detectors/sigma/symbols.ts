// The alphabet of the index: characters folded into 64 symbols, so that four of them make a number of
// 24 bits. Upper and lower case share a symbol; so do rare signs. Symbols select, they never decide.

import type { Literal } from "./pattern-test.ts";

export const SYMBOL_BITS = 6;
/** A gram: so many neighbouring symbols. */
export const GRAM_LENGTH = 4;
export const GRAM_MASK = 0xffffff;
/** Spreads grams over tables: 2^32 divided by the golden ratio (Knuth, TAOCP 3, 6.4). */
export const GRAM_HASH = 0x9e3779b1;
/** Before the first and behind the last character of a value. */
export const BOUNDARY = 1;
/** Characters 128 to 255. */
const WIDE = 2;
/** In literals: a character whose lower byte says too little. */
export const UNSURE = -1;
const LETTER_A = 3;
const DIGIT_ZERO = 29;
const FIRST_SIGN = 39;
const SIGNS = [..." \\/.-:\"'()=,;$%&|+_", "{}", "[]", "@", "*", "<>"];
const OTHER = FIRST_SIGN + SIGNS.length;

/** Symbol of a character code, of which the lower byte counts: it is what a copy as Latin 1 keeps. */
export const SYMBOL_OF: Uint8Array = makeTable();

function makeTable(): Uint8Array {
  const table = new Uint8Array(256).fill(WIDE);
  table.fill(OTHER, 0, 128);
  for (let letter = 0; letter < 26; letter += 1) {
    table[65 + letter] = LETTER_A + letter;
    table[97 + letter] = LETTER_A + letter;
  }
  for (let digit = 0; digit < 10; digit += 1) table[48 + digit] = DIGIT_ZERO + digit;
  for (const [index, signs] of SIGNS.entries()) {
    for (const sign of signs) table[sign.charCodeAt(0)] = FIRST_SIGN + index;
  }
  return table;
}

/** Symbols of a literal, lower case, with its boundaries. */
export function symbolsOf(text: string, atStart: boolean, atEnd: boolean): number[] {
  const symbols: number[] = atStart ? [BOUNDARY] : [];
  for (let index = 0; index < text.length; index += 1) symbols.push(symbolOf(text, index));
  if (atEnd) symbols.push(BOUNDARY);
  return symbols;
}

// Å, ẞ and Ÿ beyond Latin 1 have their small letters in it: a copy as Latin 1 would tell them apart.
const FROM_BEYOND = new Set(["\u00df", "\u00e5", "\u00ff"]);

function symbolOf(text: string, index: number): number {
  const byte = byteOf(text, index);
  return byte === UNSURE ? UNSURE : (SYMBOL_OF[byte] ?? UNSURE);
}

/** The byte that a copy as Latin 1 has for a literal's character, whatever its case; else `UNSURE`. */
export function byteOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code > LATIN_1_MAX || FROM_BEYOND.has(text.charAt(index)) ? UNSURE : code;
}

/** How the index can find a literal. */
export type Searchable =
  /** By neighbouring characters. */
  | "grams"
  /** By a pair of neighbours or one character. */
  | "pairs"
  /** It has characters beyond Latin 1, which few values have. */
  | "wide"
  | "not";

export function searchableBy({ text, atStart, atEnd }: Literal): Searchable {
  const symbols = symbolsOf(text, atStart, atEnd);
  let sure = 0;
  for (const symbol of symbols) {
    sure = symbol === UNSURE ? 0 : sure + 1;
    if (sure >= GRAM_LENGTH) return "grams";
  }
  if (sure > 0 && sure === symbols.length)
    return text === "" && !(atStart && atEnd) ? "not" : "pairs";
  return isWide(text) ? "wide" : "not";
}

/** Whether a text has no characters beyond ASCII. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) >= 128) return false;
  }
  return true;
}

/** Whether a text has characters beyond Latin 1. V8 knows it of most strings without looking. */
export function isWide(text: string): boolean {
  return BEYOND_LATIN_1.test(text);
}

const LATIN_1_MAX = 0xff;
const BEYOND_LATIN_1 = /[^\0-\xff]/;
