// Trained models over the API: what is asked and what is answered. Bytes never go over it.
import { z } from "zod";
import { comparisonSchema, MODEL_NAMES, modelVersionSchema } from "../store/model.ts";

/** Past days that are learnt from, or judged on, where nobody says. */
const TRAINING_DAYS = 30;
const EVALUATION_DAYS = 7;

const days = z.number().int().min(1).max(365);
const version = z.number().int().min(1);

export const trainBody = z.strictObject({
  days: days.default(TRAINING_DAYS),
  /** The same examples, seed and version to go on from give the same model. */
  seed: z.number().int().min(0).max(1_000_000).default(1),
  /** Begins anew, instead of going on from the version in force. */
  isFresh: z.boolean().default(false),
});

export const evaluateBody = z.strictObject({
  /** Left out: the one in the shadow, else the active one. */
  version: version.optional(),
  days: days.default(EVALUATION_DAYS),
});

/** Left out: the one in the shadow. */
export const promoteBody = z.strictObject({ version: version.optional() });

/** The version that is meant to be in force then: where another one would be, nothing is done. */
export const rollbackBody = z.strictObject({ version: version.optional() }).nullish();

export const modelJob = z.object({
  id: z.string(),
  model: z.enum(MODEL_NAMES),
  kind: z.enum(["train", "evaluate"]),
  /** ms UTC; while it waits for those of other tenants, when it was asked for. */
  startedAt: z.number(),
  state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
  /** The version that was trained or judged. */
  version: version.optional(),
  /** Code of the error that ended it, and where that happened. */
  fault: z.string().optional(),
  place: z.string().optional(),
});
export type ModelJob = z.infer<typeof modelJob>;

export const modelAnswer = z.object({
  name: z.enum(MODEL_NAMES),
  /** Oldest first. */
  versions: z.array(modelVersionSchema),
  past: z.array(z.number().int()),
  changedAt: z.number(),
});

export const modelList = z.object({
  /** All there can be, also those of which nothing was trained yet. */
  names: z.array(z.enum(MODEL_NAMES)),
  models: z.array(modelAnswer),
  /** The latest first, in the process that answers. */
  jobs: z.array(modelJob),
});

/** Undefined while nothing was compared. */
export const comparisonAnswer = z.object({
  comparison: comparisonSchema.omit({ tenant: true }).optional(),
});
