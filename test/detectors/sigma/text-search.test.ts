import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildTextSearch, standsInJson } from "../../../detectors/sigma/text-search.ts";
import { engineOf, eventOf, ruleOf } from "./fixture.ts";

/** Which of the literals may stand in a JSON text; undefined: the text can't tell. */
function told(literals: readonly string[], text: string): number[] | undefined {
  const found = new Set<number>();
  const search = buildTextSearch(literals.map((literal, index) => ({ literal, owners: [index] })));
  const isSure = search(text, {
    consider: (owners) => {
      for (const owner of owners) found.add(owner);
    },
  });
  return isSure ? [...found].sort((a, b) => a - b) : undefined;
}

function written(value: string): string {
  return JSON.stringify({ Message: value });
}

describe("standsInJson", () => {
  it.each([
    ["sekurlsa::", true],
    ["\\mimilib.dll", true],
    ['say "mimikatz"', true],
    ["kiwi", false],
    ["a\\bc\\de\\fg\\h", false],
    ["http://a/b/c", false],
    ["жжжжжжжжж", false],
  ])("of %j: %j", (literal, expected) => {
    expect(standsInJson(literal)).toBe(expected);
  });
});

describe("buildTextSearch", () => {
  it.each([
    ["a literal within", written("x sekurlsa::logonpasswords"), [0]],
    ["any case", written("SEKURLSA::X"), [0]],
    ["what stands behind a backslash", written("C:\\MimiLib.dll"), [1]],
    ["several", written("mimilib.dll lsadump::sam sekurlsa::"), [0, 1, 2]],
    ["nothing", written("sekurlsa: mimilib.exe"), []],
    ["characters beyond Latin 1 around it", written("жж sekurlsa:: –"), [0]],
    ["the end", "sekurlsa::", [0]],
  ])("tells of %s", (_what, text, expected) => {
    expect(told(["sekurlsa::", "\\mimilib.dll", "lsadump::"], text)).toEqual(expected);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "is unsure of escaped characters that need no escape, %i places in",
    (places) => {
      for (const code of [0x20, 0x3c, 0x53, 0x6d, 0x7e]) {
        const sequence = `\\u00${code.toString(16)}`;
        const text = `{"a":"${"x".repeat(places)}${sequence}ekurlsa::"}`;
        expect(told(["sekurlsa::"], text)).toBeUndefined();
        expect(told(["sekurlsa::"], text.replace("\\u00", "\\u01"))).toEqual([]);
      }
    },
  );

  it("does not look into texts of enormous length", () => {
    expect(told(["sekurlsa::"], "x".repeat(1 << 18))).toEqual([]);
    expect(told(["sekurlsa::"], "x".repeat((1 << 18) + 1))).toBeUndefined();
  });

  it("never misses a literal", () => {
    const ascii = fc.string({
      unit: fc.constantFrom(...'abcAB:. -_\\"/\n<'),
      minLength: 7,
      maxLength: 30,
    });
    const literal = ascii.map((text) => text.toLowerCase()).filter(standsInJson);
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 6 }),
        fc.array(fc.oneof(ascii, fc.string({ unit: "grapheme" }), fc.nat(5))),
        (literals, pieces) => {
          const value = pieces
            .map((one) => (typeof one === "number" ? (literals[one] ?? "").toUpperCase() : one))
            .join("");
          const found = told(literals, written(value)) ?? literals.map((_, index) => index);
          const missed = literals.filter(
            (text, index) => value.toLowerCase().includes(text) && !found.includes(index),
          );
          expect(missed).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("keywords", () => {
  const rule = ruleOf({ keywords: ["sekurlsa::", "\\evil.dll", "kiwi"], condition: "keywords" });
  const engine = engineOf([rule]);
  const hits = (event: ReturnType<typeof eventOf>) => engine.match(event).length;

  it.each([
    [{ a: "x SEKURLSA::y" }, 1],
    [{ a: ["\\EVIL.dll"] }, 1],
    [{ a: { b: "kiwi" } }, 1],
    [{ "sekurlsa::": "a name, not a value" }, 0],
    [{ a: "sekurlsa:" }, 0],
  ])("are found in %j as often as there are values with them: %j", (record, expected) => {
    expect(hits(eventOf(record))).toBe(expected);
    expect(hits({ ...eventOf(record), textRecord: undefined })).toBe(expected);
    expect(hits({ ...eventOf(record), text: undefined })).toBe(expected);
  });

  it("are found where the text has them as escapes", () => {
    const record = { a: "sekurlsa::" };
    const text = String.raw`{"a":"\u0073ekurlsa::"}`;
    expect(hits({ ...eventOf(record), text })).toBe(1);
  });

  it("are found in values that the text does not have", () => {
    const record = { a: "sekurlsa::" };
    expect(hits({ ...eventOf(record), text: "{}", textRecord: {} })).toBe(1);
  });
});
