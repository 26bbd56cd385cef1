// German texts of the management page and of the boards.
import { reportsDe } from "./reports-de.ts";

const incidentsWord = (n: number) => `${n} ${n === 1 ? "Vorfall" : "Vorfälle"}`;

export const figuresDe = {
  reports: reportsDe,
  nav: "Kennzahlen",
  title: "Lage",
  running: "läuft noch",
  print: "Drucken",
  span: {
    between: (from: string, to: string) => `${from} bis ${to}`,
    since: (from: string) => `seit ${from}`,
    until: (to: string) => `bis ${to}`,
    drop: "Zeitraum aufheben",
  },
  simulated: (incidents: number, findings: number) =>
    `Simulierte Daten: ${incidentsWord(incidents)} und ${findings} ${findings === 1 ? "Befund" : "Befunde"} dieses Zeitraums sind für eine Vorführung erzeugt.`,
  changes: "Was sich geändert hat und warum",
  noValue: "kein Wert",
  noCourse: "Noch kein Verlauf.",
  atMost: (amount: string) => `höchstens ${amount}`,
  atLeast: (amount: string) => `mindestens ${amount}`,
  definition: "Was das bedeutet",
  definitionVersion: (version: number) => `Definitionen, Fassung ${version}.`,
  noTarget: "Ziele sind nicht festgelegt.",
  targetSince: (day: string, reason: string | undefined) =>
    `Ziele seit ${day.split("-").reverse().join(".")}${reason === undefined ? "" : ` (${reason})`}.`,
  asTable: "Als Tabelle",
  point: "Zeitraum",
  value: {
    seconds: "Mittel",
    ratio: "Fehlalarme je Vorfall",
    share: "Anteil",
  },
  median: "Median",
  target: "Ziel",
  course: (name: string, periods: number) =>
    `${name}: Verlauf der letzten ${periods} Zeiträume; die Zahlen stehen in der Tabelle darunter`,
  facts: {
    ranks: (median: string, p90: string) => `, Median ${median}, P90 ${p90}`,
    open: (n: number, bound: string) => `${n} offen; mit ihnen mindestens ${bound} im Mittel`,
    leftOut: (list: string) => `Nicht gezählt: ${list}`,
    precision: (share: string, bounds: readonly string[] | undefined) =>
      `Genauigkeit ${share}${bounds === undefined ? "" : ` (${bounds.join(" bis ")})`}`,
    unjudged: (unjudged: number, undetermined: number) =>
      `${unjudged} noch nicht bewertet, ${undetermined} unentschieden`,
    contained: (contained: number, n: number) => `${contained} von ${n} behobenen`,
    interval: (low: string, high: string) => `95-%-Intervall ${low} bis ${high}`,
    impactUnknown: "Auswirkung unbekannt",
  },
  period: {
    label: "Zeitraum",
    sizes: { month: "Monat", quarter: "Quartal", year: "Jahr" },
  },
  incidents: {
    title: "Vorfälle hinter diesen Zahlen",
    intro:
      "Ohne Titel, Befunde und Personen. Dauern stehen da, wo der Vorfall in diesem Zeitraum zählt.",
    more: (shown: string, total: string) => `Gezeigt sind ${shown} von ${total}.`,
    none: "In diesem Zeitraum gibt es keinen.",
    simulated: "simuliert",
    reopened: "wieder geöffnet",
    columns: {
      id: "Kennung",
      severity: "Schwere",
      category: "Art",
      corrective: "K1 Maßnahmen",
      identification: "K2 Identifizierung",
      recovery: "K3 Behebung",
      open: "offen seit",
      containment: "K5 eingedämmt",
    },
    containments: {
      contained: "ja",
      not_contained: "nein",
      impact_unknown: "Auswirkung unbekannt",
    },
  },
};
