// What is known of a detector at a tenant: how often it had a finding on which day, and how those were
// judged. Scores rest on this document, so that they can be explained and repeated.
import { z } from "zod";
import type { Kind } from "./store.ts";

const judgedSchema = z.object({
  truePositive: z.number().int(),
  falsePositive: z.number().int(),
});

const detectorRecordSchema = z.object({
  /** The detector's id. */
  id: z.string(),
  tenant: z.string(),
  /** Days with findings, numbered from 1970 on (Central European Time), the oldest first; at most `RECORD_DAYS_MAX`. */
  days: z.array(
    z.object({
      day: z.number().int(),
      findings: z.number().int(),
      /** Different group keys. */
      subjects: z.number().int(),
    }),
  ),
  /** Findings by the verdict in force; those kept in the store. */
  judged: judgedSchema,
  /** The same as scores have it: taken over when it changes their points. */
  scored: judgedSchema,
});
export type DetectorRecord = z.infer<typeof detectorRecordSchema>;

/** Two months: a finding's rarity looks 30 days back, and findings come late. */
export const RECORD_DAYS_MAX = 62;

export const DETECTOR_RECORD_KIND: Kind<DetectorRecord> = {
  name: "detector_record",
  revision: 1,
  fields: {
    falsePositive: { kind: "number", values: ({ judged }) => [judged.falsePositive] },
  },
};
