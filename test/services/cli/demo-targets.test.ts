// The simulated county's targets are such as a configuration takes, and hold over the demo's past.
import { expect, it } from "vitest";
import { kpiTargetsSchema, targetAt } from "../../../config/kpi.ts";
import { demoTargets } from "../../../services/cli/demo-targets.ts";

const ZONE = "Europe/Berlin";

it.each(["2026-08-31T23:30:00Z", "2026-11-22T10:00:00Z", "2028-02-29T12:00:00Z"])(
  "holds at %s and a year before, with stricter targets now",
  (text) => {
    const now = Date.parse(text);
    const targets = kpiTargetsSchema.parse(demoTargets(now));
    expect(targets).toHaveLength(2);
    const before = targetAt(targets, now - 366 * 86_400_000, ZONE);
    const today = targetAt(targets, now, ZONE);
    expect(before?.recoveryHours).toBeGreaterThan(today?.recoveryHours ?? Infinity);
  },
);
