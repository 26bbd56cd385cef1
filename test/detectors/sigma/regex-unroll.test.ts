import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLinear } from "../../../detectors/sigma/regex-guard.ts";
import { unrollRepeats } from "../../../detectors/sigma/regex-unroll.ts";
import { pattern, value } from "./regex-patterns.ts";

describe("unrollRepeats", () => {
  it.each([
    ["a{3}", "aaa"],
    ["a{2,4}", "aa(?:a(?:a)?)?"],
    ["a{2,}", "aaa*"],
    ["a{0}", ""],
    ["[a{2}]{2}", "[a{2}][a{2}]"],
    [String.raw`\d{2}`, String.raw`\d\d`],
    [String.raw`\x41{2}`, String.raw`\x41\x41`],
    [String.raw`\u0041{2}`, String.raw`\u0041\u0041`],
    [String.raw`a\{2}`, String.raw`a\{2}`],
    ["[]a]{2}", "[]a][]a]"],
  ])("writes %s as %s", (source, expected) => {
    expect(unrollRepeats(source)).toBe(expected);
  });

  it.each(["(?:ab){2,3}", "a{2}?", "a{3,2}", "a{x}", "a{,2}", "a{4000}", "a{0,500}", "(a){2}"])(
    "leaves %s as it is",
    (source) => {
      expect(unrollRepeats(source)).toBe(source);
    },
  );

  it("gives what V8's linear engine takes", () => {
    expect(isLinear("^a{40}$", "")).toBe(false);
    expect(isLinear(unrollRepeats("^a{40}$"), "")).toBe(true);
  });

  it("keeps the language", () => {
    fc.assert(
      fc.property(pattern, value, (source, text) => {
        const before = new RegExp(source).exec(text)?.[0];
        expect(new RegExp(unrollRepeats(source)).exec(text)?.[0]).toBe(before);
      }),
      { numRuns: 5000 },
    );
  });
});
