// Incidents on a terminal: a table of many, a page of one. Everything that people or logs have written is
// shown on one line, without control characters.
import type { IncidentAnswer, IncidentRow } from "../api/incident-schemas.ts";
import type { IncidentMessages } from "./incident-messages.ts";
import { tableLines } from "./text-table.ts";

/** A table of incidents. */
export function incidentTable(
  rows: readonly IncidentRow[],
  text: IncidentMessages,
  time: (ms: number) => string,
  width: number,
): string {
  if (rows.length === 0) return `${text.none}\n`;
  const { id, title, status, severity, identified, missing } = text.columns;
  const columns = [
    ...[{ title: id }, { title: severity }, { title: status }, { title: identified }],
    ...[
      { title: missing, align: "right" as const },
      { title, shrinks: true },
    ],
  ];
  const cells = rows.map((row) => [
    ...[row.id, row.severity, row.status],
    row.identifiedAt === undefined ? text.unknown : time(row.identifiedAt),
    ...[String(row.missing), oneLine(row.title)],
  ]);
  return `${tableLines(columns, cells, width).join("\n")}\n`;
}

/** One incident with what is missing, its time limits and its next steps. */
export function incidentPageText(
  { version, incident, steps, work, clocks }: IncidentAnswer,
  text: IncidentMessages,
  time: (ms: number) => string,
): string {
  const at = (ms: number | undefined) => (ms === undefined ? text.unknown : time(ms));
  const { fields } = text;
  const { firstCompromise, contained, recovered } = incident;
  const compromised =
    firstCompromise.at === undefined
      ? text.methods[firstCompromise.method]
      : at(firstCompromise.at);
  const rows: readonly (readonly [string, string])[] = [
    [fields.version, String(version)],
    [fields.status, incident.status],
    [fields.verdict, incident.verdict],
    [fields.severity, incident.severity],
    [fields.category, incident.category],
    [fields.compromise, compromised],
    [fields.detected, at(incident.detectedAt)],
    [fields.identified, at(incident.identifiedAt)],
    [fields.contained, at(contained?.at)],
    [fields.recovered, at(recovered?.at)],
    [fields.corrected, at(incident.correctiveCompletedAt)],
    [fields.findings, incident.findingIds.map(oneLine).join(", ") || text.unknown],
  ];
  const size = Math.max(...rows.map(([name]) => name.length));
  const lines = [
    `${incident.id}  ${oneLine(incident.title)}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(size)}  ${value}`),
    ...workLines(work, text),
    ...section(
      text.clocks,
      clocks.map(({ name, state, dueAt }) => {
        const due = dueAt === undefined ? "" : `, ${text.dueBy} ${time(dueAt)}`;
        return `${name}: ${text.states[state]}${due}`;
      }),
    ),
    ...section(text.steps, [steps.join(", ")]),
  ];
  return `${lines.join("\n")}\n`;
}

/** What is missing, under its heading. */
export function workLines(work: IncidentAnswer["work"], text: IncidentMessages): string[] {
  return work.length === 0
    ? [text.noWork]
    : section(
        text.missing,
        work.map((one) => oneLine(one.text)),
      );
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines.map((line) => `  - ${line}`)];
}

/** Control, direction and line characters are shown as a mark. */
export function oneLine(given: string): string {
  return given.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
}
