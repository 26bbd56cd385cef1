// Times are Berlin's, in summer and winter, whatever zone the computer has.
import { describe, expect, it } from "vitest";
import { berlinTime } from "../../../../services/console/model/berlin-time.ts";
import { formatsOf } from "../../../../services/console/model/format.ts";

const de = formatsOf("de");
const en = formatsOf("en");
const WINTER = Date.UTC(2026, 10, 20, 23, 30, 5, 42);
const SUMMER = Date.UTC(2026, 6, 1, 12, 0, 0);

describe("formats", () => {
  it("shows Berlin time", () => {
    expect(de.moment(WINTER)).toBe("21.11.2026, 00:30:05");
    expect(de.moment(SUMMER)).toBe("01.07.2026, 14:00:00");
    expect(en.moment(SUMMER)).toBe("1 Jul 2026, 14:00:00");
  });

  it("shortens to the clock on the same Berlin day only", () => {
    expect(de.short(WINTER, WINTER + 3_600_000)).toBe("00:30:05");
    expect(de.short(WINTER - 3_600_000, WINTER)).toBe("20.11., 23:30");
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -1e300])(
    "has a sign for %d, which no calendar has",
    (ms) => {
      const { moment, day, short, clock } = de;
      expect([moment(ms), day(ms), short(ms, WINTER), clock(ms)]).toEqual(["?", "?", "?", "?"]);
      expect(short(WINTER, ms)).toBe("21.11., 00:30");
    },
  );

  it.each([
    [0, "jetzt"],
    [59_000, "vor 59 Sekunden"],
    [60_000, "vor 1 Minute"],
    [3 * 3_600_000, "vor 3 Stunden"],
    [26 * 3_600_000, "gestern"],
  ])("says %d ms ago as %s", (ms, text) => {
    expect(de.ago(WINTER - ms, WINTER)).toBe(text);
  });

  it.each([
    [420, "420 ms"],
    [3200, "3,2 Sek."],
    [300_000, "5 Min."],
    [5_400_000, "1,5 Std."],
  ])("says a span of %d ms as %s", (ms, text) => {
    expect(de.span(ms).replace("\u00a0", " ")).toBe(text);
  });

  it("groups numbers by language", () => {
    expect(de.number(1_204_331)).toBe("1.204.331");
    expect(en.number(1_204_331)).toBe("1,204,331");
  });
});

describe("Berlin time of a date field", () => {
  it.each([
    ["2026-11-21T00:30", Date.UTC(2026, 10, 20, 23, 30)],
    ["2026-07-01T14:00", Date.UTC(2026, 6, 1, 12)],
    ["2026-03-29T01:59", Date.UTC(2026, 2, 29, 0, 59)],
    ["2026-03-29T03:00", Date.UTC(2026, 2, 29, 1)],
    ["2026-10-25T04:00", Date.UTC(2026, 9, 25, 3)],
  ])("reads %s", (local, ms) => {
    expect(berlinTime(local)).toBe(ms);
  });

  it.each(["", "gestern", "2026-13-01T00:00"])("refuses %j", (local) => {
    expect(berlinTime(local)).toBeUndefined();
  });
});
