// When maintenance is planned: once, weekly and monthly, on the clock of a zone, through the nights in which
// that clock is moved.
import { describe, expect, it } from "vitest";
import {
  isUnderMaintenance,
  type Maintenance,
  maintenanceSchema,
  nextTurn,
} from "../../../services/store/maintenance.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Repeat = NonNullable<Maintenance["repeat"]>;

const at = (text: string) => Date.parse(text);
const planned = (repeat?: Repeat, timeZone = "Europe/Berlin", endedAt?: number) => ({
  ...{ from: at("2026-01-01T00:00:00Z"), until: at("2026-12-31T00:00:00Z"), timeZone },
  ...(repeat === undefined ? {} : { repeat }),
  ...(endedAt === undefined ? {} : { endedAt }),
});
const weekly = (weekday: number, time: string, durationMinutes: number): Repeat => ({
  ...{ every: "week", weekday, time, durationMinutes },
});
const monthly = (week: 1 | 2 | 3 | 4 | -1, weekday: number, time: string): Repeat => ({
  ...{ every: "month", week, weekday, time, durationMinutes: 120 },
});

describe("maintenance", () => {
  const SUNDAY_NIGHT = weekly(7, "01:30", 120);
  const table: [string, Repeat | undefined, string, boolean][] = [
    ["once, at its first moment", undefined, "2026-01-01T00:00:00Z", true],
    ["once, before", undefined, "2025-12-31T23:59:59.999Z", false],
    ["once, at its end", undefined, "2026-12-31T00:00:00Z", false],
    ["weekly in winter", weekly(2, "22:00", 60), "2026-01-06T21:00:00Z", true],
    ["weekly in winter, a moment early", weekly(2, "22:00", 60), "2026-01-06T20:59:59Z", false],
    ["weekly in winter, at its end", weekly(2, "22:00", 60), "2026-01-06T22:00:00Z", false],
    ["weekly in summer, an hour earlier", weekly(2, "22:00", 60), "2026-07-07T20:00:00Z", true],
    ["weekly in summer, at winter's time", weekly(2, "22:00", 60), "2026-07-07T21:00:00Z", false],
    ["weekly on another day", weekly(2, "22:00", 60), "2026-01-07T21:00:00Z", false],
    ["over midnight into the next day", weekly(2, "23:00", 180), "2026-01-07T00:59:00Z", true],
    ["over three days", weekly(5, "18:00", 4320), "2026-01-05T16:59:00Z", true],
    ["after three days", weekly(5, "18:00", 4320), "2026-01-05T17:00:00Z", false],
    // The clock goes from 02:00 to 03:00 on 29 March: two hours from 01:30 end at 04:30.
    ["the short night, at its end", SUNDAY_NIGHT, "2026-03-29T02:29:59Z", true],
    ["the short night, after it", SUNDAY_NIGHT, "2026-03-29T02:30:00Z", false],
    // A beginning that the clock leaps over: 02:30 becomes 03:30.
    ["a beginning that there is not", weekly(7, "02:30", 60), "2026-03-29T01:30:00Z", true],
    ["before such a beginning", weekly(7, "02:30", 60), "2026-03-29T01:29:59Z", false],
    // The clock goes from 03:00 to 02:00 on 25 October: two hours from 01:30 end at the second 02:30.
    ["the long night, at its end", SUNDAY_NIGHT, "2026-10-25T01:29:59Z", true],
    ["the long night, after it", SUNDAY_NIGHT, "2026-10-25T01:30:00Z", false],
    ["the second of two 02:30", weekly(7, "02:30", 60), "2026-10-25T01:30:00Z", false],
    ["the first of two 02:30", weekly(7, "02:30", 60), "2026-10-25T00:30:00Z", true],
    ["monthly on the second Tuesday", monthly(2, 2, "20:00"), "2026-11-10T19:00:00Z", true],
    ["monthly on the third Tuesday", monthly(2, 2, "20:00"), "2026-11-17T19:00:00Z", false],
    ["monthly on the last Friday", monthly(-1, 5, "20:00"), "2026-11-27T19:00:00Z", true],
    ["monthly on the last but one", monthly(-1, 5, "20:00"), "2026-11-20T19:00:00Z", false],
    [
      "monthly on the first, which is the 1st",
      monthly(1, 7, "20:00"),
      "2026-11-01T19:00:00Z",
      true,
    ],
  ];
  it.each(table)("%s", (_title, repeat, moment, isOn) => {
    expect(isUnderMaintenance(planned(repeat), at(moment))).toBe(isOn);
  });

  it("goes by its own zone", () => {
    const moment = at("2026-01-06T22:30:00Z");
    expect(isUnderMaintenance(planned(weekly(2, "22:00", 60), "UTC"), moment)).toBe(true);
    expect(isUnderMaintenance(planned(weekly(2, "22:00", 60)), moment)).toBe(false);
  });

  it("ends early, and counts as never made when ended at its beginning", () => {
    const moment = at("2026-06-01T00:00:00Z");
    expect(isUnderMaintenance(planned(undefined, "UTC", moment + 1), moment)).toBe(true);
    expect(isUnderMaintenance(planned(undefined, "UTC", moment), moment)).toBe(false);
    const { from } = planned();
    expect(isUnderMaintenance(planned(undefined, "UTC", from), from)).toBe(false);
  });

  it("is on in exactly one turn a week for a whole year, each as long as it says", () => {
    const series = planned(weekly(7, "02:30", 90));
    let minutes = 0;
    for (let moment = series.from; moment < series.until; moment += 60_000) {
      if (isUnderMaintenance(series, moment)) minutes += 1;
    }
    expect(minutes).toBe(52 * 90);
  });
});

describe("the next turn", () => {
  it.each([
    ["the one that runs", weekly(2, "22:00", 60), "2026-01-06T21:30:00Z", "2026-01-06T21:00:00Z"],
    ["the one after that", weekly(2, "22:00", 60), "2026-01-06T22:00:00Z", "2026-01-13T21:00:00Z"],
    ["next month's", monthly(1, 1, "20:00"), "2026-02-03T00:00:00Z", "2026-03-02T19:00:00Z"],
  ] as const)("is %s", (_title, repeat, now, from) => {
    expect(nextTurn(planned(repeat), at(now))?.from).toBe(at(from));
  });

  it("is missing when the series ends before it", () => {
    const { until } = planned();
    expect(nextTurn(planned(weekly(2, "22:00", 60)), until - DAY_MS)).toBeUndefined();
    expect(nextTurn(planned(), until)).toBeUndefined();
  });
});

describe("the shape of a repetition", () => {
  const { repeat } = maintenanceSchema.shape;
  it.each([
    ["a weekday that there is not", { ...weekly(8, "22:00", 60) }],
    ["a time that there is not", { ...weekly(1, "24:00", 60) }],
    ["more than three days", { ...weekly(1, "22:00", 4321) }],
    ["a fifth week", { ...monthly(1, 1, "20:00"), week: 5 }],
    ["an unknown key", { ...weekly(1, "22:00", 60), zone: "UTC" }],
  ])("refuses %s", (_title, given) => {
    expect(repeat.safeParse(given).success).toBe(false);
  });
});
