import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addExactly,
  NUMBER_MAX,
  numberIn,
  roundedSum,
} from "../../../detectors/correlation/exact-sum.ts";
import { exactSum } from "./plain-correlator.ts";

const number = fc.oneof(
  fc.double({ min: -NUMBER_MAX, max: NUMBER_MAX, noNaN: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0.1, 1e16, -1e16, 1, 2 ** -1074, 2 ** 53, 2 ** -54, -(2 ** -106)),
);

describe("an exact sum", () => {
  it("is the sum of all numbers, rounded once, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), (numbers) => {
        const parts: number[] = [];
        for (const one of numbers) addExactly(parts, one);
        // Of nothing and of numbers that cancel out both zeros would do.
        expect(roundedSum(parts) + 0).toBe(exactSum(numbers) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("forgets what is taken out again", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), number, (numbers, kept) => {
        const parts: number[] = [];
        for (const one of [...numbers, kept]) addExactly(parts, one);
        for (const one of numbers) addExactly(parts, -one);
        expect(roundedSum(parts) + 0).toBe(kept + 0);
      }),
    );
  });
});

describe("a number in a text", () => {
  it.each([
    ["0", 0],
    ["-0", 0],
    [" 42\t", 42],
    ["+1.5", 1.5],
    [".5", 0.5],
    ["5.", 5],
    ["-1e-3", -0.001],
    ["1E300", 1e300],
  ])("is read from %j", (text, value) => {
    expect(numberIn(text)).toBe(value);
  });

  it.each(["", " ", ".", "e5", "1e", "0x1", "1_000", "1,5", "1e301", "Infinity", "NaN", "１"])(
    "is not seen in %j",
    (text) => {
      expect(numberIn(text)).toBeUndefined();
    },
  );
});
