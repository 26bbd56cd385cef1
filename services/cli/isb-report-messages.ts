// Texts of `heidewacht report`, German and English. The report itself is German.
import type { CliLanguage } from "./messages.ts";

const de = {
  report: "Berichte an die oder den ISB erstellen, veröffentlichen und prüfen",
  usage: "--period <Zeitraum> [Optionen von create] | <Befehl>",
  create:
    "veröffentlicht den Bericht eines Zeitraums, oder erstellt einen Entwurf (--draft); auch ohne dieses Wort",
  show: "gibt die Daten eines Berichts als JSON aus, frisch gerechnet oder wie veröffentlicht",
  list: "veröffentlichte Berichte, der neueste zuerst",
  verify: "prüft die Kette der veröffentlichten Berichte; Endwert 1, wenn sie nicht stimmt",
  periodOption: "2026, 2026-Q4, 2026-10 oder 2026-10-25",
  outOption: "Ordner für die Dateien (JSON, HTML, PDF/A, PDF/UA, Übergabe ans DMS)",
  draftOption: "Entwurf: nichts wird veröffentlicht",
  extractOption: "nur die Kurzfassung oder den Auszug für den Personalrat",
  sectionOption: "nur dieser Abschnitt, 1 bis 12",
  sequenceOption: "Nummer eines veröffentlichten Berichts statt eines Zeitraums",
  jsonOption: "als JSON ausgeben",
  published: (period: string, revision: number, hash: string) =>
    `${period} ist veröffentlicht, Fassung ${revision}, SHA-256 ${hash}`,
  unchanged: (period: string, revision: number) =>
    `${period}: seit Fassung ${revision} hat sich nichts geändert, nichts wurde veröffentlicht`,
  changed: (figure: string, before: string, now: string) => `  ${figure}: ${before} → ${now}`,
  more: (count: number) => `  … und ${count} weitere Änderungen`,
  written: (path: string) => `geschrieben: ${path}`,
  outMissing: "Ein Entwurf braucht einen Ordner",
  outMend: "--out <Ordner> angeben",
  whatMissing: "Zeitraum oder --report fehlt",
  none: "Noch kein Bericht ist veröffentlicht.",
  columns: {
    number: "Nr.",
    period: "Zeitraum",
    revision: "Fassung",
    publishedAt: "veröffentlicht",
    changes: "Änderungen",
    hash: "SHA-256",
    state: "Prüfung",
  },
  intact: "stimmt",
  allIntact: (count: number) => `${count} Berichte, alle unverändert.`,
  notIntact: "Die Kette der Berichte stimmt nicht.",
  faults: {
    chain: "Kette unterbrochen",
    head: "Kopf verändert",
    data: "Daten verändert",
    unaudited: "im Prüfprotokoll steht ein anderer",
    missing: "fehlt",
  },
};

const en: typeof de = {
  report: "make, publish and verify reports for the security officer",
  usage: "--period <period> [options of create] | <command>",
  create: "publishes the report of a period, or makes a draft (--draft); also without this word",
  show: "prints the data of a report as JSON, calculated anew or as published",
  list: "published reports, newest first",
  verify: "verifies the chain of published reports; exit code 1 where it does not hold",
  periodOption: "2026, 2026-Q4, 2026-10 or 2026-10-25",
  outOption: "folder for the files (JSON, HTML, PDF/A, PDF/UA, hand-over)",
  draftOption: "a draft: nothing is published",
  extractOption: "only the short form or the extract for the staff council",
  sectionOption: "only this section, 1 to 12",
  sequenceOption: "number of a published report in place of a period",
  jsonOption: "print JSON",
  published: (period, revision, hash) =>
    `${period} is published, revision ${revision}, SHA-256 ${hash}`,
  unchanged: (period, revision) =>
    `${period}: nothing has changed since revision ${revision}, nothing was published`,
  changed: (figure, before, now) => `  ${figure}: ${before} → ${now}`,
  more: (count) => `  … and ${count} more changes`,
  written: (path) => `written: ${path}`,
  outMissing: "A draft needs a folder",
  outMend: "give --out <folder>",
  whatMissing: "period or --report is missing",
  none: "No report is published yet.",
  columns: {
    number: "no.",
    period: "period",
    revision: "revision",
    publishedAt: "published",
    changes: "changes",
    hash: "SHA-256",
    state: "check",
  },
  intact: "holds",
  allIntact: (count) => `${count} reports, all unchanged.`,
  notIntact: "The chain of reports does not hold.",
  faults: {
    chain: "chain broken",
    head: "head changed",
    data: "data changed",
    unaudited: "the audit chain has another one",
    missing: "missing",
  },
};

export const ISB_REPORT_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
