// Training and judging a model in a thread of its own, within limits.
import { describe, expect, it } from "vitest";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { loadDga } from "../../../detectors/network/dga/model.ts";
import { ownUsualNames } from "../../../detectors/network/dga/usual-names.ts";
import { hashOf } from "../../../services/models/artefact.ts";
import { dgaExamples } from "../../../services/models/dga-examples.ts";
import { doModelTask, type ModelTask } from "../../../services/models/model-work.ts";
import { runModelTask } from "../../../services/models/train-in-thread.ts";

const never = new AbortController().signal;
const small: ModelTask = {
  ...{ kind: "train", model: "dga", backend: "wasm", seed: 3, names: [] },
  size: { ownFamilies: 21, namesPerFamily: 20, usualMax: 1500, networks: 1, epochs: 3 },
};

describe("a training in a thread", () => {
  it("gives the model that it would give here, with what it is worth on others", async () => {
    const there = await runModelTask(small, never);
    const backend = await openBackend("wasm");
    const here = doModelTask(small, backend);
    expect(hashOf(there.artefact ?? new Uint8Array())).toBe(
      hashOf(here.artefact ?? new Uint8Array(1)),
    );
    expect(there.metrics).toEqual(here.metrics);
    expect(there.metrics.auroc).toBeGreaterThan(0.8);
    expect(there.metrics.usual).toBeGreaterThan(1000);
    expect(there.backend).toBe("wasm");
    const model = loadDga(there.artefact ?? new Uint8Array(), backend);
    expect(model.score(["xkqzvwpjhbtr.com"])[0]).toBeGreaterThan(0.5);
    model.dispose();
    const artefact = there.artefact ?? new Uint8Array();
    const { size: _size, ...rest } = small as Extract<ModelTask, { kind: "train" }>;
    const judged = await runModelTask({ ...rest, kind: "evaluate", artefact }, never);
    expect(judged.metrics).toEqual(there.metrics);
    expect(judged.artefact).toBeUndefined();
  });

  it("is ended when it takes too long", async () => {
    await expect(runModelTask(small, never, { timeMs: 1, heapMbMax: 512 })).rejects.toMatchObject({
      code: "HW_UNAVAILABLE",
    });
  });

  it("is ended when it takes too much memory", async () => {
    const names = Array.from({ length: 200_000 }, (_, at) => `name-${at}-${"x".repeat(100)}.de`);
    const task = { ...small, names };
    await expect(
      runModelTask(task, never, { timeMs: 60_000, heapMbMax: 32 }),
    ).rejects.toMatchObject({ code: "HW_UNAVAILABLE" });
  });

  it("is ended by whoever asked for it", async () => {
    const stop = new AbortController();
    const training = runModelTask(small, stop.signal);
    stop.abort(new Error("enough"));
    await expect(training).rejects.toThrow("enough");
    await expect(runModelTask(small, stop.signal)).rejects.toThrow("enough");
  });

  it("tells of bytes that are no model", async () => {
    const { size: _size, ...rest } = small as Extract<ModelTask, { kind: "train" }>;
    const artefact = new Uint8Array(0);
    await expect(
      runModelTask({ ...rest, kind: "evaluate", artefact }, never),
    ).rejects.toMatchObject({ code: "HW_STORE_CORRUPT" });
  });
});

describe("examples of usual names", () => {
  it("are a site's own, and ours beside them only where it has few", () => {
    const few = ["kreis-lueneburg.de", "ratsinfo.example.de"];
    expect(dgaExamples(few).own).toBeGreaterThan(5000);
    const many = Array.from({ length: 20_000 }, (_, at) => `dienst${at}.de`);
    expect(dgaExamples(many).own).toBe(0);
  });

  it("are learnt or held out, never both, whatever others come", () => {
    const names = ownUsualNames().slice(0, 3000);
    const { learnt, heldOut } = dgaExamples(names);
    expect(heldOut.length).toBeGreaterThan(400);
    expect(heldOut.filter((name) => learnt.includes(name))).toEqual([]);
    const less = dgaExamples(names.slice(0, 1500));
    expect(less.heldOut.filter((name) => !heldOut.includes(name))).toEqual([]);
  });
});
