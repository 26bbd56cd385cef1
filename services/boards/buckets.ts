// All hours, days, weeks, months or quarters of a zone between two, so that a day on which nothing was is
// seen as one. A day has 23 or 25 hours where the clocks are changed.
import { AppError } from "../../config/errors.ts";
import type { FigureQuery } from "../../dashboards/board.ts";

type Interval = NonNullable<FigureQuery["interval"]>;

/** An hour each for more than a year. */
const BUCKETS_MAX = 10_000;
const HOUR_MS = 3_600_000;
const STEPS: Readonly<Record<Exclude<Interval, "1h">, Temporal.DurationLike>> = {
  ...{ "1d": { days: 1 }, "1w": { weeks: 1 }, "1M": { months: 1 }, "1q": { months: 3 } },
};

/**
 * From the first to the last, both included.
 * @param begins of some buckets, ms UTC, in any order
 * @throws AppError HW_REQUEST_INVALID
 */
export function bucketsOf(
  begins: readonly number[],
  interval: Interval,
  timeZone: string,
): number[] {
  const [first, last] = begins.reduce(
    ([least, most], at) => [Math.min(least, at), Math.max(most, at)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const found: number[] = [];
  for (let at = first; at <= last; at = nextOf(at, interval, timeZone)) {
    if (found.length === BUCKETS_MAX) {
      throw new AppError("HW_REQUEST_INVALID", `more than ${BUCKETS_MAX} buckets of ${interval}`, {
        place: "from",
        mend: "a shorter span of time",
      });
    }
    found.push(at);
  }
  return found;
}

function nextOf(at: number, interval: Interval, timeZone: string): number {
  // The hour that comes twice is two of them.
  if (interval === "1h") return at + HOUR_MS;
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return day.add(STEPS[interval]).toZonedDateTime(timeZone).epochMilliseconds;
}
