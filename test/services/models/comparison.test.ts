// What is counted of a model in the shadow, and how well a model tells names apart.
import { describe, expect, it } from "vitest";
import { createComparison } from "../../../services/models/comparison.ts";
import { dgaMetrics } from "../../../services/models/dga-examples.ts";
import type { ModelComparison } from "../../../services/store/model.ts";

const of = (...scores: number[]) => Float64Array.from(scores);

describe("a comparison", () => {
  it("counts what each would flag, and gives examples of the difference", () => {
    const tally = createComparison("kreis", { active: 1, shadow: 2 }, undefined, 5, 0.9);
    tally.count(["a", "b", "c", "d"], of(0.95, 0.95, 0.1, 0.1), of(0.9, 0.89, 0.99, 0), 7);
    expect(tally.comparison).toEqual({
      ...{ tenant: "kreis", active: 1, shadow: 2, since: 5, changedAt: 7, judged: 4 },
      ...{ activeFlagged: 2, shadowFlagged: 2, bothFlagged: 1 },
      ...{ onlyActive: ["b"], onlyShadow: ["c"] },
    });
  });

  it("counts what has no name, and keeps no example of it", () => {
    const tally = createComparison("kreis", { active: 1, shadow: 2 }, undefined, 5, 0.9);
    tally.count(["", "", "c"], of(0.95, 0, 0), of(0, 0.99, 0.99), 7);
    expect(tally.comparison).toMatchObject({ activeFlagged: 1, shadowFlagged: 2, judged: 3 });
    expect(tally.comparison).toMatchObject({ onlyActive: [], onlyShadow: ["c"] });
  });

  it("counts for the shadow alone where nothing is in force", () => {
    const tally = createComparison("kreis", { shadow: 1 }, undefined, 5, 0.9);
    tally.count(["a", "b"], undefined, of(0.95, Number.NaN), 7);
    expect(tally.comparison).toMatchObject({ judged: 2, activeFlagged: 0, shadowFlagged: 1 });
  });

  it("keeps few examples, the latest, and cuts long ones", () => {
    const tally = createComparison("kreis", { active: 1, shadow: 2 }, undefined, 5, 0.9);
    for (let at = 0; at < 500; at += 1)
      tally.count([`${at}${"x".repeat(10_000)}`], of(0), of(1), at);
    const { onlyShadow, shadowFlagged } = tally.comparison;
    expect(shadowFlagged).toBe(500);
    expect(onlyShadow).toHaveLength(20);
    expect(onlyShadow.at(-1)).toMatch(/^499x{1,200}$/);
  });

  const before: ModelComparison = {
    ...{ tenant: "kreis", active: 1, shadow: 2, since: 1, changedAt: 2, judged: 9 },
    ...{ activeFlagged: 1, shadowFlagged: 1, bothFlagged: 1, onlyActive: [], onlyShadow: [] },
  };
  it.each([
    ["goes on where it is about the same versions", { active: 1, shadow: 2 }, 9, 1],
    ["begins anew with another one in the shadow", { active: 1, shadow: 3 }, 0, 5],
    ["begins anew with another one in force", { active: 2, shadow: 2 }, 0, 5],
    ["begins anew when none is in force any more", { shadow: 2 }, 0, 5],
  ])("%s", (_title, versions, judged, since) => {
    expect(createComparison("kreis", versions, before, 5, 0.9).comparison).toMatchObject({
      ...{ judged, since },
    });
  });
});

describe("what a model is worth", () => {
  /** Scores are said by the names themselves. */
  const model = { score: (names: readonly string[]) => Float64Array.from(names, Number) };
  const family = (...names: string[]) => [{ family: "f", names }];
  const hundred = Array.from({ length: 100 }, (_, at) => String(at / 1000));

  it("is measured at one flagged usual name of a hundred", () => {
    // The 99th of a hundred usual ones scores 0.098: what is above it would be flagged.
    const found = dgaMetrics(model, hundred, family("0.95", "0.0985", "0.098", "0.01"));
    expect(found).toMatchObject({ recallAtFpr1pct: 0.5, usual: 100, made: 4 });
    expect(found).toMatchObject({ flaggedUsual: 0, flaggedMade: 0.25 });
  });

  it.each([
    ["everything right", ["0.1", "0.2"], ["0.3", "0.4"], 1],
    ["everything wrong", ["0.3", "0.4"], ["0.1", "0.2"], 0],
    ["nothing told apart", ["0.5", "0.5"], ["0.5", "0.5"], 0.5],
    ["three pairs of four", ["0.1", "0.3"], ["0.2", "0.4"], 0.75],
    ["no usual names", [], ["0.2"], 0.5],
    ["no made names", ["0.2"], [], 0.5],
  ])("has the area under the curve of %s", (_title, usual, made, auroc) => {
    expect(dgaMetrics(model, usual, family(...made)).auroc).toBe(auroc);
  });
});
