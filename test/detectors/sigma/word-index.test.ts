import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCase } from "../../../detectors/sigma/fold-case.ts";
import type { Literal } from "../../../detectors/sigma/pattern-test.ts";
import { searchableBy } from "../../../detectors/sigma/symbols.ts";
import { buildWordIndex } from "../../../detectors/sigma/word-index.ts";

function inner(text: string): Literal {
  return { text, atStart: false, atEnd: false };
}

/** Which of the literals are told of a value; undefined: no index for them. */
function told(literals: readonly Literal[], value: string): number[] | undefined {
  const entries = literals.map((literal, index) => ({ literal, owners: [index] }));
  const found = new Set<number>();
  const index = buildWordIndex(entries, (gram) => (gram % 7) / 100);
  if (index === undefined) return undefined;
  index.scan(value, {
    consider: (owners) => {
      for (const owner of owners) found.add(owner);
    },
  });
  return [...found].sort((a, b) => a - b);
}

describe("buildWordIndex", () => {
  it.each([
    ["a literal within", [inner("mimikatz")], "C:\\MimiKatz.exe", [0]],
    ["a literal at each end", [inner("mimikatz"), inner("cmd.exe")], "mimikatz cmd.exe", [0, 1]],
    ["nothing", [inner("mimikatz")], "mimikat z", []],
    ["a beginning", [{ text: "unknown", atStart: true, atEnd: false }], "UNKNOWN(1)", [0]],
    ["no beginning within", [{ text: "unknown", atStart: true, atEnd: false }], "xunknown", []],
    ["an ending", [{ text: "\\cmd.exe", atStart: false, atEnd: true }], "\\CMD.EXE", [0]],
    ["no ending of a shorter value", [{ text: "\\cmd.exe", atStart: false, atEnd: true }], "e", []],
    ["a whole value", [{ text: "ente", atStart: true, atEnd: true }], "Ente", [0]],
    ["a literal in its case", [{ ...inner("deadbeef"), cased: "DeadBeef" }], "xDeadBeef", [0]],
    ["no literal in another case", [{ ...inner("deadbeef"), cased: "DeadBeef" }], "deadbeef", []],
  ])("tells of %s", (_what, literals, value, expected) => {
    expect(told(literals, value)).toEqual(expected);
  });

  it.each([
    ["short", [inner("mimika")]],
    ["of one character", [inner("^")]],
    ["of characters beyond Latin 1", [inner("абвгдежз")]],
    ["only long with what is beyond", [inner("abcdжefgh")]],
    [
      "all endings",
      [..."abcde"].map((one) => ({ text: `\\${one}.exe`, atStart: false, atEnd: true })),
    ],
  ])("is not for literals that are %s", (_what, literals) => {
    expect(told(literals, "")).toBeUndefined();
  });

  it("is not for literals that stand everywhere", () => {
    const entries = [{ literal: inner("mimikatz"), owners: [0] }];
    expect(buildWordIndex(entries, () => 2)).toBeUndefined();
  });

  it.each([262_143, 262_144, 262_145, 262_148, 600_000])("searches %i characters", (length) => {
    for (const back of [8, 9, 10, 11, 12]) {
      const value = `${"x".repeat(length - back)}needle42${"y".repeat(back - 8)}`;
      expect(told([inner("needle42")], value)).toEqual([0]);
    }
    const across = `${"x".repeat(262_140)}needle42${"x".repeat(length)}`;
    expect(told([inner("needle42")], across)).toEqual([0]);
  });

  it("never misses a literal", () => {
    const unit = fc.constantFrom(..."abcAB\\. -09äÄß–Å");
    const literal = fc
      .string({ unit, minLength: 7, maxLength: 14 })
      .map((text) => inner(foldCase(text)))
      .filter((one) => searchableBy(one) === "grams" && told([one], "") !== undefined);
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(fc.string({ unit }), fc.nat(5))),
        (literals, pieces) => {
          const value = pieces
            .map((one) =>
              typeof one === "number" ? (literals[one]?.text ?? "").toUpperCase() : one,
            )
            .join("");
          const found = told(literals, value) ?? literals.map((_, index) => index);
          const missed = literals.filter(
            ({ text }, index) => foldCase(value).includes(text) && !found.includes(index),
          );
          expect(missed).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
