// Finds where the header of a log line ends (time, host, level, process) without knowing the format: it
// learns from the first lines of a source which columns are times, numbers and levels, and which delimiter
// always follows. Where a parser knows the format the parser takes the header off instead.

/** Lines that a header is learnt from; more do not make it surer. */
export const HEADER_LINES_MAX = 1_000;

const COLUMNS_MAX = 12;
const SHARE_MIN = 0.95;
const DELIMITER_WITHIN = 400;
/** Columns that a delimiter may end: host and process, or a program with its mark. */
const COLUMNS_BEFORE_DELIMITER_MAX = 3;
const DELIMITERS = ["] ", ": ", " - "] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** How the header of a source looks. */
export interface HeaderLayout {
  /** Columns at the begin that are times, numbers, levels, or stand between such. */
  readonly columns: number;
  /** What ends the rest of the header, in order. */
  readonly delimiters: readonly Delimiter[];
}

/** Learns the layout of a source's header from its first lines. */
export function learnHeader(lines: readonly string[]): HeaderLayout {
  const sample = lines.slice(0, HEADER_LINES_MAX).filter((line) => line.trim() !== "");
  const columns = countColumns(sample);
  const delimiters: Delimiter[] = [];
  let ends = sample.map((line) => endOfColumns(line, columns));
  if (columns === 0) return { columns, delimiters };
  for (;;) {
    const next = DELIMITERS.filter((one) => !delimiters.includes(one)).find((one) => {
      const found = sample.filter((line, index) => endOf(line, ends[index] ?? 0, one) > 0).length;
      return found >= sample.length * SHARE_MIN;
    });
    if (next === undefined) return { columns, delimiters };
    delimiters.push(next);
    ends = sample.map((line, index) => {
      const from = ends[index] ?? 0;
      return endOf(line, from, next) || from;
    });
  }
}

/** Where the line's message begins. */
export function messageStart(line: string, layout: HeaderLayout): number {
  let at = endOfColumns(line, layout.columns);
  for (const delimiter of layout.delimiters) at = endOf(line, at, delimiter) || at;
  return at;
}

// The last column that is a time, number or level in nearly all lines ends the certain part.
function countColumns(sample: readonly string[]): number {
  const hits = new Array<number>(COLUMNS_MAX).fill(0);
  for (const line of sample) {
    let at = skipGap(line, 0);
    for (let column = 0; column < COLUMNS_MAX && at < line.length; column++) {
      const end = endOfColumn(line, at);
      if (isHeaderWord(line.slice(at, end))) hits[column] = (hits[column] ?? 0) + 1;
      at = skipGap(line, end);
    }
  }
  return hits.findLastIndex((count) => count > 0 && count >= sample.length * SHARE_MIN) + 1;
}

function endOfColumns(line: string, columns: number): number {
  let at = skipGap(line, 0);
  for (let column = 0; column < columns && at < line.length; column++) {
    at = skipGap(line, endOfColumn(line, at));
  }
  return at;
}

function endOfColumn(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isGap(line.charCodeAt(at))) at++;
  return at;
}

function skipGap(line: string, from: number): number {
  let at = from;
  while (at < line.length && isGap(line.charCodeAt(at))) at++;
  return at;
}

function isGap(code: number): boolean {
  return code === 32 || code === 9 || code === 124;
}

// Place behind the delimiter, or 0 where it does not come within the columns that a header may have.
function endOf(line: string, from: number, delimiter: Delimiter): number {
  const limit = Math.min(line.length, from + DELIMITER_WITHIN);
  if (delimiter === "] ") return endOfBrackets(line, from, limit);
  let columns = 0;
  for (let at = from; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (delimiter === ": " && code === 58 && isGapOrEnd(line, at + 1)) return skipGap(line, at + 1);
    if (delimiter === " - " && code === 45 && isGapOrEnd(line, at + 1)) {
      if (at === from || line.charCodeAt(at - 1) === 32) return skipGap(line, at + 1);
    }
    if (code === 32 && line.charCodeAt(at - 1) !== 32) {
      columns++;
      if (columns > COLUMNS_BEFORE_DELIMITER_MAX) return 0;
    }
  }
  return 0;
}

// A bracket that begins here or after one column; what it holds may have blanks and brackets in it.
function endOfBrackets(line: string, from: number, limit: number): number {
  let at = from;
  if (line[at] !== "[") at = skipGap(line, endOfColumn(line, at));
  if (line[at] !== "[") return 0;
  let depth = 0;
  for (; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === 91) depth++;
    else if (code === 93) depth--;
    if (depth === 0) return isGapOrEnd(line, at + 1) ? skipGap(line, at + 1) : 0;
  }
  return 0;
}

function isGapOrEnd(line: string, at: number): boolean {
  return at >= line.length || isGap(line.charCodeAt(at));
}

const NAMES: ReadonlySet<string> = new Set(
  (
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec " +
    "trace debug info notice warn warning error err crit critical alert emerg emergency fatal severe " +
    "failure panic v d i w e f a"
  ).split(" "),
);

function isHeaderWord(column: string): boolean {
  // A dash alone stands for anything, also between the header and the message.
  if (column.length > 40 || column === "-") return false;
  if (/^[[(]?[-+\d.,:/_TZ]+[\])]?,?$/.test(column)) return true;
  return NAMES.has(column.replace(/^[[(<]|[\])>,:]+$/g, "").toLowerCase());
}
