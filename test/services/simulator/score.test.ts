// The score of findings against the truth.
import { describe, expect, it } from "vitest";
import type { Level } from "../../../detectors/detector.ts";
import { scoreFindings } from "../../../services/simulator/score.ts";
import type { Truth, TruthStep } from "../../../services/simulator/truth.ts";

function step(id: string, eventIds: string[], knownToRules = true): TruthStep {
  return {
    id,
    order: 1,
    tactic: "execution",
    technique: "T1059",
    title: id,
    host: "h",
    account: "a",
    firstEventAt: 1,
    lastEventAt: 2,
    eventIds,
    knownToRules,
  };
}

const truth: Truth = {
  seed: "1",
  county: "Landkreis Heidetal (simuliert)",
  startedAt: 1,
  steps: [step("one", ["a", "b"]), step("two", ["c"]), step("three", ["d"], false)],
};

function finding(level: Level, eventIds: string[], raisedAt = 10) {
  return { detectorId: "rule", level, eventIds, raisedAt };
}

describe("scoring findings", () => {
  it("counts a step once, however many findings rest on it", () => {
    const score = scoreFindings(truth, [finding("high", ["a"], 9), finding("medium", ["b"], 7)]);
    expect(score).toMatchObject({
      trueSteps: 3,
      trueStepsFound: 1,
      share: 1 / 3,
      knownSteps: 2,
      knownStepsFound: 1,
      missed: ["two", "three"],
      findingsTrue: 2,
      findingsFalse: 0,
      firstFindingAt: 7,
    });
  });

  it("counts a finding as false when it rests on no event of the intrusion", () => {
    const score = scoreFindings(truth, [
      finding("medium", ["x", "y"]),
      finding("critical", ["x", "c"]),
    ]);
    expect(score).toMatchObject({ findingsFalse: 1, findingsTrue: 1, trueStepsFound: 1 });
  });

  it("ignores findings below medium, true and false ones", () => {
    const score = scoreFindings(truth, [finding("low", ["a"]), finding("informational", ["x"])]);
    expect(score).toMatchObject({ findingsFalse: 0, trueStepsFound: 0 });
    expect(score.firstFindingAt).toBeUndefined();
  });

  it("lets one finding show several steps", () => {
    expect(scoreFindings(truth, [finding("high", ["a", "c", "d"])]).share).toBe(1);
  });

  it("gives the full share when there was nothing to find", () => {
    const quiet: Truth = { seed: "1", county: "x", startedAt: undefined, steps: [] };
    expect(scoreFindings(quiet, [finding("high", ["x"])])).toMatchObject({
      share: 1,
      findingsFalse: 1,
    });
  });
});
