// German sentences of the report's sections 7 to 10 and 12 and of its annex.
export const LEGAL = {
  title: "Rechtliche Fristen und Meldungen",
  none: "Für den Mandanten ist keine Meldefrist eingerichtet: keine Daten.",
  clocks: "Fristen, die im Zeitraum begannen",
  clock: "Frist",
  started: "begonnen",
  inTime: "fristgerecht",
  late: "verspätet",
  sent: "ohne Frist abgegeben",
  notRequired: "nicht erforderlich",
  running: "läuft",
  overdue: "überschritten",
  undated: "offen ohne Frist",
  rows: "Meldungen im Einzelnen",
  incident: "Vorfall",
  startedAt: "Kenntnis",
  dueAt: "Frist bis",
  sentAt: "abgegeben",
  outcome: "Ergebnis",
  authority: "an",
  note: "Ob eine Meldung erforderlich ist, entscheiden Menschen; das Programm zählt nur die Frist. Übungen melden nichts.",
  noNdigHours:
    "§ 26 NDIG nennt keine Stundenzahl; eine eigene ist nicht eingestellt („unverzüglich“).",
};

export const PRIVACY = {
  title: "Datenschutz",
  requests: "Klarnamen zu Pseudonymen",
  requestLine: (asked: string, approved: string, refused: string, waiting: string, read: string) =>
    `Beantragt: ${asked}, freigegeben: ${approved}, abgelehnt: ${refused}, am Ende offen: ${waiting}. Ein freigegebener Name wurde ${read}-mal gelesen.`,
  twoPeople: (count: string) =>
    `Freigaben ohne zweite Person: ${count}. Das Programm lässt keine Freigabe durch die antragstellende Person zu.`,
  decision: (median: string, p90: string) =>
    `Dauer bis zur Entscheidung: Median ${median}, P90 ${p90}.`,
  byReason: "Anträge nach Zweck",
  reason: "Zweck",
  asked: "beantragt",
  approved: "freigegeben",
  deletions: "Löschungen und Ausgaben",
  what: "Vorgang",
  count: "Anzahl",
  auditPayloads: "gelöschte Inhalte im Prüfprotokoll",
  keysDestroyed: "vernichtete Schlüssel von Pseudonymen",
  events: "gelöschte Ereignisse nach Ablauf der Aufbewahrung",
  originals: "verfallener Klartext in der Warteschlange, verschlüsselt",
  reports: "ausgegebene Berichte",
  exports: "Ausgaben des Prüfprotokolls",
  backups: "Sicherungen mit heidewacht backup",
  last: "zuletzt",
  entry: "Beleg im Prüfprotokoll",
  actsNote:
    "„Kein Nachweis“: Im Zeitraum steht kein Eintrag im Prüfprotokoll. Klartext und nicht lesbare Zeilen verfallen in der Warteschlange von selbst und werden dabei nicht gezählt. Sicherungen mit anderen Programmen kennt Heidewacht nicht.",
  retention: "Aufbewahrung",
  class: "Daten",
  days: "Tage",
  classes: {
    security: "Sicherheitsereignisse",
    network: "Netzereignisse",
    content: "Inhaltsdaten",
    original: "Klartext, verschlüsselt",
    deadLetter: "nicht lesbare Zeilen, verschlüsselt",
  },
  epochs: (count: string) => `Schlüssel für Pseudonyme, die es noch gibt: ${count}.`,
  noProfile:
    "Das Programm bildet keine Kennzahl, Rangfolge oder Auswertung über Beschäftigte; Befunde tragen Pseudonyme, Klarnamen gibt es nur auf Antrag mit Freigabe durch eine zweite Person.",
};

export const AI = {
  title: "Künstliche Intelligenz",
  noModel: "Zurzeit ist kein Sprachmodell eingerichtet.",
  model: (name: string, isOn: boolean) =>
    `Zurzeit eingerichtetes Sprachmodell: ${name}, ${isOn ? "eingeschaltet" : "ausgeschaltet"}. Es erklärt nur; es bewertet, schließt und verzögert nichts.`,
  noCalls: "Im Zeitraum wurde kein Sprachmodell gefragt: keine Daten.",
  calls: (calls: string, verified: string, replaced: string, failed: string) =>
    `Aufrufe: ${calls}; Antwort geprüft und gezeigt: ${verified}, durch die Vorlage ersetzt: ${replaced}, ohne Antwort: ${failed}.`,
  claims: (total: string, dropped: string, share: string) =>
    `Aussagen des Modells: ${total}; davon nicht belegbar und verworfen: ${dropped} (${share}).`,
  outages: (n: string, longest: string, total: string) =>
    `Ausfälle: ${n}, längster ${longest}, zusammen ${total}.`,
  manipulation: (findings: string, characters: string) =>
    `Befunde über Versuche, Leser oder Modell zu steuern: ${findings}; unsichtbare Zeichen entfernt: ${characters}.`,
  suspicions: "Gemeldeter Verdacht",
  kind: "Art",
  reported: "gemeldet",
  delivered: "zugestellt",
  outcomes: "Ausgang der Aufrufe",
  outcome: "Ausgang",
  number: "Anzahl",
  models: "Aufrufe nach Modell",
  modelName: "Modell",
  decisions: "Was Menschen aus den Vorschlägen machten",
  decision: "Entscheidung",
  learnt: "Gelernte Modelle in Kraft",
  version: "Fassung",
  trainedAt: "gelernt",
  recall: "Trefferquote bei 1 % Fehlalarm",
  auroc: "AUROC",
  hash: "Prüfsumme",
  promotions: "Im Zeitraum in Kraft gesetzt",
  at: "Zeitpunkt",
  switched: (count: string) => `Ein- und Ausschaltungen des Sprachmodells: ${count}.`,
};

export const CONTROLS = {
  title: "Anforderungen und Nachweise",
  intro:
    "Kennungen und Titel sind eine Zuordnung in eigenen Worten. „Ungeprüft“ heißt: Die oder der ISB hat sie noch nicht mit der Norm verglichen (config/report-controls.yml).",
  id: "Kennung",
  requirement: "Anforderung",
  evidence: "Nachweis",
  checked: "Zuordnung",
  confirmed: "bestätigt",
  unconfirmed: "ungeprüft",
  summary: (all: string, without: string, unchecked: string) =>
    `${all} Anforderungen, davon ohne Nachweis: ${without}, ungeprüft: ${unchecked}.`,
  section: (name: string, section: string) => `${name} (Abschnitt ${section})`,
};

export const INTEGRITY = {
  title: "Unversehrtheit",
  holds: "Das Prüfprotokoll ist lückenlos und unverändert.",
  broken: (sequence: string) => `Das Prüfprotokoll ist beschädigt ab Eintrag ${sequence}.`,
  empty: "Das Prüfprotokoll ist leer: kein Nachweis.",
  head: "Letzter Eintrag",
  headAtEnd: "Letzter Eintrag des Zeitraums",
  line: (sequence: string, time: string) => `Nr. ${sequence} vom ${time} Uhr`,
  anchored: (day: string) => `Zuletzt außerhalb festgehalten: ${day} (UTC).`,
  notAnchored: "Außerhalb festgehalten: kein Nachweis (audit.anchor ist nicht eingerichtet).",
  actions: "Vorgänge des Zeitraums im Prüfprotokoll",
  action: "Vorgang",
  count: "Anzahl",
  chain: "Kette der Berichte",
  chainDraft: "Dieser Entwurf ist nicht Teil der Kette veröffentlichter Berichte.",
  chainLine: (sequence: string, revision: string) =>
    `Veröffentlichter Bericht Nr. ${sequence} des Mandanten, Fassung ${revision} für diesen Zeitraum.`,
  differences: "Was sich gegenüber der vorigen Fassung geändert hat",
  figure: "Zahl",
  was: "vorige Fassung",
  is: "diese Fassung",
  beyond: (count: string) => `${count} weitere Änderungen sind nicht aufgeführt.`,
  verify: "Prüfen:",
};

export const ANNEX = {
  title: "Anhang: Definitionen",
  scope: "Was zählt",
  commands: "Befehle",
  commandsText:
    "Die Befehle dieses Berichts fragen das laufende Programm; sie brauchen ein Token des Mandanten in HEIDEWACHT_TOKEN. audit verify und llm export lesen die Ablage selbst; liegt sie nicht in Elasticsearch, muss der Dienst dafür angehalten sein. Der Bericht selbst nennt den Stand, zu dem er erstellt wurde; spätere Änderungen zeigt eine neue Fassung.",
};
