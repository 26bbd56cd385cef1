// A scan's findings as a table for the terminal, JSON, JSON lines or CSV.
import type { CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";
import { scanHtml } from "./scan-html.ts";
import { queueOrder, type ScanSummary } from "./scan-summary.ts";

export const SCAN_FORMATS = ["table", "json", "jsonl", "csv", "html"] as const;
export type ScanFormat = (typeof SCAN_FORMATS)[number];

const TITLE_WIDTH = 48;
const ENTITY_WIDTH = 28;

/** The text to print. */
export function formatScan(
  summary: ScanSummary,
  format: ScanFormat,
  language: CliLanguage,
  timeZone: string,
  madeAt: number,
): string {
  switch (format) {
    case "table":
      return table(summary, language, timeZone);
    case "json":
      return `${JSON.stringify({ ...summary, findings: queueOrder(summary.findings) }, null, 2)}\n`;
    case "jsonl":
      return queueOrder(summary.findings)
        .map((finding) => `${JSON.stringify(finding)}\n`)
        .join("");
    case "csv":
      return csv(summary, language);
    case "html":
      return scanHtml(summary, language, timeZone, madeAt);
  }
}

function table(summary: ScanSummary, language: CliLanguage, timeZone: string): string {
  const text = REPORT_MESSAGES[language];
  const time = new Intl.DateTimeFormat(text.locale, {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const rows = queueOrder(summary.findings).map((finding) => [
    String(finding.score),
    text.level[finding.detector.level],
    shorten(finding.detector.title, TITLE_WIDTH),
    shorten(finding.entities[0]?.value ?? "", ENTITY_WIDTH),
    String(finding.signalCount),
    time.format(finding.firstEventAt),
    time.format(finding.lastEventAt),
  ]);
  const all = rows.length === 0 ? [] : [text.columns, ...rows];
  const widths = text.columns.map((_, column) =>
    Math.max(0, ...all.map((row) => (row[column] ?? "").length)),
  );
  const lines = all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === 4 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const number = new Intl.NumberFormat(text.locale);
  const seconds = (summary.elapsedMs / 1000).toFixed(1);
  return `${lines.map((line) => `${line}\n`).join("")}${text.done(summary.findings.length, number.format(summary.events), seconds)}\n`;
}

// Terminals obey control characters, and logs are hostile.
function shorten(value: string, width: number): string {
  const clean = value.replace(/[\p{Cc}\p{Cf}]/gu, "·");
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean;
}

function csv(summary: ScanSummary, language: CliLanguage): string {
  const text = REPORT_MESSAGES[language];
  const rows = queueOrder(summary.findings).map((finding) => [
    String(finding.score),
    finding.detector.level,
    finding.detector.title,
    finding.entities.map((entity) => entity.value).join(" "),
    String(finding.signalCount),
    new Date(finding.firstEventAt).toISOString(),
    new Date(finding.lastEventAt).toISOString(),
    finding.detector.id,
    finding.id,
  ]);
  return [[...text.columns, "rule", "id"], ...rows]
    .map((row) => `${row.map(csvCell).join(",")}\r\n`)
    .join("");
}

// RFC 4180; a leading =, +, - or @ would be run as a formula by spreadsheets.
function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
