// German texts of the page of backtests.
const some = (n: string, one: string, many: string) => `${n} ${n === "1" ? one : many}`;

export const backtestDe = {
  title: "Rückschau",
  open: "Rückschau",
  openFor: (rule: string) => `Rückschau mit „${rule}“`,
  intro:
    "Zeigt, was Regeln im Archiv gefunden hätten. Es entstehen keine Befunde, und die laufende Erkennung wird nicht gebremst.",
  which: "Welche Regeln?",
  loaded: "Eine geladene Regel",
  pack: "Alle geladenen Regeln",
  own: "Eigene Regel als YAML",
  filter: "Regel suchen",
  rule: "Regel",
  choose: "Bitte wählen",
  noRule: "Keine Regel passt.",
  moreRules: (n: string) => `${n} weitere passen. Bitte genauer suchen.`,
  yaml: "Sigma-Regel (YAML)",
  yamlHint: "Eine oder mehrere Regeln, durch eine Zeile mit --- getrennt.",
  range: "Zeitraum",
  ranges: { "1": "Letzter Tag", "7": "Letzte 7 Tage", "30": "Letzte 30 Tage", own: "Von – bis" },
  from: "Von",
  to: "Bis",
  rangeNeeded: "Bitte Anfang und Ende des Zeitraums angeben, das Ende nach dem Anfang.",
  ruleNeeded: "Bitte eine Regel wählen oder eingeben.",
  start: "Starten",
  cancel: "Abbrechen",
  busy: "Es läuft schon eine Rückschau. Bitte warten oder sie abbrechen.",
  running: (events: string, hits: string) =>
    `Läuft: ${some(events, "Ereignis", "Ereignisse")}, ${hits} Treffer`,
  progress: "Fortschritt der Rückschau",
  failed: (code: string) => `Die Rückschau ist gescheitert (${code}).`,
  result: "Ergebnis",
  sums: (rules: string, hits: string, findings: string) =>
    `${some(rules, "Regel", "Regeln")}, ${hits} Treffer, ${some(findings, "Befund", "Befunde")}`,
  read: (events: string, share: string, span: string) =>
    `${some(events, "Ereignis", "Ereignisse")} gelesen (${share} des Zeitraums) in ${span}`,
  stopped: {
    cancelled: "Abgebrochen: Gezählt ist nur, was bis dahin gelesen war.",
    events:
      "Die Höchstzahl der Ereignisse war erreicht: Gezählt ist nur, was bis dahin gelesen war.",
  },
  cut: "Es sind mehr Befunde, als auseinandergehalten werden können. Die Zahlen sind Mindestzahlen.",
  correlationCut: (n: string) =>
    `Korrelationen haben nur die ersten ${n} Treffer ihrer Regeln gesehen. Was danach kam, ist nicht beurteilt.`,
  joins: (titles: string) => `Korrelation über ${titles}`,
  silenced:
    "Eine Korrelation spricht für diese Regel: Im Betrieb macht sie keine Befunde, und hier zählt sie nicht zur Summe.",
  faults: "Nicht verwendete Regeln",
  nothing: "Keine Regel hat etwas getroffen.",
  notExact: "Nicht genau",
  notExactWhy: (fields: string) =>
    `Die Regel liest Personenbezogenes (${fields}). Das Archiv hat dort nur Pseudonyme, deshalb kann das Ergebnis von der laufenden Erkennung abweichen.`,
  notReached: "Kein Ereignis erreicht die Protokollquelle dieser Regel.",
  inactive: (reason: string) => `Die Regel kann nicht auslösen: ${reason}`,
  hits: "Treffer",
  findings: "Befunde",
  most: "Höchstens am Tag",
  span: (first: string, last: string) => `Erster Treffer ${first}, letzter ${last}`,
  chart: (days: string, findings: string, most: string, day: string) =>
    `Befunde je Tag: ${findings} an ${some(days, "Tag", "Tagen")}, am meisten ${most} am ${day}`,
  asTable: "Als Tabelle",
  day: "Tag",
  samples: "Beispiele",
  sample: (time: string, group: string) => `${time}, ${group}`,
  toEvent: "Im Archiv suchen",
  moreRulesHit: (n: string) => `Weitere ${n} Regeln mit Treffern sind hier nicht gezeigt.`,
};
