// What stands under a table that prints fewer rows than its CSV holds.
import { csvName } from "./check-document.ts";
import type { ReportDocument, TableBlock } from "./document.ts";
import { DOCUMENT_MESSAGES } from "./messages.ts";

/** `500 von 2.000 Zeilen, alle in vorfaelle.csv.`; empty where all rows are shown. */
export function rowsNote(table: TableBlock, language: ReportDocument["language"]): string {
  const all = table.csvRows?.length ?? table.rows.length;
  if (all <= table.rows.length) return "";
  const number = new Intl.NumberFormat("de-DE");
  const [shown, of] = [number.format(table.rows.length), number.format(all)];
  return DOCUMENT_MESSAGES[language].rows(shown, of, csvName(table.id));
}
