// What becomes of the versions of a model, pure: a new one stands in the shadow until somebody promotes it, and
// what was active before stays at hand to go back to.
import { AppError } from "../../config/errors.ts";
import type { Model, ModelName, ModelVersion } from "../store/model.ts";

/** Versions that are kept; the oldest retired ones go first. */
const VERSIONS_MAX = 10;
const EVALUATIONS_MAX = 20;

/** Who changes it, and when (ms UTC). */
interface By {
  readonly at: number;
  readonly actor: string;
}

export type NewVersion = Omit<ModelVersion, "version" | "state" | "evaluations">;

/** A model without versions. */
export function emptyModel(tenant: string, name: ModelName): Model {
  return { tenant, name, versions: [], past: [], next: 1, changedAt: 0 };
}

/** The version in this state. */
export function versionIn(
  model: Model,
  state: Exclude<ModelVersion["state"], "retired">,
): ModelVersion | undefined {
  return model.versions.find((one) => one.state === state);
}

/** With a new version in the shadow; the one that stood there retires. */
export function withTrained(model: Model, trained: NewVersion): Model {
  const version: ModelVersion = {
    ...trained,
    ...{ version: model.next, state: "shadow", evaluations: [] },
  };
  const before = model.versions.map((one) =>
    one.state === "shadow" ? { ...one, state: "retired" as const } : one,
  );
  const versions = [...before, version];
  return {
    ...model,
    ...{ versions: bounded(versions, model.past), next: model.next + 1 },
    changedAt: trained.trainedAt,
  };
}

/**
 * With a version active, and what was active retired.
 * @param version undefined: the one in the shadow
 * @throws AppError HW_NOT_FOUND without it, HW_CONFLICT when it is active already
 */
export function promoted(model: Model, version: number | undefined, by: By): Model {
  const chosen =
    version === undefined
      ? versionIn(model, "shadow")
      : model.versions.find((one) => one.version === version);
  if (chosen === undefined) throw new AppError("HW_NOT_FOUND", "no such version of the model");
  if (chosen.state === "active") throw new AppError("HW_CONFLICT", "it is active already");
  const active = versionIn(model, "active");
  const past = active === undefined ? model.past : [...model.past, active.version];
  return { ...activated(model, chosen, by), past: past.slice(-VERSIONS_MAX) };
}

/**
 * With the version active that was so before the active one, which retires.
 * @param expected the version that is meant to be active then; undefined: whichever it is
 * @throws AppError HW_CONFLICT where there is none, or another one than expected
 */
export function rolledBack(model: Model, by: By, expected?: number): Model {
  const last = model.past.at(-1);
  // Of two who go back at once the second would else go back two versions.
  if (expected !== undefined && last !== expected)
    throw new AppError("HW_CONFLICT", "others have changed meanwhile which version is in force");
  const before = model.versions.find(({ version }) => version === last);
  if (before === undefined) throw new AppError("HW_CONFLICT", "no version to go back to");
  return { ...activated(model, before, by), past: model.past.slice(0, -1) };
}

/** @throws AppError HW_NOT_FOUND without the version */
export function withEvaluation(
  model: Model,
  version: number,
  evaluation: ModelVersion["evaluations"][number],
): Model {
  if (!model.versions.some((one) => one.version === version))
    throw new AppError("HW_NOT_FOUND", "no such version of the model");
  const changed = withVersion(model, version, (one) => ({
    ...one,
    evaluations: [...one.evaluations, evaluation].slice(-EVALUATIONS_MAX),
  }));
  return { ...changed, changedAt: evaluation.at };
}

/** Versions whose bytes nobody needs any more. */
export function orphans(before: Model, after: Model): ModelVersion[] {
  const kept = new Set(after.versions.map(({ hash }) => hash));
  return before.versions.filter(({ hash }) => !kept.has(hash));
}

function activated(model: Model, chosen: ModelVersion, { at, actor }: By): Model {
  const versions = model.versions.map((one) => {
    if (one.version === chosen.version)
      return { ...one, state: "active" as const, promotedAt: at, promotedBy: actor };
    return one.state === "active" ? { ...one, state: "retired" as const } : one;
  });
  return { ...model, versions, changedAt: at };
}

function withVersion(
  model: Model,
  version: number,
  change: (one: ModelVersion) => ModelVersion,
): Model {
  const versions = model.versions.map((one) => (one.version === version ? change(one) : one));
  return { ...model, versions };
}

/** What can be gone back to goes after what can't. */
function bounded(versions: readonly ModelVersion[], past: readonly number[]): ModelVersion[] {
  const retired = versions.filter(({ state }) => state === "retired");
  const useless = retired.filter(({ version }) => !past.includes(version));
  const order = new Set([...useless, ...retired]);
  const gone = new Set([...order].slice(0, Math.max(0, versions.length - VERSIONS_MAX)));
  return versions.filter((one) => !gone.has(one));
}
