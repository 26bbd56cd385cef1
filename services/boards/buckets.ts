// Hours, days, weeks, months and quarters of a zone over the time that rows have: without gaps, so that a day
// on which nothing was is seen as one. A day has 23 or 25 hours where the clocks are changed.
import { AppError } from "../../config/errors.ts";
import type { FigureQuery } from "../../dashboards/board.ts";
import type { FigureRow } from "../store/figure-row.ts";

type Interval = NonNullable<FigureQuery["interval"]>;

/** An hour each for more than a year. */
export const BUCKETS_MAX = 10_000;
const HOUR_MS = 3_600_000;
const STEPS: Readonly<Record<Exclude<Interval, "1h">, Temporal.DurationLike>> = {
  ...{ "1d": { days: 1 }, "1w": { weeks: 1 }, "1M": { months: 1 }, "1q": { months: 3 } },
};

export class Buckets {
  /** ms UTC at which each begins. */
  readonly points: readonly number[];
  readonly #end: number;

  /**
   * @param rows in the order of their moments
   * @throws AppError HW_REQUEST_INVALID
   */
  constructor(rows: readonly FigureRow[], interval: Interval, timeZone: string) {
    const [first, last] = [rows[0], rows.at(-1)];
    const points: number[] = [];
    if (first === undefined || last === undefined) {
      this.points = points;
      this.#end = 0;
      return;
    }
    let begin = beginOf(first.at, interval, timeZone);
    while (begin.epochMilliseconds <= last.at) {
      if (points.length === BUCKETS_MAX) {
        throw new AppError(
          "HW_REQUEST_INVALID",
          `more than ${BUCKETS_MAX} buckets of ${interval}`,
          {
            place: "from",
            mend: "a shorter span of time",
          },
        );
      }
      points.push(begin.epochMilliseconds);
      begin = nextOf(begin, interval);
    }
    this.points = points;
    this.#end = begin.epochMilliseconds;
  }

  /** Rows of each bucket; undefined where there are none. */
  split(rows: readonly FigureRow[]): readonly (readonly FigureRow[] | undefined)[] {
    const found: (FigureRow[] | undefined)[] = this.points.map(() => undefined);
    let at = 0;
    for (const row of rows) {
      while (row.at >= (this.points[at + 1] ?? this.#end)) at += 1;
      const bucket = found[at];
      if (bucket === undefined) found[at] = [row];
      else bucket.push(row);
    }
    return found;
  }
}

function beginOf(at: number, interval: Interval, timeZone: string): Temporal.ZonedDateTime {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  if (interval === "1h") {
    const { minute, second, millisecond } = local;
    return local.subtract({ minutes: minute, seconds: second, milliseconds: millisecond });
  }
  const day = local.startOfDay();
  if (interval === "1d") return day;
  if (interval === "1w") return day.subtract({ days: day.dayOfWeek - 1 }).startOfDay();
  const month = interval === "1M" ? day.month : Math.floor((day.month - 1) / 3) * 3 + 1;
  return day.with({ day: 1, month }).startOfDay();
}

function nextOf(begin: Temporal.ZonedDateTime, interval: Interval): Temporal.ZonedDateTime {
  // An hour is an hour of the clock on the wall twice where it is put back.
  if (interval === "1h") return begin.add({ milliseconds: HOUR_MS });
  return begin.add(STEPS[interval]).startOfDay();
}
