// The alarm budget over weeks of drawn anomalies: quiet weeks keep to it, attacks are not rationed, and
// neither floods nor patience shift it.
import { describe, expect, it } from "vitest";
import { createBudget } from "../../../detectors/anomaly/budget.ts";
import { drawn } from "../../support/dense-layers.ts";
import { randomFrom } from "../../support/drawn-series.ts";

const DAY_MS = 86_400_000;
const MONDAY = Date.parse("2026-06-01T08:00:00Z");

/** Tails of a quiet day: about 2,000 windows are judged, those under 1 in 20 are told. */
function quietTails(seed: number): number[] {
  return [...drawn(seed, 2000)].map((value) => (value + 1) / 2).filter((tail) => tail < 0.05);
}

function liveDay(budget: ReturnType<typeof createBudget>, day: number, tails: readonly number[]) {
  let findings = 0;
  for (const [index, tail] of tails.entries()) {
    if (budget.admit(tail, MONDAY + day * DAY_MS + index * 1000)) findings += 1;
  }
  return findings;
}

function settled(findingsPerDay: number) {
  const budget = createBudget({ findingsPerDay });
  for (let day = 0; day < 21; day += 1) liveDay(budget, day, quietTails(day + 1));
  return budget;
}

describe("the alarm budget", () => {
  it.each([1, 5, 20])("of %d a day is kept in quiet weeks, and used", (findingsPerDay) => {
    const budget = settled(findingsPerDay);
    const counts: number[] = [];
    for (let day = 21; day < 49; day += 1) counts.push(liveDay(budget, day, quietTails(day + 1)));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean).toBeLessThanOrEqual(findingsPerDay);
    expect(mean).toBeGreaterThan(findingsPerDay / 5);
  });

  it.each([3, 4, 8, 20])("is kept on three of four days, with %d days behind", (days) => {
    const [perDay, counties] = [5, 1000];
    const random = randomFrom(days);
    // What differs from day to day is how many are unusual at all.
    const tails = () => Array.from({ length: 60 * random() }, () => random() / 20);
    let over = 0;
    for (let county = 0; county < counties; county += 1) {
      const budget = createBudget({ findingsPerDay: perDay, days });
      for (let day = 0; day < days; day += 1) liveDay(budget, day, tails());
      if (liveDay(budget, days, tails()) > perDay) over += 1;
    }
    // Three deviations of what chance does with so many.
    const chance = 3 * Math.sqrt((0.25 * 0.75) / counties);
    expect(over / counties).toBeLessThan(0.25 + chance);
  });

  it("does not ration an attack of 50 anomalies", () => {
    const budget = settled(5);
    const attack = Array.from({ length: 50 }, () => 1e-9);
    expect(liveDay(budget, 21, [...quietTails(22), ...attack])).toBeGreaterThanOrEqual(50);
  });

  it("learns nothing from a day of flood until people call it usual", () => {
    const budget = settled(5);
    const before = budget.thresholdAt(MONDAY + 21 * DAY_MS);
    liveDay(
      budget,
      21,
      Array.from({ length: 5000 }, (_, at) => 1e-9 * (1 + at)),
    );
    expect(budget.thresholdAt(MONDAY + 22 * DAY_MS)).toBeGreaterThan(before / 3);
    expect(budget.daysAt(MONDAY + 22 * DAY_MS).leftOut).toBe(1);
    budget.mark(MONDAY + 21 * DAY_MS, "usual");
    expect(budget.daysAt(MONDAY + 22 * DAY_MS).leftOut).toBe(0);
    budget.mark(MONDAY + 21 * DAY_MS, undefined);
    expect(budget.daysAt(MONDAY + 22 * DAY_MS).leftOut).toBe(1);
  });

  it("leaves out days of confirmed incidents, however few anomalies they had", () => {
    const budget = settled(5);
    budget.mark(MONDAY + 20 * DAY_MS, "incident");
    expect(budget.daysAt(MONDAY + 21 * DAY_MS)).toEqual({ quiet: 20, leftOut: 1 });
  });

  it("is measured although a day was called an incident for a while before that", () => {
    const budget = createBudget({ startTail: 0 });
    for (let day = 0; day < 3; day += 1) liveDay(budget, day, quietTails(day + 1));
    const called = MONDAY + 2 * DAY_MS;
    budget.mark(called, "incident");
    liveDay(budget, 3, quietTails(4));
    budget.mark(called, undefined);
    liveDay(budget, 4, quietTails(5));
    expect(budget.thresholdAt(MONDAY + 4 * DAY_MS)).toBeGreaterThan(1e-4);
  });

  it("is not talked down in a week by somebody who makes small anomalies every day", () => {
    const budget = settled(5);
    const before = budget.thresholdAt(MONDAY + 21 * DAY_MS);
    for (let day = 21; day < 28; day += 1) {
      const small = Array.from({ length: 20 }, () => before / 1000);
      liveDay(budget, day, [...quietTails(day + 1), ...small]);
    }
    const after = budget.thresholdAt(MONDAY + 28 * DAY_MS);
    expect(after).toBeGreaterThan(before / 4);
  });

  it("is silent at the start but for what is beyond doubt", () => {
    const budget = createBudget();
    expect(budget.admit(1e-4, MONDAY)).toBe(false);
    expect(budget.admit(1e-9, MONDAY)).toBe(true);
  });

  it.each([Number.NaN, -1, 0])("never admits the tail %d", (tail) => {
    expect(createBudget().admit(tail, MONDAY)).toBe(false);
  });

  it("stays bounded when a sender's clock runs through the centuries", () => {
    const budget = createBudget();
    for (let day = 0; day < 1000; day += 1) budget.admit(1e-3, MONDAY + day * 37 * DAY_MS);
    budget.admit(1e-3, Number.NaN);
    expect(budget.state().length).toBeLessThan(57 * 45);
  });

  it("counts a subject once a day, by its least probable anomaly, however often it is told of", () => {
    const told = createBudget({ findingsPerDay: 5 });
    const once = createBudget({ findingsPerDay: 5 });
    for (let day = 0; day < 20; day += 1)
      for (let subject = 1; subject <= 8; subject += 1) {
        const [time, tail] = [MONDAY + day * DAY_MS + subject * 1000, 1e-4 / subject];
        for (let more = 4; more >= 1; more -= 1) told.admit(tail * more, time, subject);
        once.admit(tail, time, subject);
      }
    const after = MONDAY + 20 * DAY_MS;
    expect(told.thresholdAt(after)).toBe(once.thresholdAt(after));
  });

  it("reads the state of its first version, which did not know whose anomalies they were", () => {
    const one = [Math.floor(MONDAY / DAY_MS), 2, 2, 1e-6, 1e-7, 1e-5];
    const budget = createBudget({}, Float64Array.of(1, 1, 0, 0, ...one));
    expect(budget.daysAt(MONDAY + 3 * DAY_MS)).toEqual({ quiet: 1, leftOut: 0 });
  });

  it("keeps its state whole with the largest budget there is", () => {
    const budget = createBudget({ findingsPerDay: 1000 });
    for (let more = 0; more < 9000; more += 1) budget.admit(1e-3 / (more + 1), MONDAY + more);
    const again = createBudget({ findingsPerDay: 1000 }, budget.state());
    expect(again.state()).toEqual(budget.state());
  });

  it("decides the same after its state was put back in the middle", () => {
    const whole = settled(5);
    const restored = createBudget({ findingsPerDay: 5 }, whole.state());
    for (let day = 21; day < 30; day += 1) {
      expect(liveDay(restored, day, quietTails(day))).toBe(liveDay(whole, day, quietTails(day)));
    }
    expect(restored.state()).toEqual(whole.state());
  });

  it.each([
    ["an empty one", new Float64Array(0), "HW_STORE_CORRUPT"],
    ["one cut short", settled(5).state().slice(0, 20), "HW_STORE_CORRUPT"],
    ["one of a newer version", Float64Array.of(3, 0, 0, 0), "HW_STORE_VERSION"],
  ])("refuses as a state %s", (_, state, code) => {
    expect(() => createBudget({}, state)).toThrow(expect.objectContaining({ code }));
  });
});
