// Shifts and gaps cut into the days of a calendar, in Berlin time: what stands in each day's field.
import type { ScheduleShifts } from "../api/paging-queries.ts";
import { berlinTime, localBerlin } from "./berlin-time.ts";

const DAY_MS = 86_400_000;
const DAYS_MAX = 100;

interface DutyPart {
  readonly from: number;
  readonly until: number;
  /** Missing: a gap. */
  readonly name?: string;
  readonly isOverride: boolean;
  /** Whether it fills the whole day. */
  readonly isWhole: boolean;
}

export interface DutyDay {
  /** ms UTC of its beginning. */
  readonly at: number;
  /** In order. */
  readonly parts: readonly DutyPart[];
}

/** The days of a span that begins with one. */
export function dutyDays(
  { shifts, gaps }: Pick<ScheduleShifts, "shifts" | "gaps">,
  { from, until }: { readonly from: number; readonly until: number },
): DutyDay[] {
  const all = [
    ...shifts.map(({ person, override, ...span }) => ({
      ...{ ...span, name: person.name, isOverride: override !== undefined },
    })),
    ...gaps.map((span) => ({ ...span, isOverride: false })),
  ];
  const days: DutyDay[] = [];
  for (let at = from; at < until && days.length < DAYS_MAX; ) {
    const end = nextDay(at);
    const parts = all
      .filter((one) => one.from < end && one.until > at)
      .sort((left, right) => left.from - right.from)
      .map((one) => ({ ...one, isWhole: one.from <= at && one.until >= end }))
      .map((one) => ({ ...one, from: Math.max(one.from, at), until: Math.min(one.until, end) }));
    days.push({ at, parts });
    at = end;
  }
  return days;
}

/** `08:00` */
export function timeOfDay(at: number): string {
  return localBerlin(at).slice(11, 16);
}

/** A day has 23 to 25 hours. */
function nextDay(at: number): number {
  const date = localBerlin(at + DAY_MS + DAY_MS / 8).slice(0, 10);
  return berlinTime(`${date}T00:00`) ?? at + DAY_MS;
}
