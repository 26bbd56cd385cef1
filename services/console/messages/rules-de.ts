// German texts of the page of rules.
const some = (n: string, one: string, many: string) => `${n} ${n === "1" ? one : many}`;

const correlationTypes: Readonly<Record<string, string>> = {
  event_count: "Anzahl der Ereignisse",
  value_count: "Anzahl verschiedener Werte",
  temporal: "zusammen aufgetreten",
  temporal_ordered: "nacheinander aufgetreten",
  value_sum: "Summe der Werte",
  value_avg: "Mittelwert",
  value_percentile: "Perzentil",
  value_median: "Median",
};

export const rulesDe = {
  title: "Regeln",
  differing: "Die Prozesse arbeiten mit verschiedenen Regeln.",
  differingHint:
    "Kurz nach einer Änderung ist das üblich. Bleibt es dabei, die Regelordner der Rechner vergleichen und die Regeln neu einlesen.",
  ruleGroup: (names: string, rules: string) => `${names}: ${some(rules, "Regel", "Regeln")}`,
  filter: "Regeln filtern",
  loaded: (n: string) => `${some(n, "Regel", "Regeln")} geladen`,
  correlations: (n: string) => `davon ${some(n, "Korrelation", "Korrelationen")}`,
  faults: (n: string) => `${n} mit Fehlern`,
  faultsTitle: "Nicht geladene Regeln",
  rule: "Regel",
  level: "Stufe",
  hits: "Treffer",
  status: "Reife",
  attack: "Technik",
  origin: "Herkunft",
  place: "Stelle",
  fault: "Fehler",
  table: "Geladene Regeln",
  empty: "Keine Regel passt.",
  correlation: "Korrelation",
  correlationTypes,
  joins: (type: string, span: string) => `${type}, innerhalb von ${span}; verknüpft:`,
  silenced: "Eine Korrelation spricht für diese Regel. Sie macht keine eigenen Befunde.",
  filteredBy: (titles: string) => `Ausnahme: ${titles}`,
  reload: "Regeln neu einlesen",
  reloading: "Die Regeln werden eingelesen …",
  reloaded: {
    changed: (added: string, removed: string, changed: string) =>
      `Eingelesen: ${added} neu, ${removed} entfallen, ${changed} geändert. Sie gelten ab sofort.`,
    unchanged: "Eingelesen: Es hat sich nichts geändert.",
    kept: (reason: string) => `Die bisherigen Regeln gelten weiter: ${reason}`,
  },
  leftOutTitle: (n: string) => `Bewusst nicht geladen: ${some(n, "Regel", "Regeln")}`,
  leftOutHint: "An ihnen ist kein Fehler.",
  leftOut: {
    status: (status: string) => `Reife „${status}“ wird nicht geladen.`,
    obsolete: (title: string) => `Abgelöst durch „${title}“.`,
    renamed: (title: string) => `Heißt jetzt „${title}“.`,
  },
  notesTitle: (n: string) => `Ausnahmen ansehen: ${some(n, "Hinweis", "Hinweise")}`,
  notes: {
    "filter-expired": (day: string) => `Galt bis ${day} und wirkt nicht mehr.`,
    "filter-rule-missing": (rule: string) => `Nennt eine Regel, die es nicht gibt: ${rule}`,
    "filter-logsource": (rule: string) => `Die Protokollquelle passt nicht zur Regel ${rule}.`,
    "filter-unused": (_none: string) => "Keine Regel passt zu dieser Ausnahme.",
  },
  costsTitle: "Die teuersten Regeln",
  costsHint:
    "Gemessen an einer Stichprobe aller Ereignisse, seit die Regeln gelten. Anteil an der Zeit, die alle Regeln brauchen.",
  costShare: "Anteil",
  costTime: "je Prüfung",
  microseconds: (n: string) => `${n} µs`,
};
