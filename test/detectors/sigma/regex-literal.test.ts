import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allRequiredOf, requiredOf } from "../../../detectors/sigma/regex-literal.ts";
import { pattern, value } from "./regex-patterns.ts";

const raw = String.raw;

describe("requiredOf", () => {
  it.each([
    ["abc", ["abc"], 3],
    ["^ABC$", ["abc"], 3],
    ["a|bc", ["a", "bc"], 1],
    ["a|b*", undefined, 0],
    ["(?:foo|barbar)x", ["foo", "barbar"], 4],
    ["ab+c", ["ab"], 3],
    ["ab?cd", ["cd"], 3],
    ["ab*", ["a"], 1],
    ["(abc)?d", ["d"], 1],
    ["(abc){2}", ["abc"], 6],
    [raw`\\cmd\.exe`, [raw`\cmd.exe`], 8],
    [raw`\w+${"`"}`, ["`"], 2],
    [raw`\x41b`, ["ab"], 2],
    ["[x]yz", ["xyz"], 3],
    ["[^x]", undefined, 1],
    [".{5}", undefined, 5],
    ["(?=abcdef)x", ["x"], 1],
    ["(?!abcdef)x", ["x"], 1],
    ["(?i)abc", ["abc"], 3],
    ["(?i:abc)", ["abc"], 3],
    ["(?<name>abc)", ["abc"], 3],
    ["", undefined, 0],
  ])("%s requires %j and %i characters", (source, literals, lengthMin) => {
    expect(requiredOf(source)).toEqual({ literals, lengthMin });
  });

  it.each([
    "(abc",
    "abc)",
    "[abc",
    raw`(a)\1`,
    raw`\p{L}abc`,
    raw`\Qab\E`,
    "[]a]bc",
    "[[:alpha:]]bc",
    "abc😀?",
    `${"(".repeat(60)}a${")".repeat(60)}`,
  ])("claims nothing of %s", (source) => {
    expect(requiredOf(source)).toEqual({ literals: undefined, lengthMin: 0 });
  });

  it("claims no more than every match has", () => {
    let claims = 0;
    const values = fc.array(value, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(pattern, values, fc.constantFrom("", "i"), (source, texts, flags) => {
        const { literals, lengthMin } = requiredOf(source);
        for (const text of texts) {
          const found = new RegExp(source, flags).exec(text)?.[0];
          if (found === undefined) continue;
          expect(found.length).toBeGreaterThanOrEqual(lengthMin);
          for (const texts of allRequiredOf(source)) {
            expect(texts.some((one) => found.toLowerCase().includes(one))).toBe(true);
          }
          if (literals === undefined) continue;
          claims += 1;
          expect(literals.some((one) => found.toLowerCase().includes(one))).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
    expect(claims).toBeGreaterThan(500);
  });
});

describe("allRequiredOf", () => {
  it.each([
    ["cmd.{0,5}(?:/c|/r).+echo", [["cmd"], ["/c", "/r"], ["echo"]]],
    ["(?:a(?:b|c))+d?", [["a"], ["b", "c"]]],
    ["a|b.*c", [["a", "b"]]],
    ["a?", []],
    ["(a)\\1", []],
  ])("of %s are %j", (source, expected) => {
    expect(allRequiredOf(source)).toEqual(expected);
  });
});
