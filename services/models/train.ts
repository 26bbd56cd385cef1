// Training and judging a model from what a site has itself: that is gathered beside detection, the computing is
// done in a thread, and what came of it is kept.
import { AppError, isAppError } from "../../config/errors.ts";
import type { BackendName } from "../../detectors/anomaly/backend.ts";
import type { Archive } from "../archive/archive.ts";
import { MODEL_KIND, type ModelName, type ModelVersion } from "../store/model.ts";
import type { Store } from "../store/store.ts";
import { readArtefact, removeArtefact, writeArtefact } from "./artefact.ts";
import { changeModel, trainedModel } from "./change-model.ts";
import { checkEnough, type GatheredInput, gatherInput } from "./gather-input.ts";
import type { ModelTask, TrainingSize } from "./model-work.ts";
import { emptyModel, orphans, versionIn, withEvaluation, withTrained } from "./register.ts";
import { runModelTask } from "./train-in-thread.ts";

const DAY_MS = 86_400_000;
/** Steps of a training; well within what its thread may take as a whole. */
const STEPS_MS = 5 * 60_000;
/** Whether a training goes on from an earlier version: of sequences the sentences that are told apart change. */
const GOES_ON: Readonly<Record<ModelName, boolean>> = {
  ...{ autoencoder: true, dga: true, sequence: false },
};

export interface TrainingParts {
  readonly store: Store;
  readonly archive: Archive;
  readonly backend: BackendName;
  /** Lets others have their turn, made anew for each reading. */
  readonly turns: () => () => Promise<void> | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** How large a training is; left out: as the model's own. */
  readonly size?: TrainingSize | undefined;
}

export interface TrainingAsk {
  readonly tenant: string;
  readonly name: ModelName;
  /** Of the archive, up to now. */
  readonly days: number;
  readonly actor: string;
}

/**
 * Trains a version, which stands in the shadow from then on.
 * @returns its number
 * @throws AppError of the thread, the archive or the store; the reason of `signal`
 */
export async function trainModel(
  parts: TrainingParts,
  ask: TrainingAsk & { readonly seed: number; readonly isFresh?: boolean | undefined },
  signal: AbortSignal,
): Promise<number> {
  const { store, now, backend: asked } = parts;
  const { tenant, name, seed, actor, isFresh = false } = ask;
  const { window, input, isCut } = await gather(parts, ask, signal);
  checkEnough(input);
  const start = isFresh || !GOES_ON[name] ? undefined : await startOf(store, tenant, name);
  const begun = performance.now();
  const result = await runModelTask(
    {
      ...{ ...input, kind: "train", backend: asked, seed, size: parts.size ?? {} },
      ...{ start: start?.bytes, stepsMs: STEPS_MS },
    },
    signal,
  );
  const { artefact: bytes, metrics, examples, features, backend } = result;
  const trainingMs = Math.round(performance.now() - begun);
  if (bytes === undefined) throw new AppError("HW_INTERNAL", "a training without a model");
  const artefact = await writeArtefact(store, tenant, bytes);
  const at = now();
  const basedOn = start === undefined ? {} : { basedOn: start.version };
  const about = { window, seed, examples, metrics, hash: artefact.hash, isCut, ...basedOn };
  const { before, after } = await changeModel({
    ...{ store, tenant, name, action: "model.train", at, actor, payload: about },
    next: (present) =>
      withTrained(present ?? emptyModel(tenant, name), {
        ...{ trainedAt: at, trainedBy: actor, window, examples, features, seed, backend },
        ...{ trainingMs, metrics, ...artefact, ...basedOn },
      }),
  });
  for (const gone of before === undefined ? [] : orphans(before, after))
    await removeArtefact(store, tenant, gone);
  return after.next - 1;
}

/** Judges a version on other days. @throws as `trainModel`, HW_NOT_FOUND without the version, HW_TOO_FEW */
export async function evaluateModel(
  parts: TrainingParts,
  ask: TrainingAsk & { readonly version: number },
  signal: AbortSignal,
): Promise<number> {
  const { store, backend } = parts;
  const { tenant, name, version, actor } = ask;
  const model = trainedModel((await store.get(tenant, MODEL_KIND, name))?.document);
  const found = model.versions.find((one) => one.version === version);
  if (found === undefined) throw new AppError("HW_NOT_FOUND", "no such version of the model");
  const artefact = await readArtefact(store, tenant, found);
  const { window, input } = await gather(parts, ask, signal);
  const { seed } = found;
  const task: ModelTask = { ...input, kind: "evaluate", backend, seed, artefact };
  const { metrics } = await runModelTask(task, signal);
  // Figures of nothing would stand in the place of those that the version has.
  if (metrics.usual === 0)
    throw new AppError("HW_TOO_FEW", "nothing usual of these days is left to judge by", {
      ...{ place: `model ${name}`, mend: "take more days, or wait until days were kept" },
    });
  const at = parts.now();
  await changeModel({
    ...{ store, tenant, name, action: "model.evaluate", at, actor },
    payload: { version, window, metrics },
    next: (present) => withEvaluation(trainedModel(present), version, { at, window, metrics }),
  });
  return version;
}

/** The version in force, to go on from; none where its bytes are damaged. */
async function startOf(store: Store, tenant: string, name: ModelName) {
  const model = (await store.get(tenant, MODEL_KIND, name))?.document;
  const active: ModelVersion | undefined = model && versionIn(model, "active");
  if (active === undefined) return undefined;
  try {
    return { version: active.version, bytes: await readArtefact(store, tenant, active) };
  } catch (error) {
    if (isAppError(error, "HW_STORE_CORRUPT")) return undefined;
    throw error;
  }
}

async function gather(
  { store, archive, turns, now }: TrainingParts,
  { tenant, name, days }: TrainingAsk,
  signal: AbortSignal,
): Promise<GatheredInput & { readonly window: { readonly from: number; readonly to: number } }> {
  const to = now();
  const window = { from: to - days * DAY_MS, to };
  const found = await gatherInput(name, { store, archive, tenant, window, signal, turn: turns() });
  return { window, ...found };
}
