// What one incident adds, case by case, and periods in the nights of the clock change.
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../../services/kpi/aggregate.ts";
import { alarmOf } from "../../../services/kpi/alarm.ts";
import { contributionOf } from "../../../services/kpi/contribution.ts";
import { MonthCalendar, namedPeriod, periodBefore } from "../../../services/kpi/period.ts";
import { select } from "../../../services/kpi/selection.ts";
import type { Incident } from "../../../services/store/incident.ts";
import { actionOf, at, findingOf, impactOf, incidentOf, judged, stated } from "./incidents.ts";

const ZONE = "Europe/Berlin";
const BASE: Partial<Incident> = {
  firstCompromise: stated("2026-10-10T07:00"),
  detectedAt: at("2026-10-10T08:00"),
  identifiedAt: at("2026-10-10T09:00"),
};
const of = (changes: Partial<Incident>) =>
  contributionOf(incidentOf("i1", { ...BASE, ...changes }));

describe("an incident", () => {
  it.each<[string, Partial<Incident>, string | undefined]>([
    ["a true positive", {}, undefined],
    ["an exercise", { exercise: true }, "exercise"],
    ["merged away", { mergedInto: "i2" }, "merged"],
    ["split", { splitInto: ["i2", "i3"] }, "split"],
    ["a child of a split", { splitFrom: "i0" }, undefined],
    ["benign", { verdict: "benign_true_positive" }, "benign_true_positive"],
    ["false", { verdict: "false_positive" }, "false_positive"],
    ["undetermined", { verdict: "undetermined" }, "undetermined"],
  ])("that is %s is in or out", (_, changes, leftOut) => {
    expect(of(changes).leftOut).toBe(leftOut);
  });

  it.each<[string, Partial<Incident>, number | string]>([
    ["counts from compromise to identification", {}, 7200],
    [
      "counts an attempt before any compromise as 0",
      { firstCompromise: { method: "pre_compromise", evidenceIds: [] } },
      0,
    ],
    [
      "is left out with an unknown start",
      { firstCompromise: { method: "unknown", evidenceIds: [], at: 5 } },
      "start_unknown",
    ],
    [
      "is left out with a time that nobody can mean",
      { firstCompromise: { ...stated("2026-10-10T07:00"), at: -1 } },
      "start_unknown",
    ],
    ["is never clamped when negative", { firstCompromise: stated("2026-10-11T00:00") }, "negative"],
    ["drops parts of seconds at each end", { identifiedAt: at("2026-10-10T09:00") + 999 }, 7200],
  ])("K2 %s", (_, changes, wanted) => {
    const { seconds, reason } = of(changes).identification;
    expect(seconds ?? reason).toBe(wanted);
  });

  it.each<[string, Incident["actions"], number | string]>([
    [
      "ends with the last required action",
      [actionOf("a", "2026-10-10T10:00"), actionOf("b", "2026-10-10T11:00")],
      7200,
    ],
    [
      "does not wait for optional ones",
      [actionOf("a", "2026-10-10T10:00"), actionOf("b", undefined, false)],
      3600,
    ],
    [
      "does not wait for cancelled ones",
      [actionOf("a", "2026-10-10T10:00"), { ...actionOf("b"), cancelledAt: 1 }],
      3600,
    ],
    [
      "has no value without a required one",
      [actionOf("a", "2026-10-10T10:00", false)],
      "no_required_action",
    ],
    ["is never clamped when negative", [actionOf("a", "2026-10-10T08:00")], "negative"],
  ])("K1 %s", (_, actions, wanted) => {
    const { seconds, reason } = of({ actions }).corrective;
    expect(seconds ?? reason).toBe(wanted);
  });

  it.each<[string, Partial<Incident>, string]>([
    [
      "contained without damage",
      { contained: stated("2026-10-10T10:00"), impact: impactOf("none") },
      "contained",
    ],
    ["not contained at all", { impact: impactOf("none") }, "not_contained"],
    [
      "damaged after containment",
      {
        contained: stated("2026-10-10T10:00"),
        impact: impactOf("none"),
        firstImpactAt: at("2026-10-10T11:00"),
      },
      "not_contained",
    ],
    [
      "damaged in one respect, others unknown",
      {
        contained: stated("2026-10-10T10:00"),
        impact: { ...impactOf("unknown"), integrity: "limited" },
      },
      "not_contained",
    ],
    [
      "of unknown impact in one respect",
      {
        contained: stated("2026-10-10T10:00"),
        impact: { ...impactOf("none"), availability: "unknown" },
      },
      "impact_unknown",
    ],
  ])("K5: %s", (_, changes, wanted) => {
    expect(of(changes).containment).toBe(wanted);
  });

  it("gives an estimate as an interval", () => {
    const firstCompromise = {
      ...{ method: "estimate" as const, evidenceIds: [], at: at("2026-10-10T07:00") },
      ...{ earliest: at("2026-10-10T05:00"), latest: at("2026-10-10T08:30") },
    };
    expect(of({ firstCompromise }).identification.bounds).toEqual([1800, 14_400]);
  });
});

describe("a finding", () => {
  it.each<[string, Parameters<typeof findingOf>[1], boolean]>([
    ["in the queue", {}, true],
    ["silenced and never judged", { silencedBy: ["s"] }, false],
    ["inhibited and never judged", { inhibitedBy: ["f"] }, false],
    ["excepted and never judged", { exceptedBy: ["e"] }, false],
    [
      "excepted after it was judged",
      { exceptedBy: ["e"], ...judged("false_positive", "2026-10-15T12:00") },
      true,
    ],
  ])("%s is an alarm or not", (_, changes, isAlarm) => {
    expect(alarmOf(findingOf("f1", changes)) !== undefined).toBe(isAlarm);
  });
});

describe("periods", () => {
  it.each([
    ["2026-10-25", "2026-10-24T22:00", "2026-10-25T23:00", 25],
    ["2027-03-28", "2027-03-27T23:00", "2027-03-28T22:00", 23],
    ["2026-10", "2026-09-30T22:00", "2026-10-31T23:00", 31 * 24 + 1],
    ["2027-03", "2027-02-28T23:00", "2027-03-31T22:00", 31 * 24 - 1],
    ["2026-Q4", "2026-09-30T22:00", "2026-12-31T23:00", 92 * 24 + 1],
    ["2026", "2025-12-31T23:00", "2026-12-31T23:00", 365 * 24],
  ])("%s begins and ends at local midnight", (name, from, to, hours) => {
    const period = namedPeriod(name, ZONE);
    expect([period.from, period.to]).toEqual([at(from), at(to)]);
    expect((period.to - period.from) / 3_600_000).toBe(hours);
  });

  it.each([
    ["2026-01", "2025-12"],
    ["2026-Q1", "2025-Q4"],
    ["2026", "2025"],
    ["2026-03-01", "2026-02-28"],
  ])("%s comes after %s", (name, before) => {
    expect(periodBefore(namedPeriod(name, ZONE))).toEqual(namedPeriod(before, ZONE));
  });

  it("put every moment into exactly one month, also at the turns", () => {
    const calendar = new MonthCalendar(ZONE);
    for (let month = 2026 * 12; month < 2028 * 12; month += 1) {
      const start = calendar.startOf(month);
      expect([calendar.monthOf(start - 1), calendar.monthOf(start)]).toEqual([month - 1, month]);
    }
  });

  it("measure a night of the clock change in real time", () => {
    const night = of({
      firstCompromise: stated("2026-10-25T00:30"),
      detectedAt: at("2026-10-25T00:45"),
      identifiedAt: at("2026-10-25T01:30"),
    });
    // Both are half past two on the clock.
    expect(night.identification.seconds).toBe(3600);
  });

  it("have a trend from five values on, and list the single ones below", () => {
    const made = (month: string, n: number, hours: number) =>
      Array.from({ length: n }, (_, index) =>
        contributionOf(
          incidentOf(`${month}-${index}`, {
            ...BASE,
            detectedAt: at(`${month}-10T08:00`),
            identifiedAt: at(`${month}-10T09:00`),
            recovered: stated(`${month}-10T${8 + hours}:00`),
          }),
        ),
      );
    const figures = (n: number) => {
      const all = [...made("2026-09", n, 5), ...made("2026-10", n, 3)];
      const [now, before] = ["2026-10", "2026-09"].map((name) => {
        const { from, to } = namedPeriod(name, ZONE);
        return { from: from / 1000, to: to / 1000 };
      });
      if (now === undefined || before === undefined) throw new Error("two periods");
      const asked = { span: now, scope: {}, now: now.to, before: select(all, [], before) };
      return figuresOf(select(all, [], now), asked).recovery;
    };
    expect(figures(5)).toMatchObject({ trend: "falling", values: [], meanS: 10_800 });
    expect(figures(4)).toMatchObject({ trend: null, n: 4 });
    expect(figures(4).values).toHaveLength(4);
  });
});
