// The words of the mail that brings a report, German as the report is. It tells nothing of what is in it.
import type { ReportDocument } from "../report-document/document.ts";

export function reportMailText({ title, tenant, period, mark }: ReportDocument): {
  readonly subject: string;
  readonly text: string;
} {
  const lines = [
    `${title}`,
    `Mandant: ${tenant.name}`,
    `Zeitraum: ${period.label}`,
    ...(mark === undefined ? [] : [`Kennzeichnung: ${mark}`]),
    "",
    "Der Bericht liegt als PDF bei. Er wurde von Heidewacht veröffentlicht; Daten, Archivfassung und",
    "Prüfung der Kette: Seite „Berichte“ der Konsole oder heidewacht report verify.",
    "",
    "Diese Nachricht wurde automatisch erstellt.",
  ];
  return { subject: `${title}: ${tenant.name}, ${period.label}`, text: `${lines.join("\n")}\n` };
}
