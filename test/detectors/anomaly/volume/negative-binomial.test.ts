// Tail probabilities of amounts, beside which one transfer may be a thousand times another.
import { describe, expect, it } from "vitest";
import { amountTail, upperTail } from "../../../../detectors/anomaly/volume/negative-binomial.ts";

describe("the tail of amounts", () => {
  it.each([
    [0, 10, 1],
    [10, 10, 2 ** -1.2],
    [90, 10, 10 ** -1.2],
    [9990, 10, 1000 ** -1.2],
  ])("of %d where %d are usual is %d", (amount, mean, tail) => {
    expect(amountTail(amount, mean)).toBeCloseTo(tail, 12);
  });

  it("leaves a large upload far more probable than as many happenings would be", () => {
    expect(amountTail(150, 0.5)).toBeGreaterThan(1e-4);
    expect(upperTail(150, 0.5, 1)).toBeLessThan(1e-60);
  });

  it.each([Number.NaN, -1])("calls %d usual", (amount) => {
    expect(amountTail(amount, 1)).toBe(1);
  });

  it.each([
    [Number.POSITIVE_INFINITY, 1],
    [1e308, 1e-308],
    [1, 0],
    [1, Number.NaN],
  ])("is above 0 for %d where %d are usual", (amount, mean) => {
    expect(amountTail(amount, mean)).toBeGreaterThan(0);
  });
});
