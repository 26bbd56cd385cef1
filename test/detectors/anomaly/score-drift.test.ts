// Drift of a detector's scores, on drawn weeks: nothing is told of quiet ones, a shift is told once, what stays
// becomes the usual, and an attack on one machine is neither a drift nor held back.
import { describe, expect, it } from "vitest";
import { isDayOff } from "../../../detectors/anomaly/calendar.ts";
import {
  createScoreDrift,
  type ScoreDriftMonitor,
} from "../../../detectors/anomaly/score-drift.ts";
import {
  countScore,
  distanceOf,
  emptyHistogram,
  SCORE_BINS,
  sizeOf,
} from "../../../detectors/anomaly/score-histogram.ts";
import { createScores } from "../../../detectors/anomaly/scores.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 5);
const BUDGET = 5;

function randomOf(seed: number): () => number {
  let x = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x / 2 ** 32;
  };
}

/** Tails of a day: most things are usual, and days differ by more than chance: some are livelier than others. */
function drawDay(random: () => number, entities: number, shift = 1): number[] {
  const lively = 0.25 * Math.exp((random() - 0.5) * 0.6) * shift;
  return Array.from({ length: entities }, () =>
    random() < lively ? Math.max(1e-12, random() ** shift * 0.5) : 1,
  );
}

interface Course {
  readonly days: number;
  readonly seed?: number;
  readonly entities?: number;
  readonly from?: number;
  readonly until?: number;
  readonly more?: (day: number) => readonly number[];
}

/** Runs through the days; gives those after which something was told. */
function run(monitor: ScoreDriftMonitor, course: Course): number[] {
  const { days, seed = 1, entities = 400, from = days, until = days, more } = course;
  const random = randomOf(seed);
  const told: number[] = [];
  for (let day = 0; day < days; day += 1) {
    const time = BEGIN + day * DAY_MS + DAY_MS / 2;
    const size = isDayOff(time) ? entities / 8 : entities;
    const tails = drawDay(random, size, day >= from && day < until ? 2 : 1);
    for (const tail of more?.(day) ?? []) tails.push(tail);
    monitor.take(
      "volume",
      tails.map((tail) => ({ tail, time })),
    );
    if (monitor.advance(BEGIN + (day + 1) * DAY_MS).length > 0) told.push(day);
  }
  return told;
}

function finding(day: number, host: number, tail: number) {
  const time = BEGIN + day * DAY_MS + 3_600_000 + host;
  return exampleAnomaly({ time, tail, entity: { type: "host", value: `pc${host}` } });
}

describe("distributions of scores", () => {
  it("are counted in the bin that their score does not exceed, and nothing that is none", () => {
    const histogram = emptyHistogram();
    for (const tail of [1, 0.5, 0.51, 1e-15, Number.NaN, 0, -1, 2, Number.POSITIVE_INFINITY])
      countScore(histogram, tail);
    expect(sizeOf(histogram)).toBe(4);
    expect([histogram[0], histogram[1], histogram[SCORE_BINS.length - 1]]).toEqual([2, 1, 1]);
  });

  it("lie as far apart as Siddiqi and Smirnov say", () => {
    const of = (...counts: number[]) => SCORE_BINS.map((_, bin) => counts[bin] ?? 0);
    const { psi, ks, ksLimit } = distanceOf(of(90_000, 10_000), of(80_000, 20_000));
    // (0.8 − 0.9)·ln(0.8 / 0.9) + (0.2 − 0.1)·ln(0.2 / 0.1), by hand.
    expect(psi).toBeCloseTo(0.0811, 3);
    expect(ks).toBeCloseTo(0.1, 6);
    expect(ksLimit).toBeCloseTo(2.2253 * Math.sqrt(2 / 100_000), 6);
    expect(distanceOf(of(10), of(10)).psi).toBe(0);
    expect(distanceOf(emptyHistogram(), emptyHistogram())).toMatchObject({ psi: 0, ks: 0 });
    // Of few scores chance alone makes much.
    expect(distanceOf(of(20), of(20)).psiLimit).toBeGreaterThan(2);
  });
});

describe("drift of scores", () => {
  it("is told in none of 20 times 30 quiet weeks", () => {
    const told = Array.from({ length: 20 }, (_, seed) =>
      run(createScoreDrift(), { days: 210, seed }),
    );
    expect(told.flat()).toEqual([]);
  });

  it("is told of a shift on its first day, once, and is the usual after a working week", () => {
    const monitor = createScoreDrift();
    expect(run(monitor, { days: 71, from: 70 })).toEqual([70]);
    const [drift] = monitor.drifts;
    expect(drift).toMatchObject({ detector: "volume", state: "drift", since: BEGIN + 70 * DAY_MS });
    expect(drift?.after[0] ?? 1).toBeLessThan(drift?.before[0] ?? 0);
    const settled = createScoreDrift();
    expect(run(settled, { days: 112, from: 70 })).toEqual([70]);
    expect(settled.drifts[0]?.state).toBe("steady");
  });

  it("ends when it was only for a few days, and what was before is still the usual", () => {
    const monitor = createScoreDrift();
    expect(run(monitor, { days: 90, from: 70, until: 72 })).toEqual([70]);
    expect(monitor.drifts[0]?.state).toBe("steady");
  });

  it("is no attack on a few machines, however grave", () => {
    const attack = (day: number) => (day >= 70 ? [1e-12, 1e-12, 1e-9, 1e-9, 1e-6] : []);
    expect(run(createScoreDrift(), { days: 90, more: attack })).toEqual([]);
  });

  it("is seen in a small office, too, over some days", () => {
    const told = run(createScoreDrift(), { days: 112, from: 77, entities: 40 });
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThanOrEqual(77 + 9);
  });

  it("is not looked for while a detector still learns", () => {
    const monitor = createScoreDrift();
    expect(run(monitor, { days: 30, from: 20 })).toEqual([]);
    expect(monitor.drifts[0]?.state).toBe("learning");
  });

  it("holds findings to the budget of a day, counts them, and lets stand out what does", () => {
    const monitor = createScoreDrift();
    run(monitor, { days: 71, from: 70 });
    const held = (day: number, host: number, tail: number) =>
      monitor.holds(finding(day, host, tail), BUDGET);
    const flood = Array.from({ length: 40 }, (_, host) => held(71, host, 1e-6 * (1 + host / 40)));
    expect(flood.filter((one) => !one)).toHaveLength(BUDGET);
    // More of one that was told, an attack among the flood, and the next day.
    expect(held(71, 1, 1e-7)).toBe(false);
    expect(held(71, 99, 1e-12)).toBe(false);
    expect(held(72, 50, 1e-6)).toBe(false);
    expect(monitor.drifts[0]).toMatchObject({ held: 35, heldTotal: 35 });
    expect(monitor.holds({ ...finding(71, 60, 1e-6), detector: "other" }, BUDGET)).toBe(false);
  });

  it("begins within the day when its findings are too many and the whole population has moved", () => {
    const monitor = createScoreDrift();
    run(monitor, { days: 70 });
    const random = randomOf(3);
    const note = (at: number, peek: number[]) =>
      monitor.noteFinding(finding(70, at, 1e-5), BUDGET, () =>
        peek.map((tail) => ({ tail, time: BEGIN + 70.5 * DAY_MS })),
      );
    const usual = drawDay(random, 300);
    const calm = Array.from({ length: 20 }, (_, at) => note(at * 700_000, usual));
    // Twenty findings about machines, while all others are as ever: an attack, told one by one.
    expect(calm.every((one) => one === undefined)).toBe(true);
    expect(monitor.holds(finding(70, 30, 1e-5), BUDGET)).toBe(false);
    const shift = note(30 * 700_000, drawDay(random, 300, 2));
    expect(shift).toMatchObject({ state: "drift", since: BEGIN + 70 * DAY_MS });
    expect(monitor.holds(finding(70, 31, 1e-5), BUDGET)).toBe(true);
    // A day that has only seen less so far is no shift.
    const quiet = createScoreDrift();
    run(quiet, { days: 70 });
    const silent = Array.from({ length: 300 }, () => ({ tail: 1, time: BEGIN + 70 * DAY_MS }));
    for (let at = 0; at < 9; at += 1)
      expect(quiet.noteFinding(finding(70, at, 1e-5), BUDGET, () => silent)).toBeUndefined();
  });

  it("goes on after its state was put back in the middle", () => {
    const whole = createScoreDrift();
    run(whole, { days: 71, from: 70 });
    whole.holds(finding(71, 1, 1e-6), BUDGET);
    const restored = createScoreDrift(whole.state());
    for (let host = 0; host < 9; host += 1)
      expect(restored.holds(finding(71, host, 1e-6), BUDGET)).toBe(
        whole.holds(finding(71, host, 1e-6), BUDGET),
      );
    expect(restored.drifts).toEqual(whole.drifts);
    expect(restored.state()).toBe(whole.state());
  });

  it("takes hostile scores and times without a word, and a bounded number of detectors", () => {
    const monitor = createScoreDrift();
    const hostile = [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e308, 0];
    for (const tail of hostile) monitor.take("volume", [{ tail, time: BEGIN }]);
    for (const time of hostile) expect(monitor.advance(time)).toEqual([]);
    for (let at = 0; at < 1000; at += 1) monitor.take(`d${at}`, [{ tail: 0.5, time: BEGIN }]);
    expect(monitor.state().length).toBeLessThan(100_000);
  });
});

describe("scores that nobody takes", () => {
  it("are bounded, and given once", () => {
    const scores = createScores();
    for (let at = 0; at < 200_000; at += 1) scores.add(0.5, at);
    expect(scores.take()).toHaveLength(100_000);
    expect(scores.take()).toEqual([]);
  });
});
