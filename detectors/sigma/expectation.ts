// How often a field, and four neighbouring characters in it, are to be expected in events. It decides where
// the index looks first, never what it finds. Before events were seen it is guessed from the rules' own
// literals (what many rules name is common) and from texts that Windows and Linux write all the time;
// afterwards it is counted. Only counts are kept, no values.
import type { Literal } from "./pattern-test.ts";
import {
  BOUNDARY,
  GRAM_HASH,
  GRAM_LENGTH,
  GRAM_MASK,
  SYMBOL_BITS,
  SYMBOL_OF,
  symbolsOf,
} from "./symbols.ts";

export interface Expectation {
  /** Share of events that have the field. */
  presenceOf(field: string): number;
  /** Characters of the field in an event, over all events. */
  charactersOf(field: string): number;
  /** How many times an event's field holds these four characters. */
  gramIn(field: string, gram: number): number;
  /** How many times it holds fewer symbols than make a gram. */
  shortIn(field: string, symbols: readonly number[]): number;
}

const TABLE_BITS = 15;
const SHIFT = 32 - TABLE_BITS;

/** Fewer characters than a gram: common in any text, but not as a whole value. */
const SHORT = [1, 1, 0.6, 0.2];
const PRESENCE = 0.9;
const CHARACTERS = 60;
/** Weight of a text that stands in about every tenth event. */
const COMMON_WEIGHT = 100;
const COMMON = [
  "c:\\windows\\system32\\",
  "c:\\windows\\syswow64\\",
  "c:\\program files (x86)\\",
  "c:\\program files\\",
  "c:\\programdata\\microsoft\\",
  "c:\\users\\",
  "\\appdata\\local\\temp\\",
  "microsoft corporation",
  "microsoft® windows® operating system",
  "windowspowershell\\v1.0\\powershell.exe",
  "\\cmd.exe",
  "cmd.exe /c ",
  "\\svchost.exe",
  "\\conhost.exe",
  "\\explorer.exe",
  "\\services.exe",
  "\\lsass.exe",
  "\\ntdll.dll",
  ".dll",
  ".exe",
  "nt authority\\system",
  "hklm\\system\\currentcontrolset\\services\\",
  "hklm\\software\\microsoft\\windows\\currentversion\\",
  "http://",
  "https://",
  "/usr/bin/",
  "/etc/",
];

/** The expectation before any event was seen. */
export function guessFrom(literals: Iterable<Literal>): Expectation {
  const weights = new Float64Array(1 << TABLE_BITS);
  const add = (symbols: readonly number[], weight: number) => {
    let gram = 0;
    for (const [index, symbol] of symbols.entries()) {
      gram = ((gram << SYMBOL_BITS) | symbol) & GRAM_MASK;
      if (index >= GRAM_LENGTH - 1) weights[placeOf(gram)] = (weights[placeOf(gram)] ?? 0) + weight;
    }
  };
  for (const { text, atStart, atEnd } of literals) add(symbolsOf(text, atStart, atEnd), 1);
  for (const text of COMMON) add(symbolsOf(text, true, true), COMMON_WEIGHT);
  return {
    presenceOf: () => PRESENCE,
    charactersOf: () => CHARACTERS,
    shortIn: (_field, symbols) => SHORT[symbols.length] ?? 1,
    gramIn: (_field, gram) => Math.min(0.5, (weights[placeOf(gram)] ?? 0) / (10 * COMMON_WEIGHT)),
  };
}

/** Counts events, and tells from them. */
export class Observation implements Expectation {
  readonly #fields = new Map<string, ObservedField>();
  readonly #guess: Expectation;
  events = 0;

  constructor(guess: Expectation) {
    this.#guess = guess;
  }

  /** @param texts the field's values in one event; undefined: missing */
  add(field: string, texts: readonly string[] | undefined): void {
    if (texts === undefined) return;
    let observed = this.#fields.get(field);
    if (observed === undefined) {
      observed = {
        present: 0,
        characters: 0,
        counts: new Uint16Array(1 << TABLE_BITS),
        pairs: new Uint16Array(1 << (2 * SYMBOL_BITS)),
      };
      this.#fields.set(field, observed);
    }
    observed.present += 1;
    for (const text of texts) count(observed, text);
  }

  presenceOf(field: string): number {
    return (this.#fields.get(field)?.present ?? 0) / Math.max(1, this.events);
  }

  charactersOf(field: string): number {
    return (this.#fields.get(field)?.characters ?? 0) / Math.max(1, this.events);
  }

  // What was not seen is told apart by the guess.
  gramIn(field: string, gram: number): number {
    const counted = this.#fields.get(field)?.counts[placeOf(gram)] ?? 0;
    return (counted + this.#guess.gramIn(field, gram)) / Math.max(1, this.events);
  }

  shortIn(field: string, symbols: readonly number[]): number {
    const pairs = this.#fields.get(field)?.pairs;
    let counted = symbols.length === 1 ? 0 : Number.POSITIVE_INFINITY;
    for (const [at, second] of symbols.entries()) {
      const first = symbols[at - 1];
      if (first !== undefined) {
        counted = Math.min(counted, pairs?.[(first << SYMBOL_BITS) | second] ?? 0);
      } else if (symbols.length === 1) {
        for (let before = 0; before < 1 << SYMBOL_BITS; before += 1) {
          counted += pairs?.[(before << SYMBOL_BITS) | second] ?? 0;
        }
      }
    }
    return (counted + this.#guess.shortIn(field, symbols)) / Math.max(1, this.events);
  }
}

interface ObservedField {
  present: number;
  characters: number;
  readonly counts: Uint16Array;
  readonly pairs: Uint16Array;
}

const PAIR_MASK = (1 << (2 * SYMBOL_BITS)) - 1;
const COUNT_MAX = 0xffff;
/** Characters of one value that are counted. */
const CHARACTERS_MAX = 20_000;

function count(observed: ObservedField, text: string): void {
  observed.characters += text.length;
  const length = Math.min(text.length, CHARACTERS_MAX);
  let gram = BOUNDARY;
  for (let index = 0; index <= length; index += 1) {
    const symbol = index === length ? BOUNDARY : (SYMBOL_OF[text.charCodeAt(index) & 0xff] ?? 0);
    gram = ((gram << SYMBOL_BITS) | symbol) & GRAM_MASK;
    increase(observed.counts, placeOf(gram));
    increase(observed.pairs, gram & PAIR_MASK);
  }
}

function increase(counts: Uint16Array, place: number): void {
  const counted = counts[place] ?? 0;
  if (counted < COUNT_MAX) counts[place] = counted + 1;
}

function placeOf(gram: number): number {
  return Math.imul(gram, GRAM_HASH) >>> SHIFT;
}
