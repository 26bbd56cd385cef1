// How many findings of models and statistics the last days had, beside the number that people asked for. No
// entity is named: a count by detector and day says how loud a model is, and nothing of anybody.
import { z } from "zod";

const DAYS_DEFAULT = 14;
const DAYS_MAX = 31;

export const anomalyDaysQuery = z.strictObject({
  /** The last ones, today among them. */
  days: z.coerce.number().int().min(1).max(DAYS_MAX).default(DAYS_DEFAULT),
});

export const anomalyDays = z.object({
  /** Whether anything is looked for at all. */
  enabled: z.boolean(),
  /** The budget of a quiet day; a day of attack has as many as it has. */
  findingsPerDay: z.number(),
  /** Calendar days in Europe/Berlin, the newest first; by event time. */
  days: z.array(
    z.object({
      /** `2026-11-21` */
      day: z.string(),
      /** Findings about one entity each, all detectors together. */
      findings: z.number().int(),
      /** The most first. */
      detectors: z.array(z.object({ detector: z.string(), findings: z.number().int() })),
      /** Notices that the surroundings have changed for many entities at once. */
      changes: z.number().int(),
    }),
  ),
});
export type AnomalyDays = z.infer<typeof anomalyDays>;
