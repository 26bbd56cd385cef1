// Which days have other figures since the last time: those on which something happened or no longer did, and
// those at some hour of which the queue was another one.
import type { Alarm } from "../alarm.ts";
import { momentsOf, type Paged } from "../paged.ts";
import type { DayCalendar } from "./day-calendar.ts";

/** Seconds UTC; half-open, without `to` up to now. */
interface Interval {
  readonly from: number;
  readonly to: number | undefined;
}

export class TouchedDays {
  readonly #days: DayCalendar;
  readonly #touched = new Set<number>();
  /** All days from here on. */
  #since = Number.POSITIVE_INFINITY;

  constructor(days: DayCalendar) {
    this.#days = days;
  }

  touch(at: number | undefined): void {
    if (at !== undefined) this.#touched.add(this.#days.dayOf(at));
  }

  touchAlarm(before: Alarm | undefined, after: Alarm | undefined): void {
    for (const alarm of [before, after]) {
      for (const at of [alarm?.raisedAt, alarm?.acknowledgedAt, alarm?.judgedAt]) this.touch(at);
    }
    for (const { from, to } of queueChanges(before, after)) this.#touchInterval(from, to);
  }

  touchPaged(paged: Paged | undefined): void {
    if (paged !== undefined) for (const at of momentsOf(paged)) this.touch(at);
  }

  /** Ascending, none before `first` or after `last`. */
  take(first: number, last: number): number[] {
    const days = new Set<number>();
    for (const day of this.#touched) if (day >= first && day <= last) days.add(day);
    for (let day = Math.max(first, this.#since); day <= last; day += 1) days.add(day);
    this.#touched.clear();
    this.#since = Number.POSITIVE_INFINITY;
    return [...days].sort((a, b) => a - b);
  }

  #touchInterval(from: number, to: number | undefined): void {
    const first = this.#days.dayOf(from);
    if (to === undefined) {
      this.#since = Math.min(this.#since, first);
      return;
    }
    const last = this.#days.dayOf(to);
    for (let day = first; day <= last; day += 1) this.#touched.add(day);
  }
}

/** When it is in the queue with one of both and not with the other. */
function queueChanges(before: Alarm | undefined, after: Alarm | undefined): Interval[] {
  const all = [before, after].flatMap((alarm): Interval[] =>
    alarm === undefined ? [] : [{ from: alarm.raisedAt, to: alarm.judgedAt }],
  );
  const [one, other] = all;
  if (one === undefined || other === undefined || one.from !== other.from) return all;
  if (one.to === other.to) return [];
  const [early, late] = [one.to ?? Number.POSITIVE_INFINITY, other.to ?? Number.POSITIVE_INFINITY];
  const to = Math.max(early, late);
  return [{ from: Math.min(early, late), to: Number.isFinite(to) ? to : undefined }];
}
