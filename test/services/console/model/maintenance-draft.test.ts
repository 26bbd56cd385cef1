// A maintenance window in the making, and what the server gets of it.
import { describe, expect, it } from "vitest";
import {
  emptyMaintenance,
  maintenanceBody,
} from "../../../../services/console/model/maintenance-draft.ts";
import { recurrenceSchema } from "../../../../services/store/maintenance.ts";

const START = Date.UTC(2026, 10, 20, 9);
const HOUR_MS = 3_600_000;
const draft = {
  ...emptyMaintenance(START),
  matchers: [{ key: 1, field: "host.name", operator: "glob", value: "fs*" } as const],
  reason: " Patchabend ",
};

describe("a maintenance window", () => {
  it("is once, four hours long, unless somebody says otherwise", () => {
    expect(maintenanceBody(draft)).toEqual({
      matchers: [{ field: "host.name", operator: "glob", value: "fs*" }],
      ...{ from: START, until: START + 4 * HOUR_MS, reason: "Patchabend" },
    });
  });

  it.each([
    [
      { kind: "week", weekday: "2" },
      { every: "week", weekday: 2 },
    ],
    [
      { kind: "month", weekday: "7", week: "-1" },
      { every: "month", weekday: 7, week: -1 },
    ],
  ] as const)("repeats as the server reads it: %j", (part, repeat) => {
    const body = maintenanceBody({ ...draft, ...part, time: "22:30", minutes: "180" });
    expect(body.repeat).toEqual({ ...repeat, time: "22:30", durationMinutes: 180 });
    expect(recurrenceSchema.parse(body.repeat)).toEqual(body.repeat);
  });
});
