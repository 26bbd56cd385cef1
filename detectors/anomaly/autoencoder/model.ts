// The autoencoder as an artefact: trained on rows of quiet days, it gives such days back nearly as they were,
// through a waist of eight numbers. What it can't give back does not go together as it usually does.
import { AppError, isAppError } from "../../../config/errors.ts";
import {
  createStateWriter,
  readState,
  type StateReader,
  type StateWriter,
} from "../../network/state.ts";
import type { Activity } from "../activity.ts";
import type { TensorBackend } from "../backend.ts";
import { createDenseScorer, type DenseLayer } from "../dense-scorer.ts";
import { sizesOf } from "./deviation.ts";
import { FEATURES } from "./measures.ts";
import { trainLayers } from "./training.ts";
import { createWindows, type WindowOptions } from "./windows.ts";

const WIDTHS = [FEATURES, 32, 8, 32, FEATURES] as const;
const ARTEFACT_VERSION = 2;
/** Days that a training needs. */
export const ROWS_MIN = 100;
const DAY_MS = 86_400_000;
/** Least mean square residual of a feature, in deviations: what never varied in training is not infinitely odd. */
const RESIDUAL_MIN = 0.05;

export interface AutoencoderTrainingOptions {
  readonly backend: TensorBackend;
  readonly seed: number;
  readonly epochs: number;
  /** Rows that are learnt from; more are left out evenly. */
  readonly rowsMax: number;
  /** An artefact to go on from: half of the epochs then do. Of other features, it is left aside. */
  readonly start?: Uint8Array | undefined;
  /** Asked between steps: true ends the training with what there is. */
  readonly isOver?: (() => boolean) | undefined;
}

const TRAINING_DEFAULTS = { seed: 1, epochs: 40, rowsMax: 20_000 } as const;
const FIXED = { batch: 128, learningRate: 0.003, leftOut: 0.01 } as const;
/** Beyond the limit of a model lies this share of the rows of its training. */
const BEYOND_LIMIT = 0.01;

/** A model that is ready to be asked, until it is disposed of. */
export interface AutoencoderModel {
  /** What the network makes of `count` rows of 64 features that lie one behind the other. */
  expected(rows: Float32Array, count: number): Float32Array;
  /** Mean square residual of each feature on the rows of the training. */
  readonly residuals: Float64Array;
  /** Size of the deviation (deviation.ts) that one in a hundred rows of the training exceeds. */
  readonly limit: number;
  dispose(): void;
}

/**
 * The rows of past quiet days: what `trainAutoencoder` learns from. Days on which the windows themselves still
 * learn are left out: `skipMs` from the first activity on.
 */
export function quietRows(
  activities: Iterable<Activity>,
  options: Partial<WindowOptions> = {},
  skipMs = 7 * DAY_MS,
): Float32Array[] {
  const windows = createWindows(options);
  const rows: Float32Array[] = [];
  let begin = Number.NaN;
  let last = Number.NaN;
  const take = (found: ReturnType<typeof windows.advance>) => {
    for (const { from, row } of found) if (from - begin >= skipMs) rows.push(row);
  };
  for (const activity of activities) {
    if (!Number.isFinite(activity.time)) continue;
    if (Number.isNaN(begin)) begin = activity.time;
    last = activity.time;
    take(windows.observe(activity));
  }
  take(windows.advance(last + DAY_MS));
  return rows;
}

/**
 * Trains on rows of 64 features and gives the artefact. The same rows, seed, start and backend give the same bytes.
 * @throws RangeError with fewer than 100 rows, or rows of another width
 */
export function trainAutoencoder(
  rows: readonly Float32Array[],
  options: Partial<AutoencoderTrainingOptions> & Pick<AutoencoderTrainingOptions, "backend">,
): Uint8Array {
  const { backend, seed, epochs, rowsMax, isOver } = { ...TRAINING_DEFAULTS, ...options };
  if (rows.length < ROWS_MIN) throw new RangeError(`${rows.length} days are too few to learn from`);
  if (rows.some((row) => row.length !== FEATURES || !row.every(Number.isFinite)))
    throw new RangeError(`a row has ${FEATURES} numbers`);
  const chosen = evenly(rows, rowsMax);
  const start = options.start && startOf(options.start);
  const layers = trainLayers(backend, chosen, WIDTHS, {
    ...{ ...FIXED, seed, start, isOver },
    epochs: start === undefined ? epochs : Math.ceil(epochs / 2),
  });
  const { residuals, limit } = missesOf(backend, layers, chosen);
  const writer = createStateWriter(ARTEFACT_VERSION);
  writer.floats(residuals);
  writer.float(limit);
  writer.count(layers.length);
  for (const layer of layers) writeLayer(writer, layer);
  return joined(writer.pieces());
}

/**
 * Opens an artefact that `trainAutoencoder` made.
 * @throws AppError HW_STORE_VERSION of another version, HW_STORE_CORRUPT where it is damaged
 */
export function loadAutoencoder(artefact: Uint8Array, backend: TensorBackend): AutoencoderModel {
  const { residuals, limit, layers } = readArtefact(artefact);
  const scorer = createDenseScorer(backend, layers);
  return {
    ...{ residuals, limit },
    expected: (rows, count) => scorer.outputsOf(rows, count),
    dispose: () => scorer.close(),
  };
}

function readArtefact(artefact: Uint8Array) {
  let residuals = new Float64Array();
  let limit = Number.NaN;
  let layers: DenseLayer[] = [];
  readState([artefact], ARTEFACT_VERSION, "the autoencoder", (reader) => {
    residuals = Float64Array.from(reader.floats());
    limit = reader.float();
    layers = Array.from({ length: reader.count() }, () => readLayer(reader));
  });
  const widths = [layers[0]?.inputs, ...layers.map(({ outputs }) => outputs)];
  if (String(widths) !== String(WIDTHS) || residuals.length !== FEATURES)
    throw new AppError("HW_STORE_VERSION", "the autoencoder knows other features");
  return { residuals, limit, layers };
}

/** The layers of an earlier training; undefined where they are of other features. */
function startOf(artefact: Uint8Array): readonly DenseLayer[] | undefined {
  try {
    return readArtefact(artefact).layers;
  } catch (error) {
    if (isAppError(error, "HW_STORE_VERSION")) return undefined;
    throw error;
  }
}

/**
 * What the network misses: mean square residual of each feature, without the hundredth of the rows that is given
 * back worst, and the limit.
 */
function missesOf(
  backend: TensorBackend,
  layers: readonly DenseLayer[],
  rows: readonly Float32Array[],
): Pick<AutoencoderModel, "residuals" | "limit"> {
  const scorer = createDenseScorer(backend, layers);
  const block = new Float32Array(rows.length * FEATURES);
  for (const [place, row] of rows.entries()) block.set(row, place * FEATURES);
  const errors = scorer.errorsOf(block, rows.length);
  const expected = scorer.outputsOf(block, rows.length);
  scorer.close();
  const worst = Float32Array.from(errors).sort()[Math.floor(rows.length * (1 - FIXED.leftOut))];
  const sums = new Float64Array(FEATURES);
  let count = 0;
  for (const [place, error] of errors.entries()) {
    if (error > (worst ?? Number.POSITIVE_INFINITY)) continue;
    count += 1;
    for (let feature = 0; feature < FEATURES; feature += 1) {
      const at = place * FEATURES + feature;
      sums[feature] = (sums[feature] ?? 0) + ((block[at] ?? 0) - (expected[at] ?? 0)) ** 2;
    }
  }
  const residuals = sums.map((sum) => Math.max(RESIDUAL_MIN, sum / Math.max(1, count)));
  const sizes = sizesOf(block, expected, residuals, rows.length).sort();
  return { residuals, limit: sizes[Math.floor(rows.length * (1 - BEYOND_LIMIT))] ?? 0 };
}

function evenly(rows: readonly Float32Array[], max: number): readonly Float32Array[] {
  if (rows.length <= max) return rows;
  return Array.from({ length: max }, (_, place) => Math.floor((place * rows.length) / max)).flatMap(
    (place) => rows[place] ?? [],
  );
}

function writeLayer(writer: StateWriter, layer: DenseLayer): void {
  writer.count(layer.inputs);
  writer.count(layer.outputs);
  writer.floats(layer.weights);
  writer.floats(layer.bias);
  writer.byte(layer.activation === "relu" ? 1 : 0);
}

function readLayer(reader: StateReader): DenseLayer {
  const [inputs, outputs] = [reader.count(), reader.count()];
  const weights = Float32Array.from(reader.floats());
  const bias = Float32Array.from(reader.floats());
  const activation = reader.byte() === 1 ? "relu" : "linear";
  if (weights.length !== inputs * outputs || bias.length !== outputs)
    throw new RangeError("a layer of another size");
  return { inputs, outputs, weights, bias, activation };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
