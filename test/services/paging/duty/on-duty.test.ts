// Who is on duty, case by case: turns, hours, holidays, overrides, and the nights in which clocks are moved.
import { describe, expect, it } from "vitest";
import { scheduleSchema } from "../../../../config/paging-schedules.ts";
import { uncoveredSpans } from "../../../../services/paging/duty/coverage.ts";
import { handoversWithin, nextHandover } from "../../../../services/paging/duty/handover.ts";
import { onDuty } from "../../../../services/paging/duty/on-duty.ts";
import type { Override } from "../../../../services/paging/duty/shifts.ts";

const BERLIN = "Europe/Berlin";
const at = (text: string) => Date.parse(text);
const schedule = (...layers: object[]) => scheduleSchema.parse({ title: "Bereitschaft", layers });

const WEEKS = { people: ["anna", "bert", "cleo"], begins: "2026-10-05T08:00" };
const OFFICE = {
  people: ["dora"],
  begins: "2026-01-01T00:00",
  hours: [
    {
      days: ["mon", "tue", "wed", "thu", "fri"],
      from: "08:00",
      until: "17:00",
      holidays: "never",
    },
  ],
};
const HOLIDAYS = {
  people: ["cleo"],
  begins: "2026-01-01T00:00",
  hours: [{ holidays: "only" }],
};

describe("an instant within a millisecond", () => {
  it("has the same person on duty as its millisecond, also where hours count", () => {
    const rota = schedule(WEEKS, OFFICE);
    const moment = at("2026-10-26T09:00:00+01:00");
    expect(onDuty(rota, [], moment + 0.306, BERLIN)?.person).toBe("dora");
  });
});

describe("turns", () => {
  it.each([
    ["nobody before the layer begins", "2026-10-05T07:59:59+02:00", undefined],
    ["the first person at the first minute", "2026-10-05T08:00:00+02:00", "anna"],
    ["the first person a second before the change", "2026-10-12T07:59:59+02:00", "anna"],
    ["the second person at the change", "2026-10-12T08:00:00+02:00", "bert"],
    ["the third person before the clock change's week ends", "2026-10-26T07:59:59+01:00", "cleo"],
    ["the first one again, at the same local time in winter", "2026-10-26T08:00:00+01:00", "anna"],
    ["somebody in the hour that comes twice, first", "2026-10-25T02:30:00+02:00", "cleo"],
    ["the same one the second time", "2026-10-25T02:30:00+01:00", "cleo"],
    ["the person before, an hour before, in spring", "2027-03-29T07:59:59+02:00", "anna"],
    ["the next one at the same local time in summer", "2027-03-29T08:00:00+02:00", "bert"],
  ])("give %s", (_title, time, person) => {
    expect(onDuty(schedule(WEEKS), [], at(time), BERLIN)?.person).toBe(person);
  });

  it("change at the hour that comes twice the first time only", () => {
    const nights = { people: ["anna", "bert"], begins: "2026-10-24T02:30", turnDays: 1 };
    const found = onDuty(schedule(nights), [], at("2026-10-25T02:40:00+01:00"), BERLIN);
    expect(found).toEqual({
      person: "bert",
      from: at("2026-10-25T02:30:00+02:00"),
      until: at("2026-10-26T02:30:00+01:00"),
    });
  });

  it("change an hour later where the clock leaps over their time", () => {
    const nights = { people: ["anna", "bert"], begins: "2027-03-27T02:30", turnDays: 1 };
    const change = at("2027-03-28T03:30:00+02:00");
    expect(onDuty(schedule(nights), [], change - 1, BERLIN)?.person).toBe("anna");
    expect(onDuty(schedule(nights), [], change, BERLIN)).toEqual({
      person: "bert",
      from: change,
      until: at("2027-03-29T02:30:00+02:00"),
    });
  });

  it("are those of the schedule's own zone before the tenant's", () => {
    const there = { ...schedule(WEEKS), timeZone: "America/New_York" };
    const change = at("2026-10-12T08:00:00-04:00");
    expect(onDuty(there, [], change - 1, BERLIN)?.person).toBe("anna");
    expect(onDuty(there, [], change, BERLIN)?.person).toBe("bert");
  });

  it("of a single person have no end that can be told", () => {
    const always = schedule({ people: ["anna"], begins: "2020-01-01T00:00" });
    const now = at("2026-11-22T12:00:00Z");
    const found = onDuty(always, [], now, BERLIN);
    expect(found?.until).toBe(now + 400 * 86_400_000);
  });
});

describe("hours", () => {
  const both = schedule(WEEKS, OFFICE, HOLIDAYS);
  it.each([
    ["a working day at eight", "2026-11-23T08:00:00+01:00", "dora"],
    ["a working day at five", "2026-11-23T17:00:00+01:00", "bert"],
    ["a Saturday", "2026-11-21T12:00:00+01:00", "anna"],
    ["Reformation Day, a Saturday", "2026-10-31T12:00:00+01:00", "cleo"],
    ["Christmas Day, a Friday", "2026-12-25T12:00:00+01:00", "cleo"],
    ["the last second of Christmas Eve", "2026-12-24T23:59:59+01:00", "cleo"],
    ["New Year", "2027-01-01T00:00:00+01:00", "cleo"],
    ["Good Friday", "2027-03-26T10:00:00+01:00", "cleo"],
    ["Easter Monday", "2027-03-29T10:00:00+02:00", "cleo"],
    ["Labour Day", "2027-05-01T10:00:00+02:00", "cleo"],
    ["Ascension", "2027-05-06T10:00:00+02:00", "cleo"],
    ["Whit Monday", "2027-05-17T10:00:00+02:00", "cleo"],
    ["Unity Day", "2027-10-03T10:00:00+02:00", "cleo"],
    ["Corpus Christi, which is no holiday here", "2027-05-27T10:00:00+02:00", "dora"],
  ])("on %s", (_title, time, person) => {
    expect(onDuty(both, [], at(time), BERLIN)?.person).toBe(person);
  });

  it.each([
    ["its beginning", "2026-11-20T17:00:00+01:00", "anna"],
    ["after midnight", "2026-11-21T03:00:00+01:00", "anna"],
    ["its end", "2026-11-21T08:00:00+01:00", undefined],
    ["the night after a day that is none of it", "2026-11-22T03:00:00+01:00", undefined],
  ])("over midnight belong to the day of their beginning: %s", (_title, time, person) => {
    const friday = schedule({
      people: ["anna"],
      begins: "2026-01-01T00:00",
      hours: [{ days: ["fri"], from: "17:00", until: "08:00" }],
    });
    expect(onDuty(friday, [], at(time), BERLIN)?.person).toBe(person);
  });
});

describe("overrides", () => {
  const override = (more: Partial<Override>): Override => ({
    ...{ id: "o1", person: "dora", createdAt: 1 },
    ...{ from: at("2026-11-21T10:00:00Z"), until: at("2026-11-21T12:00:00Z") },
    ...more,
  });
  const noon = at("2026-11-21T11:00:00Z");
  it.each<[string, Override[], string]>([
    ["wins over all layers", [override({})], "dora"],
    [
      "of two the newer one wins",
      [override({ person: "bert", createdAt: 2 }), override({})],
      "bert",
    ],
    [
      "the newer one wins in whatever order they come",
      [override({}), override({ id: "o0", person: "bert", createdAt: 2 })],
      "bert",
    ],
    ["ends early where it was ended", [override({ endedAt: noon, endedOn: noon })], "cleo"],
    ["counts as never made when it ended as it began", [override({ endedAt: 0 })], "cleo"],
    ["holds nothing outside of its span", [override({ until: noon })], "cleo"],
  ])("%s", (_title, overrides, person) => {
    const always = schedule({ people: ["cleo"], begins: "2026-01-01T00:00" });
    expect(onDuty(always, overrides, noon, BERLIN)?.person).toBe(person);
  });
});

describe("coverage", () => {
  const span = { from: at("2026-10-24T00:00:00+02:00"), until: at("2026-10-27T00:00:00+01:00") };
  const nights = {
    people: ["anna"],
    begins: "2026-01-01T00:00",
    hours: [{ from: "17:00", until: "08:00" }],
  };

  it("names what is left open, a day of 25 hours included", () => {
    expect(uncoveredSpans(schedule(nights), [], span, BERLIN)).toEqual([
      { from: at("2026-10-24T08:00:00+02:00"), until: at("2026-10-24T17:00:00+02:00") },
      { from: at("2026-10-25T08:00:00+01:00"), until: at("2026-10-25T17:00:00+01:00") },
      { from: at("2026-10-26T08:00:00+01:00"), until: at("2026-10-26T17:00:00+01:00") },
    ]);
  });

  it("leaves out hours in which nobody need be there", () => {
    const weekend = [{ days: ["sat", "sun"], from: "08:00", until: "17:00" }];
    const meant = scheduleSchema.parse({ ...schedule(nights), uncovered: weekend });
    expect(uncoveredSpans(meant, [], span, BERLIN)).toEqual([
      { from: at("2026-10-26T08:00:00+01:00"), until: at("2026-10-26T17:00:00+01:00") },
    ]);
  });

  it("finds a window that is only as long as the hour that was leapt over", () => {
    const early = { ...nights, hours: [{ from: "03:00", until: "02:00" }] };
    const night = { from: at("2027-03-27T12:00:00Z"), until: at("2027-03-28T12:00:00Z") };
    expect(uncoveredSpans(schedule(early), [], night, BERLIN)).toEqual([]);
  });
});

describe("handover", () => {
  it("names who hands to whom, and nobody where the schedule ends", () => {
    const plan = schedule(OFFICE);
    const day = { from: at("2026-11-23T00:00:00Z"), until: at("2026-11-24T00:00:00Z") };
    expect(handoversWithin(plan, [], day, BERLIN)).toEqual([
      { at: at("2026-11-23T08:00:00+01:00"), from: undefined, to: "dora" },
      { at: at("2026-11-23T17:00:00+01:00"), from: "dora", to: undefined },
    ]);
  });

  it("is found far ahead, and not where there is none", () => {
    const now = at("2026-11-22T12:00:00Z");
    const yearly = schedule({
      ...{ people: ["anna", "bert"], begins: "2026-11-01T08:00", turnDays: 366 },
    });
    expect(nextHandover(yearly, [], now, BERLIN)).toEqual({
      ...{ at: at("2027-11-02T08:00:00+01:00"), from: "anna", to: "bert" },
    });
    const always = schedule({ people: ["anna"], begins: "2020-01-01T00:00" });
    expect(nextHandover(always, [], now, BERLIN)).toBeUndefined();
  });
});
