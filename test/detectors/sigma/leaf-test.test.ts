import { describe, expect, it } from "vitest";
import { fires } from "./fixture.ts";

const names = [...Array(40).keys()].map((index) => `name${index}.ps1`);

describe("long lists of patterns", () => {
  it.each([
    ["f", "NAME7.ps1", true],
    ["f", "name7.ps", false],
    ["f|endswith", "C:\\Name39.PS1", true],
    ["f|endswith", "name39.ps1x", false],
    ["f|endswith", "1", false],
    ["f|contains", "run name12.PS1 now", true],
    ["f|contains", "run name12 now", false],
    ["f|startswith", "name3.ps1 -x", true],
    ["f|startswith", "x name3.ps1", false],
    ["f|contains|cased", "NAME3.ps1", false],
  ])("of %s on %j: %j", (key, value, expected) => {
    expect(fires({ [key]: names }, { f: value })).toBe(expected);
  });

  it.each([
    ["an ä", "ÜBERSETZEÄ"],
    ["–x", "a –X"],
    ["short", "^"],
    ["several", ["nothing", "name12.ps1"]],
  ])("find what is beyond ASCII, short, or in a list (%s)", (_what, value) => {
    const list = [...names, "übersetzeä", "–x", "^"];
    expect(fires({ "f|contains": list }, { f: value })).toBe(true);
    expect(fires({ "f|contains": list }, { f: "other" })).toBe(false);
  });
});
