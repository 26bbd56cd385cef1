// The silence: for a time that people set by the clock, findings that fit its matchers stay out of the
// queue. It hides and never deletes: every signal is still folded, counted and shown.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import type { Finding } from "./finding.ts";
import { compileMatchers } from "./matching.ts";

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

/**
 * Ids of the silences that a finding's latest signal fell into, sorted. A function of the finding's
 * signals and the stored silences, never of the present time: signals carry the time at which they were
 * raised, so that a replay gives the same. People set silences by the clock on the wall, hence that time
 * and not the event's, which may be hours earlier or wrong.
 */
export function silencesOf(finding: Finding, silences: readonly Silence[]): string[] {
  const at = latestRaisedAt(finding);
  return silences
    .filter((one) => one.from <= at && at < endOfSilence(one))
    .filter((one) => compileMatchers(one.matchers)(finding))
    .map((one) => one.id)
    .sort();
}
