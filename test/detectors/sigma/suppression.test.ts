// The attribute `suppress` of a rule: what it gives, and what is left without effect.
import { describe, expect, it } from "vitest";
import { readSuppression } from "../../../detectors/sigma/suppression.ts";

describe("the attribute suppress", () => {
  it("names fields and a span", () => {
    const value = { by: ["host.name", "Image"], for: "4h" };
    expect(readSuppression(value)).toEqual({ by: ["host.name", "Image"], forMs: 14_400_000 });
    expect(readSuppression({ by: "host.name", for: "7d" })?.by).toEqual(["host.name"]);
  });

  const malformed: [string, unknown][] = [
    ["is missing", undefined],
    ["is a text", "host.name"],
    ["has no fields", { by: [], for: "4h" }],
    ["has too many fields", { by: ["a", "b", "c", "d", "e", "f"], for: "4h" }],
    ["has an empty field", { by: [""], for: "4h" }],
    ["has a field without end", { by: ["x".repeat(201)], for: "4h" }],
    ["has no span", { by: ["a"] }],
    ["has a number as span", { by: ["a"], for: 4 }],
    ["lasts too long", { by: ["a"], for: "8d" }],
  ];
  for (const [title, value] of malformed) {
    it(`is without effect when it ${title}`, () => expect(readSuppression(value)).toBeUndefined());
  }
});
