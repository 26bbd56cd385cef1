// Trained models as the store keeps them: for each tenant and name one register of all versions with their
// states, so that a promotion is one write; their bytes apart, in parts; and what a new one would have said
// beside the present one. Nothing of it tells of a person.
import { z } from "zod";
import type { Kind } from "./store.ts";

/** Models by the folder of the detector that asks them. */
export const MODEL_NAMES = ["autoencoder", "dga", "sequence"] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** `shadow` is asked too, but nobody is told; at most one version is `active`, at most one `shadow`. */
const MODEL_STATES = ["shadow", "active", "retired"] as const;

/** Event time, half-open [from, to), ms UTC. */
const windowSchema = z.object({ from: z.number(), to: z.number() });

/** On examples that were not learnt from: usual ones of the site and made ones beside them. */
const modelMetricsSchema = z.object({
  /** Of made ones, where one of a hundred usual ones is flagged. */
  recallAtFpr1pct: z.number(),
  /** Probability that a made one scores above a usual one. */
  auroc: z.number(),
  /** Shares that are flagged at the model's own threshold. */
  flaggedUsual: z.number(),
  flaggedMade: z.number(),
  usual: z.number().int(),
  made: z.number().int(),
});
export type ModelMetrics = z.infer<typeof modelMetricsSchema>;

export const modelVersionSchema = z.object({
  /** From 1. */
  version: z.number().int(),
  state: z.enum(MODEL_STATES),
  /** ms UTC. */
  trainedAt: z.number(),
  /** Opaque id of whoever asked for it. */
  trainedBy: z.string(),
  window: windowSchema,
  /** Usual names or days that were found at the site, and those of our own making beside them; some are held out. */
  examples: z.object({ site: z.number().int(), own: z.number().int() }),
  /** Number of features. */
  features: z.number().int(),
  seed: z.number().int(),
  /** The version that its training went on from; missing: it began anew. */
  basedOn: z.number().int().optional(),
  /** The backend that computed it. */
  backend: z.string(),
  trainingMs: z.number(),
  metrics: modelMetricsSchema,
  /** Later looks at it, on other days; oldest first. */
  evaluations: z.array(
    z.object({ at: z.number(), window: windowSchema, metrics: modelMetricsSchema }),
  ),
  /** SHA-256 of its bytes, hexadecimal. */
  hash: z.string(),
  bytes: z.number().int(),
  promotedAt: z.number().optional(),
  promotedBy: z.string().optional(),
});
export type ModelVersion = z.infer<typeof modelVersionSchema>;

const modelSchema = z.object({
  tenant: z.string(),
  name: z.enum(MODEL_NAMES),
  /** Oldest first. */
  versions: z.array(modelVersionSchema),
  /** Versions that were active before the active one, the last one last: what can be gone back to. */
  past: z.array(z.number().int()),
  /** Number of the next version: those of versions that were deleted are not given again. */
  next: z.number().int(),
  changedAt: z.number(),
});
export type Model = z.infer<typeof modelSchema>;

/** Name → model. */
export const MODEL_KIND: Kind<Model> = {
  name: "model",
  revision: 1,
  fields: {
    name: { kind: "keyword", values: (model) => [model.name] },
    changedAt: { kind: "number", values: (model) => [model.changedAt] },
  },
};

interface ModelPart {
  /** Base64. */
  readonly data: string;
}

/** Hash and number → a part of a model's bytes. */
export const MODEL_PART_KIND: Kind<ModelPart> = { name: "model_part", fields: {} };

export const comparisonSchema = z.object({
  tenant: z.string(),
  active: z.number().int().optional(),
  shadow: z.number().int(),
  /** ms UTC. */
  since: z.number(),
  changedAt: z.number(),
  /** What both were asked, and how much of it each would flag. */
  judged: z.number().int(),
  activeFlagged: z.number().int(),
  shadowFlagged: z.number().int(),
  bothFlagged: z.number().int(),
  /** The latest that one alone would flag. */
  onlyActive: z.array(z.string()),
  onlyShadow: z.array(z.string()),
});
export type ModelComparison = z.infer<typeof comparisonSchema>;

/** Name of the model → comparison. Has one writer: the process that asks the models. */
export const MODEL_COMPARISON_KIND: Kind<ModelComparison> = {
  name: "model_comparison",
  fields: { changedAt: { kind: "number", values: (comparison) => [comparison.changedAt] } },
};
