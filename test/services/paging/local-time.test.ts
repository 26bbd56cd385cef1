import { describe, expect, it } from "vitest";
import { nextAtClock, quietUntil } from "../../../services/paging/local-time.ts";

const BERLIN = "Europe/Berlin";
const NIGHT = { quietHours: [{ from: "22:00", until: "06:00", priorities: ["p2" as const] }] };

describe("local times in the nights in which clocks are changed", () => {
  it.each([
    // The night of 25 October 2026 is an hour longer, that of 28 March 2027 an hour shorter.
    ["autumn", Date.UTC(2026, 9, 24, 20), Date.UTC(2026, 9, 25, 5)],
    [
      "autumn, within the hour that comes twice",
      Date.UTC(2026, 9, 25, 1, 30),
      Date.UTC(2026, 9, 25, 5),
    ],
    ["spring", Date.UTC(2027, 2, 27, 21), Date.UTC(2027, 2, 28, 4)],
  ])("quiet hours end at six by the clock on the wall in %s", (_, now, end) => {
    expect(quietUntil(NIGHT, "p2", now, BERLIN)).toBe(end);
    expect(quietUntil(NIGHT, "p2", end, BERLIN)).toBeUndefined();
    expect(quietUntil(NIGHT, "p1", now, BERLIN)).toBeUndefined();
  });

  it.each([
    ["autumn", Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 9, 25, 6, 30)],
    ["spring", Date.UTC(2027, 2, 27, 12), Date.UTC(2027, 2, 28, 5, 30)],
  ])("the digest comes at half past seven in %s", (_, now, at) => {
    expect(nextAtClock("07:30", now, BERLIN)).toBe(at);
  });

  it("puts what the clock leaves out right after it", () => {
    expect(nextAtClock("02:30", Date.UTC(2027, 2, 28, 0), BERLIN)).toBe(
      Date.UTC(2027, 2, 28, 1, 30),
    );
  });
});
