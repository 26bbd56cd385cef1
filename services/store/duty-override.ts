// The override of a schedule: for a time somebody else is on duty than the layers say. It wins over all
// layers; of several the newest one wins. It is never deleted: who was on duty when stays known.
import { z } from "zod";
import type { Kind } from "./store.ts";

const DAY_MS = 86_400_000;
/** Longer than any leave; whoever is away for longer leaves the layers. */
const OVERRIDE_DAYS_MAX = 62;
export const OVERRIDE_MS_MAX = OVERRIDE_DAYS_MAX * DAY_MS;
/** Overrides that are made further ahead are forgotten until they hold. */
const OVERRIDE_AHEAD_DAYS_MAX = 400;
export const OVERRIDE_AHEAD_MS_MAX = OVERRIDE_AHEAD_DAYS_MAX * DAY_MS;

export const dutyOverrideSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  /** Configured name of the schedule. */
  schedule: z.string(),
  /** Configured name of whoever is on duty instead. */
  person: z.string(),
  /** ms UTC; half-open [from, until). */
  from: z.number(),
  until: z.number(),
  reason: z.string(),
  createdAt: z.number(),
  /** Opaque account id. */
  createdBy: z.string(),
  /** An end before `until`; with `endedAt` = `from` it counts as never made. */
  endedAt: z.number().optional(),
  /** When it was ended, which is not the end that it has since. */
  endedOn: z.number().optional(),
  endedBy: z.string().optional(),
});
export type DutyOverride = z.infer<typeof dutyOverrideSchema>;

/** When it ends or ended, ms UTC. */
export function endOfOverride({
  from,
  until,
  endedAt,
}: Pick<DutyOverride, "from" | "until" | "endedAt">): number {
  return Math.max(from, Math.min(until, endedAt ?? Infinity));
}

export const DUTY_OVERRIDE_KIND: Kind<DutyOverride> = {
  name: "duty_override",
  revision: 1,
  fields: {
    schedule: { kind: "keyword", values: (one) => [one.schedule] },
    from: { kind: "number", values: (one) => [one.from] },
    /** As it was planned: a calendar has to tell of those that were ended, too. */
    until: { kind: "number", values: (one) => [one.until] },
    createdAt: { kind: "number", values: (one) => [one.createdAt] },
  },
};
