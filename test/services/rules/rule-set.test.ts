// The rules a process works with: what is good runs, whatever else lies beside it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadRuleSet, STARTER_PACK } from "../../../services/rules/rule-set.ts";
import { ruleText } from "../../support/rule-text.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rule-set-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("a rule set", () => {
  it("has the starter pack without a fault", async () => {
    const set = await loadRuleSet([STARTER_PACK]);
    expect(set.faults).toEqual([]);
    expect(set.rules.length).toBeGreaterThanOrEqual(75);
  });

  it("keeps the first of two rules with one id and says which one stays", async () => {
    const first = write("1.yml", ruleText({ title: "first" }));
    const second = write("2.yml", ruleText({ title: "second" }));
    const { rules, faults } = await loadRuleSet([first, second]);
    expect(rules.map(({ info }) => info.title)).toEqual(["first"]);
    expect(faults).toMatchObject([
      { code: "HW_RULE_INVALID", place: `${second}:1:1`, title: "second" },
    ]);
    expect(faults[0]?.message).toContain(`${first}:1:1`);
  });

  it("goes on behind paths and files that can't be read", async () => {
    const missing = join(folder, "missing");
    const damaged = write("damaged.zip", "no zip");
    const bad = write("bad.yml", "title: [");
    const good = write("good.yml", ruleText({ title: "good" }));
    const { rules, faults } = await loadRuleSet([missing, damaged, bad, good]);
    expect(rules.map(({ info }) => info.title)).toEqual(["good"]);
    expect(faults.map(({ place }) => place)).toEqual([
      missing,
      damaged,
      expect.stringMatching(/bad\.yml:1:\d+$/),
    ]);
  });

  it("tells of files of a folder that are no use", async () => {
    write("huge.yml", "#".repeat(1_000_001));
    write("good.yml", ruleText({ title: "good" }));
    const { rules, faults } = await loadRuleSet([folder]);
    expect(rules).toHaveLength(1);
    expect(faults.map(({ place }) => place)).toEqual([expect.stringContaining("huge.yml")]);
  });

  it("reads correlations beside the rules", async () => {
    const path = write(
      "c.yml",
      "title: many\ncorrelation: { type: event_count, rules: [a], group-by: [b], timespan: 1m, condition: { gte: 5 } }\n",
    );
    const { correlations, rules, faults } = await loadRuleSet([path]);
    expect([rules, faults]).toEqual([[], []]);
    expect(correlations).toMatchObject([{ type: "event_count", timespanMs: 60_000 }]);
  });
});
