// The words of one section of a report's document, a line for each block and each row of a table.

import type { Edition, ReportExtract } from "../../../../services/report/document/edition.ts";
import { documentOf } from "../../../../services/report/document/report-document.ts";
import type { ReportData } from "../../../../services/report/report.ts";
import type { Block, Text } from "../../../../services/report-document/document.ts";

const DRAFT: Edition = { author: "Landkreis Beispiel", reference: undefined };

export function sectionText(
  data: ReportData,
  number: string,
  extract: ReportExtract = "full",
): string {
  const section = documentOf(data, DRAFT, extract).sections.find((one) => one.number === number);
  if (section === undefined) throw new Error(`no section ${number}`);
  return [section.title, ...section.blocks.flatMap(linesOf)].join("\n");
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case "paragraph":
    case "heading":
    case "code":
      return [plain(block.text)];
    case "note":
      return [`${block.title}: ${plain(block.text)}`];
    case "list":
      return block.items.map(plain);
    case "table":
      return [
        block.caption,
        block.columns.map(({ header }) => header).join(" | "),
        ...(block.rows.length === 0 ? [block.emptyText ?? "Keine Einträge."] : []),
        ...block.rows.map((row) => row.map(plain).join(" | ")),
        ...(block.note === undefined ? [] : [block.note]),
      ];
    case "tiles":
      return block.tiles.map(({ label, value }) => `${label}: ${value}`);
    case "chart":
      return [block.title, block.alt];
    case "pageBreak":
      return [];
  }
}

function plain(text: Text): string {
  return typeof text === "string" ? text : text.map((run) => run.text).join("");
}
