// Spans of time in addresses: what links bring along, and what people break in them.
import { describe, expect, it } from "vitest";
import { isInSpan, readSpan, spanParams } from "../../../../services/console/model/address-span.ts";

describe("a span in an address", () => {
  it.each([
    ["numbers", { from: 1, to: 2 }, { from: 1, to: 2 }],
    ["digits", { from: "1", to: "2" }, { from: 1, to: 2 }],
    ["one end", { to: 2 }, { to: 2 }],
    ["no time", { from: "gestern", to: Number.NaN }, {}],
    ["a fraction", { from: 1.5 }, {}],
    ["a negative", { from: -1 }, {}],
    ["what no date can hold", { from: 9e15 }, {}],
    ["an end before its begin", { from: 3, to: 2 }, {}],
  ] as const)("is read from %s", (_, raw, expected) => {
    expect(readSpan(raw)).toEqual(expected);
  });

  it("goes to the API as it came, and is half-open", () => {
    expect(spanParams({ from: 1, to: 2 })).toEqual({ from: "1", to: "2" });
    expect(spanParams({})).toEqual({});
    expect([0, 1, 2].map((at) => isInSpan({ from: 1, to: 2 }, at))).toEqual([false, true, false]);
  });
});
