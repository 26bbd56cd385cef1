// The numbers of a small gated recurrent unit (Cho et al. 2014) that says which sentence comes next: how they
// lie in memory, how they begin, and how they are written. Training and scoring both work on these.
import type { Random } from "../../network/dga/seeded.ts";
import type { StateReader, StateWriter } from "../../network/state.ts";

export interface GruSizes {
  /** Tokens that can come, and be asked for. */
  readonly tokens: number;
  readonly embedding: number;
  readonly hidden: number;
}

/** Matrices row by row, one row for each input. Gates: update (z) and reset (r), side by side. */
const GRU_PARTS = [
  "embedding",
  "gateInput",
  "gateState",
  "gateBias",
  "newInput",
  "newState",
  "newBias",
  "output",
  "outputBias",
] as const;
export type GruPart = (typeof GRU_PARTS)[number];

export interface GruWeights extends GruSizes {
  readonly parts: Readonly<Record<GruPart, Float32Array>>;
}

/** Rows and columns of each part; a bias has one row. */
export function shapeOf(part: GruPart, { tokens, embedding, hidden }: GruSizes) {
  const shapes: Readonly<Record<GruPart, readonly [rows: number, columns: number]>> = {
    embedding: [tokens, embedding],
    gateInput: [embedding, 2 * hidden],
    gateState: [hidden, 2 * hidden],
    gateBias: [1, 2 * hidden],
    newInput: [embedding, hidden],
    newState: [hidden, hidden],
    newBias: [1, hidden],
    output: [hidden, tokens],
    outputBias: [1, tokens],
  };
  return shapes[part];
}

/** A unit that begins by keeping most of what it has learns sooner what lies further back. */
const UPDATE_BIAS = 1;

/**
 * Weights to begin with: uniform, with the variance of Glorot and Bengio 2010; biases are 0, but for that of the
 * update gates.
 */
export function startWeights(sizes: GruSizes, random: Random): GruWeights {
  const start = (part: GruPart) => {
    const [rows, columns] = shapeOf(part, sizes);
    if (part === "gateBias") return new Float32Array(columns).fill(UPDATE_BIAS, 0, sizes.hidden);
    if (rows === 1) return new Float32Array(columns);
    const limit = Math.sqrt(6 / (rows + columns));
    return Float32Array.from({ length: rows * columns }, () => (2 * random() - 1) * limit);
  };
  return { ...sizes, parts: partsOf(start) };
}

/** A value for each part, made in their order. */
export function partsOf<T>(make: (part: GruPart) => T): Record<GruPart, T> {
  const made = GRU_PARTS.map((part) => [part, make(part)] as const);
  // Every part has a value, because all of them were gone through.
  return Object.fromEntries(made) as Record<GruPart, T>;
}

export function writeWeights(to: StateWriter, weights: GruWeights): void {
  for (const size of [weights.tokens, weights.embedding, weights.hidden]) to.count(size);
  for (const part of GRU_PARTS) to.floats(weights.parts[part]);
}

/** @throws RangeError where the numbers are not those of such a unit */
export function readWeights(from: StateReader): GruWeights {
  const sizes = { tokens: from.count(), embedding: from.count(), hidden: from.count() };
  const parts = partsOf((part) => {
    const values = Float32Array.from(from.floats());
    const [rows, columns] = shapeOf(part, sizes);
    if (values.length !== rows * columns || !values.every(Number.isFinite))
      throw new RangeError(`the part ${part} is of another size`);
    return values;
  });
  return { ...sizes, parts };
}
