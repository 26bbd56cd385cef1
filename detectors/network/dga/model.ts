// Trains, stores and loads the model that tells made names (domain generation algorithms) from usual ones.
// Each example is judged in training as if it, and the whole family it belongs to, had never been seen: the
// network learns what a name of an unknown family looks like.
import { AppError, isAppError } from "../../../config/errors.ts";
import type { TensorBackend } from "../../anomaly/backend.ts";
import { createStateWriter, readState, type StateReader, type StateWriter } from "../state.ts";
import {
  isOfSizes,
  type Network,
  type NetworkWeights,
  openNetwork,
  trainNetwork,
} from "./dense-network.ts";
import { drawFamilies, type Family } from "./families.ts";
import { FEATURES, type NameStatistics, writeFeatures } from "./features.ts";
import { createGramTable } from "./gram-table.ts";
import { type DomainName, parseName } from "./name.ts";
import { createSuffixTable } from "./suffix-table.ts";

const ARTEFACT_VERSION = 1;
/** Features lie within so many standard deviations; what is further out is as unusual as that. */
const DEVIATIONS_MAX = 6;
const HIDDEN = [64, 32] as const;

export interface DgaTrainingOptions {
  readonly backend: TensorBackend;
  readonly seed: number;
  /** Families that we draw ourselves, and names of each. */
  readonly ownFamilies: number;
  readonly namesPerFamily: number;
  /** Usual names that are learnt from; more are left out evenly. */
  readonly usualMax: number;
  readonly networks: number;
  readonly epochs: number;
  /** An artefact to go on from: its networks are trained further, over half of the epochs. Of other features, it is left aside. */
  readonly start?: Uint8Array | undefined;
  /** Asked between steps: true ends the training with what there is. */
  readonly isOver?: (() => boolean) | undefined;
}

const DGA_TRAINING_DEFAULTS = {
  ...{ seed: 1, ownFamilies: 84, namesPerFamily: 150, usualMax: 60_000, networks: 2, epochs: 9 },
} as const;

/** A model that is ready to be asked, until it is disposed of. */
export interface DgaModel {
  /** For each name how likely it is that an algorithm made it: 0 to 1. */
  score(names: readonly string[]): Float64Array;
  dispose(): void;
}

/**
 * Trains on usual names (what many here ask for) and our own made families; `known` adds families that are
 * labelled. The same input, seed, start and backend give the same bytes.
 */
export function trainDga(
  usualNames: Iterable<string>,
  options: Partial<DgaTrainingOptions> & Pick<DgaTrainingOptions, "backend">,
  known: readonly Family[] = [],
): Uint8Array {
  const settings = { ...DGA_TRAINING_DEFAULTS, ...options };
  const usual = evenly([...usualNames], settings.usualMax).map(parseName);
  const drawn = drawFamilies(
    settings.ownFamilies,
    settings.namesPerFamily,
    usual.map(({ label }) => label),
    settings.seed,
  );
  const families = [...known, ...drawn].map(({ names }) => names.map(parseName));
  const statistics = countAll(usual, families);
  const { features, isMade, weights } = examples(usual, families, statistics);
  const scaling = standardise(features);
  const earlier = settings.start === undefined ? [] : networksOf(settings.start);
  const fewer = Math.ceil(settings.epochs / 2);
  const networks = Array.from({ length: settings.networks }, (_, number) =>
    trainNetwork(
      settings.backend,
      { features, isMade, weights },
      {
        ...{ hidden: HIDDEN, epochs: settings.epochs, batch: 512, learningRate: 0.003 },
        ...{ seed: settings.seed * 1000 + number, isOver: settings.isOver },
        ...(earlier[number] === undefined ? {} : { start: earlier[number], epochs: fewer }),
      },
    ),
  );
  return write(statistics, scaling, networks);
}

/**
 * Opens an artefact that `trainDga` made.
 * @throws AppError HW_STORE_VERSION of another version, HW_STORE_CORRUPT where it is damaged
 */
export function loadDga(artefact: Uint8Array, backend: TensorBackend): DgaModel {
  const { statistics, scaling, networks } = read(artefact);
  const open: Network[] = networks.map((weights) => openNetwork(backend, weights));
  return {
    score(names) {
      const features = new Float32Array(names.length * FEATURES);
      names.forEach((name, row) => {
        writeFeatures(parseName(name), statistics, features, row * FEATURES);
      });
      scale(features, scaling);
      const sums = new Float64Array(names.length);
      for (const network of open)
        network.logits(features).forEach((logit, row) => {
          sums[row] = (sums[row] ?? 0) + logit;
        });
      return sums.map((sum) => 1 / (1 + Math.exp(-sum / open.length)));
    },
    dispose() {
      for (const network of open) network.dispose();
    },
  };
}

/** The networks of an artefact; none where it knows other features. @throws AppError HW_STORE_CORRUPT */
function networksOf(artefact: Uint8Array): readonly NetworkWeights[] {
  try {
    return read(artefact).networks.filter((one) => isOfSizes(one, [FEATURES, ...HIDDEN, 1]));
  } catch (error) {
    if (isAppError(error, "HW_STORE_VERSION")) return [];
    throw error;
  }
}

/** A family counts about the same whether it has thirty names or thousands. */
function weightInTables(names: number): number {
  return Math.max(1, Math.min(20, Math.round(1500 / names)));
}

function countAll(
  usual: readonly DomainName[],
  families: readonly (readonly DomainName[])[],
): NameStatistics {
  const statistics: NameStatistics = {
    ...{ usual: createGramTable(), made: createGramTable() },
    ...{ usualSuffixes: createSuffixTable(), madeSuffixes: createSuffixTable() },
  };
  for (const name of usual) countUsual(statistics, name, 1);
  for (const family of families) countFamily(statistics, family, 1);
  return statistics;
}

function countUsual(
  statistics: NameStatistics,
  { label, suffix, topLevel }: DomainName,
  sign: number,
) {
  statistics.usual.add(label, sign);
  statistics.usualSuffixes.add(suffix, sign);
  if (topLevel !== suffix) statistics.usualSuffixes.add(topLevel, sign);
}

function countFamily(statistics: NameStatistics, names: readonly DomainName[], sign: number) {
  const weight = sign * weightInTables(names.length);
  for (const { label, suffix, topLevel } of names) {
    statistics.made.add(label, weight);
    statistics.madeSuffixes.add(suffix, weight);
    if (topLevel !== suffix) statistics.madeSuffixes.add(topLevel, weight);
  }
}

function examples(
  usual: readonly DomainName[],
  families: readonly (readonly DomainName[])[],
  statistics: NameStatistics,
) {
  const made = families.reduce((sum, names) => sum + names.length, 0);
  const count = usual.length + made;
  const features = new Float32Array(count * FEATURES);
  const isMade = new Float32Array(count).fill(1, usual.length);
  const weights = new Float32Array(count).fill(
    count / 2 / Math.max(1, usual.length),
    0,
    usual.length,
  );
  let row = 0;
  for (const name of usual) {
    countUsual(statistics, name, -1);
    writeFeatures(name, statistics, features, row * FEATURES);
    countUsual(statistics, name, 1);
    row += 1;
  }
  const roots = families.reduce((sum, names) => sum + Math.sqrt(names.length), 0);
  for (const names of families) {
    countFamily(statistics, names, -1);
    const weight = (count / 2 / roots) * Math.sqrt(names.length);
    for (const name of names) {
      writeFeatures(name, statistics, features, row * FEATURES);
      weights[row] = weight / names.length;
      row += 1;
    }
    countFamily(statistics, names, 1);
  }
  return { features, isMade, weights };
}

/** Mean and reciprocal standard deviation of each feature. */
interface Scaling {
  readonly means: Float64Array;
  readonly factors: Float64Array;
}

function standardise(features: Float32Array): Scaling {
  const rows = features.length / FEATURES;
  const means = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  features.forEach((value, index) => {
    const column = index % FEATURES;
    means[column] = (means[column] ?? 0) + value / rows;
    squares[column] = (squares[column] ?? 0) + (value * value) / rows;
  });
  const factors = means.map((mean, column) => {
    const variance = (squares[column] ?? 0) - mean * mean;
    return variance > 1e-9 ? 1 / Math.sqrt(variance) : 0;
  });
  const scaling = { means, factors };
  scale(features, scaling);
  return scaling;
}

function scale(features: Float32Array, { means, factors }: Scaling): void {
  for (let index = 0; index < features.length; index += 1) {
    const column = index % FEATURES;
    const value = ((features[index] ?? 0) - (means[column] ?? 0)) * (factors[column] ?? 0);
    features[index] = Math.max(-DEVIATIONS_MAX, Math.min(DEVIATIONS_MAX, value));
  }
}

/** At most `max` of them, evenly spread. */
function evenly(names: readonly string[], max: number): string[] {
  if (names.length <= max) return [...names];
  return Array.from(
    { length: max },
    (_, place) => names[Math.floor((place * names.length) / max)] ?? "",
  );
}

function write(
  statistics: NameStatistics,
  scaling: Scaling,
  networks: readonly NetworkWeights[],
): Uint8Array {
  const writer = createStateWriter(ARTEFACT_VERSION);
  writeBytes(writer, statistics.usual.bytes());
  writeBytes(writer, statistics.made.bytes());
  for (const table of [statistics.usualSuffixes, statistics.madeSuffixes]) {
    const entries = table.entries();
    writer.count(entries.length);
    for (const [suffix, count] of entries) {
      writer.text(suffix);
      writer.count(count);
    }
  }
  writer.floats(scaling.means);
  writer.floats(scaling.factors);
  writer.count(networks.length);
  for (const { sizes, values } of networks) {
    writer.floats(sizes);
    for (const layer of values) writer.floats(layer);
  }
  const pieces = writer.pieces();
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function read(artefact: Uint8Array) {
  let found:
    | { statistics: NameStatistics; scaling: Scaling; networks: NetworkWeights[] }
    | undefined;
  readState([artefact], ARTEFACT_VERSION, "the model of made names", (reader) => {
    const usual = createGramTable(readBytes(reader));
    const made = createGramTable(readBytes(reader));
    const tables = [0, 1].map(() => {
      const length = reader.count();
      return createSuffixTable(
        Array.from({ length }, () => [reader.text(), reader.count()] as const),
      );
    });
    const scaling = { means: reader.floats(), factors: reader.floats() };
    const networks = Array.from({ length: reader.count() }, () => {
      const sizes = [...reader.floats()];
      const values = Array.from({ length: 2 * (sizes.length - 1) }, () =>
        Float32Array.from(reader.floats()),
      );
      return { sizes, values };
    });
    const [usualSuffixes = createSuffixTable(), madeSuffixes = createSuffixTable()] = tables;
    found = { statistics: { usual, made, usualSuffixes, madeSuffixes }, scaling, networks };
  });
  if (found === undefined || found.scaling.means.length !== FEATURES)
    throw new AppError("HW_STORE_VERSION", "the model of made names knows other features");
  return found;
}

function writeBytes(writer: StateWriter, bytes: Uint8Array): void {
  writer.count(bytes.length);
  for (const byte of bytes) writer.byte(byte);
}

function readBytes(reader: StateReader): Uint8Array {
  return Uint8Array.from({ length: reader.count() }, () => reader.byte());
}
