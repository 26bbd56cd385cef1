// Days and hours of one zone, by numbers. A day has 23 or 25 hours where the clocks are changed: hours are
// counted as they pass, and an hour that comes twice is two.
const MS = 1000;
const DAY_S = 86_400;
const HOUR_S = 3600;
const EPOCH = Temporal.PlainDate.from({ year: 1970, month: 1, day: 1 });
/** The first of January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** An hour of a day. */
export interface Hour {
  /** Seconds UTC; half-open. */
  readonly from: number;
  readonly to: number;
  /** `00` to `23`, as clocks in the zone say. */
  readonly hourOfDay: string;
}

/** Days since 1970-01-01 by the zone's own dates. */
export class DayCalendar {
  readonly timeZone: string;
  readonly #starts = new Map<number, number>();
  /** What was asked for last: neighbours in time are asked for one after the other. */
  #last = { day: 0, from: 0, to: 0 };

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** @param at seconds UTC, between 1970 and 2100 */
  dayOf(at: number): number {
    const { day: before, from, to } = this.#last;
    if (at >= from && at < to) return before;
    let day = Math.floor(at / DAY_S);
    // No zone is a day or more away from UTC, so that a neighbour is all it can be.
    if (at < this.startOf(day)) day -= 1;
    else if (at >= this.startOf(day + 1)) day += 1;
    this.#last = { day, from: this.startOf(day), to: this.startOf(day + 1) };
    return day;
  }

  /** Seconds UTC. */
  startOf(day: number): number {
    let start = this.#starts.get(day);
    if (start === undefined) {
      const date = EPOCH.add({ days: day });
      start = Math.floor(date.toZonedDateTime(this.timeZone).epochMilliseconds / MS);
      this.#starts.set(day, start);
    }
    return start;
  }

  /** Two-digit hours of a day, one after the other; the last one ends with the day. */
  hoursOf(day: number): Hour[] {
    const [start, end] = [this.startOf(day), this.startOf(day + 1)];
    const isPlain = end - start === DAY_S;
    const hours: Hour[] = [];
    for (let from = start; from < end; from += HOUR_S) {
      const hour = isPlain ? hours.length : this.#localHour(from);
      const hourOfDay = String(hour).padStart(2, "0");
      hours.push({ from, to: Math.min(from + HOUR_S, end), hourOfDay });
    }
    return hours;
  }

  /** `1` Monday to `7` Sunday. */
  weekdayOf(day: number): string {
    return String(((((day + EPOCH_WEEKDAY - 1) % 7) + 7) % 7) + 1);
  }

  #localHour(at: number): number {
    return Temporal.Instant.fromEpochMilliseconds(at * MS).toZonedDateTimeISO(this.timeZone).hour;
  }
}
