// Risk that accumulates on an entity: the formula, the finding that is made of it, and what never counts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Level } from "../../../detectors/detector.ts";
import { type Finding, findingSchema, RISK_DETECTOR } from "../../../services/store/finding.ts";
import { FINDING_KIND } from "../../../services/store/kinds.ts";
import { riskOfFinding } from "../../../services/triage/risk.ts";
import {
  addActivity,
  peakRisk,
  type RiskActivities,
  riskAt,
} from "../../../services/triage/risk-score.ts";
import { HOUR_MS, NOON, runStage, stageSignal } from "./stage.ts";

const options = { riskThreshold: 30 };
const risksOf = (findings: readonly Finding[]) =>
  findings.filter((one) => one.detector.id === RISK_DETECTOR);

function activities(given: readonly [string, Level, number][]): RiskActivities {
  const made: RiskActivities = new Map();
  for (const [rule, level, hour] of given) {
    made.set(rule, {
      detector: { id: rule, title: rule, level, tactics: [rule] },
      hours: new Map([[hour, `f-${rule}`]]),
    });
  }
  return made;
}

describe("the risk of an entity", () => {
  const table: [string, [string, Level, number][], number][] = [
    ["nothing", [], 0],
    ["one weak detector", [["a", "low", 10]], 3],
    [
      "two tactics",
      [
        ["a", "medium", 10],
        ["b", "medium", 10],
      ],
      19.2,
    ],
    [
      "three tactics",
      [
        ["a", "medium", 10],
        ["b", "medium", 10],
        ["c", "medium", 10],
      ],
      33.6,
    ],
    [
      "what is in the span",
      [
        ["a", "medium", 10],
        ["b", "medium", -14],
      ],
      8,
    ],
    [
      "what has happened already",
      [
        ["a", "medium", 10],
        ["b", "medium", 11],
      ],
      8,
    ],
  ];
  for (const [title, given, value] of table) {
    it(`is that of ${title}`, () => {
      expect(riskAt(activities(given).values(), 10, 24).value).toBe(value);
    });
  }

  it("counts a detector once, and each tactic up to a limit", () => {
    const many = Array.from({ length: 12 }, (_, n): [string, Level, number] => [`d${n}`, "low", 1]);
    expect(riskAt(activities(many).values(), 1, 24)).toMatchObject({ factor: 2.4, value: 86.4 });
  });

  it("peaks at an hour of activity, over weak detectors only, and grows with every finding", () => {
    const drawn = fc.array(
      fc.tuple(
        fc.constantFrom("a", "b", "c", "d"),
        fc.constantFrom<Level>("low", "medium", "high"),
        fc.integer({ min: 0, max: 60 }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(drawn, fc.integer({ min: 0, max: 60 }), (given, more) => {
        const before = peakRisk(activities(given), 24, 24)?.value ?? 0;
        const grown = activities(given);
        for (const { detector, hours } of grown.values()) {
          if (detector.level !== "high") hours.set(more, "f-more");
        }
        expect(peakRisk(grown, 24, 24)?.value ?? 0).toBeGreaterThanOrEqual(before);
        for (const { detector } of peakRisk(grown, 24, 24)?.parts ?? []) {
          expect(detector.level).not.toBe("high");
        }
      }),
    );
  });

  it("takes a finding's whole span, and the same however often it is added", async () => {
    const signals = [0, 59, 61].map((n) => stageSignal("a", "ws1", "low", n, wide));
    const [finding] = await runStage([signals]);
    if (finding === undefined) throw new Error("no finding");
    const made: RiskActivities = new Map();
    addActivity(made, finding);
    addActivity(made, finding);
    expect([...(made.get("a")?.hours.keys() ?? [])]).toEqual([NOON / HOUR_MS, NOON / HOUR_MS + 1]);
  });
});

const wide = { groupKey: "fields:x", groupWindowMs: 4 * HOUR_MS };
const WEAK = ["a", "b", "c"].map((rule, n) => stageSignal(rule, "ws1", "medium", n * 40));

describe("a finding about accumulated risk", () => {
  it("arises from weak hits of different detectors on one host, with their evidence", async () => {
    const findings = await runStage([WEAK], { options });
    const [risk, ...others] = risksOf(findings);
    expect(others).toEqual([]);
    expect(findingSchema.parse(risk)).toEqual(risk);
    expect(risk).toMatchObject({
      status: "new",
      entities: [{ type: "host", value: "ws1" }],
      signalCount: 3,
      raisedAt: NOON + 80 * 60_000,
      detector: { kind: "correlation", level: "medium", title: "Risiko-Häufung auf Rechner ws1" },
    });
    expect(risk?.evidence.map((one) => one.signalId).sort()).toEqual(WEAK.map(({ id }) => id));
    expect(risk?.contributors?.map((one) => [one.detector, one.points])).toEqual([
      ["a", 8],
      ["b", 8],
      ["c", 8],
    ]);
  });

  it("changes neither the score nor the progress of what it is made of", async () => {
    const without = await runStage([WEAK]);
    const findings = await runStage([WEAK], { options });
    const rest = findings.filter((one) => one.detector.id !== RISK_DETECTOR);
    expect(rest).toEqual(without);
  });

  const none: [string, ReturnType<typeof stageSignal>[]][] = [
    ["two detectors", WEAK.slice(0, 2)],
    [
      "one detector that hits often",
      [0, 70, 140, 210].map((n) => stageSignal("a", "ws1", "medium", n)),
    ],
    [
      "detectors on different hosts",
      WEAK.map((one, n) => stageSignal(one.detector.id, `h${n}`, "medium", n)),
    ],
    [
      "grave hits, which are seen anyway",
      ["a", "b"].map((r) => stageSignal(r, "ws1", "critical", 0)),
    ],
    [
      "hits that lie days apart",
      WEAK.map((one, n) => stageSignal(one.detector.id, "ws1", "medium", n * 60 * 30)),
    ],
  ];
  for (const [title, signals] of none) {
    it(`does not arise from ${title}`, async () => {
      expect(risksOf(await runStage([signals], { options }))).toEqual([]);
    });
  }

  it("does not arise when the threshold is 0, nor for an account in clear", async () => {
    expect(risksOf(await runStage([WEAK]))).toEqual([]);
    const account = (value: string) =>
      WEAK.map((one) => ({
        ...one,
        groupKey: `account:${value}`,
        entities: [{ type: "account" as const, value }],
      }));
    expect(risksOf(await runStage([account("hpetersen")], { options }))).toEqual([]);
    expect(risksOf(await runStage([account("konto-0123456789")], { options }))).toHaveLength(1);
  });

  it("adds up over a week at twice the threshold", async () => {
    const slow = ["a", "b", "c", "d", "e"].map((rule, day) =>
      stageSignal(rule, "ws1", "medium", (day - 2) * 24 * 60 + (day - 2)),
    );
    const risks = risksOf(await runStage([slow], { options }));
    expect(risks.map((one) => one.detector.description)).toEqual([
      expect.stringContaining("168 Stunden"),
    ]);
  });

  it("comes back when a further detector joins in, and stays closed when it does not", async () => {
    const later = stageSignal("d", "ws1", "low", 100);
    const again = stageSignal("c", "ws1", "medium", 85);
    const close = async (signals: (typeof again)[]) => {
      let closed: Finding | undefined;
      const findings = await runStage([WEAK, signals], {
        options,
        between: async (store) => {
          const page = await store.search("kreis", FINDING_KIND, {
            terms: { detector: [RISK_DETECTOR] },
            sort: [],
            limit: 1,
          });
          const [hit] = page.hits;
          if (hit === undefined) throw new Error("no risk finding");
          const verdict = { verdict: "benign_true_positive", at: NOON, by: "a" } as const;
          closed = { ...hit.document, status: "closed", verdict };
          await store.put("kreis", FINDING_KIND, hit.id, closed);
        },
      });
      expect(closed).toBeDefined();
      return risksOf(findings)[0];
    };
    expect(await close([again])).toMatchObject({ status: "closed", signalCount: 4 });
    const reopened = await close([later]);
    expect(reopened?.status).toBe("new");
    expect(reopened?.verdictHistory).toHaveLength(1);
  });

  it("does not count what people judged as harmless", async () => {
    const findings = await runStage([WEAK.slice(0, 2), WEAK.slice(2)], {
      options,
      between: async (store) => {
        const page = await store.search("kreis", FINDING_KIND, { sort: [], limit: 1 });
        const [hit] = page.hits;
        if (hit === undefined) throw new Error("no finding");
        const verdict = { verdict: "false_positive", reason: "logic", at: NOON, by: "a" } as const;
        await store.put("kreis", FINDING_KIND, hit.id, {
          ...hit.document,
          status: "closed",
          verdict,
        });
      },
    });
    expect(risksOf(findings)).toEqual([]);
  });
});

it("shows the risk of a finding's entities with its parts", async () => {
  await runStage([WEAK], {
    options,
    after: async (store) => {
      const page = await store.search("kreis", FINDING_KIND, {
        terms: { detector: ["c"] },
        sort: [],
        limit: 1,
      });
      const finding = page.hits[0]?.document;
      if (finding === undefined) throw new Error("no finding");
      const [host] = await riskOfFinding(store, "kreis", finding, 30);
      expect(host?.entity).toEqual({ type: "host", value: "ws1" });
      expect(
        host?.spans.map(({ hours, threshold, risk }) => [hours, threshold, risk.value]),
      ).toEqual([
        [24, 30, 33.6],
        [168, 60, 33.6],
      ]);
    },
  });
});
