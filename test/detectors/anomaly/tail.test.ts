// What a calibrated tail promises: probabilities that hold, silence at the start, a bounded ramp, and
// numbers that survive a snapshot and hostile values.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTail, TAIL_MIN } from "../../../detectors/anomaly/tail.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Uniform numbers from a seed. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

const DISTRIBUTIONS: readonly [string, (next: () => number) => number][] = [
  ["exponential", (next) => -Math.log(next())],
  ["normal", gaussian],
  ["lognormal", (next) => Math.exp(gaussian(next))],
  ["heavy (Pareto, shape 1/3)", (next) => next() ** (-1 / 3)],
];

describe("a tail probability", () => {
  it.each(DISTRIBUTIONS)("of %s values holds within a factor of two at 1 in 100", (_, draw) => {
    const next = uniform(11);
    const tail = createTail();
    let over = 0;
    const count = 20_000;
    for (let index = 0; index < count; index += 1) {
      if (tail.score(draw(next), index * MINUTE_MS) < 0.01) over += 1;
    }
    expect(over / count).toBeGreaterThan(0.005);
    expect(over / count).toBeLessThan(0.02);
  });

  it.each(DISTRIBUTIONS)("of %s values says 1 in 10,000 at most 20 times too often", (_, draw) => {
    const next = uniform(12);
    const tail = createTail();
    let over = 0;
    const count = 50_000;
    for (let index = 0; index < count; index += 1) {
      if (tail.score(draw(next), index * MINUTE_MS) < 1e-4) over += 1;
    }
    expect(over / count).toBeLessThan(2e-3);
  });

  it("falls with the value", () => {
    const next = uniform(13);
    const tail = createTail();
    for (let index = 0; index < 2000; index += 1) tail.learn(-Math.log(next()), index * MINUTE_MS);
    let before = 1;
    for (let value = -1; value < 40; value += 0.25) {
      const now = tail.probability(value);
      expect(now).toBeLessThanOrEqual(before);
      before = now;
    }
    expect(before).toBeLessThan(1e-6);
    expect(tail.probability(tail.limit(1e-5))).toBeCloseTo(1e-5, 9);
  });

  it("is 1 until the stream is known, and again after it was gone for long", () => {
    const tail = createTail({ warmup: 20, halfLifeMs: DAY_MS });
    for (let index = 0; index < 20; index += 1) {
      expect(tail.score(1e6 * index, index)).toBe(1);
    }
    expect(tail.score(1e9, 21)).toBeLessThan(1);
    expect(tail.score(1e9, 30 * DAY_MS)).toBe(1);
  });

  it("of a stream that never changes calls any other value as rare as the stream is long", () => {
    const tail = createTail();
    for (let index = 0; index < 1000; index += 1) tail.learn(7, index);
    expect(tail.probability(7)).toBeGreaterThan(0.5);
    expect(tail.probability(8)).toBeLessThan(0.002);
  });

  it("follows a stream that slowly grows with the seasons", () => {
    const next = uniform(14);
    const tail = createTail({ halfLifeMs: 3 * DAY_MS });
    let over = 0;
    for (let index = 0; index < 50_000; index += 1) {
      const level = 1 + index / 50_000;
      if (tail.score(level * -Math.log(next()), index * 4 * MINUTE_MS) < 1e-3) over += 1;
    }
    expect(over / 50_000).toBeLessThan(3e-3);
  });
});

describe("an attacker against a tail", () => {
  it("does not make the usual of what alarms", () => {
    const next = uniform(15);
    const tail = createTail();
    for (let index = 0; index < 5000; index += 1) tail.learn(-Math.log(next()), index * MINUTE_MS);
    const before = tail.limit(1e-4);
    for (let index = 0; index < 5000; index += 1) tail.learn(1000, (5000 + index) * MINUTE_MS);
    expect(tail.limit(1e-4)).toBeCloseTo(before, 1);
    expect(tail.refusedWeight).toBeGreaterThan(1000);
  });

  it("who raises the values step by step gains little in a month, and is seen then", () => {
    const next = uniform(16);
    const tail = createTail({ halfLifeMs: 14 * DAY_MS });
    let minute = 0;
    for (; minute < 60 * 1440; minute += 10) tail.learn(-Math.log(next()), minute * MINUTE_MS);
    const before = tail.limit(1e-4);
    // Always just under what would be refused, for 28 days.
    for (const end = minute + 28 * 1440; minute < end; minute += 10) {
      const usual = -Math.log(next());
      const pushed = Math.min(tail.limit(2e-4), 10 * before);
      tail.learn(minute % 50 === 0 ? pushed : usual, minute * MINUTE_MS);
    }
    expect(tail.limit(1e-4)).toBeLessThan(6 * before);
    expect(tail.probability(10 * before)).toBeLessThan(1e-4);
  });

  it("does not blind it with one huge value during the start", () => {
    const next = uniform(17);
    const tail = createTail();
    for (let index = 0; index < 50; index += 1) {
      tail.learn(index === 20 ? 1e308 : -Math.log(next()), index * MINUTE_MS);
    }
    for (let index = 50; index < 2000; index += 1) tail.score(-Math.log(next()), index * MINUTE_MS);
    expect(tail.probability(1000)).toBeLessThan(1e-3);
  });

  it.each([
    ["NaN", Number.NaN, 1],
    ["Infinity", Infinity, 1e-3],
    ["1e308", 1e308, 1e-3],
  ])("gives %s and blinds nothing", (_, value, most) => {
    const next = uniform(18);
    const tail = createTail();
    for (let index = 0; index < 3000; index += 1) {
      tail.score(-Math.log(next()), index * MINUTE_MS);
      if (index % 10 > 0) continue;
      expect(tail.score(value, index * MINUTE_MS)).toBeLessThanOrEqual(index < 60 ? 1 : most);
    }
    expect(tail.probability(100)).toBeLessThan(0.1);
  });
});

describe("the state of a tail", () => {
  it("put back in the middle changes nothing, wherever the middle is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 300 }),
        fc.nat({ max: 299 }),
        (values, cut) => {
          const whole = createTail({ warmup: 10 });
          let halves = createTail({ warmup: 10 });
          values.forEach((value, index) => {
            if (index === cut) halves = createTail({ warmup: 10 }, halves.state());
            const time = index * 3_600_000;
            const tail = whole.score(value, time);
            expect(halves.score(value, time)).toBe(tail);
            expect(tail >= TAIL_MIN && tail <= 1).toBe(true);
          });
          expect(halves.state()).toEqual(whole.state());
        },
      ),
    );
  });

  it("stays as small as it was told", () => {
    const tail = createTail({ bodyMax: 32, peaksMax: 16 });
    for (let index = 0; index < 10_000; index += 1) tail.learn(index % 97, index);
    expect(tail.state().length).toBeLessThanOrEqual(16 + 32 + 16);
  });

  it.each([
    ["an empty one", new Float64Array(0), "HW_STORE_CORRUPT"],
    ["one cut short", createTail().state().slice(0, 9), "HW_STORE_CORRUPT"],
    ["one with NaN", createTail().state().fill(Number.NaN, 2, 3), "HW_STORE_CORRUPT"],
    ["one of a newer version", Float64Array.of(2, 0), "HW_STORE_VERSION"],
  ])("refuses %s", (_, state, code) => {
    expect(() => createTail({}, state)).toThrow(expect.objectContaining({ code }));
  });

  it("is forgotten on demand", () => {
    const tail = createTail();
    for (let index = 0; index < 1000; index += 1) tail.learn(index % 7, index);
    tail.relearn();
    expect(tail.state()).toEqual(createTail().state());
  });
});
