// The period in the address of the management page: months, quarters and years, the one before and after,
// and the same time by another size. Pure.
import { neighbourPeriod } from "../../store/kpi-words.ts";

export const PERIOD_SIZES = ["month", "quarter", "year"] as const;
export type PeriodSize = (typeof PERIOD_SIZES)[number];

/** `zeitraum` in the address; what is none is left out. */
export function readPeriod(raw: Readonly<Record<string, unknown>>): { readonly zeitraum?: string } {
  // A bare year in an address is read as a number.
  const text = typeof raw.zeitraum === "number" ? String(raw.zeitraum) : raw.zeitraum;
  if (typeof text !== "string" || sizeOf(text) === undefined) return {};
  return { zeitraum: text };
}

/** Undefined for what is neither month, quarter nor year. */
export function sizeOf(name: string): PeriodSize | undefined {
  if (/^20\d{2}$/.test(name)) return "year";
  if (/^20\d{2}-Q[1-4]$/.test(name)) return "quarter";
  return /^20\d{2}-(0[1-9]|1[0-2])$/.test(name) ? "month" : undefined;
}

/** The one before or after. */
export function neighbour(name: string, by: -1 | 1): string {
  return neighbourPeriod(name, by) ?? name;
}

/**
 * The same time by another size: what a month lies in, or the last month of a quarter or year that has begun.
 * @param today `2026-11`, so that nobody is led into the future
 */
export function resized(name: string, size: PeriodSize, today: string): string {
  const last = lastMonthOf(name);
  const month = last > today && firstMonthOf(name) <= today ? today : last;
  const [year = "", number = "1"] = month.split("-");
  if (size === "year") return year;
  return size === "month" ? month : `${year}-Q${Math.ceil(Number(number) / 3)}`;
}

function firstMonthOf(name: string): string {
  const [year, part] = name.split("-");
  if (part === undefined) return `${year}-01`;
  return part.startsWith("Q") ? `${year}-${padded(Number(part.slice(1)) * 3 - 2)}` : name;
}

function lastMonthOf(name: string): string {
  const [year, part] = name.split("-");
  if (part === undefined) return `${year}-12`;
  return part.startsWith("Q") ? `${year}-${padded(Number(part.slice(1)) * 3)}` : name;
}

function padded(month: number): string {
  return String(month).padStart(2, "0");
}
