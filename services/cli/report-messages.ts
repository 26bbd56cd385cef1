// Texts of the scan's outputs (table, CSV and HTML report), German and English.
import { de as consoleDe } from "../console/messages/de.ts";
import { en as consoleEn } from "../console/messages/en.ts";

const de = {
  locale: "de-DE",
  title: "Heidewacht – Ergebnis der Durchsuchung",
  made: (time: string) =>
    `Erstellt am ${time}. Personenbezogene Namen sind durch Pseudonyme ersetzt.`,
  findings: "Befunde",
  events: "Ereignisse",
  files: "Dateien",
  rules: "Regeln",
  unparsed: "nicht erkannte Zeilen",
  duration: "Dauer",
  timeline: "Zeitverlauf",
  timelineLabel: "Befunde im Zeitverlauf, eine Zeile je Regel",
  nothing: "Nichts gefunden.",
  correlationCut: "zu viele Ereignisse für Korrelationen: die späteren wurden nicht verbunden",
  minor: (count: number) =>
    count === 1 ? "1 Befund unter Schwere mittel" : `${count} Befunde unter Schwere mittel`,
  tactic: consoleDe.tactic,
  score: "Punkte",
  scorePart: {
    severity: "Schwere",
    confidence: "Reife der Regel",
    unusual: "Ungewöhnlichkeit",
    progress: "Fortschritt des Angriffs",
    volume: "Menge",
    asset: "wichtiges System",
    rarity: "Seltenheit",
    intelligence: "Bedrohungsliste",
  },
  level: {
    informational: "Hinweis",
    low: "niedrig",
    medium: "mittel",
    high: "hoch",
    critical: "kritisch",
  },
  hits: (count: number) => (count === 1 ? "1 Treffer" : `${count} Treffer`),
  response: "Was zu tun ist",
  evidence: (count: number) => `Belege (${count})`,
  event: "Ereignis",
  unread: "Nicht lesbar",
  columns: ["Punkte", "Schwere", "Befund", "Objekt", "Treffer", "Zuerst", "Zuletzt"],
  scanning: (share: string, rate: string, rest: string) => `${share} · ${rate} · noch ${rest}`,
  done: (findings: number, events: string, seconds: string) =>
    `${findings} Befunde in ${events} Ereignissen, ${seconds} s.`,
};

const en: typeof de = {
  locale: "en-GB",
  title: "Heidewacht – scan result",
  made: (time) => `Made on ${time}. Personal names are replaced by pseudonyms.`,
  findings: "Findings",
  events: "Events",
  files: "Files",
  rules: "Rules",
  unparsed: "unknown lines",
  duration: "Duration",
  timeline: "Timeline",
  timelineLabel: "Findings over time, one line per rule",
  nothing: "Nothing found.",
  correlationCut: "too many events for correlations: the later ones were not joined",
  minor: (count) =>
    count === 1 ? "1 finding below severity medium" : `${count} findings below severity medium`,
  tactic: consoleEn.tactic,
  score: "Score",
  scorePart: {
    severity: "severity",
    confidence: "maturity of the rule",
    unusual: "unusualness",
    progress: "progress of the attack",
    volume: "volume",
    asset: "critical asset",
    rarity: "rarity",
    intelligence: "threat list",
  },
  level: {
    informational: "informational",
    low: "low",
    medium: "medium",
    high: "high",
    critical: "critical",
  },
  hits: (count) => (count === 1 ? "1 hit" : `${count} hits`),
  response: "What to do",
  evidence: (count) => `Evidence (${count})`,
  event: "event",
  unread: "Not readable",
  columns: ["Score", "Level", "Finding", "Entity", "Hits", "First", "Last"],
  scanning: (share, rate, rest) => `${share} · ${rate} · ${rest} left`,
  done: (findings, events, seconds) => `${findings} findings in ${events} events, ${seconds} s.`,
};

export const REPORT_MESSAGES = { de, en };
