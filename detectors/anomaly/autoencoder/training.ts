// Trains a dense network to give back its inputs, through TensorFlow.js. Gradients are written out, because the
// wasm backend lacks kernels that those of the library's own losses ask for.
import type { Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-core";
import { seededRandom } from "../../network/dga/seeded.ts";
import type { TensorBackend } from "../backend.ts";
import type { DenseLayer } from "../dense-scorer.ts";

export interface TrainingOptions {
  readonly epochs: number;
  /** Rows of one step. */
  readonly batch: number;
  readonly learningRate: number;
  readonly seed: number;
  /** After half of the epochs this share of the rows, the worst given back, is left out: it may be attacks. */
  readonly leftOut: number;
  /** Layers to go on from, of the same widths; left out: drawn from the seed. */
  readonly start?: readonly DenseLayer[] | undefined;
  /** Asked between steps: true ends the training with what there is. */
  readonly isOver?: (() => boolean) | undefined;
}

/** As the optimisers of the library take it. */
interface NamedGradient {
  readonly name: string;
  readonly tensor: Tensor;
}

interface Layer {
  readonly weights: Variable;
  readonly bias: Variable;
}

/** The layers, `widths` from the input to the output; the same rows, seed and backend give the same. */
export function trainLayers(
  backend: TensorBackend,
  rows: readonly Float32Array[],
  widths: readonly number[],
  options: TrainingOptions,
): DenseLayer[] {
  const { tf } = backend;
  const random = seededRandom(options.seed);
  const layers = firstLayers(backend, widths, random, options.start);
  const width = widths[0] ?? 0;
  const optimizer = tf.train.adam(options.learningRate);
  let order = Uint32Array.from(rows.keys());
  const { epochs, isOver = () => false } = options;
  for (let epoch = 0; epoch < epochs && !isOver(); epoch += 1) {
    if (epoch === epochs >> 1) order = withoutWorst(backend, rows, layers, options.leftOut);
    shuffle(order, random);
    for (let from = 0; from < order.length && !isOver(); from += options.batch) {
      const block = gather(rows, order.subarray(from, from + options.batch), width);
      tf.tidy(() => optimizer.applyGradients(gradients(backend, layers, block, width)));
    }
  }
  optimizer.dispose();
  return layers.map(({ weights, bias }, at) => {
    const layer: DenseLayer = {
      ...{ inputs: widths[at] ?? 0, outputs: widths[at + 1] ?? 0 },
      weights: Float32Array.from(weights.dataSync()),
      bias: Float32Array.from(bias.dataSync()),
      activation: at === layers.length - 1 ? "linear" : "relu",
    };
    tf.dispose([weights, bias]);
    return layer;
  });
}

/** Uniform, with the variance of He et al. 2015 for rectified layers, or those of an earlier training. */
function firstLayers(
  { tf }: TensorBackend,
  widths: readonly number[],
  random: () => number,
  start: readonly DenseLayer[] | undefined,
): Layer[] {
  return widths.slice(1).map((outputs, at): Layer => {
    const inputs = widths[at] ?? 0;
    const limit = Math.sqrt(6 / inputs);
    const drawn = () =>
      Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * limit);
    const values = start?.[at]?.weights ?? drawn();
    const bias = start?.[at]?.bias ?? new Float32Array(outputs);
    // Within tidy, because a variable keeps a copy of what it begins with. Of whatever rank, it is a variable: the
    // library's types only keep those of each rank apart.
    return tf.tidy(() => ({
      weights: tf.variable(tf.tensor2d(values, [inputs, outputs])) as Variable,
      bias: tf.variable(tf.tensor1d(bias)) as Variable,
    }));
  });
}

function gradients(
  backend: TensorBackend,
  layers: readonly Layer[],
  block: Float32Array,
  width: number,
): NamedGradient[] {
  const { tf } = backend;
  const target = tf.tensor2d(block, [block.length / width, width]);
  const inputs: Tensor2D[] = [];
  let at = target;
  for (const [place, layer] of layers.entries()) {
    inputs.push(at);
    at = applied(backend, layer, at, place < layers.length - 1);
  }
  let error: Tensor2D = tf.div(tf.sub(at, target), block.length / width);
  const found: NamedGradient[] = [];
  for (let place = layers.length - 1; place >= 0; place -= 1) {
    const layer = layers[place];
    const input = inputs[place];
    if (layer === undefined || input === undefined) break;
    found.push({ name: layer.weights.name, tensor: tf.matMul(input, error, true, false) });
    found.push({ name: layer.bias.name, tensor: tf.sum(error, 0) });
    if (place > 0)
      error = tf.mul(tf.matMul(error, as2D(layer.weights), false, true), tf.step(input));
  }
  return found;
}

function applied(
  { tf }: TensorBackend,
  { weights, bias }: Layer,
  input: Tensor2D,
  isHidden: boolean,
): Tensor2D {
  const sum: Tensor2D = tf.add(tf.matMul(input, as2D(weights)), bias);
  return isHidden ? tf.relu(sum) : sum;
}

/** The rows that are given back best, all but this share. */
function withoutWorst(
  backend: TensorBackend,
  rows: readonly Float32Array[],
  layers: readonly Layer[],
  leftOut: number,
): Uint32Array<ArrayBuffer> {
  const { tf } = backend;
  const width = rows[0]?.length ?? 1;
  const errors = new Float32Array(rows.length);
  const order = Uint32Array.from(rows.keys());
  for (let from = 0; from < rows.length; from += BLOCK) {
    const block = gather(rows, order.subarray(from, from + BLOCK), width);
    const found = tf.tidy(() => {
      const target = tf.tensor2d(block, [block.length / width, width]);
      let at = target;
      for (const [place, layer] of layers.entries())
        at = applied(backend, layer, at, place < layers.length - 1);
      return tf.mean(tf.squaredDifference(at, target), 1).dataSync();
    });
    errors.set(found, from);
  }
  const kept = Math.max(1, Math.floor(rows.length * (1 - leftOut)));
  // Equal errors in the order of the rows, so that the same rows stay everywhere.
  return order.sort((a, b) => (errors[a] ?? 0) - (errors[b] ?? 0) || a - b).slice(0, kept);
}

const BLOCK = 1024;

/** The weights of a layer are made with two dimensions. */
function as2D(tensor: Tensor): Tensor2D {
  return tensor as Tensor2D;
}

function gather(rows: readonly Float32Array[], chosen: Uint32Array, width: number): Float32Array {
  const block = new Float32Array(chosen.length * width);
  for (const [place, row] of chosen.entries()) {
    const values = rows[row];
    if (values !== undefined) block.set(values, place * width);
  }
  return block;
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const moved = order[index] ?? 0;
    order[index] = order[other] ?? 0;
    order[other] = moved;
  }
}
