import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldCase } from "../../../detectors/sigma/fold-case.ts";

describe("foldCase", () => {
  it.each([
    ["CMD.exe", "cmd.exe"],
    ["ÄÖÜ ẞ", "äöü ß"],
    ["ЖŸ", "жÿ"],
    ["", ""],
    // The Kelvin sign and the dotted capital I are no ASCII letters in disguise.
    ["\u212aERNEL", "\u212aernel"],
    ["\u0130D", "\u0130d"],
    // What a letter becomes does not depend on its neighbours.
    ["ΑΣ ΑΣΑ ς", "ασ ασα ς"],
  ])("makes %j %j", (text, expected) => {
    expect(foldCase(text)).toBe(expected);
  });

  it("keeps the length, and ASCII where it was", () => {
    const ascii = (text: string) => [...text].map((one) => (one < "\u0080" ? 1 : 0)).join("");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const folded = foldCase(text);
        expect(folded).toHaveLength(text.length);
        expect(ascii(folded)).toBe(ascii(text));
        expect(foldCase(folded)).toBe(folded);
      }),
    );
  });
});
