// The test of one value that a whole leaf makes: its list of patterns sorted by kind, so that long lists
// of names cost one look-up.
import { guessFrom } from "./expectation.ts";
import { foldCase } from "./fold-case.ts";
import { buildGramIndex } from "./gram-index.ts";
import type { Leaf } from "./leaf.ts";
import type { ValueTest } from "./pattern-test.ts";
import type { Pattern } from "./rule.ts";
import { ANY } from "./rule.ts";
import { GRAM_LENGTH, isAscii } from "./symbols.ts";

/** @param lower the value in lower case */
export type LeafTest = (value: string, lower: string) => boolean;

/** Lists shorter than this are compared one by one. */
const TABLE_FROM = 4;
const SEARCH_FROM = 24;

/** Any of the leaf's patterns that look at one value alone (not at presence, not at other fields). */
export function leafTest(leaf: Leaf): LeafTest {
  const whole: string[] = [];
  const endings: string[] = [];
  const inner: string[] = [];
  const others: LeafTest[] = [];
  for (const [at, pattern] of leaf.item.patterns.entries()) {
    const test = leaf.tests[at];
    if (test === undefined) continue;
    const plain = pattern.kind === "text" && leaf.item.field !== undefined ? plainOf(pattern) : {};
    if (plain.whole !== undefined) whole.push(plain.whole);
    else if (plain.ending !== undefined) endings.push(plain.ending);
    else if (plain.inner !== undefined) inner.push(plain.inner);
    else others.push(test.dear ? guarded(test) : test.test);
  }
  const tests: LeafTest[] = [];
  if (whole.length > 0) tests.push(wholeTest(whole));
  if (endings.length > 0) tests.push(endingsTest(endings));
  if (inner.length > 0) tests.push(innerTest(inner));
  tests.push(...others);
  const [only] = tests;
  if (only === undefined) return () => false;
  if (tests.length === 1) return only;
  return (value, lower) => {
    for (const test of tests) if (test(value, lower)) return true;
    return false;
  };
}

// A regex is tried only where all that it needs stands, and as many times as it needs it.
function guarded({ test, everyOf = [] }: ValueTest): LeafTest {
  const lists = new Map<string, { readonly texts: readonly string[]; times: number }>();
  for (const texts of everyOf) {
    const key = JSON.stringify(texts);
    const known = lists.get(key);
    // Of a list of alternatives each may be the one that stands: only a single text can be counted.
    if (known === undefined) lists.set(key, { texts, times: 1 });
    else if (texts.length === 1) known.times += 1;
  }
  const needed = [...lists.values()].sort((a, b) => shortest(b.texts) - shortest(a.texts));
  if (needed.length === 0) return test;
  return (value, lower) => {
    for (const { texts, times } of needed) {
      const stands =
        times === 1
          ? texts.some((text) => lower.includes(text))
          : standsTimes(texts[0] ?? "", times, lower);
      if (!stands) return false;
    }
    return test(value, lower);
  };
}

function standsTimes(text: string, times: number, value: string): boolean {
  let from = 0;
  for (let count = 0; count < times; count += 1) {
    const found = value.indexOf(text, from);
    if (found === -1) return false;
    from = found + text.length;
  }
  return true;
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

function plainOf(pattern: Extract<Pattern, { kind: "text" }>): {
  whole?: string;
  ending?: string;
  inner?: string;
} {
  if (pattern.cased) return {};
  const [first, second, third] = pattern.pieces;
  if (pattern.pieces.length === 1 && typeof first === "string") return { whole: foldCase(first) };
  if (pattern.pieces.length === 2 && first === ANY && typeof second === "string") {
    return { ending: foldCase(second) };
  }
  if (pattern.pieces.length === 3 && first === ANY && typeof second === "string" && third === ANY) {
    return { inner: foldCase(second) };
  }
  return {};
}

function wholeTest(texts: readonly string[]): LeafTest {
  if (texts.length < TABLE_FROM) return (_value, lower) => texts.includes(lower);
  const known = new Set(texts);
  return (_value, lower) => known.has(lower);
}

// By the last two characters: lists of programs all end in `.exe`, so by the four before that.
function endingsTest(texts: readonly string[]): LeafTest {
  if (texts.length < TABLE_FROM) {
    return (_value, lower) => {
      for (const text of texts) if (lower.endsWith(text)) return true;
      return false;
    };
  }
  const shortest = Math.min(...texts.map((text) => text.length));
  const from = Math.min(shortest, 6);
  const key = (text: string) =>
    text.charCodeAt(text.length - from) * 65_536 + text.charCodeAt(text.length - from + 1);
  const table = Map.groupBy(texts, key);
  return (_value, lower) => {
    if (lower.length < shortest) return false;
    const found = table.get(key(lower));
    if (found === undefined) return false;
    for (const text of found) if (lower.endsWith(text)) return true;
    return false;
  };
}

// Long lists are searched in one pass, as the index does; there only ASCII is told for certain.
function innerTest(texts: readonly string[]): LeafTest {
  const searched = texts.filter((text) => text.length >= GRAM_LENGTH && isAscii(text));
  const list =
    searched.length < SEARCH_FROM ? texts : texts.filter((one) => !searched.includes(one));
  const oneByOne: LeafTest = (_value, lower) => {
    for (let at = 0; at < list.length; at += 1) if (lower.includes(list[at] as string)) return true;
    return false;
  };
  if (searched.length < SEARCH_FROM) return oneByOne;
  const index = buildGramIndex(
    searched.map((text) => ({ literal: { text, atStart: false, atEnd: false }, owners: [0] })),
    commonness(searched),
  );
  let found = false;
  const sink = {
    consider: () => {
      found = true;
    },
  };
  return (value, lower) => {
    found = false;
    index.scan(value, sink);
    return found || oneByOne(value, lower);
  };
}

// What many of the texts have in common is likely to be common elsewhere.
function commonness(texts: readonly string[]): (gram: number) => number {
  const guess = guessFrom(texts.map((text) => ({ text, atStart: false, atEnd: false })));
  return (gram) => guess.gramIn("", gram);
}
