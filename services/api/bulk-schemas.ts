// Bodies and answers of bulk changes.
import { z } from "zod";
import { bulkChangeSchema, bulkJobSchema } from "../cases/bulk-job.ts";
import { findingRow, findingsQuery } from "./schemas.ts";

const IDS_PER_REQUEST_MAX = 5000;

/** All findings that a search finds, as in `GET /findings`, or these. */
const selection = {
  filter: findingsQuery.omit({ sort: true, limit: true, cursor: true }).strict().optional(),
  ids: z.array(z.string().min(1).max(512)).min(1).max(IDS_PER_REQUEST_MAX).optional(),
};

export const bulkPreviewBody = z.strictObject({ change: bulkChangeSchema, ...selection });
export const bulkPreviewAnswer = z.object({
  job: z.string(),
  total: z.number().int(),
  /** To give back with the start: that this very set was seen. */
  setHash: z.string(),
  sample: z.array(findingRow),
  warnings: z.object({
    truePositives: z.number().int(),
    judged: z.number().int(),
    critical: z.number().int(),
    inIncidents: z.number().int(),
    assigned: z.number().int(),
  }),
});
export const bulkStartBody = z.strictObject({
  job: z.string().min(1).max(512),
  setHash: z.string().length(64),
});
export const bulkJobAnswer = bulkJobSchema.omit({ tenant: true, beatAt: true }).extend({
  /** 0 to 1, of the pass at hand. */
  progress: z.number(),
  /** Until when it can be taken back, ms UTC. */
  undoUntil: z.number().optional(),
});
