// What becomes of a model's versions: shadow, active, retired, and back.
import { describe, expect, it } from "vitest";
import {
  emptyModel,
  type NewVersion,
  orphans,
  promoted,
  rolledBack,
  versionIn,
  withEvaluation,
  withTrained,
} from "../../../services/models/register.ts";
import type { Model } from "../../../services/store/model.ts";

const METRICS = {
  ...{ recallAtFpr1pct: 0.8, auroc: 0.98, flaggedUsual: 0.002, flaggedMade: 0.7 },
  ...{ usual: 100, made: 100 },
};

function trained(at: number): NewVersion {
  return {
    ...{ trainedAt: at, trainedBy: "a", window: { from: 0, to: at }, features: 44, seed: 1 },
    ...{ examples: { site: 5, own: 6 }, backend: "cpu", trainingMs: 9 },
    ...{ metrics: METRICS, hash: `hash${at}`, bytes: 10 },
  };
}

const by = (at: number) => ({ at, actor: "b" });
const grown = (count: number, model = emptyModel("kreis", "dga")): Model =>
  Array.from({ length: count }).reduce<Model>(
    (before) => withTrained(before, trained(before.next)),
    model,
  );
const states = (model: Model) => model.versions.map(({ version, state }) => `${version} ${state}`);

describe("versions of a model", () => {
  it("stand in the shadow one at a time", () => {
    expect(states(grown(1))).toEqual(["1 shadow"]);
    expect(states(grown(3))).toEqual(["1 retired", "2 retired", "3 shadow"]);
  });

  it("become active one at a time, the one in the shadow where none is named", () => {
    const first = promoted(grown(1), undefined, by(5));
    expect(first.versions[0]).toMatchObject({ state: "active", promotedAt: 5, promotedBy: "b" });
    const second = promoted(grown(1, first), undefined, by(6));
    expect(states(second)).toEqual(["1 retired", "2 active"]);
    expect(versionIn(second, "shadow")).toBeUndefined();
  });

  it("are gone back to in the order in which they were active", () => {
    let model = promoted(grown(1), undefined, by(5));
    model = promoted(grown(1, model), undefined, by(6));
    model = rolledBack(model, by(7));
    expect(states(model)).toEqual(["1 active", "2 retired"]);
    // The second one was gone back from: after a third one it is the first again.
    model = promoted(grown(1, model), undefined, by(8));
    expect(states(rolledBack(model, by(9)))).toEqual(["1 active", "2 retired", "3 retired"]);
  });

  it("leave the shadow alone when another one is promoted or gone back to", () => {
    const model = grown(1, promoted(grown(2), 1, by(5)));
    expect(states(model)).toEqual(["1 active", "2 retired", "3 shadow"]);
    const other = promoted(model, 2, by(6));
    expect(states(other)).toEqual(["1 retired", "2 active", "3 shadow"]);
    expect(states(rolledBack(other, by(7)))).toEqual(["1 active", "2 retired", "3 shadow"]);
  });

  it("go back once where two mean the same at once", () => {
    let model = promoted(grown(1), undefined, by(5));
    model = promoted(grown(1, model), undefined, by(6));
    model = promoted(grown(1, model), undefined, by(7));
    const once = rolledBack(model, by(8), 2);
    expect(states(once)).toEqual(["1 retired", "2 active", "3 retired"]);
    expect(() => rolledBack(once, by(9), 2)).toThrow(
      expect.objectContaining({ code: "HW_CONFLICT" }),
    );
  });

  it.each([
    ["promoting without a shadow", (m: Model) => promoted(m, undefined, by(9)), "HW_NOT_FOUND"],
    ["promoting what is not there", (m: Model) => promoted(m, 77, by(9)), "HW_NOT_FOUND"],
    ["promoting what is active", (m: Model) => promoted(m, 1, by(9)), "HW_CONFLICT"],
    ["going back from the first", (m: Model) => rolledBack(m, by(9)), "HW_CONFLICT"],
    [
      "judging what is not there",
      (m: Model) => withEvaluation(m, 9, { at: 1, window: { from: 0, to: 1 }, metrics: METRICS }),
      "HW_NOT_FOUND",
    ],
  ])("refuse %s", (_title, change, code) => {
    const model = promoted(grown(1), undefined, by(5));
    expect(() => change(model)).toThrow(expect.objectContaining({ code }));
  });

  it("are bounded, and what can be gone back to stays longest", () => {
    let model = promoted(grown(1), undefined, by(5));
    model = promoted(grown(1, model), undefined, by(6));
    const full = grown(30, model);
    expect(full.versions).toHaveLength(10);
    expect(states(full).slice(0, 2)).toEqual(["1 retired", "2 active"]);
    expect(full.versions.at(-1)).toMatchObject({ version: 32, state: "shadow" });
    expect(states(rolledBack(full, by(9)))[0]).toBe("1 active");
  });

  it("say whose bytes nobody needs any more, and not those that two share", () => {
    const before = grown(10);
    const after = withTrained(before, { ...trained(99), hash: "hash2" });
    expect(orphans(before, after).map(({ hash }) => hash)).toEqual(["hash1"]);
    expect(orphans(after, withTrained(after, trained(100))).map(({ hash }) => hash)).toEqual([]);
  });

  it("remember their latest evaluations", () => {
    let model = grown(1);
    for (let at = 1; at <= 30; at += 1)
      model = withEvaluation(model, 1, { at, window: { from: 0, to: at }, metrics: METRICS });
    expect(model.versions[0]?.evaluations).toHaveLength(20);
    expect(model.versions[0]?.evaluations.at(-1)?.at).toBe(30);
  });
});
