// What pauses are usual: learned by hour of the week, never from a silence that came once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hourOfWeek,
  learnGap,
  noGaps,
  silenceThreshold,
  type UsualGaps,
} from "../../../services/detect/usual-gaps.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.UTC(2026, 10, 2);

/** Learns records at the given times, as a source with this past would. */
function learned(times: readonly number[]): { gaps: UsualGaps; first: number; last: number } {
  const gaps = noGaps();
  const [first = START] = times;
  let last = first;
  for (const time of times.slice(1)) {
    learnGap(gaps, last, time, time - first, false);
    last = time;
  }
  return { gaps, first, last };
}

/** Every `step` from `from` to `to` hours of the first `weekdays` days of the week. */
function office(days: number, from: number, to: number, step: number, weekdays = 5): number[] {
  const times: number[] = [];
  for (let day = 0; day < days; day += 1) {
    if (day % 7 >= weekdays) continue;
    for (let at = from * HOUR; at < to * HOUR; at += step) times.push(START + day * DAY + at);
  }
  return times;
}

describe("the hour of the week", () => {
  it.each([
    [Date.UTC(2026, 10, 2), 0],
    [Date.UTC(2026, 10, 2, 0, 59, 59), 0],
    [Date.UTC(2026, 10, 8, 23, 59), 167],
    [Date.UTC(1970, 0, 1), 72],
    [-1, 71],
  ])("of %d is %d", (at, hour) => {
    expect(hourOfWeek(at)).toBe(hour);
  });
});

describe("the pause from which a source is silent", () => {
  it("is unknown on its first day", () => {
    const { gaps, first, last } = learned(office(1, 0, 23, MINUTE));
    expect(silenceThreshold(gaps, first, last)).toBeUndefined();
  });

  it("is five minutes for a source that never pauses", () => {
    const { gaps, first, last } = learned(office(15, 0, 24, 10 * SECOND, 7));
    expect(silenceThreshold(gaps, first, last)).toBe(5 * MINUTE);
  });

  it("holds twice the longest usual pause of a daily upload", () => {
    const times = Array.from({ length: 20 }, (_, day) => START + day * DAY + 2 * HOUR);
    const { gaps, first, last } = learned(times);
    expect(silenceThreshold(gaps, first, last)).toBeGreaterThanOrEqual(2 * DAY);
  });

  it("lets an office sleep in its second night already", () => {
    const times = office(2, 7, 18, MINUTE);
    const { gaps, first, last } = learned(times);
    expect(silenceThreshold(gaps, first, last)).toBeGreaterThan(13 * HOUR);
  });

  it("tells a quiet Tuesday noon from a quiet weekend", () => {
    const { gaps, first } = learned(office(22, 7, 18, MINUTE));
    const friday = START + 18 * DAY + 17 * HOUR + 59 * MINUTE;
    const tuesday = START + 22 * DAY + 12 * HOUR;
    expect(silenceThreshold(gaps, first, friday)).toBeGreaterThan(60 * HOUR);
    expect(silenceThreshold(gaps, first, tuesday)).toBeLessThan(15 * MINUTE);
  });

  it("holds twelve mean pauses of a source that sends at random", () => {
    let at = START;
    let seed = 7;
    const times = Array.from({ length: 3000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      at += -10 * MINUTE * Math.log(seed / 2_147_483_647);
      return at;
    });
    const { gaps, first, last } = learned(times);
    expect(silenceThreshold(gaps, first, last)).toBeGreaterThan(80 * MINUTE);
  });
});

describe("a pause that was told as silence", () => {
  const past = () => learned(office(26, 0, 24, MINUTE, 7));

  it("does not become usual when it comes once", () => {
    const { gaps, first, last } = past();
    learnGap(gaps, last, last + 3 * HOUR, last - first, true);
    expect(silenceThreshold(gaps, first, last)).toBeLessThan(15 * MINUTE);
  });

  it("becomes usual when it comes at the same hour again", () => {
    const { gaps, first, last } = past();
    for (const week of [0, 1]) {
      const from = last + week * 7 * DAY;
      learnGap(gaps, from, from + 3 * HOUR, from - first, true);
    }
    expect(silenceThreshold(gaps, first, last)).toBeGreaterThanOrEqual(6 * HOUR);
  });

  it("is learned at once while the source is new", () => {
    const { gaps, first, last } = learned(office(5, 0, 24, MINUTE, 7));
    learnGap(gaps, last, last + 3 * HOUR, last - first, true);
    expect(silenceThreshold(gaps, first, last)).toBeGreaterThanOrEqual(6 * HOUR);
  });

  it("fades after weeks", () => {
    const { gaps, first, last } = past();
    learnGap(gaps, last, last + 3 * HOUR, DAY, true);
    const before = silenceThreshold(gaps, first, last) ?? 0;
    for (let week = 1; week < 10; week += 1) {
      const from = last + week * 7 * DAY;
      learnGap(gaps, from, from + MINUTE, from - first, false);
    }
    expect(silenceThreshold(gaps, first, last + 70 * DAY)).toBeLessThan(before / 4);
  });
});

describe("any past", () => {
  it("gives a threshold that no learned pause of that hour exceeds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 * HOUR }), { minLength: 200 }),
        (pauses) => {
          let at = START;
          const { gaps, first, last } = learned([START, ...pauses.map((pause) => (at += pause))]);
          const threshold = silenceThreshold(gaps, first, last);
          expect(threshold ?? 5 * MINUTE).toBeGreaterThanOrEqual(5 * MINUTE);
          const beforeLast = last - (pauses.at(-1) ?? 0);
          const usual = silenceThreshold(gaps, first, beforeLast);
          if (usual !== undefined) expect(usual).toBeGreaterThanOrEqual(pauses.at(-1) ?? 0);
        },
      ),
    );
  });
});
