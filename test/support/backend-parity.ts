// How far two backends are from each other on the scoring path and on the model layers that are trained.
import { type BackendName, openBackend } from "../../detectors/anomaly/backend.ts";
import { createDenseScorer } from "../../detectors/anomaly/dense-scorer.ts";
import { drawn, drawnLayers } from "./dense-layers.ts";

const ROWS = 1500;
const WIDTHS = [64, 32, 8, 32, 64] as const;
const STEPS = 12;
const CLASSES = 16;

/** What one backend makes of drawn rows: errors of an autoencoder, outputs of a classifier and of a GRU. */
export async function computedBy(name: BackendName): Promise<Record<string, Float32Array>> {
  const backend = await openBackend(name);
  if (backend.name !== name) throw new Error(`${backend.fallbackReason}`);
  const { tf, layers } = backend;
  const rows = drawn(7, ROWS * WIDTHS[0]);
  const autoencoder = createDenseScorer(backend, drawnLayers(8, WIDTHS));
  const classifier = createDenseScorer(
    backend,
    drawnLayers(9, [64, 24, 1]).map((layer, at) =>
      at === 1 ? { ...layer, activation: "sigmoid" } : layer,
    ),
  );
  const input = layers.input({ shape: [STEPS, CLASSES] });
  // The default, an orthogonal matrix, needs operations that only the union package registers.
  const sizes = { units: 20, recurrentInitializer: "glorotUniform" } as const;
  const gru = layers.layers.gru(sizes).apply(input);
  const soft = layers.layers.dense({ units: CLASSES, activation: "softmax" }).apply(gru);
  // Applied to one symbolic tensor, a layer gives one.
  const model = layers.model({ inputs: input, outputs: soft as ReturnType<typeof layers.input> });
  model.setWeights(
    model.getWeights().map((weight, at) => {
      const values = drawn(20 + at, weight.size).map((value) => value * 0.3);
      return tf.tensor(values, weight.shape);
    }),
  );
  const sequence = tf.tensor3d(drawn(10, 100 * STEPS * CLASSES), [100, STEPS, CLASSES]);
  const predicted = model.predict(sequence);
  if (Array.isArray(predicted)) throw new Error("one output gives one tensor");
  const result = {
    errors: autoencoder.errorsOf(rows, ROWS),
    outputs: classifier.outputsOf(rows, ROWS),
    sequences: Float32Array.from(predicted.dataSync()),
  };
  autoencoder.close();
  classifier.close();
  model.dispose();
  tf.dispose([sequence, predicted]);
  return result;
}

/** The largest relative distance of two lists of numbers; of values near 0 the absolute one counts. */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? Number.NaN;
    const distance = Math.abs(value - other) / Math.max(1e-3, Math.abs(value), Math.abs(other));
    if (!(distance <= largest)) largest = distance;
  }
  return largest;
}
