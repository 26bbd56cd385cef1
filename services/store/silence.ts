// The silence: for a time that people set by the clock, findings that fit its matchers stay out of the
// queue. It hides and never deletes: every signal is still folded, counted and shown.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import type { Finding } from "./finding.ts";

export const silenceSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  matchers: matchersSchema,
  /** ms UTC; half-open [from, until). Compared with the time at which a signal was raised. */
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  createdAt: z.number(),
  /** Opaque account id. */
  createdBy: z.string(),
  /** An end before `until`; with `endedAt` = `from` the silence counts as never made. */
  endedAt: z.number().optional(),
  endedBy: z.string().optional(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** When it ends or ended, ms UTC. */
export function endOfSilence(silence: Pick<Silence, "from" | "until" | "endedAt">): number {
  return Math.max(silence.from, Math.min(silence.until, silence.endedAt ?? Infinity));
}

/** When its latest signal was raised, ms UTC; where that was not kept yet, its first one. */
export function latestRaisedAt({ latest, raisedAt }: Finding): number {
  return latest?.raisedAt ?? raisedAt;
}
