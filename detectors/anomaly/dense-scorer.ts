// Scores rows of features with a network of dense layers, through TensorFlow.js: the way that every
// autoencoder and classifier of ours takes. Fused multiplication, a block of rows at a time, and every
// tensor given back, so that a process that scores for months holds as many as on its first day.
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { TensorBackend } from "./backend.ts";

const ACTIVATIONS = ["linear", "relu", "sigmoid"] as const;

/** One layer: `weights` row by row, `inputs` × `outputs`. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly activation: (typeof ACTIVATIONS)[number];
}

/** Rows that go through the network at once: fewer cost more each, more only memory. */
export const ROWS_MIN = 64;
export const ROWS_MAX = 1024;

/** A network, ready to compute. */
export interface DenseScorer {
  readonly inputs: number;
  readonly outputs: number;
  /** Outputs of `count` rows that lie one behind the other. Any number of rows; cut into blocks here. */
  outputsOf(rows: Float32Array, count: number): Float32Array;
  /** Mean square distance of each row to what the network makes of it: for networks of as many outputs as inputs. */
  errorsOf(rows: Float32Array, count: number): Float32Array;
  /** Gives its tensors back; it can't score afterwards. */
  close(): void;
}

/**
 * Puts a network's weights into the backend.
 * @throws RangeError where layers do not fit together or weights are no numbers
 */
export function createDenseScorer(
  { tf }: TensorBackend,
  layers: readonly DenseLayer[],
): DenseScorer {
  const inputs = layers[0]?.inputs ?? 0;
  const outputs = layers.at(-1)?.outputs ?? 0;
  checkLayers(layers);
  const tensors = layers.map(({ weights, bias, activation, ...size }) => ({
    weights: tf.keep(tf.tensor2d(weights, [size.inputs, size.outputs])),
    bias: tf.keep(tf.tensor1d(bias)),
    activation,
  }));

  const forward = (block: Tensor2D): Tensor2D => {
    let at = block;
    for (const { weights, bias, activation } of tensors)
      at = tf.fused.matMul({ a: at, b: weights, bias, activation }) as Tensor2D; // two matrices give one
    return at;
  };

  const inBlocks = (
    rows: Float32Array,
    count: number,
    width: number,
    compute: (block: Tensor2D) => Tensor,
  ): Float32Array => {
    if (rows.length < count * inputs) throw new RangeError("fewer values than rows need");
    const result = new Float32Array(count * width);
    for (let from = 0; from < count; from += ROWS_MAX) {
      const some = Math.min(ROWS_MAX, count - from);
      const values = rows.subarray(from * inputs, (from + some) * inputs);
      const found = tf.tidy(() => compute(tf.tensor2d(values, [some, inputs])));
      result.set(found.dataSync(), from * width);
      found.dispose();
    }
    return result;
  };

  return {
    inputs,
    outputs,
    outputsOf: (rows, count) => inBlocks(rows, count, outputs, forward),
    errorsOf(rows, count) {
      if (inputs !== outputs) throw new RangeError("only what gives back its inputs has an error");
      return inBlocks(rows, count, 1, (block) =>
        tf.mean(tf.squaredDifference(forward(block), block), 1),
      );
    },
    close() {
      for (const { weights, bias } of tensors.splice(0)) tf.dispose([weights, bias]);
    },
  };
}

function checkLayers(layers: readonly DenseLayer[]): void {
  if (layers.length === 0) throw new RangeError("a network needs a layer");
  for (const [index, { inputs, outputs, weights, bias }] of layers.entries()) {
    const before = layers[index - 1];
    if (before !== undefined && before.outputs !== inputs)
      throw new RangeError(`layer ${index} has ${inputs} inputs, ${before.outputs} come`);
    if (weights.length !== inputs * outputs || bias.length !== outputs)
      throw new RangeError(`layer ${index} has weights of another size`);
    if (!weights.every(Number.isFinite) || !bias.every(Number.isFinite))
      throw new RangeError(`layer ${index} has weights that are no numbers`);
  }
}
