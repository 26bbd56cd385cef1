// The pass over a text that finds all known names: unit by unit, with one question to the table of grams at
// each. Texts with encoded characters or rare letters are gone through word by word from there on.
import { ASCII_FOLD } from "./fold.ts";
import {
  BEGIN_CHARACTERS,
  ENCODED_KINDS,
  GRAM_CHARACTERS,
  type GramTable,
  KIND_BACKSLASH,
  KIND_LATIN,
  KIND_OTHER,
  KIND_PAIR,
  mayBeginConvention,
  mayEndBegin,
  nextStop,
  type Pass,
  SECOND_CLASSES,
  UNIT_KINDS,
} from "./name-grams.ts";
import { foldAt } from "./name-words.ts";

/** What is asked where a name may begin. */
interface NameSource {
  readonly grams: GramTable;
  /** Whether any name begins with a word of this hash; may say yes too often. */
  mayBegin(hash: number): boolean;
  /** The longest name that begins at this place. */
  longestAt(text: string, start: number): FoundName | undefined;
}

export interface FoundName {
  readonly canonical: string;
  readonly end: number;
}

/** A canonical name's replacement; undefined leaves it. */
export type ReplaceCanonical = (canonical: string) => string | undefined;

export interface Scanned {
  /** The text with its known names replaced. */
  readonly text: string;
  /** No character of the text is encoded or of a rare script: words end where expressions see them end. */
  readonly isPlain: boolean;
  /** Whether a profile folder, a SID or an option that names a user may stand in it; `/u:` is not looked for. */
  readonly mayHoldConvention: boolean;
}

const SPACE = 32;
const LETTER_U = 117;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const EQUALS = 61;
const FACTOR = 31;
/** Shorter texts are copied unit by unit, which costs less than a call. */
const COPIED_BY_CALL_MIN = 48;

/** Of a folded word, unit by unit from 0. */
export function hashStep(hash: number, folded: number): number {
  return (Math.imul(hash, FACTOR) + folded) | 0;
}

// Texts are copied here at once: reading single units of a string costs several times as much.
let copy = Buffer.alloc(2 * 65_536);
let units = new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);

function copyUnits(text: string): Uint16Array {
  const { length } = text;
  if (length + GRAM_CHARACTERS >= units.length) {
    copy = Buffer.alloc(4 * (length + GRAM_CHARACTERS));
    units = new Uint16Array(copy.buffer, copy.byteOffset, copy.length / 2);
  }
  if (length >= COPIED_BY_CALL_MIN) copy.write(text, 0, "utf16le");
  else for (let at = 0; at < length; at += 1) units[at] = text.charCodeAt(at);
  // Spaces beyond the end close the last word and fill the last gram.
  units.fill(SPACE, length, length + GRAM_CHARACTERS);
  return units;
}

export function scanNames(
  text: string,
  source: NameSource,
  replacementOf: ReplaceCanonical,
): Scanned {
  const all = copyUnits(text);
  const mayBeEncoded = text.includes("%") || text.includes("\\u");
  const kinds = mayBeEncoded ? ENCODED_KINDS : UNIT_KINDS;
  const end = text.length + BEGIN_CHARACTERS;
  const pass: Pass = { classes: 0 };
  let out = "";
  let done = 0;
  let mayHoldConvention = false;
  for (let at = 0; ; at += 1) {
    at = nextStop(all, at, end, kinds, source.grams, pass);
    if (at >= end) break;
    const kind = kinds[all[at] ?? SPACE] ?? 0;
    if (kind >= KIND_BACKSLASH && !isSign(text, all, at, kind)) {
      const start = wordStart(all, Math.max(done, at - GRAM_CHARACTERS), done);
      return { text: scanWords(text, all, source, replacementOf, out, done, start), ...UNSURE };
    }
    if (kind >= KIND_LATIN) {
      if (kind < KIND_BACKSLASH) mayHoldConvention ||= isOptionAt(text, all, at + 1);
      if (!mayEndBeginAt(pass, kind, all[at] ?? 0, source.grams)) continue;
    } else if (!mayHoldConvention) {
      const isBegin = mayBeginConvention(pass, all[at + 1] ?? SPACE, all[at + 2] ?? SPACE);
      mayHoldConvention = isBegin && mayBeConvention(all, at + 1 - BEGIN_CHARACTERS);
    }
    const from = Math.max(done, at - BEGIN_CHARACTERS);
    for (const { start, name } of foundNear(text, all, from, at, done, source)) {
      const replacement = replacementOf(name.canonical);
      if (replacement === undefined) continue;
      out += text.slice(done, start) + replacement;
      done = name.end;
      at = done - 1;
      pass.classes = 0;
      break;
    }
  }
  const result = done === 0 ? text : out + text.slice(done);
  return { text: result, isPlain: true, mayHoldConvention };
}

const UNSURE = { isPlain: false, mayHoldConvention: true };

/** Adds the classes of a unit that has more than one, or is none by itself. */
function mayEndBeginAt(pass: Pass, kind: number, unit: number, grams: GramTable): boolean {
  if (kind >= KIND_BACKSLASH) return mayEndBegin(pass, 0, grams);
  if (kind < KIND_PAIR) return mayEndBegin(pass, kind - KIND_LATIN, grams);
  const first = mayEndBegin(pass, kind - KIND_PAIR, grams);
  return mayEndBegin(pass, SECOND_CLASSES[unit] ?? 0, grams) || first;
}

/** Whether a backslash or percent sign stands for itself. */
function isSign(text: string, all: Uint16Array, at: number, kind: number): boolean {
  if (kind === KIND_OTHER) return false;
  if (kind === KIND_BACKSLASH && all[at + 1] !== LETTER_U) return true;
  return foldAt(text, at, 0).length === 1;
}

function isWordUnit(unit: number | undefined): boolean {
  const kind = ENCODED_KINDS[unit ?? SPACE] ?? 0;
  return kind !== 0 && kind < KIND_BACKSLASH;
}

function wordStart(all: Uint16Array, from: number, least: number): number {
  let start = from;
  while (start > least && isWordUnit(all[start - 1])) start -= 1;
  return start;
}

/** Names that begin at one of the places of a gram, which ends at `last`. */
function foundNear(
  text: string,
  all: Uint16Array,
  from: number,
  last: number,
  done: number,
  source: NameSource,
): readonly { readonly start: number; readonly name: FoundName }[] {
  let found: { start: number; name: FoundName }[] | undefined;
  for (let start = from; start <= last; start += 1) {
    if (!isWordUnit(all[start]) || (start > done && isWordUnit(all[start - 1]))) continue;
    if (!source.mayBegin(hashAt(text, all, start))) continue;
    const name = source.longestAt(text, start);
    if (name === undefined) continue;
    found ??= [];
    found.push({ start, name });
  }
  return found ?? NOTHING;
}

const NOTHING: readonly never[] = [];

/** Hash of the folded word at a place, as far as nothing in it is encoded; then it says 0. */
function hashAt(text: string, all: Uint16Array, start: number): number {
  let hash = 0;
  for (let at = start; ; at += 1) {
    const unit = all[at] ?? SPACE;
    const ascii = unit < 128 ? (ASCII_FOLD[unit] ?? 0) : 0;
    if (ascii !== 0) {
      hash = hashStep(hash, ascii);
      continue;
    }
    const kind = ENCODED_KINDS[unit] ?? 0;
    if (kind === 0) return hash;
    if (kind >= KIND_BACKSLASH) return isSign(text, all, at, kind) ? hash : 0;
    const { fold } = foldAt(text, at, 0);
    for (let index = 0; index < fold.length; index += 1) {
      hash = hashStep(hash, fold.charCodeAt(index));
    }
  }
}

const OPTION_WORD = /user|net1? |su - /iy;

/** Whether a word of a command stands behind a letter that is none to expressions. */
function isOptionAt(text: string, all: Uint16Array, at: number): boolean {
  const lower = (all[at] ?? 0) | 32;
  // n, s, u
  if (lower !== 110 && lower !== 115 && lower !== 117) return false;
  OPTION_WORD.lastIndex = at;
  return OPTION_WORD.test(text);
}

const USER_LETTERS = 4;
const NAME_LETTERS = [110, 97, 109, 101];

/** Whether what a convention's gram was found for goes on as the convention does; `user` stands in many texts. */
function mayBeConvention(all: Uint16Array, start: number): boolean {
  if (((all[start] ?? 0) | 32) !== LETTER_U) return true;
  let at = start + USER_LETTERS;
  const next = (all[at] ?? 0) | 32;
  // users, userhome
  if (next === 115 || next === 104) return true;
  const from = at;
  if (NAME_LETTERS.every((letter, index) => ((all[from + index] ?? 0) | 32) === letter)) {
    at += NAME_LETTERS.length;
  }
  const sign = all[at];
  const before = all[start - 1];
  if (sign === COLON) return before === SLASH;
  return sign === EQUALS || (before === DASH && all[start - 2] === DASH);
}

/** Word by word, each asked for by its hash. */
function scanWords(
  text: string,
  all: Uint16Array,
  source: NameSource,
  replacementOf: ReplaceCanonical,
  before: string,
  from: number,
  first: number,
): string {
  const { length } = text;
  let out = before;
  let done = from;
  let start = first;
  let hash = 0;
  let isWord = false;
  for (let at = start; at <= length; at += 1) {
    const unit = all[at] ?? SPACE;
    const ascii = unit < 128 ? (ASCII_FOLD[unit] ?? 0) : 0;
    if (ascii !== 0) {
      hash = hashStep(hash, ascii);
      isWord = true;
      continue;
    }
    let skip = 0;
    const kind = ENCODED_KINDS[unit] ?? 0;
    if (at < length && kind !== 0 && (kind !== KIND_BACKSLASH || all[at + 1] === LETTER_U)) {
      const last = at > start ? (ASCII_FOLD[all[at - 1] ?? 0] ?? 0) : 0;
      const other = foldAt(text, at, last);
      if (other.isWord) {
        for (let index = 0; index < other.fold.length; index += 1) {
          hash = hashStep(hash, other.fold.charCodeAt(index));
        }
        isWord ||= other.fold !== "";
        at += other.length - 1;
        continue;
      }
      skip = other.length - 1;
    }
    const name = isWord && source.mayBegin(hash) ? source.longestAt(text, start) : undefined;
    const replacement = name === undefined ? undefined : replacementOf(name.canonical);
    if (name !== undefined && replacement !== undefined) {
      out += text.slice(done, start) + replacement;
      done = name.end;
      at = name.end - 1;
      start = name.end;
    } else {
      at += skip;
      start = at + 1;
    }
    hash = 0;
    isWord = false;
  }
  return done === 0 ? text : out + text.slice(done);
}
