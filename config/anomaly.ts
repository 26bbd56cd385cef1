// The part of the configuration that says whether statistics look for what no rule knows, and how many
// findings of theirs people want to see.
import { z } from "zod";

export const anomalySchema = z.strictObject({
  /** Off: no event is looked at by them. */
  enabled: z.boolean().default(false),
  /** Findings of a quiet day and tenant; a day of attack has as many as it has. */
  findingsPerDay: z.number().min(0.1).max(1000).default(5),
});
