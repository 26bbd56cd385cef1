// The part of the configuration that says whether statistics look for what no rule knows, and how many
// findings of theirs people want to see.
import { z } from "zod";

/** What computes models: `wasm` is part of the product, `cpu` is slower, `tensorflow` has to be provisioned. */
const ANOMALY_BACKENDS = ["wasm", "cpu", "tensorflow"] as const;
export type AnomalyBackend = (typeof ANOMALY_BACKENDS)[number];

export const anomalySchema = z.strictObject({
  /** Off: no event is looked at by them. */
  enabled: z.boolean().default(false),
  /** Findings of a quiet day and tenant; a day of attack has as many as it has. */
  findingsPerDay: z.number().min(0.1).max(1000).default(5),
  /** Where it can't be loaded, the next that can: `tensorflow`, then `wasm`, then `cpu`. */
  backend: z.enum(ANOMALY_BACKENDS).default("wasm"),
});
