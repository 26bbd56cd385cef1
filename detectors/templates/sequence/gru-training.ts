// Trains the gated recurrent unit to say which token comes next, through TensorFlow.js: rows of tokens, all
// steps of a row unrolled, gradients by the library. Bounded in steps; the same rows, seed and backend give the
// same weights.
import type { Scalar, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { TensorBackend } from "../../anomaly/backend.ts";
import { type Random, seededRandom } from "../../network/dga/seeded.ts";
import { createGruScorer } from "./gru-scorer.ts";
import {
  type GruPart,
  type GruSizes,
  type GruWeights,
  partsOf,
  shapeOf,
  startWeights,
} from "./gru-weights.ts";

export interface GruTrainingOptions {
  readonly seed: number;
  /** Steps of the optimiser, each of so many rows. */
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  /** After half of the steps this share of the rows, the most surprising, is left out: it may be attacks. */
  readonly leftOut: number;
  /** Asked before each step; the training ends where it is true. */
  readonly isOver?: (() => boolean) | undefined;
}

type Variables = Readonly<Record<GruPart, Variable>>;

const GRADIENT_MAX = 1;
/** The last third of the steps runs at this part of the rate, so that the weights settle. */
const SETTLING = 0.2;

/**
 * Trains on rows of tokens, each from a state in which nothing came yet.
 * @param rows of one length; a token of −1 ends a row that is shorter
 */
export function trainGru(
  backend: TensorBackend,
  rows: readonly Int32Array[],
  sizes: GruSizes,
  options: GruTrainingOptions,
): GruWeights {
  const { tf } = backend;
  const random = seededRandom(options.seed);
  const begin = startWeights(sizes, random);
  // Within tidy, because a variable keeps a copy of what it begins with.
  const variables = tf.tidy(() =>
    partsOf((part) => tf.variable(tf.tensor2d(begin.parts[part], [...shapeOf(part, sizes)]))),
  );
  const half = options.steps >> 1;
  const settled = Math.ceil((options.steps * 2) / 3);
  let optimizer = tf.train.adam(options.learningRate);
  let drawn = drawing(Uint32Array.from(rows.keys()), random);
  for (let step = 0; step < options.steps && options.isOver?.() !== true; step += 1) {
    if (step === half) drawn = drawing(withoutWorst(rows, read(variables, sizes), options), random);
    if (step === settled) {
      optimizer.dispose();
      optimizer = tf.train.adam(options.learningRate * SETTLING);
    }
    const chosen = Array.from({ length: options.batch }, () => rows[drawn()] ?? new Int32Array());
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => lossOf(backend, variables, chosen, sizes),
        Object.values(variables),
      );
      const clipped = Object.entries(grads).map(([name, gradient]) => ({
        name,
        tensor: tf.clipByValue(gradient, -GRADIENT_MAX, GRADIENT_MAX),
      }));
      optimizer.applyGradients(clipped);
    });
  }
  optimizer.dispose();
  const trained = read(variables, sizes);
  tf.dispose(Object.values(variables));
  return trained;
}

/** Mean surprise of all tokens behind the first, in nats. Tokens lie step by step, all rows of a step together. */
function lossOf(
  { tf }: TensorBackend,
  variables: Variables,
  rows: readonly Int32Array[],
  sizes: GruSizes,
): Scalar {
  const steps = (rows[0]?.length ?? 1) - 1;
  const part = (name: GruPart) => variables[name] as Tensor2D; // made with two dimensions
  const inputs = new Int32Array(steps * rows.length);
  const targets = new Int32Array(steps * rows.length);
  const weights = new Float32Array(steps * rows.length);
  for (const [place, row] of rows.entries())
    for (let step = 0; step < steps; step += 1) {
      const at = step * rows.length + place;
      const target = row[step + 1] ?? -1;
      inputs[at] = Math.max(0, row[step] ?? 0);
      targets[at] = Math.max(0, target);
      weights[at] = target < 0 ? 0 : 1;
    }
  // Not by the library's oneHot: the wasm backend writes whole numbers where numbers are asked for.
  const hot = (tokens: Int32Array) => {
    const values = new Float32Array(tokens.length * sizes.tokens);
    for (const [at, token] of tokens.entries()) values[at * sizes.tokens + token] = 1;
    return tf.tensor2d(values, [tokens.length, sizes.tokens]);
  };
  const embedded: Tensor2D = tf.matMul(hot(inputs), part("embedding"));
  const gateInputs = tf.split<Tensor2D>(affine("gateInput", "gateBias", embedded), steps);
  const newInputs = tf.split<Tensor2D>(affine("newInput", "newBias", embedded), steps);
  let state: Tensor2D = tf.zeros([rows.length, sizes.hidden]);
  const states: Tensor2D[] = [];
  for (const [step, gateInput] of gateInputs.entries()) {
    const newInput = newInputs[step] ?? gateInput;
    const gates: Tensor2D = tf.sigmoid(tf.add(gateInput, tf.matMul(state, part("gateState"))));
    const [update = state, reset = state] = tf.split<Tensor2D>(gates, 2, 1);
    const fresh: Tensor2D = tf.tanh(
      tf.add(newInput, tf.matMul(tf.mul(reset, state), part("newState"))),
    );
    state = tf.add(fresh, tf.mul(update, tf.sub(state, fresh)));
    states.push(state);
  }
  const logits = affine("output", "outputBias", tf.concat(states, 0));
  return tf.losses.softmaxCrossEntropy(hot(targets), logits, tf.tensor1d(weights));

  function affine(matrix: GruPart, bias: GruPart, input: Tensor2D): Tensor2D {
    return tf.add(tf.matMul(input, part(matrix)), part(bias));
  }
}

function read(variables: Variables, sizes: GruSizes): GruWeights {
  return { ...sizes, parts: partsOf((part) => Float32Array.from(variables[part].dataSync())) };
}

/** The rows whose mean surprise is least, all but this share; equal ones in their order. */
function withoutWorst(
  rows: readonly Int32Array[],
  weights: GruWeights,
  { leftOut }: GruTrainingOptions,
): Uint32Array {
  const scorer = createGruScorer(weights);
  const surprises = Float64Array.from(rows, (row) => {
    const state = new Float32Array(scorer.hidden);
    let [sum, count] = [0, 0];
    for (let step = 0; step + 1 < row.length && (row[step + 1] ?? -1) >= 0; step += 1) {
      scorer.step(state, row[step] ?? 0);
      sum += scorer.surprise(state, row[step + 1] ?? 0);
      count += 1;
    }
    return sum / Math.max(1, count);
  });
  const order = Uint32Array.from(rows.keys());
  order.sort((a, b) => (surprises[a] ?? 0) - (surprises[b] ?? 0) || a - b);
  return order.slice(0, Math.max(1, Math.floor(rows.length * (1 - leftOut))));
}

/** Goes through the numbers in a drawn order, again and again, each time in another one. */
function drawing(numbers: Uint32Array, random: Random): () => number {
  let at = numbers.length;
  return () => {
    if (at >= numbers.length) {
      at = 0;
      for (let index = numbers.length - 1; index > 0; index -= 1) {
        const other = Math.floor(random() * (index + 1));
        const moved = numbers[index] ?? 0;
        numbers[index] = numbers[other] ?? 0;
        numbers[other] = moved;
      }
    }
    at += 1;
    return numbers[at - 1] ?? 0;
  };
}
