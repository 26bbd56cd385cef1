// Targets of the five KPIs, with their history: each entry holds from its day on until the next one begins,
// so that a month is always measured against the target that was in force then.
import { z } from "zod";

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const HOURS_MAX = 8760;
const TARGETS_MAX = 100;

const hours = z.number().positive().max(HOURS_MAX);

const targetSchema = z.strictObject({
  /** First day on which it holds, in the tenant's zone. */
  validFrom: z
    .string()
    .regex(DATE, "ein Tag wie 2026-01-01")
    .refine(isDay, "diesen Tag gibt es nicht"),
  /** Who decided it, or why; printed in the report. */
  reason: z.string().min(1).max(300).optional(),
  /** K1: mean from identification to completed corrective action, at most. */
  correctiveHours: hours.optional(),
  /** K2: mean from first compromise to identification, at most. */
  identificationHours: hours.optional(),
  /** K3: mean from detection to full recovery, at most. */
  recoveryHours: hours.optional(),
  /** K4: false alarms per real incident, at most. */
  falseAlarmsPerIncident: z.number().positive().max(100_000).optional(),
  /** K5: share contained before damage, at least. */
  containedShare: z.number().min(0).max(1).optional(),
});
export type KpiTarget = z.infer<typeof targetSchema>;

/** Oldest first or not: they are put in order. A later entry replaces an earlier one as a whole. */
export const kpiTargetsSchema = z
  .array(targetSchema)
  .max(TARGETS_MAX)
  .refine(
    (all) => new Set(all.map(({ validFrom }) => validFrom)).size === all.length,
    "jeder Tag darf nur einmal vorkommen",
  )
  .transform((all) => all.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)));

/**
 * The target in force at a moment.
 * @param targets in order of their days
 * @param at ms UTC
 * @returns undefined before the first one
 */
export function targetAt(
  targets: readonly KpiTarget[],
  at: number,
  timeZone: string,
): KpiTarget | undefined {
  const day = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
  return targets.findLast(({ validFrom }) => validFrom <= day);
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}
