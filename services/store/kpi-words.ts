// Durations, shares and periods of KPIs as they are read in running text and beside figures, German and
// English: the same figure is written the same way on the page, in the sentences and in the report.
import type { KpiPeriod } from "./kpi.ts";

type Language = "de" | "en";

const LOCALES: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };
const DAY_S = 86_400;
const HOUR_S = 3600;
const MINUTE_S = 60;
const MONTHS_PER_YEAR = 12;

/** `3 Tage 4 h`, `4 h 10 min`, `25 s`: the two greatest units, nothing lost but what is smaller. */
export function durationWords(seconds: number, language: Language): string {
  const whole = Math.round(Math.abs(seconds));
  const days = (count: number) => {
    const [one, many] = language === "de" ? ["Tag", "Tage"] : ["day", "days"];
    return `${count} ${count === 1 ? one : many}`;
  };
  const parts: readonly (readonly [number, (count: number) => string])[] = [
    [Math.floor(whole / DAY_S), days],
    [Math.floor((whole % DAY_S) / HOUR_S), (count) => `${count} h`],
    [Math.floor((whole % HOUR_S) / MINUTE_S), (count) => `${count} min`],
    [whole % MINUTE_S, (count) => `${count} s`],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, word]) => word(count))
    .join(" ");
}

/** At most one decimal. */
export function shareWords(share: number, language: Language): string {
  const percent = (share * 100).toLocaleString(LOCALES[language], { maximumFractionDigits: 1 });
  return `${percent} %`;
}

/** At most two decimals. */
export function ratioWords(ratio: number, language: Language): string {
  return ratio.toLocaleString(LOCALES[language], { maximumFractionDigits: 2 });
}

/** `Oktober 2026`, `4. Quartal 2026`, `2026`, `25. Oktober 2026`; two dates as they are. */
export function periodWords({ name }: Pick<KpiPeriod, "name">, language: Language): string {
  const [, year = "", quarter, month, day] =
    /^(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?$/.exec(name) ?? [];
  if (year === "") return name.replace("..", language === "de" ? " bis vor " : " until before ");
  if (quarter !== undefined)
    return language === "de" ? `${quarter}. Quartal ${year}` : `quarter ${quarter} of ${year}`;
  if (month === undefined) return year;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
  return date.toLocaleDateString(LOCALES[language], {
    ...{ timeZone: "UTC", year: "numeric", month: "long" },
    ...(day === undefined ? {} : { day: "numeric" }),
  });
}

/**
 * The named month, quarter or year that lies so many of its kind before or after; undefined for days and
 * spans between two dates.
 */
export function neighbourPeriod(name: string, by: number): string | undefined {
  const [, year, quarter, month] = /^(\d{4})(?:-Q([1-4])|-(\d{2}))?$/.exec(name) ?? [];
  if (year === undefined) return undefined;
  if (quarter !== undefined) {
    const number = Number(year) * 4 + Number(quarter) - 1 + by;
    return `${Math.floor(number / 4)}-Q${(number % 4) + 1}`;
  }
  if (month === undefined) return String(Number(year) + by);
  const number = Number(year) * MONTHS_PER_YEAR + Number(month) - 1 + by;
  const padded = String((number % MONTHS_PER_YEAR) + 1).padStart(2, "0");
  return `${Math.floor(number / MONTHS_PER_YEAR)}-${padded}`;
}
