// What explains the change of a mean: contributions that add up, outliers, classes, and nothing.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  alarmDriverOf,
  type CaseValue,
  contributionOf,
  driverOf,
} from "../../../services/cases/kpi-drivers.ts";

type Level = CaseValue["severity"];

let next = 0;
function values(severity: Level, category: CaseValue["category"], ...hours: number[]): CaseValue[] {
  return hours.map((one) => {
    next += 1;
    return { id: `i${next}`, severity, category, seconds: one * 3600 };
  });
}

const usual = () => values("medium", "intrusion", 2, 2, 2, 2, 2);

describe("contributions", () => {
  const value = fc.record({
    id: fc.uuid(),
    severity: fc.constantFrom<Level>("low", "medium", "high"),
    category: fc.constantFrom<CaseValue["category"]>("fraud", "intrusion"),
    seconds: fc.integer({ min: 0, max: 10_000_000 }),
  });
  const some = fc.uniqueArray(value, { minLength: 1, maxLength: 30, selector: ({ id }) => id });

  it("add up to the change of the mean, whatever the parts", () => {
    fc.assert(
      fc.property(some, some, (now, before) => {
        const mean = (all: readonly CaseValue[]) =>
          all.reduce((sum, { seconds }) => sum + seconds, 0) / all.length;
        const parts = (["low", "medium", "high"] as const).map((level) =>
          contributionOf(now, before, ({ severity }) => severity === level),
        );
        const sum = parts.reduce((total, one) => total + one, 0);
        expect(sum).toBeCloseTo(mean(now) - mean(before), 3);
      }),
    );
  });

  it("are none of what is as usual, however often it comes", () => {
    const now = [...usual(), ...values("low", "fraud", 2, 2, 2, 2)];
    expect(contributionOf(now, usual(), ({ severity }) => severity === "low")).toBe(0);
  });

  it("name the same driver in any order", () => {
    fc.assert(
      fc.property(some, some, (now, before) => {
        expect(driverOf(now.toReversed(), before.toReversed())).toEqual(driverOf(now, before));
      }),
    );
  });
});

describe("what explains a change", () => {
  it("is a single incident, with the mean that was without it", () => {
    const outlier = values("high", "malicious_code", 62)[0];
    const now = [...usual(), ...(outlier === undefined ? [] : [outlier])];
    expect(driverOf(now, usual())).toEqual({
      ...{ kind: "incident", of: outlier, when: "now", meanWithoutS: 7200 },
    });
  });

  it("is a single incident of the period before that is gone", () => {
    const outlier = values("high", "malicious_code", 62)[0];
    const before = [...usual(), ...(outlier === undefined ? [] : [outlier])];
    expect(driverOf(usual(), before)).toMatchObject({
      kind: "incident",
      of: outlier,
      when: "before",
    });
  });

  it("is a severity of several incidents", () => {
    const now = [...usual(), ...values("critical", "intrusion", 20, 22, 24)];
    expect(driverOf(now, usual())).toEqual({
      ...{ kind: "class", class: { of: "severity", value: "critical" }, n: 3, nBefore: 0 },
      contributionS: ((18 + 20 + 22) * 3600) / 8,
    });
  });

  it("is a category where severities are mixed", () => {
    const now = [
      ...usual(),
      ...values("medium", "fraud", 20),
      ...values("low", "fraud", 22),
      ...values("high", "fraud", 24),
    ];
    expect(driverOf(now, usual())).toMatchObject({ class: { of: "category", value: "fraud" } });
  });

  it.each([
    ["the mean is the same", usual(), usual()],
    [
      "all of one class took longer",
      values("low", "fraud", 4, 4, 4, 4, 4),
      values("low", "fraud", 2, 2, 2, 2, 2),
    ],
    ["there was nothing before", usual(), []],
    ["there is nothing now", [], usual()],
  ])("is nothing where %s", (_, now, before) => {
    expect(driverOf(now, before)).toBeUndefined();
  });
});

describe("the rule that explains false alarms", () => {
  const counts = { now: 10, before: 10 };
  it.each([
    [
      "the noisy one",
      [
        { name: "a", now: 50, before: 10 },
        { name: "b", now: 12, before: 10 },
      ],
      4.2,
      "a",
    ],
    [
      "the one that was made quiet",
      [
        { name: "a", now: 1, before: 40 },
        { name: "b", now: 9, before: 10 },
      ],
      -4,
      "a",
    ],
    [
      "none of several alike",
      [
        { name: "a", now: 14, before: 10 },
        { name: "b", now: 14, before: 10 },
        { name: "c", now: 14, before: 10 },
      ],
      1.2,
      undefined,
    ],
    ["none that went the other way", [{ name: "a", now: 0, before: 10 }], 1, undefined],
  ])("is %s", (_, list, change, name) => {
    expect(alarmDriverOf(list, counts, change)?.name).toBe(name);
  });
});
