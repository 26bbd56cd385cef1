// The detector for one series: what it finds, what it leaves alone, and that nothing blinds or breaks it.
import { describe, expect, it } from "vitest";
import { hourOfWeek } from "../../../detectors/anomaly/calendar.ts";
import { createSeries, SERIES_BYTES } from "../../../detectors/metrics/layout.ts";
import { observeSeries } from "../../../detectors/metrics/series.ts";
import { drawnSeries, KINDS } from "../../support/drawn-series.ts";

const MINUTE_MS = 60_000;
const FIRST_TIME = Date.UTC(2026, 8, 7);
const DAY = 1440;

/** Places of the alarms of a series with one value a minute. */
function alarmsOf(values: Iterable<number>, series = createSeries(), from = 0): number[] {
  const alarms: number[] = [];
  let place = from;
  for (const value of values) {
    const { unusual } = observeSeries(series, FIRST_TIME + place * MINUTE_MS, value, hourOfWeek);
    if (unusual >= 0.5) alarms.push(place);
    place += 1;
  }
  return alarms;
}

describe("one series", () => {
  const at = 8 * DAY;
  it.each<[string, (typeof KINDS)[number], (value: number, place: number) => number]>([
    ["a spike far above all", "daily", (value, place) => (place === at ? 400 : value)],
    ["a level that stays up", "noise", (value, place) => (place >= at ? value + 8 : value)],
    ["a level that stays down", "noise", (value, place) => (place >= at ? value - 8 : value)],
    ["a first value after a constant", "constant", (value, place) => (place >= at ? 43 : value)],
    ["a flat line in a rhythm", "daily", (value, place) => (place >= at + 360 ? 20 : value)],
    ["a day that is missing", "daily", (value, place) => (place >= at ? 51 : value)],
    [
      "a counter that grows ten times as fast",
      "counter",
      (value, place) => (place >= at ? value + 10_000 * (place - at) : value),
    ],
  ])("finds %s within a day", (_, kind, change) => {
    const values = drawnSeries(kind, 3, 10 * DAY).map(change);
    const found = alarmsOf(values).filter((place) => place >= at && place < at + DAY);
    expect(found).not.toEqual([]);
  });

  it.each(KINDS)("leaves an undisturbed series alone: %s", (kind) => {
    // Three days to learn the rhythm; less than one alarm a day after.
    const alarms = alarmsOf(drawnSeries(kind, 5, 14 * DAY)).filter((place) => place > 3 * DAY);
    expect(alarms.length).toBeLessThan(11);
  });

  it("says nothing during its first 150 values, whatever they are", () => {
    const wild = Array.from({ length: 150 }, (_, place) => (place % 7 === 0 ? 1e9 : -place));
    expect(alarmsOf(wild)).toEqual([]);
  });

  it("takes a counter that is set back for what it is", () => {
    const values = drawnSeries("counter", 7, 6 * DAY);
    const before = values[5 * DAY] ?? 0;
    const reset = values.map((value, place) => (place > 5 * DAY ? value - before : value));
    expect(alarmsOf(reset)).toEqual(alarmsOf(values));
  });

  it("sees the same in another unit", () => {
    const values = drawnSeries("weekly", 2, 9 * DAY).map((value, place) =>
      place === at + 30 ? value * 3 : value,
    );
    const alarms = alarmsOf(values);
    expect(alarms).toContain(at + 30);
    expect(alarmsOf(values.map((value) => value * 1024))).toEqual(alarms);
  });
});

describe("hostile values", () => {
  it.each<[string, readonly number[]]>([
    ["no number", [Number.NaN]],
    ["infinite", [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ["the largest there are", [1e308, -1e308, Number.MAX_VALUE]],
    ["the smallest there are", [5e-324, -0]],
  ])("neither break nor blind a series: %s", (_, hostile) => {
    for (const place of [5, 50, 5 * DAY]) {
      const values = [...drawnSeries("noise", 11, 8 * DAY)];
      values.splice(place, hostile.length, ...hostile);
      const at = 7 * DAY + 100;
      values.fill(60, at, at + 20);
      const series = createSeries();
      expect(alarmsOf(values, series).some((alarm) => alarm >= at && alarm < at + 20)).toBe(true);
      expect(series.numbers.every(Number.isFinite)).toBe(true);
    }
  });

  it("of a series that is nothing else leave it silent and finite", () => {
    const series = createSeries();
    const values = Array.from({ length: 2000 }, (_, place) => (place % 2 === 0 ? 1e308 : -1e308));
    const { length } = alarmsOf(values, series);
    expect(length).toBeLessThan(20);
    expect(series.numbers.every(Number.isFinite)).toBe(true);
  });

  it("in place of times are missing values", () => {
    const series = createSeries();
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(observeSeries(series, time, 1, hourOfWeek).unusual).toBe(0);
    }
    expect(alarmsOf(drawnSeries("noise", 1, 500), series)).toEqual(
      alarmsOf(drawnSeries("noise", 1, 500)),
    );
  });

  it("learn a change of scale by many powers of ten after a few values", () => {
    const values = [...drawnSeries("noise", 4, 2 * DAY)];
    const large = drawnSeries("noise", 9, 4 * DAY).map((value) => value * 1e12);
    const series = createSeries();
    alarmsOf(values, series);
    const alarms = alarmsOf(large, series, 2 * DAY);
    expect(alarms[0]).toBe(2 * DAY);
    expect(alarms.length).toBeLessThan(20);
  });
});

describe("a slow ramp", () => {
  it.each<[(typeof KINDS)[number], number, number]>([
    ["noise", 10, 3],
    ["noise", 10, 14],
    ["daily", 60, 3],
    ["daily", 60, 14],
    ["weekly", 120, 14],
  ])(
    "of a %s series by %i is seen before a third of it, over %i days, and does not flood",
    (kind, rise, days) => {
      const from = 14 * DAY;
      const values = drawnSeries(kind, 3, from + (days + 3) * DAY).map((value, place) => {
        return value + rise * Math.max(0, Math.min(1, (place - from) / (days * DAY)));
      });
      const alarms = alarmsOf(values).filter((place) => place > from);
      expect(alarms[0]).toBeLessThan(from + (days * DAY) / 3);
      expect(alarms.length).toBeLessThan(2 * days + 6);
    },
  );
});

describe("the tail of a score", () => {
  it.each(["daily", "weekly", "noise", "sparse", "counter"] as const)(
    "is as rare as it says where nothing is wrong: %s",
    (kind) => {
      let values = 0;
      const asRare = { "0.01": 0, "0.001": 0 };
      for (const seed of [1, 2]) {
        const series = createSeries();
        drawnSeries(kind, seed, 28 * DAY).forEach((value, place) => {
          const time = FIRST_TIME + place * MINUTE_MS;
          const { surprise } = observeSeries(series, time, value, hourOfWeek);
          if (place < 14 * DAY) return;
          values += 1;
          if (Math.exp(-surprise) <= 0.01) asRare["0.01"] += 1;
          if (Math.exp(-surprise) <= 0.001) asRare["0.001"] += 1;
        });
      }
      expect(asRare["0.01"] / values).toBeGreaterThan(0.005);
      expect(asRare["0.01"] / values).toBeLessThan(0.02);
      expect(asRare["0.001"] / values).toBeGreaterThan(0.0002);
      expect(asRare["0.001"] / values).toBeLessThan(0.004);
    },
  );
});

describe("the state of a series", () => {
  it.each([10, 95, 96, 3 * DAY])(
    "goes on from a copy as if nothing had been, after %i values",
    (cut) => {
      const values = drawnSeries("weekly", 13, 5 * DAY);
      values.fill(400, 4 * DAY, 4 * DAY + 5);
      const series = createSeries();
      const before = alarmsOf(values.subarray(0, cut), series);
      const copy = createSeries(series.numbers.buffer.slice(0));
      const after = alarmsOf(values.subarray(cut), copy, cut);
      expect([...before, ...after]).toEqual(alarmsOf(values));
    },
  );

  it("is one block of less than 10 KiB", () => {
    const { numbers, novelty, recent, weekCounts } = createSeries();
    expect(new Set([numbers, novelty, recent, weekCounts].map(({ buffer }) => buffer)).size).toBe(
      1,
    );
    expect(numbers.buffer.byteLength).toBe(SERIES_BYTES);
    expect(SERIES_BYTES).toBeLessThan(10 * 1024);
  });
});
