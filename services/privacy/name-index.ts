// All known names of one tenant in one structure: a text is passed over once, word by word, whatever their
// number. The hash of each word asks a bitmap; only where it says "perhaps" the words are compared.
import { ASCII_FOLD, decodeAt, foldMark, foldUnit, isMark } from "./fold.ts";

/** Names of more words are found by their first ones. */
const NAME_WORDS_MAX = 6;
const SEPARATOR_UNITS_MAX = 3;
const FACTOR = 31;
const PERCENT = 37;
const BACKSLASH = 92;
const SPACE = 32;
const LETTER_U = 117;
const BITS_MIN = 1 << 16;
/** One bit in so many is set at most, so that few words pass for nothing. */
const BITS_PER_WORD = 32;
/** What may stand between the words of a name, besides what is encoded. */
const SOFT = new Uint8Array(128);
for (const char of " .,_-+'") SOFT[char.charCodeAt(0)] = 1;

/** `everywhere`, or only as `DOMAIN\name`, because the name is an ordinary word, too. */
export type NameReach = "everywhere" | "account";

interface Node {
  next: Map<string, Node> | undefined;
  /** Canonical name that the words so far stand for. */
  canonical: string | undefined;
  reach: NameReach;
}

export interface NameIndex {
  /** The first name that is added for the same words stays. */
  add(words: readonly string[], canonical: string, reach: NameReach): void;
  remove(words: readonly string[]): void;
  /** Canonical name of exactly these words. */
  find(words: readonly string[]): string | undefined;
  /** Replaces all names in one pass; `replacementOf` may give undefined to leave one. */
  replace(text: string, replacementOf: (canonical: string) => string | undefined): string;
}

export function createNameIndex(): NameIndex {
  const root = new Map<string, Node>();
  let bits = new Uint32Array(BITS_MIN / 32);
  let mask = BITS_MIN - 1;
  const mark = (word: string) => {
    const bit = hashOf(word) & mask;
    bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
  };
  const addFirst = (word: string) => {
    if ((root.size + 1) * BITS_PER_WORD > mask + 1) {
      mask = (mask + 1) * 2 - 1;
      bits = new Uint32Array((mask + 1) / 32);
      for (const known of root.keys()) mark(known);
    }
    mark(word);
  };
  return {
    add(words, canonical, reach) {
      let level = root;
      let node: Node | undefined;
      for (const word of words.slice(0, NAME_WORDS_MAX)) {
        node = level.get(word);
        if (node === undefined) {
          if (level === root) addFirst(word);
          node = { next: undefined, canonical: undefined, reach };
          level.set(word, node);
        }
        node.next ??= new Map();
        level = node.next;
      }
      if (node === undefined || node.canonical !== undefined) return;
      node.canonical = canonical;
      node.reach = reach;
    },
    remove(words) {
      const node = walk(root, words);
      if (node === undefined) return;
      node.canonical = undefined;
      const [only] = words;
      if (words.length === 1 && only !== undefined && (node.next?.size ?? 0) === 0)
        root.delete(only);
    },
    find: (words) => walk(root, words)?.canonical,
    replace(text, replacementOf) {
      if (root.size === 0) return text;
      return replaceAll(text, root, bits, mask, replacementOf);
    },
  };
}

function walk(root: ReadonlyMap<string, Node>, words: readonly string[]): Node | undefined {
  let node: Node | undefined;
  let level: ReadonlyMap<string, Node> | undefined = root;
  for (const word of words.slice(0, NAME_WORDS_MAX)) {
    node = level?.get(word);
    if (node === undefined) return undefined;
    level = node.next;
  }
  return node;
}

/** The folded words of a name, as they are looked for in texts. */
export function wordsOf(name: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < name.length; ) {
    const word = wordAt(name, at);
    if (word.fold === "") at += separatorLength(name, at);
    else {
      words.push(word.fold);
      at = word.end;
    }
  }
  return words;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let index = 0; index < word.length; index += 1) {
    hash = (Math.imul(hash, FACTOR) + word.charCodeAt(index)) | 0;
  }
  return hash ^ (hash >>> 15);
}

// What a UTF-16 unit is to the pass: 0 a separator, below 128 the folded letter or digit itself, else
// something that has to be looked at.
const OTHER = 255;
const CLASSES = new Uint8Array(65_536).fill(OTHER);
CLASSES.set(ASCII_FOLD);
CLASSES[PERCENT] = OTHER;
CLASSES[BACKSLASH] = OTHER;

// Texts are copied here at once: reading single units of a string costs several times as much.
let copy = Buffer.alloc(2 * 65_536);
let units = new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);

function copyUnits(text: string): Uint16Array {
  if (text.length >= units.length) {
    copy = Buffer.alloc(4 * text.length);
    units = new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);
  }
  copy.write(text, 0, "utf16le");
  // A space beyond the end closes the last word.
  units[text.length] = SPACE;
  return units;
}

function replaceAll(
  text: string,
  root: ReadonlyMap<string, Node>,
  bits: Uint32Array,
  mask: number,
  replacementOf: (canonical: string) => string | undefined,
): string {
  const { length } = text;
  const all = copyUnits(text);
  let out = "";
  let done = 0;
  let start = 0;
  let hash = 0;
  let last = 0;
  for (let at = 0; at <= length; at += 1) {
    const unit = all[at] ?? SPACE;
    const folded = CLASSES[unit] ?? 0;
    if (folded !== 0 && folded !== OTHER) {
      hash = (Math.imul(hash, FACTOR) + folded) | 0;
      continue;
    }
    let skip = 0;
    if (folded === OTHER && (unit !== BACKSLASH || all[at + 1] === LETTER_U)) {
      last = at > start ? (CLASSES[all[at - 1] ?? 0] ?? 0) : 0;
      const other = foldAt(text, at, last);
      if (other.isWord) {
        for (let index = 0; index < other.fold.length; index += 1) {
          hash = (Math.imul(hash, FACTOR) + other.fold.charCodeAt(index)) | 0;
        }
        at += other.length - 1;
        continue;
      }
      skip = other.length - 1;
    }
    const bit = (hash ^ (hash >>> 15)) & mask;
    if (hash !== 0 && ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) {
      const found = longestAt(text, start, root);
      const replacement = found === undefined ? undefined : replacementOf(found.canonical);
      if (found !== undefined && replacement !== undefined) {
        out += text.slice(done, start) + replacement;
        done = found.end;
        at = found.end - 1;
        start = found.end;
        hash = 0;
        continue;
      }
    }
    at += skip;
    hash = 0;
    start = at + 1;
  }
  return done === 0 ? text : out + text.slice(done);
}

interface Folded {
  readonly isWord: boolean;
  readonly fold: string;
  readonly length: number;
}

/** What stands at a place, when it is no plain ASCII letter or digit. */
function foldAt(text: string, at: number, before: number): Folded {
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

/** The longest name that begins at a word. */
function longestAt(
  text: string,
  start: number,
  root: ReadonlyMap<string, Node>,
): { readonly canonical: string; readonly end: number } | undefined {
  let level: ReadonlyMap<string, Node> | undefined = root;
  let found: { canonical: string; end: number } | undefined;
  let at = start;
  for (let count = 0; count < NAME_WORDS_MAX && level !== undefined; count += 1) {
    const word = wordAt(text, at);
    const node: Node | undefined = word.fold === "" ? undefined : level.get(word.fold);
    if (node === undefined) break;
    if (node.canonical !== undefined) {
      const isTold = node.reach === "everywhere" || isAccountForm(text, start, word.end);
      if (isTold) found = { canonical: node.canonical, end: word.end };
    }
    if (node.next === undefined || node.next.size === 0) break;
    level = node.next;
    at = afterSeparator(text, word.end);
    if (at === -1) break;
  }
  return found;
}

// A word without end is no name.
const WORD_FOLD_MAX = 128;

function wordAt(text: string, start: number): { readonly fold: string; readonly end: number } {
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

function separatorLength(text: string, at: number): number {
  return Math.max(1, foldAt(text, at, 0).length);
}

/** Where the next word of a name begins; -1 when something else stands between. */
function afterSeparator(text: string, from: number): number {
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

// `LKH\koch`, but neither a part of a path (`C:\Koch\a`, `\\koch\a`) nor `C:\Program Files\Koch Software`.
function isAccountForm(text: string, start: number, end: number): boolean {
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
