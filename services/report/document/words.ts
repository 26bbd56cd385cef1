// How figures and times are written in a report, German, and how a table is made of rows: for people what
// can be read, for the CSV the same in seconds and UTC, so that it can be calculated with.

import type { Block, Run, TableBlock, TableColumn, Text } from "../../report-document/document.ts";
import { durationWords, ratioWords, shareWords } from "../../store/kpi-words.ts";
import { WORDS } from "./messages.ts";

/** Rows of a table in the document; all of them are in its CSV. */
const ROWS_SHOWN_MAX = 300;
const MS = 1000;
const ID_WEIGHT = 1.2;
/** `18 Tage 19 h` */
const SPAN_WEIGHT = 1.3;

export interface Column<Row> extends TableColumn {
  readonly text: (row: Row) => Text;
  /** Where it is another one than the text. */
  readonly csv?: (row: Row) => string;
}

export interface TableParts<Row> extends Pick<TableBlock, "id" | "caption" | "note" | "emptyText"> {
  readonly columns: (of: Columns<Row>) => readonly Column<Row>[];
  readonly rows: readonly Row[];
}

export function tableOf<Row>({ columns: made, rows, ...rest }: TableParts<Row>): TableBlock {
  const columns = made(columnsFor());
  const hasMore = rows.length > ROWS_SHOWN_MAX || columns.some(({ csv }) => csv !== undefined);
  return {
    kind: "table",
    ...rest,
    columns: columns.map(({ text: _, csv: __, ...column }) => column),
    rows: rows.slice(0, ROWS_SHOWN_MAX).map((row) => columns.map(({ text }) => text(row))),
    ...(hasMore
      ? { csvRows: rows.map((row) => columns.map((column) => csvText(column, row))) }
      : {}),
  };
}

function csvText<Row>({ csv, text }: Column<Row>, row: Row): string {
  if (csv !== undefined) return csv(row);
  const shown = text(row);
  return typeof shown === "string" ? shown : shown.map((run) => run.text).join("");
}

/** Makes the columns of a table whose rows are known. */
export interface Columns<Row> {
  /** The first column, which names the row. */
  readonly named: (header: string, text: (row: Row) => Text, weight?: number) => Column<Row>;
  /** Ids in a form for people; the CSV has the whole ones. */
  readonly ids: (
    header: string,
    id: (row: Row) => string,
    shortOf: (id: string) => string,
    isRowHeader?: boolean,
  ) => Column<Row>;
  readonly words: (header: string, text: (row: Row) => Text, weight?: number) => Column<Row>;
  readonly numbers: (header: string, value: (row: Row) => number | null) => Column<Row>;
  readonly shares: (header: string, value: (row: Row) => number | null) => Column<Row>;
  readonly ratios: (header: string, value: (row: Row) => number | null) => Column<Row>;
  /** Of seconds. */
  readonly spans: (header: string, value: (row: Row) => number | null) => Column<Row>;
  readonly milliseconds: (header: string, value: (row: Row) => number | null) => Column<Row>;
  /** Of hours with one digit. */
  readonly hours: (header: string, value: (row: Row) => number | null) => Column<Row>;
  /** Of ms UTC. */
  readonly times: (
    header: string,
    timeZone: string,
    value: (row: Row) => number | null,
  ) => Column<Row>;
}

function columnsFor<Row>(): Columns<Row> {
  const figures =
    (shown: (value: number | null) => string, inCsv = (value: number) => value) =>
    (header: string, value: (row: Row) => number | null): Column<Row> => ({
      ...{ header, align: "right" },
      text: (row) => shown(value(row)),
      csv: (row) => {
        const found = value(row);
        return found === null ? "" : String(inCsv(found));
      },
    });
  const oneDigit = { maximumFractionDigits: 1 };
  return {
    named: (header, text, weight = 2) => ({ header, text, weight, isRowHeader: true }),
    ids: (header, id, shortOf, isRowHeader = false) => ({
      ...{ header, isRowHeader, weight: ID_WEIGHT },
      text: (row) => [code(shortOf(id(row)))],
      csv: id,
    }),
    words: (header, text, weight = 1) => ({ header, text, weight }),
    numbers: figures(countWords),
    shares: figures((value) => orNone(value, (share) => shareWords(share, "de"))),
    ratios: figures((value) => orNone(value, (ratio) => ratioWords(ratio, "de"))),
    spans: (...parts) => ({ ...figures(secondsWords)(...parts), weight: SPAN_WEIGHT }),
    milliseconds: figures(millisecondsWords, (ms) => ms / MS),
    hours: figures((value) => orNone(value, (count) => count.toLocaleString("de-DE", oneDigit))),
    times: (header, timeZone, value) => ({
      header,
      text: (row) => timeWords(value(row), timeZone),
      csv: (row) => isoTime(value(row)),
    }),
  };
}

export function countWords(value: number | null): string {
  return orNone(value, (count) => count.toLocaleString("de-DE"));
}

export function secondsWords(value: number | null): string {
  return orNone(value, (seconds) => durationWords(seconds, "de"));
}

export function millisecondsWords(value: number | null): string {
  return orNone(value, (ms) =>
    ms < MS ? `${Math.round(ms)} ms` : durationWords(Math.round(ms / MS), "de"),
  );
}

/** `05.10.2026 10:00` on the tenant's clock. */
export function timeWords(value: number | null, timeZone: string): string {
  return orNone(value, (at) => {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const [year, month, day] = local.toPlainDate().toString().split("-");
    return `${day}.${month}.${year} ${local.toPlainTime().toString().slice(0, 5)}`;
  });
}

/** `5. Oktober 2026` */
export function dayWords(at: number, timeZone: string): string {
  return new Date(at).toLocaleDateString("de-DE", {
    ...{ timeZone, year: "numeric", month: "long", day: "numeric" },
  });
}

/** `2026-10-05T08:00:00Z`; nothing where there is none. */
function isoTime(value: number | null): string {
  if (value === null) return "";
  return `${Temporal.Instant.fromEpochMilliseconds(value).toString({ smallestUnit: "second" })}`;
}

/** A figure that can't be known for lack of a record is told as such, never as 0. */
export function knownWords(value: number | null): string {
  return value === null ? WORDS.noRecord : countWords(value);
}

/** `Nr. 4.711`: the audit entry that shows it. */
export function entryWords(entry: number | null): string {
  return orNone(entry, (number) => `${WORDS.entry} ${countWords(number)}`);
}

/** The line under a figure that says how it is got again. */
export function commandLine(command: string, words: string = WORDS.again): Block {
  return { kind: "paragraph", text: [{ text: `${words} ` }, code(command)] };
}

export function code(text: string): Run {
  return { text, style: "code" };
}

function orNone(value: number | null, shown: (value: number) => string): string {
  return value === null ? WORDS.none : shown(value);
}
