// Rates and counters of sources, for the status page.
import { describe, expect, it } from "vitest";
import { createActivity } from "../../../services/detect/activity.ts";

describe("activity", () => {
  it("counts events, failures and hits per tenant", () => {
    const activity = createActivity();
    for (let index = 0; index < 120; index += 1) activity.event("a", "dc", index * 500);
    activity.failed("a", "dc", 60_000);
    activity.hit("a", "r1", 5);
    activity.hit("a", "r1", 9);
    const [source] = activity.sources("a", 60_000);
    expect(source).toMatchObject({ name: "dc", events: 120, failed: 1, lastEventAt: 59_500 });
    expect(source?.eventsPerSecond).toBeCloseTo(2, 0);
    expect(activity.hits("a").get("r1")).toEqual({ hits: 2, lastHitAt: 9 });
    expect(activity.sources("b", 0)).toEqual([]);
  });

  it("falls to zero when a source is silent", () => {
    const activity = createActivity();
    for (let index = 0; index < 100; index += 1) activity.event("a", "dc", index);
    expect(activity.sources("a", 10 * 60_000)[0]?.eventsPerSecond).toBe(0);
  });

  it("does not grow with invented source names", () => {
    const activity = createActivity();
    for (let index = 0; index < 5000; index += 1) activity.event("a", `s${index}`, 0);
    expect(activity.sources("a", 0).length).toBe(1000);
  });
});
