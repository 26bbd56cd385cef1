// Lags and clocks: what is told of a sample, and that it stays small and even.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addLag, judgeLags, type LagSample, noLags } from "../../../services/detect/lag-window.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function sampleOf(lags: readonly number[]): LagSample {
  const sample = noLags();
  for (const lag of lags) addLag(sample, lag);
  return sample;
}

/** So many lags around an offset, up to `spread` more. */
const steady = (offset: number, spread = 3 * SECOND, count = 100) =>
  Array.from({ length: count }, (_, index) => offset + ((index * 7919) % spread));

describe("the judgement of a clock", () => {
  it.each([
    ["ordinary delay", steady(0), "right", 0],
    ["a batch every minute", steady(0, MINUTE), "right", 0],
    ["one hour behind", steady(HOUR), "zone", -HOUR],
    ["two hours behind, with delay", steady(2 * HOUR + 30 * SECOND), "zone", -2 * HOUR],
    ["one hour ahead", steady(-HOUR), "zone", HOUR],
    ["minutes behind, always the same", steady(17 * MINUTE), "behind", -17 * MINUTE],
    ["seconds ahead", steady(-40 * SECOND), "ahead", 40 * SECOND],
    ["old files read at once", steady(20 * 24 * HOUR, 24 * HOUR), "right", 0],
    ["a delay that varies around an hour", steady(50 * MINUTE, 20 * MINUTE), "right", 0],
    ["a second ahead", steady(-SECOND, 500), "right", 0],
    ["too few to tell", steady(HOUR, SECOND, 10), "right", 0],
  ])("of %s", (_name, lags, clock, skewMs) => {
    const judged = judgeLags([sampleOf(lags)]);
    expect(judged?.clock).toBe(clock);
    expect(Math.abs((judged?.skewMs ?? 0) - skewMs)).toBeLessThan(5 * SECOND);
  });
});

describe("a sample", () => {
  it("tells median and maximum over two windows", () => {
    const judged = judgeLags([sampleOf([100, 200, 300]), sampleOf([400, 9000])]);
    expect(judged).toMatchObject({ medianMs: 300, maxMs: 9000 });
  });

  it("is nothing without lags", () => {
    expect(judgeLags([noLags(), noLags()])).toBeUndefined();
  });

  it("stays small and keeps maximum and about the median of any number of lags", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 5000 }),
        (lags) => {
          const sample = sampleOf(lags);
          expect(sample.values.length).toBeLessThanOrEqual(256);
          expect(judgeLags([sample])?.maxMs).toBe(Math.max(...lags));
          expect(sample.values.every((value) => lags.includes(value))).toBe(true);
        },
      ),
    );
    const rising = sampleOf(Array.from({ length: 100_000 }, (_, index) => index));
    expect(judgeLags([rising])?.medianMs).toBeGreaterThan(49_000);
    expect(judgeLags([rising])?.medianMs).toBeLessThan(51_000);
  });
});
