import { describe, expect, it } from "vitest";
import type { AnomalyDays, ModelList } from "../../../../services/console/api/contract.ts";
import {
  budgetSum,
  comparedCounts,
  figuresOf,
  isOfPresent,
  isOpenJob,
  modelViews,
  wordFor,
} from "../../../../services/console/model/model-view.ts";

type Version = ModelList["models"][number]["versions"][number];

function version(number: number, state: Version["state"]): Version {
  const metrics = {
    ...{ recallAtFpr1pct: 0.9, auroc: 0.98, flaggedUsual: 0, flaggedMade: 0.8 },
    ...{ usual: 100, made: 1000 },
  };
  return {
    ...{ version: number, state, trainedAt: number, trainedBy: "a", features: 44, seed: 1 },
    ...{ window: { from: 0, to: 1 }, examples: { site: 100, own: 1000 }, backend: "wasm" },
    ...{ trainingMs: 1, metrics, evaluations: [], hash: "0".repeat(64), bytes: 1 },
  };
}
const list = (versions: Version[], past: number[] = []): ModelList => ({
  names: ["dga"],
  models: versions.length === 0 ? [] : [{ name: "dga", versions, past, changedAt: 0 }],
  jobs: [],
});

describe("a model on its page", () => {
  it("has its versions by state, the newest first, and what going back leads to", () => {
    const versions = [version(1, "retired"), version(2, "active"), version(3, "shadow")];
    const [view] = modelViews(list(versions, [1]));
    expect(view?.versions.map((one) => one.version)).toEqual([3, 2, 1]);
    expect([view?.active?.version, view?.shadow?.version, view?.before?.version]).toEqual([
      2, 3, 1,
    ]);
  });

  it("is there before anything was trained, with what runs about it alone", () => {
    const running = { id: "j", kind: "train", startedAt: 0, state: "running" } as const;
    const jobs: ModelList["jobs"] = [{ ...running, model: "dga" }];
    const views = modelViews({ ...list([]), jobs });
    expect(views).toEqual([{ name: "dga", versions: [], job: jobs[0] }]);
  });

  it.each([
    ["waiting", true],
    ["running", true],
    ["done", false],
    ["failed", false],
    ["cancelled", false],
  ] as const)("is %s and asked about often: %s", (state, expected) => {
    expect(isOpenJob({ id: "j", model: "dga", kind: "train", startedAt: 0, state })).toBe(expected);
  });

  it("can't go back to a version that is gone", () => {
    const [view] = modelViews(list([version(2, "active")], [1]));
    expect(view?.before).toBeUndefined();
  });
});

const comparison = {
  ...{ active: 2, shadow: 3, since: 0, changedAt: 1, onlyActive: [], onlyShadow: [] },
  ...{ judged: 1000, activeFlagged: 12, shadowFlagged: 30, bothFlagged: 10 },
};

describe("a comparison", () => {
  it("parts what was told by both, by one alone and by none", () => {
    expect(comparedCounts(comparison)).toEqual({
      ...{ judged: 1000, both: 10, onlyActive: 2, onlyShadow: 20, neither: 968 },
      agreement: 0.978,
    });
  });

  it.each([
    ["nothing judged", { judged: 0, activeFlagged: 0, shadowFlagged: 0, bothFlagged: 0 }],
    ["more told than judged", { judged: 5, activeFlagged: 50, shadowFlagged: 60, bothFlagged: 1 }],
    ["more by both than by each", { bothFlagged: 99 }],
    ["counts below zero", { bothFlagged: -4 }],
  ])("gives no negative count after a crash: %s", (_title, changes) => {
    const { agreement = 0, ...counts } = comparedCounts({ ...comparison, ...changes });
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
    expect(agreement).toBeGreaterThanOrEqual(0);
    expect(agreement).toBeLessThanOrEqual(1);
  });

  it("is of the present versions or is not shown", () => {
    const [view] = modelViews(list([version(2, "active"), version(3, "shadow")]));
    if (view === undefined) throw new Error("no model");
    expect(isOfPresent(comparison, view)).toBe(true);
    expect(isOfPresent({ ...comparison, shadow: 4 }, view)).toBe(false);
    const { active: _active, ...alone } = comparison;
    expect(isOfPresent(alone, view)).toBe(false);
  });
});

describe("figures of a version", () => {
  it("are written by their kind, those of models to come too", () => {
    expect(figuresOf({ flaggedUsual: 0, auroc: 1, made: 5000, loss: 0.25, window: {} })).toEqual([
      { key: "flaggedUsual", value: 0, form: "share" },
      { key: "auroc", value: 1, form: "ratio" },
      { key: "made", value: 5000, form: "count" },
      { key: "loss", value: 0.25, form: "ratio" },
    ]);
  });

  it("leave out what is no number, and never fill the page", () => {
    expect(figuresOf({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: "1", d: null })).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, n]));
    expect(figuresOf(many).length).toBeLessThan(20);
  });

  it("have a word, or their own name", () => {
    expect(wordFor({ auroc: "Trennschärfe" }, "auroc")).toBe("Trennschärfe");
    expect(wordFor({}, "constructor")).toBe("constructor");
  });
});

describe("the days of the budget", () => {
  const answer = (...findings: number[]): AnomalyDays => ({
    ...{ enabled: true, findingsPerDay: 3 },
    days: findings.map((count, at) => ({
      ...{ day: `2026-11-${20 - at}`, findings: count, detectors: [], changes: 0 },
    })),
  });

  it.each([
    ["today is not over yet, and not part of the mean", [1, 2, 4], 7, 3, 1],
    ["one day is its own mean", [5], 5, 5, 1],
    ["as many as the budget are not over it", [0, 3, 3], 6, 3, 0],
    ["no day", [], 0, 0, 0],
  ])("%s", (_title, days, findings, mean, daysOver) => {
    expect(budgetSum(answer(...days))).toEqual({ findings, mean, daysOver });
  });
});
