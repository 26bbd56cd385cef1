// Tables and wrapped texts for a terminal of any width. Widths are counted in characters as a terminal
// shows them, near enough for German and English.

/** Narrowest terminal that is laid out for; below it lines are broken by the terminal. */
const WIDTH_MIN = 40;
/** Wider lines are hard to read. */
const WIDTH_MAX = 160;
const WIDTH_USUAL = 80;

/** The width to write for: that of the terminal, 80 where there is none. */
export function terminalWidth(stream: { readonly columns?: number | undefined }): number {
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, stream.columns ?? WIDTH_USUAL));
}

export interface TableColumn {
  readonly title: string;
  readonly align?: "right";
  /** This column gives way when the table is too wide. */
  readonly shrinks?: boolean;
}

/** Lines of a table without frame. */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_column, at) => Math.max(...all.map((row) => lengthOf(row[at]))));
  const gaps = 2 * (columns.length - 1);
  const over = widths.reduce((sum, one) => sum + one, gaps) - width;
  const soft = columns.findIndex(({ shrinks }) => shrinks === true);
  if (over > 0 && soft !== -1) widths[soft] = Math.max(8, (widths[soft] ?? 0) - over);
  return all.map((row) =>
    columns
      .map((column, at) => {
        const size = widths[at] ?? 0;
        const text = fitted(row[at] ?? "", size);
        return column.align === "right" ? text.padStart(size) : text.padEnd(size);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A text cut to a width, with a mark that it was. */
export function fitted(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}

/** A text in lines of a width, `linesMax` at most; breaks at blanks where it can. */
export function wrapped(text: string, width: number, linesMax: number): string[] {
  const lines: string[] = [];
  let rest = [...text];
  while (rest.length > width && lines.length < linesMax - 1) {
    const blank = rest.slice(0, width + 1).lastIndexOf(" ");
    const end = blank > width / 2 ? blank : width;
    lines.push(rest.slice(0, end).join(""));
    rest = rest.slice(rest[end] === " " ? end + 1 : end);
  }
  return [...lines, fitted(rest.join(""), width)];
}

function lengthOf(text: string | undefined): number {
  return [...(text ?? "")].length;
}
