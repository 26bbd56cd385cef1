// A chart as a small SVG, the same on paper and on the screen: sober, readable in grey, series told by
// stroke or pattern and by their names in the legend, never by colour alone. Scales begin at zero.
import type { ChartBlock } from "./document.ts";
import { escaped } from "./markup.ts";
import { visibleText } from "./visible-text.ts";

/** Units of the drawing, a third of a millimetre on paper. */
const WIDTH = 510;
const PLOT = { left: 44, right: 500, top: 14, bottom: 128 } as const;
const LABELS_BOTTOM = 143;
const LEGEND_TOP = 156;
const LEGEND_LINE = 14;
const LABELS_MAX = 13;
const NAME_CHARACTERS_MAX = 60;
const LABEL_CHARACTERS_MAX = 14;
const SCALE_DIGITS_MAX = 6;

interface Pen {
  readonly colour: string;
  readonly dashes: string;
}

/** Each holds 4.5 : 1 on white; six series at most. */
const PENS: readonly Pen[] = [
  { colour: "#1b4f8f", dashes: "" },
  { colour: "#9a3b00", dashes: "6 3" },
  { colour: "#3c6e1f", dashes: "2 2.5" },
  { colour: "#6a3d8f", dashes: "9 3 2 3" },
  { colour: "#5a5a5a", dashes: "1 3" },
  { colour: "#0f6b70", dashes: "12 4" },
];

export type CanDraw = (codePoint: number) => boolean;

export function chartSvg(chart: ChartBlock, canDraw?: CanDraw): string {
  const top = niceTop(chart);
  const names = legend(chart, canDraw);
  const height = LEGEND_TOP + names.lines * LEGEND_LINE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ` font-family="Source Sans 3, Segoe UI, Arial, sans-serif" font-size="9.5" fill="#222">`,
    scale(chart, top, canDraw),
    ...(chart.shape === "bar" ? bars(chart, top) : lines(chart, top)),
    target(chart, top),
    pointLabels(chart, canDraw),
    names.svg,
    "</svg>",
  ].join("");
}

export function figure(value: number, digits: number): string {
  return new Intl.NumberFormat("de-DE", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** The least of 1, 2, 2.5, 5 × a power of ten, times four, that all values fit under; whole steps for counts. */
function niceTop(chart: ChartBlock): number {
  const values = chart.series.flatMap((one) => one.values).filter((value) => value !== null);
  const highest = values.reduce((most, one) => Math.max(most, one), chart.target?.value ?? 0);
  if (!(highest > 0) || !Number.isFinite(highest)) return 4;
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= rough) ?? 10;
  const isCount = values.every((value) => Number.isInteger(value));
  return Math.max(step * power, isCount ? 1 : 0) * 4;
}

function scale(chart: ChartBlock, top: number, canDraw: CanDraw | undefined): string {
  const digits = Number.isInteger(top / 4) ? 0 : digitsOf(top / 4);
  const marks = [0, 1, 2, 3, 4].map((mark) => {
    const y = height(top, (top / 4) * mark);
    const text = figure((top / 4) * mark, digits);
    return (
      `<path d="M${PLOT.left} ${y}H${PLOT.right}" stroke="${mark === 0 ? "#444" : "#d5d9de"}" stroke-width="${mark === 0 ? 0.9 : 0.6}"/>` +
      `<text x="${PLOT.left - 5}" y="${near(y + 3.2)}" text-anchor="end">${text}</text>`
    );
  });
  const unit = shown(chart.unit, NAME_CHARACTERS_MAX, canDraw);
  return `${marks.join("")}<text x="${PLOT.left - 40}" y="8">${unit}</text>`;
}

/** As many as a step needs, so that no mark is told rounded: `0,25` and not `0,3`. */
function digitsOf(step: number): number {
  let digits = 1;
  while (digits < SCALE_DIGITS_MAX && !isNearlyWhole(step * 10 ** digits)) digits += 1;
  return digits;
}

function isNearlyWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

function height(top: number, value: number): number {
  const part = Math.min(1, Math.max(0, value / top));
  return near(PLOT.bottom - part * (PLOT.bottom - PLOT.top));
}

function slot(chart: ChartBlock): number {
  return (PLOT.right - PLOT.left) / Math.max(1, chart.points.length);
}

function centre(chart: ChartBlock, index: number): number {
  return near(PLOT.left + slot(chart) * (index + 0.5));
}

function lines(chart: ChartBlock, top: number): string[] {
  return chart.series.map(({ values }, index) => {
    const pen = penOf(index);
    let path = "";
    let dots = "";
    let isDown = false;
    values.forEach((value, at) => {
      if (value !== null) {
        const place = `${centre(chart, at)} ${height(top, value)}`;
        path += `${isDown ? "L" : "M"}${place}`;
        dots += `<circle cx="${centre(chart, at)}" cy="${height(top, value)}" r="1.9" fill="${pen.colour}"/>`;
      }
      isDown = value !== null;
    });
    return `<path d="${path}" fill="none" stroke="${pen.colour}" stroke-width="1.6" stroke-dasharray="${pen.dashes || "none"}"/>${dots}`;
  });
}

function bars(chart: ChartBlock, top: number): string[] {
  const width = (slot(chart) * 0.74) / chart.series.length;
  return chart.series.map(({ values }, index) =>
    values
      .map((value, at) => {
        if (value === null) return "";
        const x = near(centre(chart, at) - (width * chart.series.length) / 2 + width * index);
        const y = height(top, value);
        const pen = penOf(index);
        return `<rect x="${x}" y="${y}" width="${near(width)}" height="${near(PLOT.bottom - y)}" fill="${pen.colour}" fill-opacity="${index % 2 === 0 ? 1 : 0.35}" stroke="${pen.colour}" stroke-width="0.7"/>`;
      })
      .join(""),
  );
}

function target(chart: ChartBlock, top: number): string {
  if (chart.target === undefined) return "";
  const y = height(top, chart.target.value);
  return `<path d="M${PLOT.left} ${y}H${PLOT.right}" stroke="#b00020" stroke-width="1" stroke-dasharray="4 3"/>`;
}

function pointLabels(chart: ChartBlock, canDraw: CanDraw | undefined): string {
  const every = Math.max(1, Math.ceil(chart.points.length / LABELS_MAX));
  return chart.points
    .map((point, index) => {
      if (index % every !== 0) return "";
      const text = shown(point, LABEL_CHARACTERS_MAX, canDraw);
      return `<text x="${centre(chart, index)}" y="${LABELS_BOTTOM}" text-anchor="middle">${text}</text>`;
    })
    .join("");
}

/** Names side by side, as many in a line as fit. */
function legend(chart: ChartBlock, canDraw: CanDraw | undefined): { svg: string; lines: number } {
  const entries = chart.series.map((one, index) => ({ name: one.name, pen: penOf(index) }));
  if (chart.target !== undefined)
    entries.push({
      name: `${chart.target.name}: ${figure(chart.target.value, chart.digits ?? 0)}`,
      pen: { colour: "#b00020", dashes: "4 3" },
    });
  let x: number = PLOT.left;
  let line = 0;
  const svg = entries.map(({ name, pen }, index) => {
    const text = shown(name, NAME_CHARACTERS_MAX, canDraw);
    const width = 32 + name.length * 5;
    if (x > PLOT.left && x + width > PLOT.right) {
      x = PLOT.left;
      line += 1;
    }
    const y = LEGEND_TOP + line * LEGEND_LINE;
    const isBar = chart.shape === "bar" && index < chart.series.length;
    const mark = isBar
      ? `<rect x="${x}" y="${y - 6}" width="16" height="7" fill="${pen.colour}" fill-opacity="${index % 2 === 0 ? 1 : 0.35}" stroke="${pen.colour}" stroke-width="0.7"/>`
      : `<path d="M${x} ${y - 3}h18" stroke="${pen.colour}" stroke-width="1.6" stroke-dasharray="${pen.dashes || "none"}"/>`;
    const entry = `${mark}<text x="${x + 22}" y="${y}">${text}</text>`;
    x += width;
    return entry;
  });
  return { svg: svg.join(""), lines: line + 1 };
}

function shown(text: string, charactersMax: number, canDraw: CanDraw | undefined): string {
  const short =
    text.length > charactersMax ? `${text.slice(0, charactersMax - 1).toWellFormed()}…` : text;
  return escaped(
    visibleText(short, { charactersMax, ...(canDraw === undefined ? {} : { canDraw }) }),
  );
}

function penOf(index: number): Pen {
  return PENS[index % PENS.length] ?? { colour: "#222222", dashes: "" };
}

function near(value: number): number {
  return Math.round(value * 10) / 10;
}
