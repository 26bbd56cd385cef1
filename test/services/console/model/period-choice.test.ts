// Periods in the address of the management page.
import { describe, expect, it } from "vitest";
import {
  neighbour,
  readPeriod,
  resized,
  sizeOf,
} from "../../../../services/console/model/period-choice.ts";

describe("the period in an address", () => {
  it.each([
    ["2026-10", { zeitraum: "2026-10" }],
    ["2026-Q4", { zeitraum: "2026-Q4" }],
    [2026, { zeitraum: "2026" }],
    ["2026", { zeitraum: "2026" }],
    ["2026-13", {}],
    ["2026-Q5", {}],
    ["2026-10-25", {}],
    ["<script>", {}],
    [{}, {}],
    [undefined, {}],
  ])("%j is read as %j", (zeitraum, expected) => {
    expect(readPeriod({ zeitraum })).toEqual(expected);
  });

  it.each([
    ["2026-01", -1, "2025-12"],
    ["2026-12", 1, "2027-01"],
    ["2026-Q1", -1, "2025-Q4"],
    ["2026-Q4", 1, "2027-Q1"],
    ["2026", -1, "2025"],
  ] as const)("beside %s lies at %i %s", (name, by, expected) => {
    expect(neighbour(name, by)).toBe(expected);
  });

  it.each([
    ["2026-10", "quarter", "2026-Q4"],
    ["2026-10", "year", "2026"],
    ["2026-Q3", "month", "2026-09"],
    ["2026", "month", "2026-11"],
    ["2026", "quarter", "2026-Q4"],
    ["2025", "month", "2025-12"],
    ["2026-Q4", "month", "2026-11"],
    ["2026-10", "month", "2026-10"],
  ] as const)("%s as a %s is %s, in November 2026", (name, size, expected) => {
    expect(resized(name, size, "2026-11")).toBe(expected);
    expect(sizeOf(expected)).toBe(size);
  });
});
