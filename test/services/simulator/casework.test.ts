// The diary of the past: the same for the same seed, in the order of time, and such as a small team could have
// had it.
import { describe, expect, it } from "vitest";
import { berlinHour, isDayOff } from "../../../detectors/anomaly/calendar.ts";
import { ALARM_KINDS, alarmKinds } from "../../../services/simulator/casework/alarm-kinds.ts";
import { makePast } from "../../../services/simulator/casework/make-past.ts";
import type { PastStep } from "../../../services/simulator/casework/past.ts";
import { afterWork, isWorkTime } from "../../../services/simulator/casework/work-hours.ts";

const DAY_MS = 86_400_000;
/** Midnight of a Friday in Berlin. */
const UNTIL = Date.parse("2026-11-19T23:00:00Z");
const past = makePast({ seed: "1", until: UNTIL });

const stepsOf = <Kind extends PastStep["kind"]>(kind: Kind) =>
  past.filter((step): step is Extract<PastStep, { kind: Kind }> => step.kind === kind);
const daysBack = (at: number) => (UNTIL - at) / DAY_MS;

describe("the diary of the past", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(makePast({ seed: "1", until: UNTIL })).toEqual(past);
    expect(makePast({ seed: "2", until: UNTIL })).not.toEqual(past);
  });

  it("is in the order of time, and ends before today", () => {
    for (const [index, { at }] of past.entries()) {
      expect(Number.isInteger(at)).toBe(true);
      expect(at).toBeGreaterThanOrEqual(past[index - 1]?.at ?? 0);
      expect(at).toBeLessThan(UNTIL);
    }
  });

  it("raises each finding once, before it is acknowledged, and that before it is judged", () => {
    const state = new Map<string, string>();
    for (const step of past) {
      if (step.kind === "raise") {
        expect(state.has(step.alarm.id)).toBe(false);
        state.set(step.alarm.id, "raised");
      } else if (step.kind === "acknowledge") {
        expect(state.get(step.finding)).toBe("raised");
        state.set(step.finding, "acknowledged");
      } else if (step.kind === "judge") {
        expect(["raised", "acknowledged"]).toContain(state.get(step.finding));
        state.set(step.finding, "judged");
      }
    }
    const open = [...state.values()].filter((one) => one !== "judged").length;
    expect(open).toBeGreaterThan(0);
    expect(open).toBeLessThan(40);
  });

  it("has some fifteen alarms on a working day of the quarter, and few on others", () => {
    const raised = stepsOf("raise").filter(({ at }) => daysBack(at) < 100 && daysBack(at) > 4);
    const off = raised.filter(({ at }) => isDayOff(at)).length;
    const days = Array.from({ length: 96 }, (_, index) => UNTIL - (index + 4.5) * DAY_MS);
    const offDays = days.filter((day) => isDayOff(day)).length;
    const perDay = (raised.length - off) / (days.length - offDays);
    expect(perDay).toBeGreaterThan(12);
    expect(perDay).toBeLessThan(26);
    expect(off / offDays).toBeLessThan(perDay / 3);
  });

  // Seed and day bring the exception of the 74th day before to the Monday on which it is agreed to.
  it.each([
    ["1", UNTIL],
    ["3", Date.parse("2026-12-01T23:00:00Z")],
    ["3", Date.parse("2026-11-25T23:00:00Z")],
  ])("makes an exception before it is agreed to or withdrawn, seed %s until %i", (seed, until) => {
    const made = new Set<string>();
    let followed = 0;
    for (const step of makePast({ seed, until })) {
      if (step.kind === "exception") made.add(step.key);
      if (step.kind !== "exception_agreed" && step.kind !== "exception_withdrawn") continue;
      expect(made).toContain(step.key);
      followed += 1;
    }
    expect([made.size, followed]).toEqual([5, 2]);
  });

  it("has fewer false alarms in the last month than in the bad one", () => {
    const falseShare = (from: number, to: number) => {
      const verdicts = stepsOf("judge")
        .filter(({ at }) => daysBack(at) < from && daysBack(at) >= to)
        .map(({ judgement }) => judgement.verdict);
      const count = (wanted: string) => verdicts.filter((one) => one === wanted).length;
      return count("false_positive") / (count("false_positive") + count("true_positive"));
    };
    expect(falseShare(34, 0)).toBeLessThan(falseShare(67, 34) - 0.15);
  });

  it("judges in office hours what nobody was paged for", () => {
    const paged = new Set(stepsOf("page_answered").map(({ finding }) => finding));
    expect(paged.size).toBeGreaterThan(3);
    const everyday = stepsOf("judge").filter(({ finding }) => !paged.has(finding));
    const outside = everyday.filter(({ at }) => !isWorkTime(at));
    expect(outside.length / everyday.length).toBeLessThan(0.03);
  });

  it("raises on the last days only what no log of today raises", () => {
    const apart = new Set(alarmKinds().flatMap((kind) => (kind.isApart ? kind.source : [])));
    for (const { alarm } of stepsOf("raise").filter(({ at }) => daysBack(at) < 3)) {
      expect(apart).toContain(alarm.source);
      const isModel = "model" in alarm.detector;
      const rule = "rule" in alarm.detector ? alarm.detector.rule : "";
      expect(isModel || /^(?:azure|m365|heidewacht)\//.test(rule)).toBe(true);
    }
  });

  it("has somebody behind every step, as an opaque id", () => {
    const actors = new Set(past.map(({ by }) => by));
    expect(actors.size).toBeLessThan(10);
    for (const actor of actors) {
      expect(actor).toMatch(
        /^(?:system|on-call:bereitschaft-\d|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
      );
    }
  });

  it("says of every kind of alarm either a rule or a model", () => {
    for (const [name, kind] of Object.entries(ALARM_KINDS)) {
      expect([name, "rule" in kind !== "model" in kind]).toEqual([name, true]);
    }
  });
});

describe("working hours", () => {
  it.each([
    ["goes on within the day", "2026-11-16T08:00:00Z", 30, "2026-11-16T08:30"],
    ["goes on the next morning", "2026-11-16T14:50:00Z", 30, "2026-11-17T06:"],
    ["goes on after the weekend", "2026-11-20T14:50:00Z", 30, "2026-11-23T06:"],
    ["begins in the morning what came at night", "2026-11-17T01:00:00Z", 10, "2026-11-17T06:"],
  ])("work %s", (_, from, minutes, expected) => {
    const at = afterWork(Date.parse(from), minutes * 60_000);
    expect(new Date(at).toISOString()).toContain(expected);
    expect(isDayOff(at)).toBe(false);
    expect(berlinHour(at)).toBeGreaterThanOrEqual(7);
  });
});
