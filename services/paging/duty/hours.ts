// Hours of the week in which a layer counts, as spans of real time: windows begin and end on the clock on the
// wall, also in the nights in which it is moved, and may go over midnight.
import type { DutyHours } from "../../../config/paging-schedules.ts";
import { isHoliday } from "./holidays.ts";
import { joined, type Span, within } from "./spans.ts";

/** In the order of `dayOfWeek`, which begins with 1 for Monday. */
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** When any of the hours count within a span. A window belongs to the day on which it begins. */
export function hoursWithin(hours: readonly DutyHours[], span: Span, timeZone: string): Span[] {
  const last = dateOf(span.until, timeZone);
  const found: Span[] = [];
  // A window is a day long at most, so nothing that began two days before still lasts.
  let day = dateOf(span.from, timeZone).subtract({ days: 2 });
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    for (const one of hours) if (countsOn(one, day)) found.push(windowOn(one, day, timeZone));
  }
  return within(joined(found), [span]);
}

/** Date in a zone. */
function dateOf(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
}

function countsOn({ days, holidays }: DutyHours, day: Temporal.PlainDate): boolean {
  if (holidays === "only") return isHoliday(day);
  const weekday = DAYS[day.dayOfWeek - 1];
  if (days !== undefined && (weekday === undefined || !days.includes(weekday))) return false;
  return holidays !== "never" || !isHoliday(day);
}

// A time that the clock leaps over is as much later; of one that it shows twice the first one counts.
function windowOn({ from, until }: DutyHours, day: Temporal.PlainDate, timeZone: string): Span {
  const lastDay = until > from ? day : day.add({ days: 1 });
  return {
    from: day.toZonedDateTime({ timeZone, plainTime: from }).epochMilliseconds,
    until: lastDay.toZonedDateTime({ timeZone, plainTime: until }).epochMilliseconds,
  };
}
