import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDetection, prepareDetection } from "../../services/detection.ts";
import { createRuleSwap, SYSTEM } from "../../services/rule-swap.ts";
import { loadRuleSet, type RuleSet } from "../../services/rules/rule-set.ts";

const OPTIONS = { logSources: [], minLevel: "low", groupsMax: 10 } as const;

async function open(load: (empty: RuleSet) => RuleSet) {
  const empty = await loadRuleSet([]);
  const swap = createRuleSwap({
    first: createDetection({ ...empty, validUntil: Date.now() }, OPTIONS),
    load: async () => load(empty),
    prepare: (rules, pace) => prepareDetection(rules, OPTIONS, pace),
    onSwap: () => undefined,
    onChanged: async () => undefined,
    logger: pino({ level: "silent" }),
    now: Date.now,
  });
  onTestFinished(() => swap.close());
  return swap;
}

describe("rules that end at a time", () => {
  it("are read anew then, again and again, also where nothing changes by it", async () => {
    let loads = 0;
    await open((empty) => {
      loads += 1;
      return { ...empty, validUntil: loads < 3 ? Date.now() : undefined };
    });
    await expect.poll(() => loads, { timeout: 30_000 }).toBe(3);
  });
});

describe("rules that can't be loaded", () => {
  it("leave the old ones in place, and the next attempt free", async () => {
    let loads = 0;
    const swap = await open((empty) => {
      loads += 1;
      if (loads === 1) throw new Error("the disk is gone");
      return empty;
    });
    const before = swap.current;
    expect(await swap.reload(SYSTEM)).toEqual({ kind: "kept", reason: "the disk is gone" });
    expect(swap.current).toBe(before);
    expect(await swap.reload(SYSTEM)).toEqual({ kind: "unchanged" });
  });
});
