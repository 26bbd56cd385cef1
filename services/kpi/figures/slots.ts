// Rows are kept by slots: what is calculated, compared and written at once. A slot is a part of a set (the
// months of the KPIs, one day of the alarms …) and a number of its calendar.
import type { FigureRow } from "../../store/figure-row.ts";
import type { MonthCalendar, Span } from "../period.ts";
import type { DayCalendar } from "./day-calendar.ts";

export type SlotPart =
  | "month"
  | "quarter"
  | "case"
  /** Of all incidents that are open now: one slot. */
  | "open"
  | "alarm"
  | "hour"
  | "day"
  | "paging";

export interface Slot {
  readonly part: SlotPart;
  /** Of a month (of a quarter its first one) or a day; 0 where there is one slot only. */
  readonly number: number;
}

export interface Calendars {
  readonly months: MonthCalendar;
  readonly days: DayCalendar;
}

const MONTHS_PER_QUARTER = 3;
const MS = 1000;

export function slotKey({ part, number }: Slot): string {
  return `${part} ${number}`;
}

/** The slot that a row belongs to, whoever has written it and by whatever calendar. */
export function slotOf(row: Omit<FigureRow, "tenant" | "measures">, calendars: Calendars): Slot {
  const { set, dimensions } = row;
  const at = Math.floor(row.at / MS);
  if (set === "case" && dimensions.phase === "open") return { part: "open", number: 0 };
  const month = () => calendars.months.monthOf(at);
  if (set === "case") return { part: "case", number: month() };
  if (set !== "kpi") return { part: set, number: calendars.days.dayOf(at) };
  if (dimensions.granularity !== "quarter") return { part: "month", number: month() };
  return { part: "quarter", number: firstOfQuarter(month()) };
}

/** What a slot is about; undefined: at any time. */
export function spanOfSlot({ part, number }: Slot, { months, days }: Calendars): Span | undefined {
  if (part === "open") return undefined;
  if (part === "month" || part === "case")
    return { from: months.startOf(number), to: months.startOf(number + 1) };
  if (part === "quarter")
    return { from: months.startOf(number), to: months.startOf(number + MONTHS_PER_QUARTER) };
  return { from: days.startOf(number), to: days.startOf(number + 1) };
}

export function firstOfQuarter(month: number): number {
  return month - (month % MONTHS_PER_QUARTER);
}
