// Whenever triage dies, or the store refuses a write, the repeated batch leaves what an undisturbed run
// leaves: findings with scores and their parts, proposed incidents, counts of detectors.
import { describe, expect, it } from "vitest";
import { drawHistory, historySignal } from "./drawn-history.ts";
import { type Fault, runHistory } from "./kills.ts";
import { HOUR_MS } from "./stage.ts";

const level = (value: string) => ({ field: "level", operator: "equals" as const, value });
const OPTIONS: Parameters<typeof runHistory>[1] = {
  riskThreshold: 15,
  inhibitions: [
    {
      source: { matchers: [level("critical")] },
      target: { matchers: [level("low")] },
      ...{ equal: ["host"], within: 24 * HOUR_MS },
    },
  ],
};
const DAY_MINUTES = 24 * 60;

const WEEKLY = 2;
const DAILY = 1;
const at = (day: number, minute = 0) => day * DAY_MINUTES + minute;

/** Findings move one day and four days back; others, weeks later, become less rare by it. */
const LATE = [
  ["h1", "h2"].map((host) => historySignal(WEEKLY, host, at(3))),
  [historySignal(WEEKLY, "h1", at(-1)), historySignal(DAILY, "h1", at(0, 690))],
  [historySignal(WEEKLY, "h6", at(-9)), historySignal(DAILY, "h1", at(0))],
];

describe("triage that is disturbed at a write", () => {
  it("leaves the same, killed at whichever write of late signals", async () => {
    const { left, writes } = await runHistory(LATE, OPTIONS);
    expect(writes).toBeGreaterThan(20);
    for (let number = 0; number < writes; number += 1) {
      await expectSame(LATE, { kind: "killed", at: number }, left);
    }
  });

  it.each([
    ["killed", 2],
    ["refused", 20],
  ] as const)(
    "leaves the same, %s at some writes of a drawn history (seed %i)",
    async (kind, seed) => {
      const batches = drawHistory(seed, 0.4);
      const { left, writes } = await runHistory(batches, OPTIONS);
      for (const share of [0.3, 0.5, 0.7, 0.9]) {
        await expectSame(batches, { kind, at: Math.floor(share * writes) }, left);
      }
    },
  );
});

async function expectSame(
  batches: Parameters<typeof runHistory>[0],
  fault: Fault,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const { left } = await runHistory(batches, OPTIONS, fault);
  expect({ fault, left: [...left].sort() }).toEqual({ fault, left: [...wanted].sort() });
}
