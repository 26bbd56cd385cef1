// Invisible and direction-turning characters of log data must be seen.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleParts, visibleText } from "../../../../services/console/model/visible-text.ts";

const HIDDEN = [
  ["NUL", "a\u0000b", "a⟨U+0000⟩b"],
  ["line feed", "a\nb", "a↵b"],
  ["delete", "\u007f", "⟨U+007F⟩"],
  ["C1 control", "\u0085", "⟨U+0085⟩"],
  ["right-to-left override", "ab\u202egpj.exe", "ab⟨U+202E⟩gpj.exe"],
  ["isolate", "\u2066", "⟨U+2066⟩"],
  ["zero-width space", "pay\u200bpal", "pay⟨U+200B⟩pal"],
  ["byte order mark", "\ufeff", "⟨U+FEFF⟩"],
  ["tag", "\u{e0041}", "⟨U+E0041⟩"],
  ["no-break space", "a\u00a0b", "a⟨U+00A0⟩b"],
  ["blank Braille", "\u2800", "⟨U+2800⟩"],
  ["Hangul filler", "\u3164", "⟨U+3164⟩"],
  ["lone surrogate", "a\ud800b", "a⟨U+D800⟩b"],
] as const;
const PLAIN = ["C:\\Windows\\System32", "Grüße aus Lüneburg", "日本語", "a b", "😀", ""] as const;

describe("visible text", () => {
  it.each(HIDDEN)("shows %s", (_name, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each(PLAIN)("leaves %j as it is", (text) => {
    expect(visibleText(text)).toBe(text);
  });

  it("covers the whole text in order and leaves nothing hidden", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const parts = visibleParts(text);
        expect(parts.map((part) => text.slice(part.start, part.start + part.length)).join("")).toBe(
          text,
        );
        const shown = parts.map((part) => part.shown).join("");
        expect(shown).toBe(visibleText(text));
        expect(visibleText(shown)).toBe(shown);
      }),
    );
  });
});
