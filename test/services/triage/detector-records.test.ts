// Verdicts teach the score: a detector with many false alarms sinks, one that was right rises, both within
// bounds, and open findings are scored anew when it changes their points.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openEmbeddedStore } from "../../../services/store/embedded.ts";
import type { Finding } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { foldSignals } from "../../../services/triage/fold.ts";
import { expectedPrecision } from "../../../services/triage/precision.ts";
import { rescore } from "../../../services/triage/score.ts";
import { createTriageLink } from "../../../services/triage-link.ts";
import { stageSignal } from "./stage.ts";

const FOLD = { timeZone: "Europe/Berlin", language: "de", isCriticalHost: () => false } as const;

function finding(id: string, level: "medium" | "high" | "critical" = "high"): Finding {
  return foldSignals(id, undefined, [stageSignal("loud", id, level, 0)], FOLD);
}

function judged(id: string, verdict: "false_positive" | "true_positive"): Finding {
  return {
    ...finding(id),
    status: "closed",
    verdict: { verdict, at: 1, by: "acc-1" },
  };
}

async function scoreAfter(verdicts: readonly Finding[]): Promise<Finding> {
  const dataDir = mkdtempSync(join(tmpdir(), "hw-records-"));
  const store = openEmbeddedStore({ dataDir });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const link = createTriageLink(store, { inhibitions: [], riskThreshold: 0 });
  for (const one of [finding("open"), ...verdicts]) {
    await store.create("kreis", FINDING_KIND, one.id, one);
  }
  await link.findingsChanged(
    "kreis",
    verdicts.map(({ id }) => id),
  );
  const found = await store.get("kreis", FINDING_KIND, "open");
  if (found === undefined) throw new Error("the open finding is gone");
  return found.document;
}

describe("verdicts", () => {
  it.each([
    ["false_positive", 20, "test 20/20", -1],
    ["true_positive", 20, "test 0/20", 1],
  ] as const)(
    "%s, %i times, moves open findings of the rule",
    async (verdict, count, detail, way) => {
      const all = Array.from({ length: count }, (_, n) => judged(`j${n}`, verdict));
      const before = await scoreAfter([]);
      const after = await scoreAfter(all);
      const confidence = (one: Finding) => one.scoreParts.find(({ key }) => key === "confidence");
      expect(confidence(after)?.detail).toBe(detail);
      const moved = (confidence(after)?.points ?? 0) - (confidence(before)?.points ?? 0);
      expect(Math.sign(moved)).toBe(way);
    },
  );

  it("never push a critical finding below a medium one that has everything", () => {
    const judgedBadly = { truePositive: 0, falsePositive: 1_000_000 };
    const tactics = { tacticsOfEntity: [], criticalAsset: false };
    const critical = rescore(finding("c", "critical"), { ...tactics, judged: judgedBadly });
    const medium = rescore(
      { ...finding("m", "medium"), signalCount: 1_000_000 },
      {
        tacticsOfEntity: ["a", "b", "c", "d", "e", "f"],
        criticalAsset: true,
        judged: { truePositive: 1_000_000, falsePositive: 0 },
        rarity: 2,
      },
    );
    expect(critical.score).toBeGreaterThan(medium.score);
  });

  it.each([
    [0, 0, 0.5],
    [0, 8, 0.25],
    [8, 0, 0.75],
  ])("with %i right and %i wrong ones expect a precision of %d", (right, wrong, expected) => {
    const detector = { status: "test", level: "medium" } as const;
    const counts = { truePositive: right, falsePositive: wrong };
    expect(expectedPrecision(detector, counts)).toBe(expected);
  });
});

describe("a threat list's match", () => {
  it.each([
    [{ "threat.indicator.ip": "198.51.100.7", "threat.indicator.confidence": "High" }, 5],
    [{ "threat.indicator.ip": "198.51.100.7", "threat.indicator.confidence": "None" }, 1],
    [{ "threat.indicator.name": "böse.example", "labels.threat_confidence": 40 }, 2],
    [{ "labels.threat_ip": "198.51.100.7" }, 5],
    [{ "host.name": "ws1" }, undefined],
  ])("counts %j with %j", (document, points) => {
    const signal = stageSignal("r", "ws1", "medium", 0);
    const events = [{ id: "e", time: signal.time, document }];
    const found = foldSignals("f", undefined, [{ ...signal, events }], FOLD);
    expect(found.scoreParts.find(({ key }) => key === "intelligence")?.points).toBe(points);
  });
});
