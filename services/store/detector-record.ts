// What is known of a detector at a tenant: how often it had a finding on which day, and how those were
// judged. Scores rest on this document, so that they can be explained and repeated.
import { z } from "zod";
import { ENTITY_TYPES } from "../../detectors/detector.ts";
import type { Kind } from "./store.ts";

const judgedSchema = z.object({
  truePositive: z.number().int(),
  falsePositive: z.number().int(),
});

/** A verdict on something unusual, with what makes others like it. */
const likeSchema = z.object({
  finding: z.string(),
  isTrue: z.boolean(),
  detector: z.string(),
  kind: z.string(),
  entity: z.object({ type: z.enum(ENTITY_TYPES), value: z.string() }),
  drivers: z.array(z.string()),
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
  /** Days whose findings are still to be scored by these counts; missing: none. */
  due: z.array(z.number().int()).optional(),
  /** Findings by the verdict in force; those kept in the store. */
  judged: judgedSchema,
  /** The same as scores have it: taken over when it changes their points. */
  scored: judgedSchema,
  /** Of a model: the newest verdicts in force, at most `LIKES_MAX`; missing: none. */
  likes: z.array(likeSchema).optional(),
});
export type DetectorRecord = z.infer<typeof detectorRecordSchema>;

/** Verdicts that move the rank of what is alike. */
export const LIKES_MAX = 100;

/** Two months: a finding's rarity looks 30 days back, and findings come late. */
export const RECORD_DAYS_MAX = 62;

export const DETECTOR_RECORD_KIND: Kind<DetectorRecord> = {
  name: "detector_record",
  revision: 1,
  fields: {
    falsePositive: { kind: "number", values: ({ judged }) => [judged.falsePositive] },
  },
};
