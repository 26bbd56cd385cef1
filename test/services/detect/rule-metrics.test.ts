import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createActivity } from "../../../services/detect/activity.ts";
import { registerRuleMetrics } from "../../../services/detect/rule-metrics.ts";

describe("the metric of rules", () => {
  it("shows the ten that hit most, over all tenants, and forgets those that fell behind", async () => {
    const registry = new Registry();
    const activity = createActivity();
    registerRuleMetrics(registry, activity, ["a", "b"]);
    const hit = (tenant: string, rule: number, times: number) => {
      for (let time = 0; time < times; time += 1) activity.hit(tenant, `rule-${rule}`, 0);
    };
    for (let rule = 1; rule <= 12; rule += 1) hit("a", rule, rule);
    const lines = async () =>
      (await registry.metrics()).split("\n").filter((line) => line.includes("{rule="));
    expect(await lines()).toHaveLength(10);
    expect((await lines())[0]).toBe('heidewacht_detect_rule_hits{rule="rule-12"} 12');
    expect((await lines()).join()).not.toContain('"rule-1"');
    hit("b", 1, 20);
    expect((await lines())[0]).toBe('heidewacht_detect_rule_hits{rule="rule-1"} 21');
    expect(await lines()).toHaveLength(10);
    expect((await lines()).join()).not.toContain('"rule-3"');
  });
});
