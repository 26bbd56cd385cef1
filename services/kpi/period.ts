// Periods of the calendar in a tenant's zone, as half-open spans in UTC. A day has 23 or 25 hours where the
// clocks are changed, and a month with it.
import { AppError } from "../../config/errors.ts";
import type { KpiPeriod } from "../store/kpi.ts";

const MS = 1000;
const YEAR_MIN = 2000;
const YEAR_MAX = 2099;
const MONTHS_PER_YEAR = 12;
const MONTHS_PER_QUARTER = 3;

/** What a span is asked by: whole seconds UTC, half-open [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A named period: `2026`, `2026-Q4`, `2026-10` or `2026-10-25`.
 * @throws AppError HW_REQUEST_INVALID
 */
export function namedPeriod(name: string, timeZone: string): KpiPeriod {
  const found = /^(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?$/.exec(name);
  if (found === null) throw invalid(name);
  const [, year = "", quarter, month, day] = found;
  const first = quarter === undefined ? Number(month ?? 1) : Number(quarter) * 3 - 2;
  const from = plainDate(name, Number(year), first, Number(day ?? 1));
  const isDay = day !== undefined;
  const months = quarter === undefined ? (month === undefined ? MONTHS_PER_YEAR : 1) : 3;
  return periodOf(name, from, from.add(isDay ? { days: 1 } : { months }), timeZone);
}

/**
 * From one date up to, not with, another one; both as `2026-10-25`.
 * @throws AppError HW_REQUEST_INVALID
 */
export function periodBetween(from: string, to: string, timeZone: string): KpiPeriod {
  const [first, last] = [from, to].map((text) => {
    const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (found === null) throw invalid(text);
    return plainDate(text, Number(found[1]), Number(found[2]), Number(found[3]));
  });
  if (first === undefined || last === undefined) throw invalid(from);
  if (Temporal.PlainDate.compare(first, last) >= 0) throw invalid(`${from}..${to}`);
  return periodOf(`${from}..${to}`, first, last, timeZone);
}

/** The span just before, as long in the calendar: the month before a month, 31 days before 31 days. */
export function periodBefore({ name, from, to, timeZone }: KpiPeriod): KpiPeriod {
  const first = localDate(from, timeZone);
  const end = localDate(to, timeZone);
  const [, isQuarter, month, day] = /^\d{4}(-Q\d)?(-\d{2})?(-\d{2})?$/.exec(name) ?? [];
  const isRange = name.includes("..");
  const back =
    isRange || day !== undefined
      ? { days: first.until(end, { largestUnit: "day" }).days }
      : { months: isQuarter ? 3 : month === undefined ? MONTHS_PER_YEAR : 1 };
  const start = first.subtract(back);
  const before = periodOf("", start, first, timeZone);
  return { ...before, name: isRange ? `${start}..${first}` : nameLike(name, start) };
}

export function spanOf({ from, to }: KpiPeriod): Span {
  return { from: from / MS, to: to / MS };
}

/** Months of one zone by number: (year · 12 + month − 1) of a moment, and the moment at which one begins. */
export class MonthCalendar {
  readonly timeZone: string;
  readonly #starts = new Map<number, number>();
  /** What was asked for last: neighbours in time are asked for one after the other. */
  #last = { month: 0, from: 0, to: 0 };

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** @param at seconds UTC, between 1970 and 2100 */
  monthOf(at: number): number {
    const { month: before, from, to } = this.#last;
    if (at >= from && at < to) return before;
    const month = this.#find(at);
    this.#last = { month, from: this.startOf(month), to: this.startOf(month + 1) };
    return month;
  }

  #find(at: number): number {
    const date = new Date(at * MS);
    const guess = date.getUTCFullYear() * MONTHS_PER_YEAR + date.getUTCMonth();
    // No zone is a day or more away from UTC, so that a neighbour is all it can be.
    if (at < this.startOf(guess)) return guess - 1;
    return at >= this.startOf(guess + 1) ? guess + 1 : guess;
  }

  /** Seconds UTC. */
  startOf(month: number): number {
    let start = this.#starts.get(month);
    if (start === undefined) {
      const [year, number] = yearAndMonth(month);
      const day = Temporal.PlainDate.from({ year, month: number, day: 1 });
      start = day.toZonedDateTime(this.timeZone).epochMilliseconds / MS;
      this.#starts.set(month, start);
    }
    return start;
  }

  periodOf(month: number): KpiPeriod {
    return {
      name: monthName(month),
      from: this.startOf(month) * MS,
      to: this.startOf(month + 1) * MS,
      timeZone: this.timeZone,
    };
  }

  /** @param first month of the quarter */
  quarterOf(first: number): KpiPeriod {
    const [year, number] = yearAndMonth(first);
    return {
      name: `${year}-Q${Math.ceil(number / MONTHS_PER_QUARTER)}`,
      from: this.startOf(first) * MS,
      to: this.startOf(first + MONTHS_PER_QUARTER) * MS,
      timeZone: this.timeZone,
    };
  }
}

function monthName(month: number): string {
  const [year, number] = yearAndMonth(month);
  return `${year}-${String(number).padStart(2, "0")}`;
}

function yearAndMonth(month: number): [number, number] {
  return [Math.floor(month / MONTHS_PER_YEAR), (month % MONTHS_PER_YEAR) + 1];
}

function periodOf(
  name: string,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  timeZone: string,
): KpiPeriod {
  const [start, end] = [from, to].map((date) => date.toZonedDateTime(timeZone).epochMilliseconds);
  if (start === undefined || end === undefined) throw invalid(name);
  return { name, from: start, to: end, timeZone };
}

function localDate(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function nameLike(name: string, start: Temporal.PlainDate): string {
  const date = start.toString();
  if (name.includes("Q")) return `${date.slice(0, 4)}-Q${Math.ceil(start.month / 3)}`;
  return date.slice(0, name.length);
}

function plainDate(text: string, year: number, month: number, day: number): Temporal.PlainDate {
  if (year < YEAR_MIN || year > YEAR_MAX) throw invalid(text);
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    throw invalid(text);
  }
}

function invalid(text: string): AppError {
  return new AppError("HW_REQUEST_INVALID", `${text} is no period`, {
    place: "period",
    mend: "2026, 2026-Q4, 2026-10, 2026-10-25",
  });
}
