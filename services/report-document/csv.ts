// The tables of a document as CSV that German Excel opens with a double click: UTF-8 with a byte order
// mark, semicolons, lines ended as RFC 4180 has it. No cell is taken for a formula.
import { csvName } from "./check-document.ts";
import type { ReportDocument, TableBlock, Text } from "./document.ts";
import { tableOfChart } from "./table-of-chart.ts";
import { visibleText } from "./visible-text.ts";

export interface CsvFile {
  readonly name: string;
  readonly caption: string;
  readonly content: string;
}

/** Excel takes 32,767 characters in a cell; what is named by its number becomes at most twice as long. */
const CELL_CHARACTERS_MAX = 16_000;
const MARK = "\ufeff";
// What spreadsheets read as the beginning of a formula, also in full width; a signed number is none.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?\d{1,15}(?:[.,]\d{1,15})*(?: ?%)?$/;

/** A file for every table and chart, in the document's order. */
export function csvFiles(document: ReportDocument): CsvFile[] {
  return document.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => {
      if (block.kind === "table") return [csvFile(block)];
      return block.kind === "chart" ? [csvFile(tableOfChart(block, document.language))] : [];
    });
}

function csvFile(table: TableBlock): CsvFile {
  const rows: readonly (readonly Text[])[] = table.csvRows ?? table.rows;
  const lines = [table.columns.map((column) => column.header), ...rows].map(
    (row) => `${row.map((cell) => csvCell(plainText(cell))).join(";")}\r\n`,
  );
  return { name: csvName(table.id), caption: table.caption, content: MARK + lines.join("") };
}

export function csvCell(text: string): string {
  const seen = visibleText(text, { charactersMax: CELL_CHARACTERS_MAX });
  const safe = FORMULA.test(seen) && !NUMBER.test(seen) ? `'${seen}` : seen;
  return /[";\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A text without its runs' looks. */
function plainText(text: Text): string {
  return typeof text === "string" ? text : text.map((run) => run.text).join("");
}
