// One change of a model's register, together with its entry in the audit chain. What somebody else has changed
// meanwhile is read and the change made again.
import { AppError, isAppError } from "../../config/errors.ts";
import { MODEL_KIND, type Model, type ModelName } from "../store/model.ts";
import type { AuditInput, Store } from "../store/store.ts";
import { versionIn } from "./register.ts";

const TRIES = 5;

export interface ModelChange {
  readonly store: Store;
  readonly tenant: string;
  readonly name: ModelName;
  readonly action: `model.${"train" | "evaluate" | "promote" | "rollback"}`;
  /** ms UTC. */
  readonly at: number;
  readonly actor: string;
  /** Undefined: nothing was ever trained. */
  readonly next: (present: Model | undefined) => Model;
  /** What the entry says beside the versions in force. */
  readonly payload?: AuditInput["payload"];
}

/**
 * Reads, changes and writes.
 * @returns how it was and how it is
 * @throws what `next` throws; AppError HW_CONFLICT when others were quicker each time
 */
export async function changeModel(
  change: ModelChange,
): Promise<{ readonly before: Model | undefined; readonly after: Model }> {
  const { store, tenant, name, action, at, actor, next } = change;
  for (let left = TRIES; ; left -= 1) {
    const present = await store.get(tenant, MODEL_KIND, name);
    const before = present?.document;
    const after = next(before);
    const payload = { before: inForce(before), after: inForce(after), ...change.payload };
    const audit = { at, actor, action, subject: name, payload };
    try {
      if (present === undefined) await store.create(tenant, MODEL_KIND, name, after, audit);
      else await store.replace(tenant, MODEL_KIND, name, after, present.version, audit);
      return { before, after };
    } catch (error) {
      const isRace = isAppError(error, "HW_CONFLICT") || isAppError(error, "HW_EXISTS");
      if (!isRace || left <= 1) throw error;
    }
  }
}

/** @throws AppError HW_NOT_FOUND where nothing was ever trained */
export function trainedModel(model: Model | undefined): Model {
  if (model === undefined) throw new AppError("HW_NOT_FOUND", "no such model");
  return model;
}

function inForce(model: Model | undefined) {
  if (model === undefined) return {};
  const [active, shadow] = [versionIn(model, "active"), versionIn(model, "shadow")];
  return { active: active?.version ?? null, shadow: shadow?.version ?? null };
}
