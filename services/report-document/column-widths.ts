// How wide the columns of a printed table are: as their weights say, but never narrower than the longest
// date or figure in them, which can't be parted as words can.
import type { TableBlock } from "./document.ts";

/** Of the page without its margins, of a digit in tables, and left and right of a cell; millimetres. */
const TABLE_MM = 165;
const DIGIT_MM = 1.6;
/** The same in the smaller letters of a table of many columns. */
const CROWDED_DIGIT_MM = 1.35;
const CROWDED_COLUMNS_MIN = 9;
const INSET_MM = 3;
/** Longer runs are parted anyhow. */
const UNPARTED_MAX = 20;
const FIGURE = /\S*\d\S*/g;

/** Whether it is set in smaller letters. */
export function isCrowded({ columns }: Pick<TableBlock, "columns">): boolean {
  return columns.length >= CROWDED_COLUMNS_MIN;
}

/** Millimetres of each column, all of the page's width together. */
export function columnWidths({ columns, rows }: TableBlock): number[] {
  const digitMm = isCrowded({ columns }) ? CROWDED_DIGIT_MM : DIGIT_MM;
  const needed = columns.map((_, at) => {
    const longest = rows.reduce((most, row) => Math.max(most, longestFigure(row[at])), 0);
    return longest === 0 ? 0 : longest * digitMm + INSET_MM;
  });
  const weights = columns.map((column) => column.weight ?? 1);
  const all = needed.reduce((sum, one) => sum + one, 0);
  // More than fits: each has its part of what it needs.
  if (all > TABLE_MM) return needed.map((one, at) => shared(one || (weights[at] ?? 1), all));
  return widened(weights, needed);
}

function shared(needed: number, all: number): number {
  return (needed / all) * TABLE_MM;
}

/** Columns that would be too narrow get what they need, the others share the rest by their weights. */
function widened(weights: readonly number[], needed: readonly number[]): number[] {
  const fixed = new Set<number>();
  for (let round = 0; round < weights.length; round += 1) {
    const widths = spread(weights, needed, fixed);
    const narrow = widths.findIndex((one, at) => !fixed.has(at) && one < (needed[at] ?? 0));
    if (narrow < 0) return widths;
    fixed.add(narrow);
  }
  return spread(weights, needed, fixed);
}

function spread(
  weights: readonly number[],
  needed: readonly number[],
  fixed: ReadonlySet<number>,
): number[] {
  let left = TABLE_MM;
  let weight = 0;
  weights.forEach((one, at) => {
    if (fixed.has(at)) left -= needed[at] ?? 0;
    else weight += one;
  });
  return weights.map((one, at) => (fixed.has(at) ? (needed[at] ?? 0) : (one / weight) * left));
}

function longestFigure(cell: TableBlock["rows"][number][number] | undefined): number {
  const text = typeof cell === "string" ? cell : (cell ?? []).map((run) => run.text).join("");
  let longest = 0;
  for (const [run] of text.slice(0, 200).matchAll(FIGURE))
    if (run.length <= UNPARTED_MAX) longest = Math.max(longest, run.length);
  return longest;
}
