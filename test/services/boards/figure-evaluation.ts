// What a board's definition means, said once more in the plainest way, over rows in memory: what panels show
// is held to this.
import type { FigureMeasure, FigureQuery } from "../../../dashboards/board.ts";
import { ORDERED_DIMENSIONS } from "../../../dashboards/value-labels.ts";
import type { FigureDimension, FigureRow } from "../../../services/store/figure-row.ts";

/** The number that a measure has over some rows; null: there is none. */
export function measured(rows: readonly FigureRow[], one: FigureMeasure): number | null {
  const { name, how, of = [] } = one;
  const numbers = (key: string) => rows.flatMap(({ measures }) => measures[key] ?? []);
  const own = numbers(name);
  const sum = (all: readonly number[]) => all.reduce((total, number) => total + number, 0);
  if (how === "sum") return sum(own);
  if (how === "share") return sum(own) / sum(of.flatMap(numbers));
  if (how === "count") return own.length;
  if (own.length === 0) return null;
  if (how === "mean") return sum(own) / own.length;
  return how === "max" ? Math.max(...own) : Math.min(...own);
}

/** Values of the dimension that are shown, in their order. */
export function values(rows: readonly FigureRow[], { by, measures }: FigureQuery): string[] {
  const [first] = measures;
  if (by === undefined || first === undefined) return [];
  const found = new Set(rows.flatMap((row) => dimensionOf(row, by.dimension) ?? []));
  const numberOf = (value: string) =>
    measured(
      rows.filter((row) => dimensionOf(row, by.dimension) === value),
      first,
    ) ?? Number.NEGATIVE_INFINITY;
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  const sorted = ORDERED_DIMENSIONS.has(by.dimension)
    ? [...found].sort(byName)
    : [...found].sort((a, b) => numberOf(b) - numberOf(a) || byName(a, b));
  return sorted.slice(0, by.limit);
}

export function dimensionOf({ set, dimensions }: FigureRow, name: string): string | undefined {
  // A name that is no dimension has no value.
  return name === "set" ? set : dimensions[name as FigureDimension];
}

/** When the bucket begins in which a moment lies. */
export function bucketOf(at: number, interval: string, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const day = local.startOfDay();
  const begins: Readonly<Record<string, () => Temporal.ZonedDateTime>> = {
    "1h": () => local.round({ smallestUnit: "hour", roundingMode: "floor" }),
    "1d": () => day,
    "1w": () => day.subtract({ days: day.dayOfWeek - 1 }),
    "1M": () => day.with({ day: 1 }),
    "1q": () => day.with({ day: 1, month: Math.floor((day.month - 1) / 3) * 3 + 1 }),
  };
  const begin = begins[interval];
  if (begin === undefined) throw new RangeError(`no interval "${interval}"`);
  return begin().epochMilliseconds;
}
