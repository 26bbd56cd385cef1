// Where the hour, day, week, month or quarter of a moment begins in a zone: as `date_histogram` with a time
// zone counts, an hour that comes twice is two buckets and a day of 23 or 25 hours is one.
import type { FigureQuery } from "./board.ts";

const HOUR_MS = 3_600_000;
const DAYS_KEPT_MAX = 10_000;

type Interval = NonNullable<FigureQuery["interval"]>;

/** Begins that were asked for before: rows of a day lie at the same moment. */
const known = new Map<string, number>();

/** ms UTC. */
export function bucketStart(at: number, interval: Interval, timeZone: string): number {
  const key = `${interval} ${timeZone} ${at}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const start = startOf(at, interval, timeZone);
  if (known.size >= DAYS_KEPT_MAX) known.clear();
  known.set(key, start);
  return start;
}

function startOf(at: number, interval: Interval, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  if (interval === "1h") {
    // By the offset in force: zones may lie half an hour beside.
    const offset = local.offsetNanoseconds / 1e6;
    return Math.floor((at + offset) / HOUR_MS) * HOUR_MS - offset;
  }
  return firstDay(local.toPlainDate(), interval).toZonedDateTime(timeZone).epochMilliseconds;
}

function firstDay(date: Temporal.PlainDate, interval: Exclude<Interval, "1h">) {
  switch (interval) {
    case "1d":
      return date;
    case "1w":
      return date.subtract({ days: date.dayOfWeek - 1 });
    case "1M":
      return date.with({ day: 1 });
    case "1q":
      return date.with({ day: 1, month: date.month - ((date.month - 1) % 3) });
  }
}
