// Asks the gated recurrent unit one sentence at a time, with plain loops over its numbers: at a batch of one
// these are faster than any backend, and say the same on every machine.
import type { GruWeights } from "./gru-weights.ts";

/** A unit that is ready to be asked. What came so far is a state, which the caller keeps. */
export interface GruScorer {
  readonly hidden: number;
  readonly tokens: number;
  /** The state after one more token; changes it in place. Zeros: nothing came yet. */
  step(state: Float32Array, token: number): void;
  /** How surprising the token is after what came, in nats: 0 where it was certain. */
  surprise(state: Float32Array, token: number): number;
  /** The tokens that were most probable after what came, the first one first, with their probabilities. */
  expected(state: Float32Array, most: number): readonly (readonly [token: number, share: number])[];
}

export function createGruScorer(weights: GruWeights): GruScorer {
  const { tokens, embedding, hidden, parts } = weights;
  // What a token adds to the gates and to the new state does not depend on what came before.
  const gateOf = inputTable(parts.embedding, parts.gateInput, parts.gateBias, embedding);
  const newOf = inputTable(parts.embedding, parts.newInput, parts.newBias, embedding);
  const gateState = transposed(parts.gateState, hidden);
  const newState = transposed(parts.newState, hidden);
  const output = transposed(parts.output, hidden);
  const gates = new Float32Array(2 * hidden);
  const kept = new Float32Array(hidden);
  const fresh = new Float32Array(hidden);
  const logits = new Float64Array(tokens);

  const fillLogits = (state: Float32Array): number => {
    let most = Number.NEGATIVE_INFINITY;
    for (let token = 0; token < tokens; token += 1) {
      const logit = (parts.outputBias[token] ?? 0) + dot(output, token * hidden, state);
      logits[token] = logit;
      if (logit > most) most = logit;
    }
    let sum = 0;
    for (let token = 0; token < tokens; token += 1) sum += Math.exp((logits[token] ?? 0) - most);
    return most + Math.log(sum);
  };

  return {
    hidden,
    tokens,
    step(state, token) {
      for (let unit = 0; unit < 2 * hidden; unit += 1)
        gates[unit] = sigmoid(
          (gateOf[token * 2 * hidden + unit] ?? 0) + dot(gateState, unit * hidden, state),
        );
      for (let unit = 0; unit < hidden; unit += 1)
        kept[unit] = (gates[hidden + unit] ?? 0) * (state[unit] ?? 0);
      for (let unit = 0; unit < hidden; unit += 1)
        fresh[unit] = Math.tanh(
          (newOf[token * hidden + unit] ?? 0) + dot(newState, unit * hidden, kept),
        );
      for (let unit = 0; unit < hidden; unit += 1) {
        const update = gates[unit] ?? 0;
        state[unit] = update * (state[unit] ?? 0) + (1 - update) * (fresh[unit] ?? 0);
      }
    },
    surprise: (state, token) => Math.max(0, fillLogits(state) - (logits[token] ?? 0)),
    expected(state, most) {
      const total = fillLogits(state);
      return Array.from(logits, (logit, token) => [token, Math.exp(logit - total)] as const)
        .sort(([one, oneShare], [other, otherShare]) => otherShare - oneShare || one - other)
        .slice(0, most);
    },
  };
}

/** For each token its row of the embedding times the matrix, and the bias. */
function inputTable(
  rows: Float32Array,
  matrix: Float32Array,
  bias: Float32Array,
  width: number,
): Float32Array {
  const columns = bias.length;
  const turned = transposed(matrix, width);
  return Float32Array.from({ length: (rows.length / width) * columns }, (_, at) => {
    const token = Math.floor(at / columns);
    const column = at % columns;
    const row = rows.subarray(token * width, (token + 1) * width);
    return (bias[column] ?? 0) + dot(turned, column * width, row);
  });
}

/** Columns of the matrix as rows, so that a sum walks through memory in order. */
function transposed(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return Float32Array.from(
    { length: matrix.length },
    (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  );
}

function dot(matrix: Float32Array, from: number, vector: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at += 1) sum += (matrix[from + at] ?? 0) * (vector[at] ?? 0);
  return sum;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
