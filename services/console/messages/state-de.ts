// German texts of the page of the state: processes, lag, who watches.
/** By the name that the API gives; one that is missing here is shown as it is. */
const stages: Readonly<Record<string, string>> = {
  detect: "Erkennung",
  baseline: "Korrelation",
  triage: "Bündelung zu Befunden",
};

export const stateDe = {
  title: "Zustand",
  throughput: "Durchsatz",
  eventsPerSecond: "Ereignisse je Sekunde",
  lag: "Rückstand",
  sources: "Datenquellen",
  source: "Quelle",
  events: "Ereignisse",
  rate: "je Sekunde",
  lastEvent: "Letztes Ereignis",
  failed: "Nicht lesbar",
  noSources: "Noch keine Daten eingegangen.",
  version: "Fassung",
  uptime: "Läuft seit",
  chart: "Alle fünf Sekunden ein Wert, seit diese Seite offen ist",
  figures: "Kenngrößen",
  processes: "Prozesse",
  process: "Prozess",
  services: "Dienste",
  seen: "Zuletzt gemeldet",
  silent: "meldet sich nicht",
  reached: "Verarbeitet bis",
  noLag: "keiner",
  watchdog: "Wächter",
  asked: "Vom Wächter abgefragt",
  neverAsked: "nicht überwacht",
  askedAgo: (ago: string) => `${ago} abgefragt`,
  unwatched: (count: number, all: number) => `${count} von ${all} Prozessen nicht überwacht`,
  paging: "Alarmierung",
  stuckPages: (count: number) =>
    count === 1
      ? "1 Befund nicht meldbar: Programmfehler"
      : `${count} Befunde nicht meldbar: Programmfehler`,
  waiting: "Was auf Verarbeitung wartet",
  stage: "Dienst",
  records: "Einträge",
  stages,
};
