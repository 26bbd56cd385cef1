import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shownText } from "../../../services/channels/shown-text.ts";
import { HOSTILE_TEXTS } from "../../support/hostile-texts.ts";
import { liveInText } from "../../support/live-text.ts";

const shown = (text: string, charactersMax = 400) => shownText(text, charactersMax, "de");

describe("a foreign text in a page", () => {
  it.each([
    ["https://boese.example/x", "https[:]//boese[.]example/x"],
    ["boese.example", "boese[.]example"],
    ["a@boese.example", "a[@]boese[.]example"],
    ["@channel", "[@]channel"],
    ["javascript:alert(1)", "javascript[:]alert(1)"],
    ["10.1.2.3", "10[.]1[.]2[.]3"],
    ["\\\\fs01\\c$", "[\\\\]fs01\\c$"],
    ["rechnung\u202efdp.exe", "rechnung⟨U+202E⟩fdp[.]exe"],
    ["Konto\u200b\u200b\u200bname", "Konto⟨U+200B ×3⟩name"],
    ["p\u0430ypal", "p\u0430⟨U+0430⟩ypal"],
    ["eins\r\nzwei", "eins zwei"],
    ["a\ud800b", "a⟨U+D800⟩b"],
  ])("shows %j as %j", (given, expected) => {
    expect(shown(given)).toBe(expected);
  });

  it.each([
    "um 12:30 am 22.11.2026",
    "Score 87.5, Version 10.0.1",
    "fe80::1ff:fe23:4567:890a",
    "C:\\Windows\\System32",
    "Landkreis Müßingen – größer als 5 €",
    "Москва 中文",
  ])("leaves %j as it is", (text) => {
    expect(shown(text)).toBe(text);
  });

  it("says that it was cut, in the reader's language and within its length", () => {
    const long = "Wort ".repeat(1000);
    expect(shown(long, 50)).toMatch(/Wort … gekürzt$/);
    expect(shownText(long, 50, "en")).toMatch(/Wort … cut$/);
    expect(shown(long, 50).length).toBeLessThanOrEqual(50);
  });

  it.each(HOSTILE_TEXTS.map(({ family, text }) => [family, text.slice(0, 40), text] as const))(
    "has nothing alive in it: %s, %j",
    (_family, _begin, text) => {
      const result = shown(text);
      expect(liveInText(result)).toEqual([]);
      expect(result.length).toBeLessThanOrEqual(400);
      expect(shown(result)).toBe(result);
    },
  );

  it("has nothing alive in it, whatever it is cut out of and joined with", () => {
    const pieces = HOSTILE_TEXTS.map(({ text }) => text.slice(0, 80));
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" })), { maxLength: 6 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 300 }), (given, charactersMax) => {
        const result = shown(given, charactersMax);
        expect(liveInText(result)).toEqual([]);
        expect(shown(result, charactersMax)).toBe(result);
      }),
      { numRuns: 3000 },
    );
  });
});
