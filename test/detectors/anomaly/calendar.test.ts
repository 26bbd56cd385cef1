// Local hours and holidays, checked against the platform's own time zones and published dates of Easter.
import { describe, expect, it } from "vitest";
import {
  berlinDay,
  berlinHour,
  hourOfWeek,
  isDayOff,
} from "../../../detectors/anomaly/calendar.ts";

const at = (text: string) => Date.parse(text);

describe("hour of the week", () => {
  it.each([
    ["a Monday at midnight", "2026-11-16T00:00:00+01:00", 0],
    ["a Wednesday in winter", "2026-11-18T09:30:00+01:00", 57],
    ["a Wednesday in summer", "2026-07-15T09:30:00+02:00", 57],
    ["the last minute of a Sunday", "2026-11-22T23:59:59+01:00", 167],
    ["the last second before summer time", "2026-03-29T00:59:59Z", 6 * 24 + 1],
    ["the first second of summer time", "2026-03-29T01:00:00Z", 6 * 24 + 3],
    ["the hour that comes twice, the first time", "2026-10-25T00:30:00Z", 6 * 24 + 2],
    ["the hour that comes twice, the second time", "2026-10-25T01:30:00Z", 6 * 24 + 2],
  ])("of %s", (_, time, hour) => {
    expect(hourOfWeek(at(time))).toBe(hour);
  });

  it.each([
    ["New Year", "2026-01-01"],
    ["Good Friday 2024", "2024-03-29"],
    ["Good Friday 2026", "2026-04-03"],
    ["Easter Monday 2019", "2019-04-22"],
    ["Easter Monday 2038, the latest of all", "2038-04-26"],
    ["Labour Day", "2026-05-01"],
    ["Ascension 2026", "2026-05-14"],
    ["Whit Monday 2026", "2026-05-25"],
    ["Unity Day", "2028-10-03"],
    ["Reformation Day", "2028-10-31"],
    ["Christmas", "2026-12-25"],
  ])("is a Sunday's on %s", (_, date) => {
    expect(hourOfWeek(at(`${date}T12:00:00+01:00`))).toBeGreaterThanOrEqual(6 * 24);
    expect(isDayOff(at(`${date}T12:00:00+01:00`))).toBe(true);
  });

  it.each([
    ["Corpus Christi, which Lower Saxony does not have", "2026-06-04"],
    ["Reformation Day before 2018", "2016-10-31"],
    ["Christmas Eve", "2026-12-24"],
  ])("is a working day's on %s", (_, date) => {
    expect(isDayOff(at(`${date}T12:00:00+01:00`))).toBe(false);
  });

  it("agrees with the platform's Europe/Berlin for every third hour of eight years", () => {
    const format = new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone: "Europe/Berlin", hour: "2-digit", hourCycle: "h23" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    });
    for (let time = at("2020-01-01T00:00:00Z"); time < at("2028-01-01"); time += 3 * 3_600_000) {
      const parts = new Map(format.formatToParts(time).map((part) => [part.type, part.value]));
      expect(berlinHour(time)).toBe(Number(parts.get("hour")));
      const date = `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}T00:00:00Z`;
      expect(berlinDay(time)).toBe(at(date) / 86_400_000);
    }
  });

  it.each([Number.NaN, Infinity, -Infinity, 1e308, 8.64e15, -8.64e15])(
    "bears the time %d",
    (time) => {
      const hour = hourOfWeek(time);
      expect(hour).toBeGreaterThanOrEqual(0);
      expect(hour).toBeLessThan(168);
    },
  );
});
