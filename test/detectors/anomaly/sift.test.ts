// What becomes of anomalies while one detector drifts: the others stay as sharp as they were, and the one that
// drifts keeps to its part of the budget once its new days are known.
import { describe, expect, it } from "vitest";
import { isDayOff } from "../../../detectors/anomaly/calendar.ts";
import { createSift } from "../../../detectors/anomaly/sift.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";
import { drawn } from "../../support/dense-layers.ts";

const DAY_MS = 86_400_000;
const BEGIN = Date.UTC(2026, 0, 5);
const SHIFT = 42;
const DAYS = 70;
const SHIFTED = "volume";
const STEADY = "rarity";
const NOTICED = "noticed";
const BUDGET = 5;
/** Unusual enough on each day before the shift. */
const UNUSUAL = 1e-3;

type Sift = ReturnType<typeof createSift>;

/** Scores of a day: a quarter of all entities is unusual at all, of a shifted one half, and more so. */
function tailsOf(seed: number, day: number, isShifted: boolean): number[] {
  const size = isDayOff(BEGIN + day * DAY_MS + DAY_MS / 2) ? 100 : 400;
  const values = [...drawn(seed * 1000 + day, size)].map((value) => (value + 1) / 2);
  const [part, power] = isShifted ? [0.5, 2] : [0.25, 1];
  return values.map((value) => (value < part ? Math.max(1e-12, (value / part) ** power / 2) : 1));
}

/** A day of both detectors; the entities of which something was told, by detector. */
function runDay(sift: Sift, day: number): ReadonlyMap<string, ReadonlySet<string>> {
  const told = new Map([SHIFTED, STEADY, NOTICED].map((name) => [name, new Set<string>()]));
  const begin = BEGIN + day * DAY_MS;
  for (const [seed, detector] of [SHIFTED, STEADY].entries()) {
    const tails = tailsOf(seed + 1, day, day >= SHIFT && detector === SHIFTED);
    if (detector === STEADY) tails.push(UNUSUAL);
    const scores = tails.map((tail) => ({ tail, time: begin + DAY_MS / 2 }));
    for (const [at, tail] of tails.entries()) {
      if (tail > 0.05) continue;
      const value = tail === UNUSUAL ? "marked" : `pc${at}`;
      const time = begin + Math.floor((at / tails.length) * 0.9 * DAY_MS);
      const anomaly = exampleAnomaly({ detector, tail, time, entity: { type: "host", value } });
      for (const one of sift.take(anomaly, 1000 * (seed + 1) + at, () => scores))
        if ("anomaly" in one) told.get(detector)?.add(value);
        else if ("shift" in one) told.get(NOTICED)?.add(one.shift.detector);
    }
    sift.takeScores(detector, scores);
  }
  for (const one of sift.advance(begin + DAY_MS))
    if ("shift" in one) told.get(NOTICED)?.add(one.shift.detector);
  return told;
}

describe("a detector that drifts", () => {
  const options = { findingsPerDay: BUDGET };
  const sift = createSift(options, () => 1);
  const days = Array.from({ length: DAYS }, (_, day) => runDay(sift, day));

  it("drifts in this course, and no other does", () => {
    const noticed = days.flatMap((told, day) =>
      [...(told.get(NOTICED) ?? [])].map((one) => [day, one]),
    );
    expect(noticed).toEqual([[SHIFT, SHIFTED]]);
  });

  it("takes nothing of the sharpness of the others", () => {
    const isTold = (day: number) => days[day]?.get(STEADY)?.has("marked");
    for (let day = SHIFT - 14; day < DAYS; day += 1)
      expect([day, isTold(day)]).toEqual([day, true]);
  });

  it("keeps to the budget when its new days are known", () => {
    const last = days.slice(-14).map((told) => told.get(SHIFTED)?.size ?? 0);
    expect(last.reduce((sum, size) => sum + size, 0) / last.length).toBeLessThan(BUDGET / 2);
    // … and is not silent.
    expect(Math.max(...last)).toBeGreaterThan(0);
  });

  it("is judged the same after its state was put back in the middle", () => {
    let other = createSift(options, () => 1);
    for (let day = 0; day < DAYS; day += 1) {
      if (day % 7 === 3) {
        const parts = Object.entries(other.parts).map(
          ([name, part]) => [name, part.store()] as const,
        );
        other = createSift(options, () => 1);
        for (const [name, bytes] of parts) other.parts[name]?.restore(Uint8Array.from(bytes));
      }
      expect(runDay(other, day)).toEqual(days[day]);
    }
  });
});
