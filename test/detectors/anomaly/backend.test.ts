// The two backends that every installation has: they agree, and scoring leaks nothing.
import { describe, expect, it } from "vitest";
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import { createDenseScorer } from "../../../detectors/anomaly/dense-scorer.ts";
import { createMicroBatch } from "../../../detectors/anomaly/micro-batch.ts";
import { computedBy, relativeDistance } from "../../support/backend-parity.ts";
import { drawn, drawnLayers } from "../../support/dense-layers.ts";

describe("backends", () => {
  it("wasm and cpu agree within 1e-5", async () => {
    const wasm = await computedBy("wasm");
    const cpu = await computedBy("cpu");
    for (const [name, values] of Object.entries(wasm)) {
      expect(values.every(Number.isFinite)).toBe(true);
      expect(relativeDistance(values, cpu[name] ?? new Float32Array())).toBeLessThan(1e-5);
    }
  });

  it("gives the same numbers for the same rows, however they are cut into blocks", async () => {
    const scorer = createDenseScorer(await openBackend("wasm"), drawnLayers(3, [64, 8, 64]));
    const rows = drawn(4, 1100 * 64);
    const whole = scorer.errorsOf(rows, 1100);
    const single = Float32Array.from({ length: 1100 }, (_, row) => {
      return scorer.errorsOf(rows.subarray(row * 64, row * 64 + 64), 1)[0] ?? 0;
    });
    expect(relativeDistance(whole, single)).toBeLessThan(1e-5);
    expect(scorer.errorsOf(rows, 1100)).toEqual(whole);
    scorer.close();
  });

  it("holds as many tensors after a thousand blocks as before, and none after closing", async () => {
    const backend = await openBackend("wasm");
    const empty = backend.tf.memory().numTensors;
    const scorer = createDenseScorer(backend, drawnLayers(5, [64, 8, 64]));
    const rows = drawn(6, 64 * 64);
    scorer.errorsOf(rows, 64);
    const before = backend.tf.memory().numTensors;
    for (let block = 0; block < 1000; block += 1) scorer.errorsOf(rows, 64);
    expect(backend.tf.memory().numTensors).toBe(before);
    scorer.close();
    expect(backend.tf.memory().numTensors).toBe(empty);
  });

  it("says which one computes in the place of one that is not there", async () => {
    const backend = await openBackend("tensorflow");
    if (backend.name === "tensorflow") expect(backend.fallbackReason).toBeUndefined();
    else {
      expect(backend.name).toBe("wasm");
      expect(backend.fallbackReason).toContain("tensorflow");
    }
  });

  it.each([
    ["no layer at all", []],
    ["layers that do not meet", [...drawnLayers(1, [4, 3]), ...drawnLayers(2, [2, 4])]],
    [
      "a weight that is no number",
      drawnLayers(1, [4, 4]).map((l) => ({ ...l, bias: l.bias.fill(NaN) })),
    ],
    ["weights of another size", drawnLayers(1, [4, 4]).map((l) => ({ ...l, inputs: 5 }))],
  ])("refuse %s", async (_, layers) => {
    const backend = await openBackend("cpu");
    expect(() => createDenseScorer(backend, layers)).toThrow(RangeError);
  });
});

describe("a micro-batch", () => {
  it("gives on full blocks at once and the rest when told, in order", () => {
    const got: number[][] = [];
    const batch = createMicroBatch<number>({
      ...{ width: 2, rows: 64 },
      handle: (rows, abouts) => {
        expect(rows.length).toBe(abouts.length * 2);
        got.push([...abouts]);
      },
    });
    for (let row = 0; row < 130; row += 1) batch.add([row, -row], row);
    expect(got.map((block) => block.length)).toEqual([64, 64]);
    expect(batch.waiting).toBe(2);
    batch.flush();
    batch.flush();
    expect(got.flat()).toEqual(Array.from({ length: 130 }, (_, row) => row));
  });

  it.each([
    ["NaN", Number.NaN, 0],
    ["Infinity", Infinity, 1e6],
    ["-1e308", -1e308, -1e6],
    ["nothing", undefined, 0],
  ])("makes a number of %s", (_, value, expected) => {
    let seen: readonly number[] = [];
    const batch = createMicroBatch<null>({
      ...{ width: 1, rows: 64 },
      handle: (rows) => {
        seen = [...rows];
      },
    });
    batch.add(value === undefined ? [] : [value], null);
    batch.flush();
    expect(seen).toEqual([expected]);
  });

  it.each([1, 63, 1025, Number.NaN])("refuses blocks of %d rows", (rows) => {
    expect(() => createMicroBatch({ width: 1, rows, handle: () => undefined })).toThrow(RangeError);
  });
});
