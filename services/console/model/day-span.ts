// Days without gaps for a chart: a day without hits is a day with none, not one that is missing.

/** Longest span that is drawn day by day. */
const DAYS_MAX = 400;
const DAY_MS = 86_400_000;

export interface DayCount {
  /** `2026-11-21` */
  readonly day: string;
  readonly hits: number;
  readonly findings: number;
}

/** All days from the first to the last; of a longer span the last ones. */
export function fillDays(days: readonly DayCount[]): DayCount[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const known = new Map(days.map((one) => [one.day, one]));
  const end = Date.parse(last.day);
  const start = Math.max(Date.parse(first.day), end - (DAYS_MAX - 1) * DAY_MS);
  const filled: DayCount[] = [];
  for (let at = start; at <= end; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    filled.push(known.get(day) ?? { day, hits: 0, findings: 0 });
  }
  return filled;
}

/** The day with the most findings. */
export function worstDay(days: readonly DayCount[]): DayCount | undefined {
  return days.reduce<DayCount | undefined>(
    (worst, one) => (worst === undefined || one.findings > worst.findings ? one : worst),
    undefined,
  );
}

/** `2026-11-21` as people here write it: `21.11.2026`, or `21/11/2026`. */
export function dayText(day: string, language: "de" | "en"): string {
  const [year = "", month = "", date = ""] = day.split("-");
  return [date, month, year].join(language === "de" ? "." : "/");
}
