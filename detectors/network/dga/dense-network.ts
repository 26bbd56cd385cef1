// A small dense network over the features of names, trained and asked through TensorFlow.js. Weights lie in
// plain arrays between calls, so that an artefact holds them and any backend computes with them.
import type { Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import type { TensorBackend } from "../../anomaly/backend.ts";
import { seededRandom } from "./seeded.ts";

/** Inputs, hidden layers, one output. */
export interface NetworkWeights {
  readonly sizes: readonly number[];
  /** For each layer its matrix (row by row), then its bias. */
  readonly values: readonly Float32Array[];
}

export interface TrainingSet {
  /** Row by row. */
  readonly features: Float32Array;
  readonly isMade: Float32Array;
  readonly weights: Float32Array;
}

export interface NetworkOptions {
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Weights of a network of the same sizes to go on from; left out: drawn from the seed. */
  readonly start?: NetworkWeights | undefined;
  /** Asked between steps: true ends the training with what there is. */
  readonly isOver?: (() => boolean) | undefined;
}

/** As the optimisers of the library take it. */
interface NamedGradient {
  readonly name: string;
  readonly tensor: Tensor;
}

const SCORE_BATCH = 1024;

/** Trains from a seed: the same set, seed and backend give the same weights. */
export function trainNetwork(
  backend: TensorBackend,
  set: TrainingSet,
  options: NetworkOptions,
): NetworkWeights {
  const { tf } = backend;
  const count = set.isMade.length;
  const width = set.features.length / count;
  const sizes = [width, ...options.hidden, 1];
  const random = seededRandom(options.seed);
  const begin = options.start?.values ?? startWeights(sizes, random);
  // Within tidy, because a variable keeps a copy of what it begins with.
  const variables = begin.map((values, index) =>
    tf.tidy(() => tf.variable(tf.tensor(values, shapeOf(sizes, index))) as Variable),
  );
  const { isOver = () => false } = options;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  // The last third runs at a fifth of the rate, so that the weights settle.
  const settling = Math.ceil((options.epochs * 2) / 3);
  for (const [first, last, rate] of [
    [0, settling, options.learningRate],
    [settling, options.epochs, options.learningRate / 5],
  ] as const) {
    const optimizer = tf.train.adam(rate);
    for (let epoch = first; epoch < last; epoch += 1) {
      shuffle(order, random);
      for (let from = 0; from < count && !isOver(); from += options.batch) {
        const rows = gather(set, order.subarray(from, from + options.batch), width);
        tf.tidy(() => optimizer.applyGradients(gradients(backend, variables, rows, width)));
      }
    }
    optimizer.dispose();
  }
  const values = variables.map((variable) => Float32Array.from(variable.dataSync()));
  for (const variable of variables) variable.dispose();
  return { sizes, values };
}

/** Whether these weights are those of a network of these sizes. */
export function isOfSizes(weights: NetworkWeights, sizes: readonly number[]): boolean {
  return (
    String(weights.sizes) === String(sizes) && weights.values.length === 2 * (sizes.length - 1)
  );
}

/**
 * Gradients of the weighted cross-entropy, with the name of the variable. Written out, because wasm lacks kernels
 * that the gradients of the library's own loss ask for.
 */
function gradients(
  backend: TensorBackend,
  variables: readonly Variable[],
  rows: TrainingSet,
  width: number,
): NamedGradient[] {
  const { tf } = backend;
  const count = rows.isMade.length;
  const inputs = [tf.tensor2d(rows.features, [count, width])];
  const layers = variables.length / 2;
  for (let layer = 0; layer + 1 < layers; layer += 1) {
    const before = inputs[layer];
    if (before !== undefined) inputs.push(tf.relu(applied(backend, variables, layer, before)));
  }
  const last = inputs[layers - 1] ?? tf.tensor2d([], [0, 0]);
  const probability = tf.sigmoid(applied(backend, variables, layers - 1, last));
  const target = tf.tensor2d(rows.isMade, [count, 1]);
  const weight = tf.tensor2d(rows.weights, [count, 1]);
  let error: Tensor2D = tf.div(tf.mul(tf.sub(probability, target), weight), count);
  const found: NamedGradient[] = [];
  for (let layer = layers - 1; layer >= 0; layer -= 1) {
    const matrix = variables[2 * layer];
    const bias = variables[2 * layer + 1];
    const input = inputs[layer];
    if (matrix === undefined || bias === undefined || input === undefined) break;
    found.push({ name: matrix.name, tensor: tf.matMul(input, error, true, false) });
    found.push({ name: bias.name, tensor: tf.sum(error, 0) });
    if (layer > 0) error = tf.mul(tf.matMul(error, as2D(matrix), false, true), tf.step(input));
  }
  return found;
}

/** A network that is ready to be asked, until it is disposed of. */
export interface Network {
  /** One logit for each row of features. */
  logits(features: Float32Array): Float32Array;
  dispose(): void;
}

export function openNetwork(backend: TensorBackend, weights: NetworkWeights): Network {
  const { tf } = backend;
  const width = weights.sizes[0] ?? 0;
  const tensors = weights.values.map((values, index) =>
    tf.keep(tf.tensor(values, shapeOf(weights.sizes, index))),
  );
  return {
    logits(features) {
      const rows = features.length / width;
      const out = new Float32Array(rows);
      for (let from = 0; from < rows; from += SCORE_BATCH) {
        const part = features.subarray(from * width, (from + SCORE_BATCH) * width);
        const found = tf.tidy(() =>
          forward(backend, tensors, tf.tensor2d(part, [part.length / width, width])).dataSync(),
        );
        out.set(found, from);
      }
      return out;
    },
    dispose() {
      for (const tensor of tensors) tensor.dispose();
    },
  };
}

function forward(backend: TensorBackend, tensors: readonly Tensor[], input: Tensor2D): Tensor2D {
  const layers = tensors.length / 2;
  let value = input;
  for (let layer = 0; layer < layers; layer += 1) {
    value = applied(backend, tensors, layer, value);
    if (layer + 1 < layers) value = backend.tf.relu(value);
  }
  return value;
}

function applied(
  { tf }: TensorBackend,
  tensors: readonly Tensor[],
  layer: number,
  input: Tensor2D,
): Tensor2D {
  const matrix = tensors[2 * layer];
  const bias = tensors[2 * layer + 1];
  if (matrix === undefined || bias === undefined) return input;
  return tf.add(tf.matMul(input, as2D(matrix)), bias);
}

/** Matrices are made by `shapeOf` with two dimensions. */
function as2D(tensor: Tensor): Tensor2D {
  return tensor as Tensor2D;
}

function shapeOf(sizes: readonly number[], index: number): number[] {
  const layer = index >> 1;
  const outputs = sizes[layer + 1] ?? 0;
  return index % 2 === 0 ? [sizes[layer] ?? 0, outputs] : [outputs];
}

/** Uniform, with the variance of He et al. 2015 for rectified layers. */
function startWeights(sizes: readonly number[], random: () => number): Float32Array[] {
  return Array.from({ length: 2 * (sizes.length - 1) }, (_, index) => {
    const count = shapeOf(sizes, index).reduce((product, size) => product * size, 1);
    if (index % 2 === 1) return new Float32Array(count);
    const limit = Math.sqrt(6 / (sizes[index >> 1] ?? 1));
    return Float32Array.from({ length: count }, () => (2 * random() - 1) * limit);
  });
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const moved = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = moved;
  }
}

function gather(set: TrainingSet, chosen: Uint32Array, width: number): TrainingSet {
  const features = new Float32Array(chosen.length * width);
  chosen.forEach((row, place) => {
    features.set(set.features.subarray(row * width, (row + 1) * width), place * width);
  });
  const taken = (values: Float32Array) => Float32Array.from(chosen, (row) => values[row] ?? 0);
  return { features, isMade: taken(set.isMade), weights: taken(set.weights) };
}
