import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayText, fillDays, worstDay } from "../../../../services/console/model/day-span.ts";

const one = (day: string, findings: number) => ({ day, hits: findings, findings });

describe("the days of a chart", () => {
  it("have no gaps, over the end of a month and a change of the clocks", () => {
    const filled = fillDays([one("2026-10-24", 1), one("2026-10-27", 2), one("2026-11-01", 3)]);
    expect(filled.map(({ day }) => day.slice(5))).toEqual([
      ...["10-24", "10-25", "10-26", "10-27", "10-28", "10-29", "10-30", "10-31", "11-01"],
    ]);
    expect(filled.map(({ findings }) => findings)).toEqual([1, 0, 0, 2, 0, 0, 0, 0, 3]);
  });

  it("are no more than can be drawn, whatever times the events claim", () => {
    const filled = fillDays([one("1990-01-01", 1), one("2026-11-21", 2)]);
    expect(filled).toHaveLength(400);
    expect(filled.at(-1)).toEqual(one("2026-11-21", 2));
  });

  it("keep every finding of a span that can be drawn", () => {
    const days = fc.uniqueArray(fc.integer({ min: 20_000, max: 20_300 }), { minLength: 1 });
    fc.assert(
      fc.property(days, (numbers) => {
        const given = [...numbers]
          .sort((a, b) => a - b)
          .map((day, at) => one(new Date(day * 86_400_000).toISOString().slice(0, 10), at + 1));
        const filled = fillDays(given);
        expect(filled.filter(({ findings }) => findings > 0)).toEqual(given);
        expect(worstDay(filled)).toEqual(given.at(-1));
      }),
    );
  });

  it.each([
    ["de", "21.11.2026"],
    ["en", "21/11/2026"],
  ] as const)("are written as people write them: %s", (language, text) => {
    expect(dayText("2026-11-21", language)).toBe(text);
    expect(fillDays([])).toEqual([]);
    expect(worstDay([])).toBeUndefined();
  });
});
