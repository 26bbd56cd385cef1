// The small picture of an anomaly as paths: its series as a line over the band of what was expected. Whatever
// numbers a finding holds, paths come out, or none.
import type { Finding } from "../../store/finding.ts";

type Picture = NonNullable<NonNullable<Finding["anomaly"]>["picture"]>;
type Series = Picture["values"];
type Place = (index: number) => number;

export interface Sparkline {
  readonly width: number;
  readonly height: number;
  /** Upper and lower end of what was expected, closed; empty where nothing was. */
  readonly band: string;
  /** A gap in the numbers is a gap in the line. */
  readonly line: string;
  /** The values at the lower and upper edge. */
  readonly bottom: number;
  readonly top: number;
  /** The last value that is one. */
  readonly seen?: Seen;
}

interface Seen {
  readonly x: number;
  readonly y: number;
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** Outside of the band. */
  readonly isOutside: boolean;
}

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 4;

/** Undefined where there is nothing to draw. */
export function sparklineOf({ values, low, high }: Picture): Sparkline | undefined {
  const all = [...values, ...low, ...high].filter(isNumber);
  if (all.length === 0 || values.length === 0) return undefined;
  const bottom = all.reduce((least, value) => Math.min(least, value));
  const top = all.reduce((most, value) => Math.max(most, value));
  // Halved first: the distance of −1e308 and 1e308 would be infinite.
  const span = top / 2 - bottom / 2 || 0.5;
  const x = (index: number) =>
    rounded(MARGIN + (index * (WIDTH - 2 * MARGIN)) / Math.max(1, values.length - 1));
  const y = (value: number) => {
    const share = Math.max(0, Math.min(1, (value / 2 - bottom / 2) / span));
    return rounded(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
  };
  const seen = seenOf({ values, low, high }, x, y);
  return {
    ...{ width: WIDTH, height: HEIGHT, bottom, top },
    ...{ band: bandOf(low, high, x, y), line: lineOf(values, x, y) },
    ...(seen === undefined ? {} : { seen }),
  };
}

function seenOf(
  { values, low, high }: Pick<Picture, "values" | "low" | "high">,
  x: Place,
  y: Place,
): Seen | undefined {
  const at = values.findLastIndex(isNumber);
  const value = values[at];
  if (!isNumber(value)) return undefined;
  const least = low[at] ?? undefined;
  const most = high[at] ?? undefined;
  const isOutside = (least !== undefined && value < least) || (most !== undefined && value > most);
  return { x: x(at), y: y(value), value, low: least, high: most, isOutside };
}

function lineOf(values: Series, x: Place, y: Place): string {
  let path = "";
  let isOpen = false;
  for (const [index, value] of values.entries()) {
    if (isNumber(value)) path += `${isOpen ? "L" : "M"}${x(index)} ${y(value)}`;
    isOpen = isNumber(value);
  }
  return path;
}

function bandOf(low: Series, high: Series, x: Place, y: Place): string {
  const upper: string[] = [];
  const lower: string[] = [];
  for (const [index, least] of low.entries()) {
    const most = high[index];
    if (!isNumber(least) || !isNumber(most)) continue;
    upper.push(`${x(index)} ${y(most)}`);
    lower.unshift(`${x(index)} ${y(least)}`);
  }
  return upper.length === 0 ? "" : `M${[...upper, ...lower].join("L")}Z`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
