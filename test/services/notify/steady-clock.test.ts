import { describe, expect, it } from "vitest";
import { createSteadyClock } from "../../../services/notify/steady-clock.ts";

const START = Date.UTC(2026, 10, 24);

describe("the clock of paging", () => {
  it.each([
    ["an hour ahead", 3_600_000, 0],
    ["an hour back", -3_600_000, 0],
    ["two seconds ahead", 2000, 2000],
    ["two seconds back", -2000, -2000],
  ])("follows the wall clock only in small things: %s", (_, jump, followed) => {
    let [wall, mono] = [START, 500];
    const clock = createSteadyClock(
      () => wall,
      () => mono,
    );
    wall += 60_000 + jump;
    mono += 60_000;
    expect(clock.now()).toBe(START + 60_000 + followed);
    expect(clock.aheadMs()).toBe(jump - followed);
  });

  it("tells whole milliseconds, as findings keep them, whatever the parts the monotonic one counts", () => {
    let mono = 500.125;
    const clock = createSteadyClock(
      () => START,
      () => mono,
    );
    mono += 60_000.3;
    expect(clock.now()).toBe(START + 60_000);
  });
});
