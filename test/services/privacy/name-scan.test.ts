// The fast pass over a text gives what a plain one gives, which compares the words at every place with all
// names: drawn texts of names, conventions, encoded and rare letters, with whatever stands between them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNameIndex } from "../../../services/privacy/name-index.ts";
import { afterSeparator, foldAt, wordAt, wordsOf } from "../../../services/privacy/name-words.ts";

const NAMES = [
  ...["abc", "x1y", "Jo An", "A Bö", "h.petersen", "Jörg Müllertal", "Müllertal", "Müllertal Jörg"],
  ...[
    "koch.nord",
    "koch.nord.west",
    "öä",
    "ßtein",
    "Łukasz",
    "Ælfred",
    "Жук",
    "漢字",
    "4711 ab",
    "e.é",
  ],
];
const known = new Map(NAMES.map((name) => [wordsOf(name).join(" "), name]));
const WORDS_MAX = 6;

function indexOf(names: readonly string[]) {
  const index = createNameIndex();
  for (const name of names) index.add(wordsOf(name), name, "everywhere");
  return index;
}

/** At each beginning of a word the longest name, if any. */
function plainly(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    const end = longestEnd(text, at);
    const word = wordAt(text, at);
    const next = end ?? (word.end > at ? word.end : at + foldAt(text, at, 0).length);
    out += end === undefined ? text.slice(at, next) : "#";
    at = next;
  }
  return out;
}

function longestEnd(text: string, start: number): number | undefined {
  let end: number | undefined;
  const words: string[] = [];
  for (let at = start; at !== -1 && words.length < WORDS_MAX; ) {
    const word = wordAt(text, at);
    if (word.fold === "") break;
    words.push(word.fold);
    if (known.has(words.join(" "))) end = word.end;
    at = afterSeparator(text, word.end);
  }
  return end;
}

const name = fc.constantFrom(...NAMES);
const piece = fc.oneof(
  name,
  name.map((one) => one.toUpperCase()),
  name.map((one) => encodeURIComponent(one)),
  name.map((one) => one.slice(0, -1)),
  name.map((one) => `${one}s`),
  fc.constantFrom("net user ", "C:\\users\\", "/u:", "user=", "S-1-5-21-1-2-3-4", "%20", "\\u00fc"),
  fc.constantFrom("the", "process", "für", "²", "1", "ﬃ", "%41", "\\u0041", "😀"),
);
const between = fc.constantFrom(
  ..." .,_-+'\\/%=&?\n\t@:",
  "  ",
  " - ",
  "",
  "–",
  "\u00a0",
  "·",
  "%2E",
);
const drawn = fc
  .array(fc.tuple(between, piece, between), { maxLength: 8 })
  .map((parts) => parts.flat().join(""));

describe("the pass for known names", () => {
  it("replaces what a plain one replaces", () => {
    const index = indexOf(NAMES);
    fc.assert(
      fc.property(drawn, (text) => {
        expect(index.scan(text, () => "#").text).toBe(plainly(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("finds all of so many names that its tables grow", () => {
    const names = Array.from({ length: 20_000 }, (_, number) => `n${number.toString(36)}.zq`);
    const index = indexOf(names);
    for (const one of names) expect(index.scan(`(${one})`, () => "#").text).toBe("(#)");
  });

  const conventions: [string, boolean][] = [
    ...["C:\\Users\\x", "/home/x", "a \\HOMES\\b", "D:/profiles$/x", "/Dokumente und"].map(yes),
    ...["user=x", "xx üuser=x", "--user x", "/username:x", "net user x", "NET1  user x"].map(yes),
    ...["su - x", "Get -Identity x", "-mailbox x", "aS-1-5-21-1-2-3-4"].map(yes),
    ...["User: x", "user name x", "UserName", "network", "sum", "grün"].map(no),
  ];
  it.each(conventions)("says of %s whether a convention may stand there: %s", (text, expected) => {
    const seen = createNameIndex().scan(text, () => undefined);
    expect(seen.mayHoldConvention).toBe(expected);
  });
});

function yes(text: string): [string, boolean] {
  return [text, true];
}

function no(text: string): [string, boolean] {
  return [text, false];
}
