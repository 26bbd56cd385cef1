import { beforeAll, describe, expect, it } from "vitest";
import { openBackend, type TensorBackend } from "../../../../detectors/anomaly/backend.ts";
import { seededRandom } from "../../../../detectors/network/dga/seeded.ts";
import { createGruScorer } from "../../../../detectors/templates/sequence/gru-scorer.ts";
import { trainGru } from "../../../../detectors/templates/sequence/gru-training.ts";
import {
  type GruWeights,
  startWeights,
} from "../../../../detectors/templates/sequence/gru-weights.ts";

const SIZES = { tokens: 9, embedding: 5, hidden: 7 };
const TOKENS = [3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5, 8, 8, 8, 0, 7];

/** Biases are not 0 here, so that each of them counts. */
function drawnWeights(): GruWeights {
  const weights = startWeights(SIZES, seededRandom(5));
  const random = seededRandom(6);
  for (const part of ["gateBias", "newBias", "outputBias"] as const)
    for (const at of weights.parts[part].keys()) weights.parts[part][at] = random() - 0.5;
  return weights;
}

/** What the library's own recurrent layer makes of it: the surprise of each token after those before. */
function byLibrary({ tf, layers }: TensorBackend, { parts, hidden, ...sizes }: GruWeights) {
  return tf.tidy(() => {
    const { tokens, embedding } = sizes;
    const layer = layers.layers.gru({
      ...{ units: hidden, returnSequences: true, resetAfter: false },
      ...{ recurrentActivation: "sigmoid", recurrentInitializer: "glorotUniform" },
    });
    layer.apply(tf.zeros([1, TOKENS.length, embedding]));
    const gates = (rows: number, part: Float32Array) => tf.tensor2d(part, [rows, 2 * hidden]);
    layer.setWeights([
      tf.concat(
        [gates(embedding, parts.gateInput), tf.tensor2d(parts.newInput, [embedding, hidden])],
        1,
      ),
      tf.concat([gates(hidden, parts.gateState), tf.tensor2d(parts.newState, [hidden, hidden])], 1),
      tf.concat([tf.tensor1d(parts.gateBias), tf.tensor1d(parts.newBias)]),
    ]);
    const embedded = tf.gather(
      tf.tensor2d(parts.embedding, [tokens, embedding]),
      tf.tensor1d(TOKENS, "int32"),
    );
    const states = layer.apply(tf.expandDims(embedded, 0));
    if (Array.isArray(states) || !("dataSync" in states)) throw new Error("no tensor");
    const logits = tf.add(
      tf.matMul(tf.reshape(states, [-1, hidden]), tf.tensor2d(parts.output, [hidden, tokens])),
      tf.tensor1d(parts.outputBias),
    );
    const surprises = tf.neg(tf.logSoftmax(logits)).arraySync() as number[][]; // of rank 2
    layer.dispose();
    return TOKENS.slice(1).map((token, at) => surprises[at]?.[token] ?? Number.NaN);
  });
}

function byLoops(weights: GruWeights): number[] {
  const scorer = createGruScorer(weights);
  const state = new Float32Array(scorer.hidden);
  return TOKENS.slice(1).map((token, at) => {
    scorer.step(state, TOKENS[at] ?? 0);
    return scorer.surprise(state, token);
  });
}

describe("the recurrent unit", () => {
  it.each(["cpu", "wasm"] as const)("says what the library's layer says on %s", async (name) => {
    const backend = await openBackend(name);
    expect(backend.name).toBe(name);
    const expected = byLibrary(backend, drawnWeights());
    for (const [at, surprise] of byLoops(drawnWeights()).entries())
      expect(Math.abs(surprise / (expected[at] ?? 0) - 1)).toBeLessThan(1e-5);
  });

  it("names what is most probable, with shares that make one", () => {
    const scorer = createGruScorer(drawnWeights());
    const expected = scorer.expected(new Float32Array(scorer.hidden), SIZES.tokens);
    expect(expected.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
    const shares = expected.map(([, share]) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    const [first] = expected;
    const surprise = scorer.surprise(new Float32Array(scorer.hidden), first?.[0] ?? 0);
    expect(Math.exp(-surprise)).toBeCloseTo(first?.[1] ?? 0, 9);
  });
});

describe("its training", () => {
  /** What comes fourth depends on what came first; some rows are shorter. */
  const rows = Array.from({ length: 200 }, (_, at) =>
    Int32Array.from(at % 10 === 0 ? [1 + (at % 2), 3, -1, -1] : [1 + (at % 2), 3, 4, 5 + (at % 2)]),
  );
  const options = { seed: 4, steps: 250, batch: 32, learningRate: 0.03, leftOut: 0.01 };
  let backend: TensorBackend;
  beforeAll(async () => {
    backend = await openBackend("wasm");
  });
  const surpriseOf = (weights: GruWeights, tokens: readonly number[]) => {
    const scorer = createGruScorer(weights);
    const state = new Float32Array(scorer.hidden);
    for (const token of tokens.slice(0, -1)) scorer.step(state, token);
    return scorer.surprise(state, tokens.at(-1) ?? 0);
  };

  it("learns what depends on more than the last token", () => {
    const trained = trainGru(backend, rows, SIZES, options);
    expect(surpriseOf(trained, [1, 3, 4, 5])).toBeLessThan(0.3);
    expect(surpriseOf(trained, [2, 3, 4, 6])).toBeLessThan(0.3);
    expect(surpriseOf(trained, [1, 3, 4, 6])).toBeGreaterThan(2);
  });

  it("gives the same numbers for the same seed, others for another, and all tensors back", () => {
    const before = backend.tf.memory().numTensors;
    const short = { ...options, steps: 4 };
    const first = trainGru(backend, rows, SIZES, short);
    expect(trainGru(backend, rows, SIZES, short)).toEqual(first);
    expect(trainGru(backend, rows, SIZES, { ...short, seed: 9 })).not.toEqual(first);
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  it("leaves out the rows that fit least", () => {
    const odd = Array.from({ length: 20 }, () => Int32Array.from([1, 3, 7, 8]));
    const few = [...rows, ...odd];
    const robust = trainGru(backend, few, SIZES, { ...options, leftOut: 0.1 });
    const open = trainGru(backend, few, SIZES, { ...options, leftOut: 0 });
    expect(surpriseOf(robust, [1, 3, 7])).toBeGreaterThan(surpriseOf(open, [1, 3, 7]) + 0.5);
  });
});
