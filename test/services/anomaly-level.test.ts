// Anomaly detectors beside correlations on one level: each gets its own, and one snapshot holds both.
import { describe, expect, it } from "vitest";
import { observationOfActivity } from "../../detectors/anomaly/keyed-anomalies.ts";
import { type KeyedDetector, STATE_SHARDS } from "../../detectors/keyed.ts";
import { withAnomalies } from "../../services/anomaly-level.ts";
import { createDetection } from "../../services/detection.ts";
import { loadRuleSet } from "../../services/rules/rule-set.ts";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-06-01T08:00:00Z");

function flow(at: number) {
  return observationOfActivity({
    ...{ id: `f${at}`, time: START + at * HOUR_MS, source: "firewall", kind: "flow" },
    ...{ from: `10.0.0.${at % 50}`, to: "192.0.2.1", port: 443, protocol: "tcp", bytesOut: 900 },
    ...{ bytesIn: 400, durationMs: 20, allowed: true },
  });
}

function lowest(): KeyedDetector {
  const create = withAnomalies([], { findingsPerDay: 5 })[0];
  if (create === undefined) throw new Error("no level");
  return create("kreis");
}

function copied(from: KeyedDetector): KeyedDetector {
  const to = lowest();
  for (let shard = 0; shard < STATE_SHARDS; shard += 1) {
    const pieces = from.store(shard);
    if (pieces.length > 0) to.restore(shard, pieces);
  }
  return to;
}

describe("the lowest level", () => {
  it("remembers what events tell, and stores it when it changed", () => {
    const level = lowest();
    expect(level.changedShards()).toEqual([]);
    level.observe(flow(1));
    expect(level.keys).toBeGreaterThan(0);
    expect(level.changedShards()).toEqual([0]);
    level.store(0);
    expect(level.changedShards()).toEqual([]);
  });

  it("is the same after its state was put back in the middle", () => {
    const whole = lowest();
    for (let at = 0; at < 300; at += 1) whole.observe(flow(at));
    const restored = copied(whole);
    for (let at = 300; at < 900; at += 1) {
      expect(restored.advance(START + at * HOUR_MS)).toEqual(whole.advance(START + at * HOUR_MS));
      expect(restored.observe(flow(at))).toEqual(whole.observe(flow(at)));
    }
    expect(restored.store(0)).toEqual(whole.store(0));
  });

  it("is there without correlations, and not where anomalies are off", async () => {
    const options = { logSources: [], minLevel: "low", groupsMax: 10 } as const;
    const rules = await loadRuleSet([]);
    const anomalies = { findingsPerDay: 5, language: "de" } as const;
    const on = createDetection(rules, { ...options, anomalies }).keyed;
    const off = createDetection(rules, options).keyed;
    expect([on.levels.length, off.levels.length]).toEqual([1, 0]);
    expect(on.meaning).not.toBe(off.meaning);
  });
});
