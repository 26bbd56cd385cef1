// How far what a detector calls unusual has moved from what it usually is, as the keyed stage last told it:
// one document a detector, written by the process that owns its state. Counts of entities, and no entity.
import { z } from "zod";
import type { Kind } from "./store.ts";

export const anomalyDriftSchema = z.object({
  /** Name of the detector: `rarity`, `volume`, … */
  detector: z.string(),
  /** `learning`: too little is known to compare; `drift`: since `since` its scores are others than before. */
  state: z.enum(["learning", "steady", "drift"]),
  /** ms UTC: begin of the last day that was judged. */
  day: z.number(),
  /** ms UTC: begin of the first day of the drift. */
  since: z.number().optional(),
  /** Scores of that day, and those of past days of its kind that they are compared with (faded). */
  scores: z.number(),
  scoresUsual: z.number(),
  /** Population stability index, and from where on it is a drift. */
  psi: z.number(),
  psiLimit: z.number(),
  /** Largest distance of the two distributions (Kolmogorov–Smirnov), and from where on it is a drift. */
  ks: z.number(),
  ksLimit: z.number(),
  /**
   * The picture: upper ends of the bins of tail probability, falling (1 first); share of the scores in each,
   * before and on the last day.
   */
  bins: z.array(z.number()),
  before: z.array(z.number()),
  after: z.array(z.number()),
  /** Findings held back since the drift began, because the budget of a day was spent. */
  held: z.number(),
  /** The same since its state began. */
  heldTotal: z.number(),
});

const storedSchema = anomalyDriftSchema.extend({
  /** ms UTC. */
  changedAt: z.number(),
});
export type StoredDrift = z.infer<typeof storedSchema>;

/** Name of the detector → how far it has moved. */
export const ANOMALY_DRIFT_KIND: Kind<StoredDrift> = {
  name: "anomaly_drift",
  fields: { changedAt: { kind: "number", values: ({ changedAt }) => [changedAt] } },
};
