import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDayOf } from "../../../services/backtest/day-of.ts";
import { createTally } from "../../../services/backtest/tally.ts";
import { findingId } from "../../../services/triage/finding-id.ts";

const HOUR_MS = 3_600_000;
const dayOf = createDayOf("Europe/Berlin");
const budget = (left = 1000) => ({ left, isCut: false });

describe("the day of a time", () => {
  it.each([
    ["just before midnight in Berlin", "2026-11-20T22:59:59.999Z", "2026-11-20"],
    ["midnight in Berlin", "2026-11-20T23:00:00Z", "2026-11-21"],
    ["midnight in summer", "2026-07-31T22:00:00Z", "2026-08-01"],
    ["the hour that comes twice", "2026-10-25T01:30:00Z", "2026-10-25"],
    ["a time before 1970", "1969-12-31T23:30:00Z", "1970-01-01"],
  ])("%s", (_what, time, day) => {
    expect(dayOf(Date.parse(time))).toBe(day);
  });

  it("is refused for a zone that does not exist", () => {
    expect(() => createDayOf("Europe/Heidetal")).toThrow(RangeError);
  });
});

describe("a rule's tally", () => {
  it("groups hits into the findings that triage makes of them, in any order", () => {
    const hit = fc.tuple(fc.integer({ min: 0, max: 90 * HOUR_MS }), fc.constantFrom("a", "b", "c"));
    fc.assert(
      fc.property(fc.array(hit, { maxLength: 60 }), (hits) => {
        const tally = createTally(dayOf, HOUR_MS, 3, budget());
        for (const [time, key] of hits) tally.add(time, key);
        const ids = hits.map(([time, key]) => findingId("t", "rule", key, time, HOUR_MS));
        const { days, findings } = tally.days();
        expect(findings).toBe(new Set(ids).size);
        expect(days.reduce((sum, one) => sum + one.findings, 0)).toBe(findings);
        expect(days.reduce((sum, one) => sum + one.hits, 0)).toBe(hits.length);
        expect(days.map(({ day }) => day)).toEqual(days.map(({ day }) => day).sort());
      }),
    );
  });

  it("counts a finding on the day of its first hit", () => {
    const tally = createTally(dayOf, 24 * HOUR_MS, 3, budget());
    const midnight = Date.parse("2026-11-20T23:00:00Z");
    tally.add(midnight + 1000, "host:dc01");
    tally.add(midnight - 1000, "host:dc01");
    expect(tally.days().days).toEqual([
      { day: "2026-11-20", hits: 1, findings: 1 },
      { day: "2026-11-21", hits: 1, findings: 0 },
    ]);
  });

  it("tells that it lost count when there are more findings than it may keep apart", () => {
    const few = budget(2);
    const tally = createTally(dayOf, HOUR_MS, 3, few);
    for (let at = 0; at < 5; at += 1) tally.add(at * HOUR_MS, "host:dc01");
    expect(tally.hits).toBe(5);
    expect(tally.days().findings).toBe(2);
    expect(few.isCut).toBe(true);
  });

  it("shows as many groups as it has room for", () => {
    const tally = createTally(dayOf, HOUR_MS, 3, budget());
    for (const [time, groupKey] of ["a", "a", "a", "b", "c", "d"].entries()) {
      if (!tally.wantsSample(groupKey)) continue;
      tally.sample({ eventId: String(time), time, source: "s", groupKey, matched: [] });
    }
    expect(tally.samples.map(({ groupKey }) => groupKey)).toEqual(["a", "b", "c"]);
  });
});
