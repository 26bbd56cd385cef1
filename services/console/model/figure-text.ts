// How figures are written beside axes and in tables, and what an axis steps by, so that hours stand at whole
// hours. Pure.
import { durationWords, ratioWords, shareWords } from "../../store/kpi-words.ts";
import type { Language } from "./format.ts";

export type AxisUnit = "count" | "seconds" | "share" | "perSecond" | "bytes" | "ratio";

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const KIB = 1024;
/** Below it two decimals say too little. */
const SMALL = 0.1;

const SECOND_STEPS = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30],
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE_S),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_S),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n) => n * DAY_S),
];
const COUNT_STEPS = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((n) => n * 10 ** power),
).flat();
const FINE_STEPS = [-4, -3, -2, -1].flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));
const BYTE_STEPS = [0, 1, 2, 3, 4].flatMap((power) =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500].map((n) => n * KIB ** power),
);

/** Distances that the marks of an axis may have. */
export function axisSteps(unit: AxisUnit): readonly number[] {
  if (unit === "seconds") return SECOND_STEPS;
  if (unit === "count") return COUNT_STEPS;
  if (unit === "bytes") return BYTE_STEPS;
  return [...FINE_STEPS, ...COUNT_STEPS];
}

/** Short, for an axis: `2,5 d`, `6 h`, `30 min`; other units as they are written elsewhere. */
export function axisText(value: number, unit: AxisUnit, language: Language): string {
  if (unit !== "seconds" || value < 1) return figureText(value, unit, language);
  const [size, name] =
    value >= DAY_S
      ? [DAY_S, "d"]
      : value >= HOUR_S
        ? [HOUR_S, "h"]
        : value >= MINUTE_S
          ? [MINUTE_S, "min"]
          : [1, "s"];
  return `${(value / size).toLocaleString(language, { maximumFractionDigits: 1 })} ${name}`;
}

/** A figure with its unit, as it stands beside its name. */
export function figureText(value: number, unit: AxisUnit, language: Language): string {
  if (unit === "seconds") {
    if (value !== 0 && Math.abs(value) < 1) return `${ratioWords(value * 1000, language)} ms`;
    return durationWords(value, language);
  }
  if (unit === "share") return shareWords(value, language);
  if (unit === "bytes") return bytesText(value, language);
  const isSmall = value !== 0 && Math.abs(value) < SMALL;
  const text = isSmall
    ? value.toLocaleString(language, { maximumSignificantDigits: 2 })
    : ratioWords(value, language);
  return unit === "perSecond" ? `${text}/s` : text;
}

/** Each on top of those before it; a gap counts as nothing there. */
export function stacked(series: readonly (readonly (number | null)[])[]): (number | null)[][] {
  const length = Math.max(0, ...series.map((values) => values.length));
  const sums = Array.from({ length }, () => 0);
  return series.map((values) =>
    sums.map((sum, at) => {
      const value = values[at] ?? 0;
      sums[at] = sum + value;
      return sum + value;
    }),
  );
}

function bytesText(value: number, language: Language): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [amount, at] = [value, 0];
  while (Math.abs(amount) >= KIB && at < units.length - 1) {
    amount /= KIB;
    at += 1;
  }
  return `${ratioWords(amount, language)} ${units[at]}`;
}
