// The small picture of an anomaly: its series as a line over the band of what was expected, as SVG that
// console and report use alike. Pure; whatever numbers come in, a picture comes out, or none.
import type { Picture } from "./anomaly.ts";

const WIDTH = 240;
const HEIGHT = 48;
const MARGIN = 3;
/** A picture has no room for more; of longer series the newest are drawn. */
const POINTS_MAX = 240;

/**
 * SVG of a picture, without styles of its own: the classes `band`, `line` and `seen` (the last point) are
 * the page's to colour. Undefined where there is nothing to draw.
 * @param label what a screen reader says
 */
export function sparkline(picture: Picture, label: string): string | undefined {
  const from = Math.max(0, picture.values.length - POINTS_MAX);
  const values = picture.values.slice(from);
  const low = picture.low.slice(from, from + values.length);
  const high = picture.high.slice(from, from + values.length);
  const finite = [...values, ...low, ...high].filter(Number.isFinite);
  if (finite.length === 0 || values.length === 0) return undefined;
  const bottom = finite.reduce((least, value) => Math.min(least, value));
  const top = finite.reduce((most, value) => Math.max(most, value));
  // Halved first: the distance of −1e308 and 1e308 would be infinite.
  const span = top / 2 - bottom / 2 || 0.5;
  const x = (index: number) =>
    round(MARGIN + (index * (WIDTH - 2 * MARGIN)) / Math.max(1, values.length - 1));
  const y = (value: number) => {
    const share = Math.max(0, Math.min(1, (value / 2 - bottom / 2) / span));
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN));
  };
  const last = values.findLastIndex(Number.isFinite);
  const seen =
    last < 0 ? "" : `<circle class="seen" cx="${x(last)}" cy="${y(values[last] ?? 0)}" r="2.5"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    `aria-label="${escaped(label)}">${bandOf(low, high, x, y)}` +
    `<path class="line" fill="none" stroke="currentColor" d="${lineOf(values, x, y)}"/>${seen}</svg>`
  );
}

/** A gap in the numbers is a gap in the line. */
function lineOf(
  values: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isOpen = false;
  for (const [index, value] of values.entries()) {
    if (Number.isFinite(value)) path += `${isOpen ? "L" : "M"}${x(index)} ${y(value)}`;
    isOpen = Number.isFinite(value);
  }
  return path;
}

function bandOf(
  low: readonly number[],
  high: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const upper: string[] = [];
  const lower: string[] = [];
  for (const [index, least] of low.entries()) {
    const most = high[index] ?? Number.NaN;
    if (!Number.isFinite(least) || !Number.isFinite(most)) continue;
    upper.push(`${x(index)} ${y(most)}`);
    lower.unshift(`${x(index)} ${y(least)}`);
  }
  if (upper.length === 0) return "";
  return `<path class="band" fill="currentColor" fill-opacity="0.15" d="M${[...upper, ...lower].join("L")}Z"/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
