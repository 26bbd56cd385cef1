import { describe, expect, it } from "vitest";
import { createOwnPast, deviation, learn, usual } from "../../../detectors/network/own-past.ts";

const DAY_MS = 86_400_000;
const MONDAY_NOON = Date.UTC(2026, 10, 2, 11);
const SATURDAY_NOON = MONDAY_NOON + 5 * DAY_MS;

describe("an entity's own past", () => {
  it("says nothing before it knows enough", () => {
    const past = createOwnPast();
    for (let value = 0; value < 7; value += 1) learn(past, 5, MONDAY_NOON);
    expect(deviation(past, 50, MONDAY_NOON)).toBeUndefined();
    learn(past, 5, MONDAY_NOON);
    expect(deviation(past, 50, MONDAY_NOON)).toBeGreaterThan(10);
  });

  it("knows working hours from days off", () => {
    const past = createOwnPast();
    for (let value = 0; value < 20; value += 1) {
      learn(past, 9, MONDAY_NOON);
      learn(past, 2, SATURDAY_NOON);
    }
    expect(deviation(past, 9, MONDAY_NOON)).toBeCloseTo(0);
    expect(deviation(past, 9, SATURDAY_NOON)).toBeGreaterThan(5);
  });

  it("is taught something new only slowly", () => {
    const past = createOwnPast();
    for (let value = 0; value < 20; value += 1) learn(past, 5, MONDAY_NOON);
    for (let value = 0; value < 5; value += 1) learn(past, 1000, MONDAY_NOON);
    expect(usual(past, MONDAY_NOON).mean).toBeLessThan(6);
  });
});
