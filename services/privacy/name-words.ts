// Words of a text as names are made of them: folded, whatever way their letters are written or encoded, and
// what may stand between two words of one name.
import { ASCII_FOLD, decodeAt, foldMark, foldUnit, isMark } from "./fold.ts";

/** Units or encoded characters between two words of a name. */
export const SEPARATOR_UNITS_MAX = 3;
// A word without end is no name.
const WORD_FOLD_MAX = 128;
const PERCENT = 37;
const BACKSLASH = 92;
/** What may stand between the words of a name, besides what is encoded. */
const SOFT = new Uint8Array(128);
for (const char of " .,_-+'") SOFT[char.charCodeAt(0)] = 1;

interface Folded {
  readonly isWord: boolean;
  readonly fold: string;
  readonly length: number;
}

/** The folded words of a name, as they are looked for in texts. */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < name.length; ) {
    const word = wordAt(name, at);
    if (word.fold === "") at += Math.max(1, foldAt(name, at, 0).length);
    else {
      words.push(word.fold);
      at = word.end;
    }
  }
  return words;
}

/** What stands at a place, when it is no plain ASCII letter or digit. */
export function foldAt(text: string, at: number, before: number): Folded {
  const unit = text.charCodeAt(at);
  if (unit >= 128) return foldedUnit(unit, before, 1);
  if (unit !== PERCENT && unit !== BACKSLASH) return { isWord: false, fold: "", length: 1 };
  const decoded = decodeAt(text, at);
  if (decoded === undefined) return { isWord: false, fold: "", length: 1 };
  return foldedUnit(decoded.char.charCodeAt(0), before, decoded.length);
}

function foldedUnit(unit: number, before: number, length: number): Folded {
  if (isMark(unit)) return { isWord: true, fold: foldMark(unit, before), length };
  const fold =
    unit >= 128 ? foldUnit(unit) : ASCII_FOLD[unit] ? String.fromCharCode(ASCII_FOLD[unit]) : "";
  return { isWord: fold !== "", fold, length };
}

/** The folded word that begins at a place; "" when none does. */
export function wordAt(
  text: string,
  start: number,
): { readonly fold: string; readonly end: number } {
  let fold = "";
  let at = start;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const ascii = unit < 128 ? (ASCII_FOLD[unit] ?? 0) : 0;
    if (ascii !== 0) {
      if (fold.length < WORD_FOLD_MAX) fold += String.fromCharCode(ascii);
      at += 1;
      continue;
    }
    const other = foldAt(text, at, fold.charCodeAt(fold.length - 1));
    if (!other.isWord) break;
    if (fold.length < WORD_FOLD_MAX) fold += other.fold;
    at += other.length;
  }
  return { fold, end: at };
}

/** Where the next word of a name begins; -1 when something else stands between. */
export function afterSeparator(text: string, from: number): number {
  let at = from;
  for (let count = 0; count < SEPARATOR_UNITS_MAX && at < text.length; count += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 128 && ASCII_FOLD[unit] !== 0) return at;
    const other = foldAt(text, at, 0);
    if (other.isWord) return at;
    if (!isSoft(text, at, other.length)) return -1;
    at += other.length;
  }
  return at < text.length && foldOrAscii(text, at) ? at : -1;
}

function foldOrAscii(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit < 128 && ASCII_FOLD[unit] !== 0) || foldAt(text, at, 0).isWord;
}

function isSoft(text: string, at: number, length: number): boolean {
  const unit = length === 1 ? text.charCodeAt(at) : (decodeAt(text, at)?.char.charCodeAt(0) ?? 0);
  return unit === 0xa0 || (unit < 128 && SOFT[unit] === 1);
}

const DOMAIN_UNIT = /[\p{L}\d.-]/u;
const DOMAIN_UNITS_MAX = 64;
const PATH_UNITS_MAX = 260;

/** `LKH\koch`, but neither a part of a path (`C:\Koch\a`, `\\koch\a`) nor `C:\Program Files\Koch Software`. */
export function isAccountForm(text: string, start: number, end: number): boolean {
  if (text[start - 1] !== "\\" || text[end] === "\\") return false;
  let at = start - 1;
  if (text[at - 1] === "\\") at -= 1;
  const domainEnd = at;
  while (at > 0 && domainEnd - at < DOMAIN_UNITS_MAX && DOMAIN_UNIT.test(text[at - 1] ?? "")) {
    at -= 1;
  }
  if (at === domainEnd || "\\/:".includes(text[at - 1] ?? " ")) return false;
  return !/[:\\]\\[^\n"';=]*$/.test(text.slice(Math.max(0, start - PATH_UNITS_MAX), at));
}
