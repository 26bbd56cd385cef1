// Networks and rows with drawn weights, for tests and measurements of the scoring path.
import type { DenseLayer } from "../../detectors/anomaly/dense-scorer.ts";

/** Numbers between −1 and 1 from a seed. */
export function drawn(seed: number, count: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A network of these widths, as wide at the end as the last; tanh-like sizes of weights, relu between. */
export function drawnLayers(seed: number, widths: readonly number[]): DenseLayer[] {
  return widths.slice(1).map((outputs, index) => {
    const inputs = widths[index] ?? 0;
    const scale = Math.sqrt(3 / inputs);
    return {
      inputs,
      outputs,
      weights: drawn(seed + index, inputs * outputs).map((value) => value * scale),
      bias: drawn(seed + index + 100, outputs).map((value) => value * 0.1),
      activation: index === widths.length - 2 ? "linear" : "relu",
    };
  });
}
