// What may be configured to fold or hide findings, and what is refused.
import { describe, expect, it } from "vitest";
import { readDuration } from "../../config/duration.ts";
import { inhibitionSchema, suppressionSchema } from "../../config/suppression.ts";

describe("durations", () => {
  const good: [string, number][] = [
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["4h", 14_400_000],
    ["2d", 172_800_000],
  ];
  for (const [text, ms] of good) it(`reads ${text}`, () => expect(readDuration(text)).toBe(ms));
  for (const text of ["", "4", "h", "4 h", "-1h", "0h", "1.5h", "4H", "1w", "1234567s"]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(readDuration(text)).toBeUndefined());
  }
});

describe("a configured suppression", () => {
  const good = { rules: "any", by: ["host.name"], for: "4h", reason: "Softwareverteilung" };
  it("names rules, fields, a span and a reason", () => {
    expect(suppressionSchema.parse(good)).toMatchObject({ for: 14_400_000 });
    expect(suppressionSchema.parse({ ...good, rules: ["a", "b"] }).rules).toEqual(["a", "b"]);
  });
  const bad: [string, object][] = [
    ["no field", { by: [] }],
    ["too many fields", { by: ["a", "b", "c", "d", "e", "f"] }],
    ["no reason", { reason: " " }],
    ["no rule", { rules: [] }],
    ["a word in place of rules", { rules: "all" }],
    ["more than a week", { for: "8d" }],
    ["no span", { for: "lange" }],
    ["an unknown key", { until: "4h" }],
  ];
  for (const [title, change] of bad) {
    it(`is refused with ${title}`, () =>
      expect(suppressionSchema.safeParse({ ...good, ...change }).success).toBe(false));
  }
});

describe("a configured inhibition", () => {
  const matchers = [{ field: "level", value: "low" }];
  const good = { source: { matchers: [{ field: "rule", value: "r1" }] }, target: { matchers } };
  it("compares hosts within a day when nothing else is said", () => {
    expect(inhibitionSchema.parse(good)).toMatchObject({
      equal: ["host"],
      within: 86_400_000,
      target: { matchers: [{ operator: "equals" }] },
    });
  });
  const anything = [
    { field: "rule", operator: "glob", value: "*" },
    { field: "host.name", operator: "glob", value: "?*" },
  ];
  const bad: [string, object][] = [
    ["no matcher", { source: { matchers: [] } }],
    ["matchers that fit everything", { target: { matchers: anything } }],
    ["nothing that must be equal", { equal: [] }],
    ["a person as entity", { equal: ["person"] }],
  ];
  for (const [title, change] of bad) {
    it(`is refused with ${title}`, () =>
      expect(inhibitionSchema.safeParse({ ...good, ...change }).success).toBe(false));
  }
});
