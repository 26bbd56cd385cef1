// Moments that are told by the clock on the wall: quiet hours, the digest, the monthly test page. All else
// counts in UTC, where no clock is changed. A time that a change of clocks leaves out is the one after it.
import type { Priority, TenantPaging } from "../../config/paging.ts";

/** Windows that follow one another at once are one; more than this many are not looked through. */
const WINDOWS_MAX = 20;

/** When the quiet hours that hold for a priority at a moment end, ms UTC; undefined: they do not hold. */
export function quietUntil(
  { quietHours }: Pick<TenantPaging, "quietHours">,
  priority: Priority,
  now: number,
  timeZone: string,
): number | undefined {
  if (priority === "p1") return undefined;
  const own = quietHours.filter(({ priorities }) => priorities.includes(priority));
  let end = now;
  for (let window = 0; window < WINDOWS_MAX; window += 1) {
    const next = own
      .map(({ from, until }) => endOfWindow(from, until, end, timeZone))
      .find((one) => one !== undefined);
    if (next === undefined) break;
    end = next;
  }
  return end > now ? end : undefined;
}

/** The first moment after `now` at which the clock on the wall shows this time, ms UTC. */
export function nextAtClock(clock: string, now: number, timeZone: string): number {
  const today = dateAt(now, timeZone);
  for (let days = 0; days <= 1; days += 1) {
    const at = momentOf(today.add({ days }), clock, timeZone);
    if (at > now) return at;
  }
  return momentOf(today.add({ days: 2 }), clock, timeZone);
}

/** The moment of this month at a day and time, ms UTC, and the month as `2026-11`. */
export function monthlyMoment(
  { day, at }: { readonly day: number; readonly at: string },
  now: number,
  timeZone: string,
): { readonly month: string; readonly moment: number } {
  const date = dateAt(now, timeZone).with({ day });
  return { month: date.toString().slice(0, 7), moment: momentOf(date, at, timeZone) };
}

/** ISO 8601 week in which a moment lies, as `2026-W48`. */
export function isoWeek(at: number, timeZone: string): string {
  const { yearOfWeek, weekOfYear } = dateAt(at, timeZone);
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`;
}

// Of a window over midnight, the one that began yesterday may still hold.
function endOfWindow(
  from: string,
  until: string,
  now: number,
  timeZone: string,
): number | undefined {
  const today = dateAt(now, timeZone);
  for (const days of [-1, 0]) {
    const date = today.add({ days });
    const begin = momentOf(date, from, timeZone);
    const end = momentOf(until > from ? date : date.add({ days: 1 }), until, timeZone);
    if (begin <= now && now < end) return end;
  }
  return undefined;
}

function dateAt(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
}

function momentOf(date: Temporal.PlainDate, clock: string, timeZone: string): number {
  return date.toZonedDateTime({ timeZone, plainTime: clock }).epochMilliseconds;
}
