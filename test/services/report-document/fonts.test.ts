// What the typefaces of the PDF can draw.
import { describe, expect, it } from "vitest";
import { canDraw, charactersOf, fontFiles } from "../../../services/report-document/fonts.ts";
import {
  LIGHT_SIGNS,
  NOTE_SIGNS,
  TREND_SIGNS,
} from "../../../services/report-document/messages.ts";

const points = (text: string) => [...text].map((one) => one.codePointAt(0) ?? 0);

describe("the typefaces", () => {
  it("draw German, the signs of state and trend, and the names of what they can't draw", () => {
    const signs = [LIGHT_SIGNS, NOTE_SIGNS, TREND_SIGNS].flatMap((one) => Object.values(one));
    const german = "äöüÄÖÜßẞ„“‚‘–—…·×≤≥≈±−€§°²³µ½\u00a0\u202f";
    const all = points(`${signs.join("")}${german}⟨⟩U+0123456789ABCDEF`);
    expect(all.filter((one) => !canDraw(one))).toEqual([]);
  });

  it.each([
    ["Chinese", "漢"],
    ["Arabic", "م"],
    ["a smiley", "🙂"],
    ["private use", "\ue000"],
  ])("don't draw %s", (_, text) => {
    expect(points(text).filter(canDraw)).toEqual([]);
  });

  it("draw in strong what they draw in plain", () => {
    const [plain, strong] = fontFiles().map(charactersOf);
    expect(plain?.size).toBeGreaterThan(1_000);
    expect(strong).toEqual(plain);
  });
});
