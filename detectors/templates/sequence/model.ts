// The sequence model as an artefact: trained on rows of sentences as they followed each other, it says how
// surprising each next one is. Where nothing was trained there is none.
import { AppError } from "../../../config/errors.ts";
import type { TensorBackend } from "../../anomaly/backend.ts";
import { createStateWriter, readState } from "../../network/state.ts";
import { createGruScorer } from "./gru-scorer.ts";
import { trainGru } from "./gru-training.ts";
import { type GruWeights, readWeights, writeWeights } from "./gru-weights.ts";
import { countPairs, type PairTable, readPairs } from "./pair-table.ts";
import { chooseVocabulary, createVocabulary, type Sign, type Vocabulary } from "./vocabulary.ts";

/** A sentence is judged by at least so many before it, where they came, and at most twice as many. */
export const CONTEXT_SIGNS = 12;
/** Sentences of a row of training: as many as are looked back at, and the next one. */
export const ROW_SIGNS = 2 * CONTEXT_SIGNS + 1;
/** With fewer rows nothing is learnt. */
export const ROWS_MIN = 100;

const ARTEFACT_VERSION = 1;
const SIZES = { embedding: 16, hidden: 32 } as const;

export interface SequenceTrainingOptions {
  readonly backend: TensorBackend;
  readonly seed: number;
  /** Steps of the optimiser, and rows of each. */
  readonly steps: number;
  readonly batch: number;
  /** Rows that are learnt from; more are left out evenly. */
  readonly rowsMax: number;
  /** Sentences that are told apart. */
  readonly knownMax: number;
  /** Asked before each step: where it is true, the training ends with what there is. */
  readonly isOver?: (() => boolean) | undefined;
}

const TRAINING_DEFAULTS = {
  seed: 1,
  steps: 400,
  batch: 128,
  rowsMax: 8_000,
  knownMax: 192,
} as const;
const FIXED = { learningRate: 0.015, leftOut: 0.01 } as const;

/** A model that is ready to be asked. It keeps nothing between calls. */
export interface SequenceModel {
  /** Tells it from other models. */
  readonly mark: number;
  /** Whether the sentence is told apart from others. */
  isKnown(sign: Sign): boolean;
  /** The state in which nothing came yet. */
  start(): Float32Array;
  /** Changes the state to that after one more sentence. */
  step(state: Float32Array, sign: Sign): void;
  /** How surprising the sentence is after what came, in nats. */
  surprise(state: Float32Array, sign: Sign): number;
  /**
   * How much more surprising it is than after the last sentence alone, in nats. Where nothing is wrong, and the
   * model right, it exceeds t with a probability of at most exp(−t) (Markov, of a ratio of likelihoods).
   */
  oddness(state: Float32Array, before: Sign, sign: Sign): number;
  /** Known sentences that were most probable, the first one first. */
  expected(state: Float32Array, most: number): readonly Sign[];
}

/**
 * Trains on rows of at most `ROW_SIGNS` sentences and gives the artefact. The same rows, seed and backend give
 * the same bytes.
 * @throws RangeError with fewer than 100 rows of two sentences
 */
export function trainSequences(
  rows: readonly ArrayLike<Sign>[],
  options: Partial<SequenceTrainingOptions> & Pick<SequenceTrainingOptions, "backend">,
): Uint8Array {
  const { backend, rowsMax, knownMax, ...rest } = { ...TRAINING_DEFAULTS, ...options };
  const usable = rows.filter(({ length }) => length > 1);
  if (usable.length < ROWS_MIN)
    throw new RangeError(`${usable.length} rows are too few to learn from`);
  const chosen = evenly(usable, rowsMax);
  const vocabulary = chooseVocabulary(chosen, knownMax);
  const sizes = { ...SIZES, tokens: vocabulary.tokens };
  const tokens = chosen.map((row) => tokensOf(row, vocabulary));
  const weights = trainGru(backend, tokens, sizes, { ...FIXED, ...rest });
  const writer = createStateWriter(ARTEFACT_VERSION);
  writer.count(vocabulary.signs.length);
  for (const sign of vocabulary.signs) writer.count(sign);
  writeWeights(writer, weights);
  countPairs(tokens, sizes.tokens).write(writer);
  return Buffer.concat(writer.pieces());
}

/**
 * Opens an artefact that `trainSequences` made.
 * @throws AppError HW_STORE_VERSION of another version, HW_STORE_CORRUPT where it is damaged
 */
export function loadSequences(artefact: Uint8Array): SequenceModel {
  let found: { vocabulary: Vocabulary; weights: GruWeights; pairs: PairTable } | undefined;
  readState([artefact], ARTEFACT_VERSION, "the sequence model", (reader) => {
    const vocabulary = createVocabulary(
      Array.from({ length: reader.count() }, () => reader.count()),
    );
    const weights = readWeights(reader);
    found = { vocabulary, weights, pairs: readPairs(reader, weights.tokens) };
  });
  if (found === undefined || found.weights.tokens !== found.vocabulary.tokens)
    throw new AppError("HW_STORE_CORRUPT", "the sequence model has another vocabulary");
  const { vocabulary, weights, pairs } = found;
  const scorer = createGruScorer(weights);
  const check = artefact.subarray(-4);
  return {
    mark: new DataView(check.buffer, check.byteOffset, 4).getUint32(0),
    isKnown: (sign) => vocabulary.signOf(vocabulary.tokenOf(sign)) !== undefined,
    start: () => new Float32Array(scorer.hidden),
    step: (state, sign) => scorer.step(state, vocabulary.tokenOf(sign)),
    surprise: (state, sign) => scorer.surprise(state, vocabulary.tokenOf(sign)),
    oddness(state, before, sign) {
      const token = vocabulary.tokenOf(sign);
      return scorer.surprise(state, token) - pairs.surprise(vocabulary.tokenOf(before), token);
    },
    expected: (state, most) =>
      scorer
        .expected(state, most + vocabulary.tokens - vocabulary.signs.length)
        .flatMap(([token]) => vocabulary.signOf(token) ?? [])
        .slice(0, most),
  };
}

/** Tokens of the row, with −1 behind its end. */
function tokensOf(row: ArrayLike<Sign>, vocabulary: Vocabulary): Int32Array {
  const tokens = new Int32Array(ROW_SIGNS).fill(-1);
  for (let at = 0; at < Math.min(ROW_SIGNS, row.length); at += 1)
    tokens[at] = vocabulary.tokenOf(row[at] ?? 0);
  return tokens;
}

function evenly<T>(rows: readonly T[], max: number): readonly T[] {
  if (rows.length <= max) return rows;
  return Array.from({ length: max }, (_, place) => Math.floor((place * rows.length) / max)).flatMap(
    (place) => rows[place] ?? [],
  );
}
