// Figures beside axes and in tables.
import { describe, expect, it } from "vitest";
import {
  axisSteps,
  axisText,
  figureText,
  stacked,
} from "../../../../services/console/model/figure-text.ts";

describe("a figure", () => {
  it.each([
    [0, "seconds", "0 s"],
    [0.25, "seconds", "250 ms"],
    [90, "seconds", "1 min 30 s"],
    [100_000, "seconds", "1 Tag 3 h"],
    [0.875, "share", "87,5 %"],
    [5.754, "ratio", "5,75"],
    [0.0042, "ratio", "0,0042"],
    [12, "perSecond", "12/s"],
    [1536, "bytes", "1,5 KiB"],
    [3 * 1024 ** 3, "bytes", "3 GiB"],
    [-2048, "bytes", "-2 KiB"],
  ] as const)("%d %s is written %s", (value, unit, text) => {
    expect(figureText(value, unit, "de")).toBe(text);
  });

  it.each([
    [172_800, "2 d"],
    [216_000, "2,5 d"],
    [0.5, "500 ms"],
    [43_200, "12 h"],
    [1800, "30 min"],
    [5, "5 s"],
  ])("of %f seconds stands beside an axis as %s", (value, text) => {
    expect(axisText(value, "seconds", "de")).toBe(text);
  });

  it.each(["count", "seconds", "share", "perSecond", "bytes", "ratio"] as const)(
    "has an axis of %s with steps that grow",
    (unit) => {
      const steps = axisSteps(unit);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      expect(new Set(steps).size).toBe(steps.length);
    },
  );

  it("is stacked on those before it, a gap as nothing", () => {
    expect(
      stacked([
        [1, 2, null],
        [3, null, 4],
      ]),
    ).toEqual([
      [1, 2, 0],
      [4, 2, 4],
    ]);
  });
});
