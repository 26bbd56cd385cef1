// What a training thread is asked and what it answers, and the work itself. Nothing of it reads a clock, a
// file or the store.
import { FEATURES as DAY_FEATURES } from "../../detectors/anomaly/autoencoder/measures.ts";
import { loadAutoencoder, trainAutoencoder } from "../../detectors/anomaly/autoencoder/model.ts";
import type { BackendName, TensorBackend } from "../../detectors/anomaly/backend.ts";
import { FEATURES as NAME_FEATURES } from "../../detectors/network/dga/features.ts";
import { type DgaTrainingOptions, loadDga, trainDga } from "../../detectors/network/dga/model.ts";
import {
  loadSequences,
  ROW_SIGNS,
  trainSequences,
} from "../../detectors/templates/sequence/model.ts";
import type { ModelMetrics, ModelVersion } from "../store/model.ts";
import { type AutoencoderExamples, autoencoderMetrics } from "./autoencoder-examples.ts";
import { dgaExamples, dgaMetrics, heldOutFamilies } from "./dga-examples.ts";
import { rowsOf, type SequenceExamples, sequenceMetrics } from "./sequence-examples.ts";

/** How large a training is; left out: as the model's own. */
export type TrainingSize = Partial<
  Pick<DgaTrainingOptions, "ownFamilies" | "namesPerFamily" | "usualMax" | "networks" | "epochs">
>;

/** What a model learns from, as it was found at the site. */
export type ModelInput =
  | { readonly model: "dga"; readonly names: readonly string[] }
  | ({ readonly model: "autoencoder" } & AutoencoderExamples)
  | ({ readonly model: "sequence" } & SequenceExamples);

/** All of it is copied into the thread. */
export type ModelTask = {
  readonly backend: BackendName;
  readonly seed: number;
} & ModelInput &
  (
    | {
        readonly kind: "train";
        readonly size: TrainingSize;
        /** The bytes of an earlier version to go on from. */
        readonly start?: Uint8Array | undefined;
        /** Steps of the training end then, with what there is. */
        readonly stepsMs?: number | undefined;
      }
    | { readonly kind: "evaluate"; readonly artefact: Uint8Array }
  );

/** What came of it. */
export interface ModelResult extends Pick<ModelVersion, "examples" | "features" | "backend"> {
  /** Undefined after an evaluation. */
  readonly artefact: Uint8Array | undefined;
  readonly metrics: ModelMetrics;
}

type Done = Omit<ModelResult, "backend">;

/**
 * Does the task. The same task and backend give the same result, where nothing ends the training early.
 * @param isOver asked between steps of a training
 * @throws AppError HW_STORE_CORRUPT, HW_STORE_VERSION of an artefact
 */
export function doModelTask(
  task: ModelTask,
  backend: TensorBackend,
  isOver: () => boolean = () => false,
): ModelResult {
  return { ...done(task, backend, isOver), backend: backend.name };
}

function done(task: ModelTask, backend: TensorBackend, isOver: () => boolean): Done {
  switch (task.model) {
    case "dga":
      return doDga(task, backend, isOver);
    case "autoencoder":
      return doAutoencoder(task, backend, isOver);
    case "sequence":
      return doSequence(task, backend, isOver);
  }
}

function doDga(
  task: ModelTask & { readonly model: "dga" },
  backend: TensorBackend,
  isOver: () => boolean,
): Done {
  const { seed, names } = task;
  const { learnt, heldOut, own } = dgaExamples(names);
  const artefact =
    task.kind === "train"
      ? trainDga(learnt, { ...task.size, backend, seed, isOver, start: task.start })
      : task.artefact;
  const model = loadDga(artefact, backend);
  try {
    return {
      artefact: task.kind === "train" ? artefact : undefined,
      metrics: dgaMetrics(model, heldOut, heldOutFamilies(learnt, seed)),
      ...{ features: NAME_FEATURES, examples: { site: names.length, own } },
    };
  } finally {
    model.dispose();
  }
}

function doAutoencoder(
  task: ModelTask & { readonly model: "autoencoder" },
  backend: TensorBackend,
  isOver: () => boolean,
): Done {
  const { seed, learnt, heldOut } = task;
  const count = learnt.length / DAY_FEATURES;
  const train = (start: Uint8Array | undefined, size: TrainingSize) => {
    const rows = Array.from({ length: count }, (_, at) =>
      learnt.subarray(at * DAY_FEATURES, (at + 1) * DAY_FEATURES),
    );
    const { epochs } = size;
    return trainAutoencoder(rows, {
      ...{ backend, seed, isOver, start },
      ...(epochs === undefined ? {} : { epochs }),
    });
  };
  const artefact = task.kind === "train" ? train(task.start, task.size) : task.artefact;
  const model = loadAutoencoder(artefact, backend);
  try {
    return {
      artefact: task.kind === "train" ? artefact : undefined,
      metrics: autoencoderMetrics(model, heldOut, seed),
      features: DAY_FEATURES,
      examples: { site: count + heldOut.length / DAY_FEATURES, own: 0 },
    };
  } finally {
    model.dispose();
  }
}

function doSequence(
  task: ModelTask & { readonly model: "sequence" },
  backend: TensorBackend,
  isOver: () => boolean,
): Done {
  const { seed, learnt, heldOut } = task;
  const train = (epochs: number | undefined) =>
    trainSequences(rowsOf(learnt), {
      ...{ backend, seed, isOver },
      ...(epochs === undefined ? {} : { steps: epochs * STEPS_PER_EPOCH }),
    });
  const artefact = task.kind === "train" ? train(task.size.epochs) : task.artefact;
  return {
    artefact: task.kind === "train" ? artefact : undefined,
    metrics: sequenceMetrics(loadSequences(artefact), heldOut, seed),
    features: ROW_SIGNS,
    examples: { site: (learnt.length + heldOut.length) / ROW_SIGNS, own: 0 },
  };
}

/** A sequence model's training is counted in steps. */
const STEPS_PER_EPOCH = 10;
