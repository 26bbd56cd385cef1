import { describe, expect, it } from "vitest";
import { dutyDays, timeOfDay } from "../../../../services/console/model/duty-days.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Friday 20 November 2026, 00:00 in Berlin. */
const FRIDAY = Date.UTC(2026, 10, 19, 23);
const ONE = { id: "eins", name: "Bereitschaft Eins" };
const TWO = { id: "zwei", name: "Bereitschaft Zwei" };

describe("the days of a calendar of duty", () => {
  it("hold whoever has them, cut at midnight", () => {
    const shifts = [
      { person: ONE, from: FRIDAY - 3 * DAY_MS, until: FRIDAY + DAY_MS + 8 * HOUR_MS },
      { person: TWO, from: FRIDAY + DAY_MS + 8 * HOUR_MS, until: FRIDAY + 9 * DAY_MS },
    ];
    const span = { from: FRIDAY, until: FRIDAY + 3 * DAY_MS };
    const days = dutyDays({ shifts, gaps: [] }, span);
    expect(days.map(({ parts }) => parts.map(({ name, isWhole }) => [name, isWhole]))).toEqual([
      [["Bereitschaft Eins", true]],
      [
        ["Bereitschaft Eins", false],
        ["Bereitschaft Zwei", false],
      ],
      [["Bereitschaft Zwei", true]],
    ]);
    const [first, second] = days[1]?.parts ?? [];
    expect([first, second].map((part) => timeOfDay(part?.until ?? 0))).toEqual(["08:00", "00:00"]);
  });

  it("tell gaps and overrides apart, in the order of time", () => {
    const shifts = [
      { person: TWO, from: FRIDAY + 8 * HOUR_MS, until: FRIDAY + 12 * HOUR_MS, override: "o" },
    ];
    const gaps = [
      { from: FRIDAY + 12 * HOUR_MS, until: FRIDAY + 13 * HOUR_MS },
      { from: FRIDAY, until: FRIDAY + 8 * HOUR_MS },
    ];
    const [day] = dutyDays({ shifts, gaps }, { from: FRIDAY, until: FRIDAY + DAY_MS });
    expect(day?.parts.map(({ name, isOverride }) => [name, isOverride])).toEqual([
      [undefined, false],
      ["Bereitschaft Zwei", true],
      [undefined, false],
    ]);
  });

  it.each([
    ["the night of 25 hours", Date.UTC(2026, 9, 23, 22), 25],
    ["the night of 23 hours", Date.UTC(2027, 2, 26, 23), 23],
  ])("begin at midnight also after %s", (_name, from, hours) => {
    const days = dutyDays({ shifts: [], gaps: [] }, { from, until: from + 4 * DAY_MS });
    expect(days.slice(0, 4).map(({ at }) => timeOfDay(at))).toEqual(
      Array.from({ length: 4 }, () => "00:00"),
    );
    const lengths = days
      .slice(1, 4)
      .map(({ at }, place) => (at - (days[place]?.at ?? 0)) / HOUR_MS);
    expect(lengths).toEqual([24, hours, 24]);
  });

  it("are none of an empty span", () => {
    expect(dutyDays({ shifts: [], gaps: [] }, { from: FRIDAY, until: FRIDAY })).toEqual([]);
  });
});
