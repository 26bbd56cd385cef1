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
  /** A gap in the numbers is a gap in the line, and in the band. */
  readonly line: string;
  /** Of the line alone; undefined where it has none. */
  readonly range: { readonly least: number; readonly most: number } | undefined;
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
  const [bottom, top] = [leastOf(all), mostOf(all)];
  // Halved first: the distance of −1e308 and 1e308 would be infinite.
  const span = top / 2 - bottom / 2 || 0.5;
  const x = (index: number) =>
    rounded(MARGIN + (index * (WIDTH - 2 * MARGIN)) / Math.max(1, values.length - 1));
  const y = (value: number) => {
    const share = Math.max(0, Math.min(1, (value / 2 - bottom / 2) / span));
    return rounded(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
  };
  const own = values.filter(isNumber);
  const range = own.length === 0 ? undefined : { least: leastOf(own), most: mostOf(own) };
  const seen = seenOf({ values, low, high }, x, y);
  return {
    ...{ width: WIDTH, height: HEIGHT, bottom, top, range },
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
  return runsOf(values.map(isNumber))
    .map((run) => {
      const points = run.map((index) => `${x(index)} ${y(values[index] ?? 0)}`);
      // A number between two gaps is a dot.
      return `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
    })
    .join("");
}

function bandOf(low: Series, high: Series, x: Place, y: Place): string {
  return runsOf(low.map((least, index) => isNumber(least) && isNumber(high[index])))
    .map((run) => {
      const upper = run.map((index) => `${x(index)} ${y(high[index] ?? 0)}`);
      const lower = run.toReversed().map((index) => `${x(index)} ${y(low[index] ?? 0)}`);
      return `M${[...upper, ...lower].join("L")}Z`;
    })
    .join("");
}

/** Places that follow each other without a gap. */
function runsOf(isThere: readonly boolean[]): number[][] {
  const runs: number[][] = [];
  for (const [index, isOne] of isThere.entries()) {
    if (!isOne) continue;
    if (isThere[index - 1] === true) runs.at(-1)?.push(index);
    else runs.push([index]);
  }
  return runs;
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function mostOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
