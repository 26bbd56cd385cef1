// The shapes of silences and of an entity's risk as they cross the HTTP border.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import { LEVELS } from "../../detectors/detector.ts";
import { entitySchema } from "../store/finding.ts";
import { silenceSchema } from "../store/silence.ts";
import { findingRow } from "./schemas.ts";

const REASON_CHARS_MAX = 500;

/** Times in ms UTC, compared with the time at which signals are raised. */
export const silenceBody = z.strictObject({
  matchers: matchersSchema,
  /** By default now; up to a week ago, to hide what is in the queue already. */
  from: z.number().int().optional(),
  until: z.number().int(),
  reason: z.string().trim().min(1).max(REASON_CHARS_MAX),
});

export const endSilenceBody = z.strictObject({
  /** As if it had never been made: what it hid comes back. Otherwise it ends now. */
  withdraw: z.boolean().default(false),
});

/** `planned`, `active` or `expired`, at the time of the answer. */
const SILENCE_STATES = ["planned", "active", "expired"] as const;
export type SilenceState = (typeof SILENCE_STATES)[number];

export const silenceAnswer = silenceSchema.omit({ tenant: true }).extend({
  state: z.enum(SILENCE_STATES),
  /** Findings that are out of the queue because of it. */
  findings: z.number().int(),
});
export type SilenceAnswer = z.infer<typeof silenceAnswer>;

export const silenceList = z.object({
  at: z.number(),
  silences: z.array(silenceAnswer),
  /** There are older ones. */
  truncated: z.boolean(),
});
export type SilenceList = z.infer<typeof silenceList>;

export const previewBody = silenceBody.pick({ matchers: true, from: true }).extend({
  until: z.number().int().optional(),
});

/** What matchers would have hidden, among the findings of the last 7 and 30 days. */
export const silencePreview = z.object({
  spans: z.array(
    z.object({
      days: z.number().int(),
      findings: z.number().int(),
      signals: z.number().int(),
      truePositives: z.number().int(),
      /** Critical findings of hosts that are configured as critical. */
      gravest: z.number().int(),
    }),
  ),
  /** Open findings that leave the queue at once. */
  leaving: z.number().int(),
  /** Of 30 days, the newest. */
  truePositives: z.array(findingRow),
  gravest: z.array(findingRow),
  examples: z.array(findingRow),
  /** There were more findings than were looked at. */
  truncated: z.boolean(),
});
export type SilencePreview = z.infer<typeof silencePreview>;

const riskPart = z.object({
  detector: z.string(),
  title: z.string(),
  level: z.enum(LEVELS),
  tactics: z.array(z.string()),
  points: z.number(),
  /** Its newest finding in the span. */
  finding: z.string().optional(),
});

/** The risk of a finding's entities at its last event. There is no list of entities by risk. */
export const findingRisk = z.object({
  entities: z.array(
    z.object({
      entity: entitySchema,
      spans: z.array(
        z.object({
          hours: z.number().int(),
          /** From which on weak parts are a finding; 0: never. */
          threshold: z.number(),
          value: z.number(),
          factor: z.number(),
          parts: z.array(riskPart),
        }),
      ),
    }),
  ),
});
export type FindingRisk = z.infer<typeof findingRisk>;
