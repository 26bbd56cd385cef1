// Speed of the scoring path: behaviour windows of 64 features through an autoencoder 64-32-8-32-64, gathered
// to blocks, made tensors, scored and read back, beside a plain loop over the same weights.
import { openBackend } from "../../../detectors/anomaly/backend.ts";
import {
  createDenseScorer,
  type DenseLayer,
  ROWS_MAX,
  ROWS_MIN,
} from "../../../detectors/anomaly/dense-scorer.ts";
import { createMicroBatch } from "../../../detectors/anomaly/micro-batch.ts";
import { drawn, drawnLayers } from "../../support/dense-layers.ts";
import { cpuSeconds, spread } from "../cpu-time.ts";
import type { Figure } from "../figure.ts";

const WIDTHS = [64, 32, 8, 32, 64] as const;
const FEATURES = WIDTHS[0];
const EVENTS = 200_000;
const REPETITIONS = 5;
/** Different rows; the events take them in turn. */
const ROWS = 4096;

export async function benchTensor(): Promise<readonly Figure[]> {
  const rows = drawn(1, ROWS * FEATURES);
  const layers = drawnLayers(2, WIDTHS);
  const figures: Figure[] = [];
  for (const asked of ["wasm", "cpu"] as const) {
    const backend = await openBackend(asked);
    const scorer = createDenseScorer(backend, layers);
    for (const block of asked === "wasm" ? [ROWS_MAX, ROWS_MIN] : [ROWS_MAX]) {
      const events = asked === "wasm" ? EVENTS : EVENTS / 10;
      const before = backend.tf.memory().numTensors;
      const perSecond: number[] = [];
      for (let run = 0; run <= REPETITIONS; run += 1) {
        const seconds = await cpuSeconds(() => scoreAll(rows, events, block, scorer.errorsOf));
        // The first run warms up.
        if (run > 0) perSecond.push(events / seconds);
      }
      const { median, range } = spread(perSecond);
      const isMain = asked === "wasm" && block === ROWS_MAX;
      figures.push({
        figure: isMain ? "tfjs.events_per_cpu_s" : `tfjs.events_per_cpu_s_${asked}_${block}`,
        value: median,
        unit: "events/CPU-s",
        more: {
          ...{ backend: backend.name, block, features: FEATURES, range, n: perSecond.length },
          tensorsLeft: backend.tf.memory().numTensors - before,
        },
      });
    }
    scorer.close();
  }
  figures.push(await benchLoop(rows, layers));
  return figures;
}

function scoreAll(
  rows: Float32Array,
  events: number,
  block: number,
  errorsOf: (rows: Float32Array, count: number) => Float32Array,
): void {
  let sum = 0;
  const batch = createMicroBatch<number>({
    width: FEATURES,
    rows: block,
    handle(values, abouts) {
      for (const error of errorsOf(values, abouts.length)) sum += error;
    },
  });
  for (let event = 0; event < events; event += 1) {
    const from = (event % ROWS) * FEATURES;
    batch.add(rows.subarray(from, from + FEATURES), event);
  }
  batch.flush();
  if (!(sum > 0)) throw new Error("nothing was scored");
}

/** The yardstick: the same network, one row after the other, without any library. */
async function benchLoop(rows: Float32Array, layers: readonly DenseLayer[]): Promise<Figure> {
  const events = EVENTS / 10;
  const perSecond: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const seconds = await cpuSeconds(() => {
      let sum = 0;
      for (let event = 0; event < events; event += 1) {
        const from = (event % ROWS) * FEATURES;
        sum += errorOf(rows.subarray(from, from + FEATURES), layers);
      }
      if (!(sum > 0)) throw new Error("nothing was scored");
    });
    perSecond.push(events / seconds);
  }
  const { median, range } = spread(perSecond);
  const more = { range, n: perSecond.length };
  return { figure: "tfjs.plain_loop_events_per_cpu_s", value: median, unit: "events/CPU-s", more };
}

function errorOf(row: Float32Array, layers: readonly DenseLayer[]): number {
  let at = row;
  for (const { inputs, outputs, weights, bias, activation } of layers) {
    const next = Float32Array.from(bias);
    for (let input = 0; input < inputs; input += 1) {
      const value = at[input] ?? 0;
      const line = input * outputs;
      for (let output = 0; output < outputs; output += 1)
        next[output] = (next[output] ?? 0) + value * (weights[line + output] ?? 0);
    }
    if (activation === "relu")
      for (let i = 0; i < outputs; i += 1) next[i] = Math.max(0, next[i] ?? 0);
    at = next;
  }
  let sum = 0;
  for (let index = 0; index < row.length; index += 1)
    sum += ((at[index] ?? 0) - (row[index] ?? 0)) ** 2;
  return sum / row.length;
}
