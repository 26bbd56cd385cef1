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

describe("a long list that another test stands beside", () => {
  it.each([
    ["name7.ps1 x.exe", true],
    ["NAME39.PS1 x.exe", true],
    ["name7.ps x.exe", false],
    ["name7.ps1", false],
    [["name7.ps1", "x.exe"], true],
    [["name7.ps", "x.exe"], false],
  ])("is true of %j: %j", (value, expected) => {
    expect(fires({ "f|contains": names, "f|endswith": "x.exe" }, { f: value })).toBe(expected);
  });
});

describe("a regular expression that needs a text several times", () => {
  it.each([
    ["a+b+c+d", true],
    ["a+++", true],
    ["a+b+c", false],
    ["", false],
  ])("is true of %j: %j", (value, expected) => {
    expect(fires({ "f|re": String.raw`\+.*\+.*\+` }, { f: value })).toBe(expected);
  });
});

describe("a comparison of fields", () => {
  it.each([
    ["", "ABC", "abc", true],
    ["", "ABC", "abcd", false],
    ["", "abc", ["x", "ABC"], true],
    ["|startswith", "ABCD", "abc", true],
    ["|startswith", "ab", "abc", false],
    ["|endswith", "xABC", "abc", true],
    ["|contains", "xabcx", "ABC", true],
    ["|contains", "ab", "abc", false],
    ["|cased", "ABC", "abc", false],
  ])("fieldref%s of %j and %j: %j", (modifiers, one, other, expected) => {
    expect(fires({ [`f|fieldref${modifiers}`]: "g" }, { f: one, g: other })).toBe(expected);
  });
});
