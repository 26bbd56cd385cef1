// Texts of a report: nothing hidden, nothing turned, nothing endless.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "../../../services/report-document/visible-text.ts";
import { HOSTILE_TEXTS } from "./sample-document.ts";

const shown = (text: string) => visibleText(text, { charactersMax: 100 });

describe("a text that is shown", () => {
  it.each([
    ["stays as it is", "Vorfälle: 3 ≤ 5 „heute“ – ß", "Vorfälle: 3 ≤ 5 „heute“ – ß"],
    ["keeps its markup, which each form escapes", "<b>&amp;</b> #x", "<b>&amp;</b> #x"],
    ["names what turns the direction", "a\u202eb", "a⟨U+202E⟩b"],
    ["names a lone half of a pair", "a\ud800b", "a⟨U+D800⟩b"],
    ["names control characters", "a\u0000b\u001b[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m"],
    ["counts a run of hidden ones", "a\u200b\u200b\u200bb", "a⟨U+200B ×3⟩b"],
    ["becomes one line", "a\r\n\tb\u2028c", "a b c"],
    [
      "names a fourth mark upon a letter",
      `a${"\u0301".repeat(5)}`,
      "a\u0301\u0301\u0301⟨U+0301 ×2⟩",
    ],
    ["is cut, and says so", "x".repeat(101), `${"x".repeat(100)} … ⟨gekürzt⟩`],
    ["is not cut within a pair", `${"x".repeat(99)}🙂`, `${"x".repeat(99)} … ⟨gekürzt⟩`],
    ["keeps a half of a pair at its end", `${"x".repeat(99)}\ud83d`, `${"x".repeat(99)}⟨U+D83D⟩`],
  ])("%s", (_, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("keeps its lines where they are wanted", () => {
    const options = { charactersMax: 100, keepsLines: true };
    expect(visibleText("a\nb\u0007\r\nc", options)).toBe("a\nb⟨U+0007⟩\nc");
    expect(visibleText("x\n".repeat(200), options)).toMatch(/^(x\n){50} … ⟨gekürzt⟩$/);
  });

  it("names what a form can't draw", () => {
    const canDraw = (codePoint: number) => codePoint < 128;
    expect(visibleText("aé🙂", { charactersMax: 10, canDraw })).toBe("a⟨U+00E9⟩⟨U+1F642⟩");
  });

  it.each(HOSTILE_TEXTS.map((text, index) => [index, text] as const))(
    "is well formed and bounded, hostile text %i",
    (_, text) => {
      const seen = shown(text);
      expect(seen.isWellFormed()).toBe(true);
      expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(seen.length).toBeLessThan(220);
    },
  );

  it("holds to that whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10_ffff }), { maxLength: 60 }), (points) => {
        const seen = shown(String.fromCodePoint(...points));
        expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(seen.length).toBeLessThan(220);
      }),
    );
  });
});
