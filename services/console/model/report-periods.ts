// Periods that a report can be made of: quarters, months and the year that have ended. Pure.
import { neighbourPeriod } from "../../store/kpi-words.ts";

const QUARTERS = 4;
const MONTHS = 6;

/** @param today `2026-11`; the newest first, quarters before months */
export function endedPeriods(today: string): string[] {
  const [year = "", month = "1"] = today.split("-");
  const quarter = `${year}-Q${Math.ceil(Number(month) / 3)}`;
  return [
    ...before(quarter, QUARTERS),
    ...before(`${year}-${month}`, MONTHS),
    String(Number(year) - 1),
  ];
}

function before(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => neighbourPeriod(name, -index - 1) ?? name);
}
