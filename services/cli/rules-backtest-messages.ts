// Texts of `heidewacht rules backtest`, German and English.
import type { CliLanguage } from "./messages.ts";

const de = {
  locale: "de-DE",
  command: "Rückschau: Was hätten Regeln gefunden? Über das Archiv oder über Dateien, ohne Dienst",
  archive: "Datenordner, dessen Archiv durchsucht wird (der Dienst darf nicht laufen)",
  tenant: "Mandant im Datenordner; nötig, wenn es mehrere gibt",
  events: "Datei oder Ordner mit Ereignissen jedes Formats (mehrfach möglich)",
  from: "ab diesem Tag oder Zeitpunkt: 2026-11-01 oder 2026-11-01T08:00:00Z",
  to: "bis vor diesen Tag oder Zeitpunkt",
  maxFindings: "scheitert, wenn eine Regel an einem Tag mehr Befunde macht",
  expectHits: "scheitert, wenn eine Regel nichts trifft",
  samples: "Beispiele je Regel",
  window: "Fenster eines Befundes in Stunden",
  oneSource: "genau eines von --archive und --events ist nötig",
  badTime: (text: string) => `kein Tag und kein Zeitpunkt: ${text}`,
  reversed: "--to liegt vor --from",
  noTenant: "der Datenordner hat kein Archiv",
  whichTenant: (names: string) => `--tenant fehlt; es gibt ${names}`,
  columns: {
    level: "Schwere",
    rule: "Regel",
    hits: "Treffer",
    findings: "Befunde",
    most: "je Tag",
  },
  read: (events: string, unparsed: string, share: string, seconds: string) =>
    `${events} Ereignisse gelesen (${share}), ${unparsed} nicht lesbar, ${seconds} s`,
  sums: (rules: string, hits: string, findings: string) =>
    `${rules === "1" ? "1 Regel" : `${rules} Regeln`}, ${hits} Treffer, ${findings === "1" ? "1 Befund" : `${findings} Befunde`}`,
  quiet: (count: string, inexact: string) =>
    `${count === "1" ? "1 Regel" : `${count} Regeln`} ohne Treffer, davon im Archiv nicht genau: ${inexact}`,
  stopped: { cancelled: "abgebrochen", events: "Höchstzahl der Ereignisse erreicht" },
  cut: "Es sind mehr Befunde, als auseinandergehalten werden können: Die Zahlen sind Mindestzahlen.",
  correlationCut: (count: string) =>
    `Korrelationen haben nur die ersten ${count} Treffer ihrer Regeln gesehen: mehr können sie nicht beurteilen.`,
  joins: (titles: string) => `Korrelation über ${titles}`,
  silenced: "Eine Korrelation spricht für diese Regel: Im Betrieb macht sie keine Befunde.",
  damaged: (count: string) => `${count} beschädigte Stellen des Archivs wurden übersprungen`,
  sample: "Beispiel",
  notExact: (fields: string) => `nicht genau: liest ${fields}`,
  notReached: "Kein Ereignis erreicht die Protokollquelle.",
  inactive: (reason: string) => `kann nicht auslösen: ${reason}`,
  tooMany: (findings: string, day: string, max: string) =>
    `${findings} Befunde am ${day}, höchstens ${max} sind erlaubt`,
  noHits: "kein Treffer",
  running: (events: string, hits: string) => `${events} Ereignisse, ${hits} Treffer`,
};

const en: typeof de = {
  locale: "en-GB",
  command:
    "backtest: what would rules have found? Over the archive or over files, without a service",
  archive: "data folder whose archive is searched (the service must not be running)",
  tenant: "tenant in the data folder; needed when there are several",
  events: "file or folder with events of any format (may be repeated)",
  from: "from this day or time on: 2026-11-01 or 2026-11-01T08:00:00Z",
  to: "until before this day or time",
  maxFindings: "fails when a rule makes more findings on one day",
  expectHits: "fails when a rule hits nothing",
  samples: "samples of each rule",
  window: "window of a finding in hours",
  oneSource: "exactly one of --archive and --events is needed",
  badTime: (text) => `neither a day nor a time: ${text}`,
  reversed: "--to is before --from",
  noTenant: "the data folder has no archive",
  whichTenant: (names) => `--tenant is missing; there are ${names}`,
  columns: { level: "level", rule: "rule", hits: "hits", findings: "findings", most: "a day" },
  read: (events, unparsed, share, seconds) =>
    `${events} events read (${share}), ${unparsed} unreadable, ${seconds} s`,
  sums: (rules, hits, findings) =>
    `${rules === "1" ? "1 rule" : `${rules} rules`}, ${hits} hits, ${findings === "1" ? "1 finding" : `${findings} findings`}`,
  quiet: (count, inexact) =>
    `${count === "1" ? "1 rule" : `${count} rules`} without a hit, of them not exact in the archive: ${inexact}`,
  stopped: { cancelled: "cancelled", events: "the highest number of events was reached" },
  cut: "There are more findings than can be told apart: there are at least as many as shown.",
  correlationCut: (count) =>
    `Correlations have seen the first ${count} hits of their rules only: they can't judge more.`,
  joins: (titles) => `correlation over ${titles}`,
  silenced: "A correlation speaks for this rule: in operation it makes no findings.",
  damaged: (count) => `${count} damaged places of the archive were passed over`,
  sample: "sample",
  notExact: (fields) => `not exact: reads ${fields}`,
  notReached: "No event reaches the log source.",
  inactive: (reason) => `can't fire: ${reason}`,
  tooMany: (findings, day, max) => `${findings} findings on ${day}, at most ${max} are allowed`,
  noHits: "no hit",
  running: (events, hits) => `${events} events, ${hits} hits`,
};

export const BACKTEST_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
