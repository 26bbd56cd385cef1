// A finding is a function of the set of its signals: not of their order, their batches or repetitions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toldAnomaly } from "../../../detectors/anomaly/told-anomaly.ts";
import type { Signal } from "../../../detectors/detector.ts";
import { decodeSignal, encodeSignal } from "../../../services/bus/signal-record.ts";
import { EVIDENCE_MAX, type Finding, findingSchema } from "../../../services/store/finding.ts";
import { findingId } from "../../../services/triage/finding-id.ts";
import { foldSignals } from "../../../services/triage/fold.ts";
import { rescore } from "../../../services/triage/score.ts";
import { exampleAnomaly } from "../../support/anomalies.ts";

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 21, 12);
const options = {
  timeZone: "Europe/Berlin",
  language: "de",
  isCriticalHost: (host: string) => host.startsWith("dc"),
} as const;

function signal(id: string, time: number, more: Partial<Signal> = {}): Signal {
  return {
    id,
    tenant: "kreis",
    detector: {
      id: "8d7f2e52-1d1c-4b8e-9a55-4f1c8b1b0d11",
      kind: "sigma",
      title: "Schattenkopien gelöscht",
      description: "Alle Sicherungspunkte wurden entfernt.",
      level: "high",
      status: "stable",
      techniques: ["T1490"],
      tactics: ["impact"],
      falsePositives: [],
      references: [],
      response: [],
      origin: "pack/windows/shadow-copies.yml",
    },
    time,
    raisedAt: time + 500,
    entities: [{ type: "host", value: "fs01" }],
    groupKey: "host:fs01",
    source: "fs",
    matched: [
      {
        field: "CommandLine",
        value: "vssadmin delete shadows",
        operator: "contains",
        pattern: "delete",
      },
    ],
    events: [{ id: `e-${id}`, time, document: { "@timestamp": new Date(time).toISOString() } }],
    ...more,
  };
}

function fold(signals: readonly Signal[], existing?: Finding): Finding {
  return foldSignals("f1", existing, signals, options);
}

describe("folding signals into a finding", () => {
  it("gives a document that fits the schema and says what happened in German", () => {
    const finding = fold([signal("a", NOON)]);
    expect(findingSchema.safeParse(finding).success).toBe(true);
    expect(finding.summary).toContain("Schattenkopien gelöscht (Schwere: hoch).");
    expect(finding.summary).toContain("Betroffen: Rechner fs01.");
    expect(finding.summary).toContain("13:00:00");
  });

  it("keeps what a model said of the least probable one, in whatever order they come", () => {
    const words = { features: {}, kinds: {} };
    const all = [1e-5, 1e-9, 1e-9, 1e-7].map((tail, at) => {
      const anomaly = toldAnomaly(exampleAnomaly({ tail, time: NOON - at }), words, "de");
      return signal(`s${at}`, NOON + at, { anomaly });
    });
    const rest = all.slice(1);
    const kept = fold(all).anomaly;
    expect(kept).toEqual(all[2]?.anomaly);
    expect(fold([...all].reverse()).anomaly).toEqual(kept);
    expect(fold(rest, fold(all.slice(0, 1))).anomaly).toEqual(kept);
    const carried = all.map((one) => decodeSignal(encodeSignal(one)));
    expect(fold(carried).anomaly).toEqual(kept);
    expect(findingSchema.parse(JSON.parse(JSON.stringify(fold(all)))).anomaly).toEqual(kept);
    expect("anomaly" in fold([signal("a", NOON)])).toBe(false);
  });

  it("does not depend on order or batches", () => {
    const drawn = fc.uniqueArray(fc.integer({ min: 0, max: HOUR_MS - 1 }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(drawn, fc.nat(), (times, cut) => {
        const signals = times.map((time, index) => signal(`s${index}`, NOON + time));
        const at = 1 + (cut % (signals.length - 1));
        const whole = fold(signals);
        const backwards = [...signals].reverse();
        const parts = fold(backwards.slice(at), fold(backwards.slice(0, at)));
        expect(parts).toEqual(whole);
        expect(whole.evidence.length).toBeLessThanOrEqual(EVIDENCE_MAX);
        expect(whole.signalCount).toBe(signals.length);
      }),
    );
  });

  it("puts a closed finding back into the queue and keeps its verdict in the history", () => {
    const verdict = { verdict: "false_positive", reason: "logic", at: NOON, by: "acc-1" } as const;
    const closed: Finding = { ...fold([signal("a", NOON)]), status: "closed", verdict };
    const again = fold([signal("b", NOON + 1000)], closed);
    expect(again.status).toBe("new");
    expect(again.verdict).toBeUndefined();
    expect(again.verdictHistory).toEqual([verdict]);
  });

  it("quotes log values without their control and direction characters", () => {
    const hostile = signal("a", NOON, {
      matched: [
        {
          field: "CommandLine",
          value: "x\u202Ey\n„Alles gut“",
          operator: "contains",
          pattern: "x",
        },
      ],
    });
    const { summary } = fold([hostile]);
    expect(summary).not.toMatch(/\u202E/);
    expect(summary).toContain("x·y··Alles gut·");
    expect(summary.split("\n")).toHaveLength(3);
  });
});

describe("the score", () => {
  const base = fold([signal("a", NOON)]);
  const score = (tactics: string[], criticalAsset = false) =>
    rescore(base, { tacticsOfEntity: tactics, criticalAsset }).score;

  it("is the sum of its parts", () => {
    const scored = rescore(base, { tacticsOfEntity: ["impact", "execution"], criticalAsset: true });
    expect(scored.score).toBe(scored.scoreParts.reduce((sum, part) => sum + part.points, 0));
    expect(scored.scoreParts.map((part) => part.key)).toEqual([
      "severity",
      "confidence",
      "progress",
      "asset",
    ]);
  });

  it("rises with the progress of an attack and with the asset, within bounds", () => {
    expect(score(["impact", "execution"])).toBeGreaterThan(score(["impact"]));
    expect(score(["impact"], true)).toBeGreaterThan(score(["impact"]));
    const all = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    expect(score(all, true)).toBeLessThanOrEqual(100);
  });

  it("never lifts a medium finding above a critical one", () => {
    const medium = fold([
      signal("m", NOON, { detector: { ...signal("x", 0).detector, level: "medium" } }),
    ]);
    const critical = fold([
      signal("c", NOON, {
        detector: { ...signal("x", 0).detector, level: "critical", status: "experimental" },
      }),
    ]);
    const best = rescore(
      { ...medium, signalCount: 1_000_000 },
      { tacticsOfEntity: ["a", "b", "c", "d", "e", "f"], criticalAsset: true },
    );
    expect(best.score).toBeLessThan(
      rescore(critical, { tacticsOfEntity: [], criticalAsset: false }).score,
    );
  });
});

describe("finding ids", () => {
  it("are the same within a window and differ by tenant, detector, entity and window", () => {
    const id = findingId("kreis", "d", "host:a", NOON, HOUR_MS);
    expect(findingId("kreis", "d", "host:a", NOON + HOUR_MS - 1, HOUR_MS)).toBe(id);
    const others = [
      findingId("stadt", "d", "host:a", NOON, HOUR_MS),
      findingId("kreis", "e", "host:a", NOON, HOUR_MS),
      findingId("kreis", "d", "host:b", NOON, HOUR_MS),
      findingId("kreis", "d", "host:a", NOON + HOUR_MS, HOUR_MS),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
