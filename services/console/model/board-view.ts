// What a panel's answer says in words: names of series, moments on an axis, units of columns, and the span
// that a board shows. Pure; definitions are those that Grafana's boards are made from.
import type { Board, FigureMeasure, Panel } from "../../../dashboards/board.ts";
import { LONG_ID, SHORTENED_DIMENSIONS, valueLabels } from "../../../dashboards/value-labels.ts";
import type { BoardPanelAnswer } from "../../api/board-schemas.ts";
import type { AxisUnit } from "./figure-text.ts";
import type { Language } from "./format.ts";
import type { PlotLine } from "./plot-line.ts";

export const RANGES = [
  "24h",
  "7d",
  "30d",
  "90d",
  "12M",
] as const satisfies readonly Board["range"][];
export type BoardRange = (typeof RANGES)[number];

const LOCALES: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 366 * DAY_MS;
const SPANS: Readonly<Record<BoardRange, number>> = {
  ...{ "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS, "90d": 90 * DAY_MS, "12M": YEAR_MS },
};
/** More bars than this are drawn as an area. */
const BARS_MAX = 100;
const TARGET_TONE = 6;

/** `spanne` in the address; what is none is left out. */
export function readRange(raw: Readonly<Record<string, unknown>>): {
  readonly spanne?: BoardRange;
} {
  const found = RANGES.find((range) => range === raw.spanne);
  return found === undefined ? {} : { spanne: found };
}

/** ms UTC, half-open. */
export function spanOf(
  range: BoardRange,
  now: number,
): { readonly from: number; readonly to: number } {
  return { from: now - SPANS[range], to: now };
}

/** What a series is called. */
export function seriesName(
  { query, target }: Panel,
  { of, by, labels = {} }: BoardPanelAnswer["series"][number],
  language: Language,
): string {
  if (of < 0) return target?.label[language] ?? "";
  if (query.kind === "metrics") {
    const label = query.series[of]?.label[language] ?? "";
    return label.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => labels[name] ?? "");
  }
  const measure = query.measures[of]?.label[language] ?? "";
  if (by === undefined) return measure;
  const value = valueName(query.by?.dimension ?? "", query.where, by, language);
  return query.measures.length === 1 ? value : `${value}: ${measure}`;
}

/** What a value of a dimension is called; titles of rules and names of sources stand as they are. */
export function valueName(
  dimension: string,
  where: Readonly<Record<string, string | null>> | undefined,
  value: string,
  language: Language,
): string {
  const named = valueLabels(dimension, where)[value]?.[language];
  if (named !== undefined) return named;
  return SHORTENED_DIMENSIONS.has(dimension) ? value.replace(LONG_ID, "$1") : value;
}

/** The lines of a picture. */
export function linesOf(panel: Panel, answer: BoardPanelAnswer, language: Language): PlotLine[] {
  const count = answer.categories?.length ?? answer.points.length;
  const look = lookOf(panel.draw, count);
  return answer.series.map((series) => ({
    label: seriesName(panel, series, language),
    values: series.values,
    look: series.of < 0 ? "dashed" : look,
    ...(series.of < 0 ? { tone: TARGET_TONE } : {}),
  }));
}

function lookOf(draw: Panel["draw"], points: number): PlotLine["look"] {
  if (draw !== "bars" && draw !== "stacked" && draw !== "heatmap") return "line";
  if (points <= BARS_MAX) return "bars";
  return draw === "bars" ? "line" : "area";
}

/** A moment below the axis, and in full in a table. */
export function pointTexts(
  panel: Panel,
  { points, timeZone }: BoardPanelAnswer,
  language: Language,
): { readonly ticks: string[]; readonly rows: string[] } {
  const interval = panel.query.kind === "figures" ? panel.query.interval : undefined;
  const isShort = (points.at(-1) ?? 0) - (points[0] ?? 0) <= 2 * DAY_MS;
  const format = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(LOCALES[language], { timeZone, ...options });
    return points.map((at) => made.format(at));
  };
  const date = { day: "2-digit", month: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  if (interval === "1M") {
    const ticks = format({ month: "2-digit", year: "2-digit" });
    return { ticks, rows: format({ month: "long", year: "numeric" }) };
  }
  if (interval === "1q") {
    const quarters = points.map((at) => quarterOf(at, timeZone));
    return { ticks: quarters, rows: quarters };
  }
  const isDay = interval === "1d" || interval === "1w";
  if (isDay) return { ticks: format(date), rows: format({ ...date, year: "numeric" }) };
  return {
    ticks: format(isShort ? time : date),
    rows: format({ ...date, year: "numeric", ...time }),
  };
}

function quarterOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, month: "numeric", year: "numeric" });
  const part = (type: string) =>
    Number(parts.formatToParts(at).find((one) => one.type === type)?.value ?? 0);
  return `Q${Math.ceil(part("month") / 3)}/${part("year")}`;
}

/** The unit of a column: tables mix counts, times and shares. */
export function unitOfMeasure({ name, how }: FigureMeasure): AxisUnit {
  if (how === "share" || /Share$/.test(name)) return "share";
  if (how === "count") return "count";
  if (/[a-z0-9]S$/.test(name)) return "seconds";
  return /^k4(PerIncident|Target)$/.test(name) || how === "mean" ? "ratio" : "count";
}

/** The last value that there is, and where. */
export function lastOf(
  values: readonly (number | null)[],
): { readonly value: number; readonly at: number } | undefined {
  const at = values.findLastIndex((value) => value !== null);
  const value = values[at];
  return value === undefined || value === null ? undefined : { value, at };
}

/** A panel's way into the console, with the time that the board has. */
export function filledPath(
  path: string,
  { from, to }: { readonly from: number; readonly to: number },
  value = "",
): string {
  return path
    .replaceAll("{from}", String(from))
    .replaceAll("{to}", String(to))
    .replaceAll("{value}", encodeURIComponent(value));
}
