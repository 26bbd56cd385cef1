// The maintenance window: planned work on hosts, sources or detectors, once or every week or month, during
// which findings that fit stay out of the queue. It hides and never deletes.
import { z } from "zod";
import { matchersSchema } from "../../config/matcher.ts";
import { consentSchema, hasConsent } from "./consent.ts";
import type { Kind } from "./store.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const DURATION_MINUTES_MAX = 3 * DAY_MINUTES;
/** A month and a week: the next turn of any series lies within. */
const NEXT_DAYS_MAX = 38;

const turn = {
  /** 1 Monday … 7 Sunday. */
  weekday: z.number().int().min(1).max(7),
  /** On the clock of the tenant: `22:00`. */
  time: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
  durationMinutes: z.number().int().min(5).max(DURATION_MINUTES_MAX),
};

/** One turn a week, or one a month on the first to fourth or last (-1) such weekday. */
export const recurrenceSchema = z.discriminatedUnion("every", [
  z.strictObject({ every: z.literal("week"), ...turn }),
  z.strictObject({ every: z.literal("month"), week: z.literal([1, 2, 3, 4, -1]), ...turn }),
]);
type Recurrence = z.infer<typeof recurrenceSchema>;

export const maintenanceSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  matchers: matchersSchema,
  /** ms UTC; half-open [from, until), of the whole series where it repeats. Compared as for a silence. */
  from: z.number(),
  until: z.number(),
  repeat: recurrenceSchema.optional(),
  /** IANA zone that `repeat` is meant in. */
  timeZone: z.string(),
  reason: z.string(),
  /** Who answers for it, as an opaque account id. */
  owner: z.string(),
  consent: consentSchema,
  /** An end before `until`; with `endedAt` = `from` it counts as never made. */
  endedAt: z.number().optional(),
  endedBy: z.string().optional(),
});
export type Maintenance = z.infer<typeof maintenanceSchema>;

type Planned = Pick<Maintenance, "from" | "until" | "endedAt" | "repeat" | "timeZone">;

/** When it ends or ended, ms UTC. */
export function endOfMaintenance({ from, until, endedAt }: Planned): number {
  return Math.max(from, Math.min(until, endedAt ?? Infinity));
}

/** Whether work was planned at this moment, ms UTC. */
export function isUnderMaintenance(planned: Planned, at: number): boolean {
  if (at < planned.from || at >= endOfMaintenance(planned)) return false;
  const { repeat, timeZone } = planned;
  if (repeat === undefined) return true;
  const day = dayOf(at, timeZone);
  const daysBack = Math.ceil(repeat.durationMinutes / DAY_MINUTES);
  for (let back = 0; back <= daysBack; back += 1) {
    const found = turnOn(day.subtract({ days: back }), repeat, timeZone);
    if (found !== undefined && found.from <= at && at < found.until) return true;
  }
  return false;
}

/** The turn that runs at this moment or comes next, cut to the span; undefined when there is none any more. */
export function nextTurn(
  planned: Planned,
  now: number,
): { readonly from: number; readonly until: number } | undefined {
  const end = endOfMaintenance(planned);
  const { repeat, timeZone } = planned;
  if (repeat === undefined) return now < end ? { from: planned.from, until: end } : undefined;
  const start = Math.max(now, planned.from);
  const first = dayOf(start, timeZone).subtract({ days: 4 });
  for (let days = 0; days <= NEXT_DAYS_MAX + 4; days += 1) {
    const found = turnOn(first.add({ days }), repeat, timeZone);
    if (found === undefined || found.until <= start) continue;
    if (found.from >= end) return undefined;
    return { from: Math.max(found.from, planned.from), until: Math.min(found.until, end) };
  }
  return undefined;
}

function dayOf(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

// The beginning is on the clock, the length in real minutes: a turn of two hours is two hours long in the
// nights in which the clock is moved, too. A beginning that the clock leaps over is as much later.
function turnOn(day: Temporal.PlainDate, repeat: Recurrence, timeZone: string) {
  if (day.dayOfWeek !== repeat.weekday) return undefined;
  if (repeat.every === "month" && !isInWeek(day, repeat.week)) return undefined;
  const from = day.toZonedDateTime({ timeZone, plainTime: repeat.time }).epochMilliseconds;
  return { from, until: from + repeat.durationMinutes * MINUTE_MS };
}

function isInWeek(day: Temporal.PlainDate, week: number): boolean {
  if (week === -1) return day.day + 7 > day.daysInMonth;
  return Math.ceil(day.day / 7) === week;
}

/** Whether it hides what falls into its turns. */
export function isPlanned({ consent }: Maintenance): boolean {
  return hasConsent(consent);
}

export const MAINTENANCE_KIND: Kind<Maintenance> = {
  name: "maintenance",
  revision: 1,
  fields: {
    planned: { kind: "boolean", values: (one) => [isPlanned(one)] },
    end: { kind: "number", values: (one) => [endOfMaintenance(one)] },
    proposedAt: { kind: "number", values: (one) => [one.consent.proposedAt] },
  },
};
