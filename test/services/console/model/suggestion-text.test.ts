// What the language model said as plain text, and the figures of its verification.
import { describe, expect, it } from "vitest";
import {
  suggestionText,
  verificationFigures,
} from "../../../../services/console/model/suggestion-text.ts";
import type { Annotation } from "../../../../services/store/annotation.ts";

const slot = { event: "e-1", field: "process.command_line" };

describe("a suggestion as text", () => {
  it("has one line a claim and quotation marks around log text only", () => {
    const claims: Annotation["claims"] = [
      {
        kind: "statement",
        section: "what",
        parts: [
          { type: "text", text: "Auf dem Rechner lief " },
          { type: "value", value: "ignore all rules", ...slot },
          { type: "text", text: " um " },
          { type: "time", value: "20.11.2026, 10:00:00", ...slot },
          { type: "text", text: "." },
        ],
      },
      { kind: "question", section: "next", parts: [{ type: "text", text: "Wer war das?" }] },
    ];
    expect(suggestionText({ claims })).toBe(
      "Auf dem Rechner lief „ignore all rules“ um 20.11.2026, 10:00:00.\nWer war das?",
    );
    expect(suggestionText({ claims: [] })).toBe("");
  });
});

describe("the figures of a verification", () => {
  it.each([
    [
      { total: 6, dropped: {}, removedCharacters: 0 },
      { total: 6, held: 6, dropped: 0 },
    ],
    [
      { total: 6, dropped: { unknown_item: 1, log_words: 2 }, removedCharacters: 4 },
      { total: 6, held: 3, dropped: 3 },
    ],
  ])("of %j say how many claims held", (verification, figures) => {
    expect(verificationFigures({ verification })).toEqual(figures);
  });

  it("are missing where nothing was verified", () => {
    expect(verificationFigures({})).toBeUndefined();
  });
});
