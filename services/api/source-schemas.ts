// The shapes of log sources as they cross the HTTP border: what the configuration says of each, and how it
// is doing.
import { z } from "zod";
import { NDIG_CLASSES } from "../../config/ndig.ts";

/**
 * The one word for a source, the worst first: it never sent, fell silent, is mostly unreadable, has a wrong
 * clock, is too new to be judged, is well.
 */
const SOURCE_STATES = ["never", "silent", "unreadable", "clock", "learning", "well"] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

const counted = z.object({ name: z.string(), records: z.number().int() });

/** Times in ms UTC, spans in ms. Left out: not known. */
const sourceAnswer = z.object({
  name: z.string(),
  state: z.enum(SOURCE_STATES),
  /** Inputs that the configuration binds it to: `http`, `syslog`, `files`; `key` for a key of the API. */
  inputs: z.array(z.string()),
  ndigClass: z.literal(NDIG_CLASSES).optional(),
  /** Retention class that the configuration gives it. */
  dataClass: z.string().optional(),
  firstSeenAt: z.number().optional(),
  lastSeenAt: z.number().optional(),
  /** Newest event time. */
  lastEventAt: z.number().optional(),
  records: z.number().int(),
  failed: z.number().int(),
  eventsPerSecond: z.number(),
  usualPerSecond: z.number().optional(),
  /** Share of the received records of the last minutes that a format understood. */
  parseShare: z.number().optional(),
  usualShare: z.number(),
  formats: z.array(counted),
  /** Error code → records on the dead-letter. */
  reasons: z.array(counted),
  /** Machines that the configuration names as critical. */
  hosts: z.array(z.object({ name: z.string(), lastSeenAt: z.number() })),
  /** Receipt minus event time over the last minutes. */
  lagMedianMs: z.number().optional(),
  lagMaxMs: z.number().optional(),
  /** `zone`: off by whole hours, as a wrong time zone is. */
  clock: z.enum(["right", "zone", "ahead", "behind"]),
  /** Positive: its clock is ahead of ours. */
  skewMs: z.number().optional(),
  /** Pause from which on it counts as silent. */
  silenceAfterMs: z.number().optional(),
  isSilenceConfigured: z.boolean(),
  silentSince: z.number().optional(),
});
export type SourceAnswer = z.infer<typeof sourceAnswer>;

export const sourcesAnswer = z.object({ at: z.number(), sources: z.array(sourceAnswer) });
export type SourcesAnswer = z.infer<typeof sourcesAnswer>;
