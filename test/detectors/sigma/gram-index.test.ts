import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCase } from "../../../detectors/sigma/fold-case.ts";
import { buildGramIndex } from "../../../detectors/sigma/gram-index.ts";
import type { Literal } from "../../../detectors/sigma/pattern-test.ts";
import { buildStrideSearch } from "../../../detectors/sigma/stride-search.ts";
import { searchableBy } from "../../../detectors/sigma/symbols.ts";

const CONTAINS = { atStart: false, atEnd: false };

function inner(text: string): Literal {
  return { text, ...CONTAINS };
}

function collector() {
  const found = new Set<number>();
  const consider = (owners: Int32Array) => {
    for (const owner of owners) found.add(owner);
  };
  return { found, consider };
}

/** Which of the literals are told of a value. */
function told(literals: readonly Literal[], value: string): number[] {
  const entries = literals.map((literal, index) => ({ literal, owners: [index] }));
  const sink = collector();
  // Every gram as rare as any: each place in a literal has its turn in some other literal.
  buildGramIndex(entries, (gram) => gram % 7).scan(value, sink);
  return [...sink.found].sort((a, b) => a - b);
}

function stands({ text, atStart, atEnd }: Literal, value: string): boolean {
  const lower = foldCase(value);
  if (atStart && atEnd) return lower === text;
  if (atStart) return lower.startsWith(text);
  return atEnd ? lower.endsWith(text) : lower.includes(text);
}

const unit = fc.constantFrom(..."abcAB\\. -09äÄß–жЖÿŸåÅẞ", "\u212b", "😀");
const literal = fc
  .record({
    text: fc.string({ unit, minLength: 1, maxLength: 9 }).map(foldCase),
    atStart: fc.boolean(),
    atEnd: fc.boolean(),
  })
  .filter((one) => searchableBy(one) !== "not");

describe("buildGramIndex", () => {
  it.each([
    ["a literal within", [inner("mimikatz")], "C:\\MimiKatz.exe", [0]],
    ["nothing", [inner("mimikatz")], "C:\\mimicat.exe", []],
    ["an ending", [{ text: "\\cmd.exe", atStart: false, atEnd: true }], "C:\\CMD.EXE", [0]],
    ["no ending within", [{ text: "\\cmd.exe", atStart: false, atEnd: true }], "\\cmd.exe /c", []],
    ["a beginning", [{ text: "c:\\", atStart: true, atEnd: false }], "C:\\x", [0]],
    ["a whole value", [{ text: "4624", atStart: true, atEnd: true }], "4624", [0]],
    ["no longer value", [{ text: "4624", atStart: true, atEnd: true }], "46240", []],
    ["the empty value", [{ text: "", atStart: true, atEnd: true }], "", [0]],
    ["one character", [inner("^"), inner("`")], "a^b", [0]],
    ["two characters at the end", [{ text: "-k", atStart: false, atEnd: true }], "x -k", [0]],
    ["signs beyond Latin 1", [inner("–enc"), inner("ж")], "x –ENC Ж", [0, 1]],
    ["letters that come from beyond Latin 1", [inner("straße")], "STRAẞE", [0]],
  ])("tells of %s", (_what, literals, value, expected) => {
    expect(told(literals, value)).toEqual(expected);
  });

  it.each([10, 39, 40, 1000, 65_536, 65_537, 200_000])(
    "searches all of %i characters",
    (length) => {
      const value = `${"x".repeat(length - 8)}needle42`;
      expect(told([inner("needle42"), { text: "x", atStart: true, atEnd: false }], value)).toEqual([
        0, 1,
      ]);
    },
  );

  it("never misses a literal", () => {
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 12 }),
        fc.array(
          fc.oneof(
            literal.map((one) => one.text.toUpperCase()),
            fc.string({ unit }),
          ),
          {
            maxLength: 12,
          },
        ),
        (literals, pieces) => {
          const value = pieces.join("");
          const found = new Set(told(literals, value));
          const missed = literals.filter((one, index) => stands(one, value) && !found.has(index));
          expect(missed).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("buildStrideSearch", () => {
  it("leaves short literals to the index", () => {
    expect(buildStrideSearch([{ literal: inner("abcd"), owners: [0] }])).toBeUndefined();
    expect(buildStrideSearch([{ literal: inner("абвгде"), owners: [0] }])).toBeUndefined();
  });

  it("never misses a literal", () => {
    const ascii = fc.constantFrom(..."abcAB:. -");
    const long = fc.string({ unit: ascii, minLength: 5, maxLength: 24 }).map(foldCase);
    fc.assert(
      fc.property(
        fc.array(long, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(long, fc.string({ unit }), fc.nat(5))),
        (texts, pieces) => {
          const value = pieces
            .map((one) => (typeof one === "number" ? (texts[one] ?? "").toUpperCase() : one))
            .join("");
          const entries = texts.map((text, index) => ({ literal: inner(text), owners: [index] }));
          const sink = collector();
          const search = buildStrideSearch(entries);
          expect(search).toBeDefined();
          search?.(value, sink);
          const missed = texts.filter(
            (text, index) => foldCase(value).includes(text) && !sink.found.has(index),
          );
          expect(missed).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
