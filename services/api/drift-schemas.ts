// Drift of the anomaly detectors over the API: whether what they call unusual is still what it was.
import { z } from "zod";
import { anomalyDriftSchema } from "../store/anomaly-drift.ts";

/** `GET /anomalies/drift`: one entry a detector, by name; none of one that has judged no whole day. */
export const anomalyDriftList = z.object({
  detectors: z.array(
    anomalyDriftSchema.extend({
      /** ms UTC: when the owner of its state told this. */
      changedAt: z.number(),
    }),
  ),
});
