// German texts of the page of models: versions in force and in the shadow, the alarm budget, drift.
const some = (n: string, one: string, many: string) => `${n} ${n === "1" ? one : many}`;

/** By the name that the API gives; one that is missing here is shown as it is. */
const detectors: Readonly<Record<string, string>> = {
  autoencoder: "Verhalten im Ganzen",
  beacon: "Regelmäßige Verbindungen",
  dga: "Errechnete Namen",
  exfiltration: "Abfluss von Daten",
  logons: "Anmeldungen",
  metrics: "Messwerte",
  rarity: "Neues und Seltenes",
  scan: "Durchprobieren",
  sequence: "Reihenfolge von Meldungen",
  templates: "Meldungen von Programmen",
  tunnel: "Daten in Namensanfragen",
  volume: "Mengen",
};
const about: Readonly<Record<string, string>> = {
  dga: "Weist auf Rechner hin, die nach Namen fragen, wie Schadsoftware sie errechnet. Gelernt wird aus Namen, nach denen mehrere Rechner fragen, und aus selbst erzeugten.",
  autoencoder:
    "Weist auf Konten und Rechner hin, deren Tag im Zusammenspiel vieler Merkmale ungewohnt war. Gelernt wird aus ruhigen Tagen.",
  sequence:
    "Weist auf Rechner hin, deren Programme Meldungen in ungewohnter Reihenfolge schreiben. Gelernt wird aus ruhigen Tagen.",
};
/** What such a model is asked about, in the plural. */
const cases: Readonly<Record<string, string>> = {
  ...{ dga: "Namen", autoencoder: "Tage", sequence: "Abschnitte" },
};
const figures: Readonly<Record<string, string>> = {
  recallAtFpr1pct: "Erkannt bei 1 % Fehlalarmen",
  auroc: "Trennschärfe (AUROC)",
  flaggedUsual: "Von Üblichem gemeldet",
  flaggedMade: "Von Erzeugtem gemeldet",
  usual: "Geprüft: Übliches",
  made: "Geprüft: Erzeugtes",
};
const examples: Readonly<Record<string, string>> = { site: "eigene", own: "selbst erzeugte" };
const faults: Readonly<Record<string, string>> = {
  HW_TOO_FEW:
    "Es gibt noch zu wenig, woraus zu lernen oder woran zu prüfen wäre. Abhilfe: mehr Tage wählen (aufbewahrt werden 60) oder einige Tage warten; zum Lernen braucht es 100 Tage von Konten, Rechnern und Adressen oder 100 Abschnitte von Meldungen.",
  HW_UNAVAILABLE:
    "Zeit oder Speicher reichten nicht, oder ein Server dahinter antwortete nicht. Abhilfe: weniger Tage wählen oder in einer ruhigeren Stunde noch einmal beginnen.",
  HW_INPUT_TOO_LARGE: "Das Modell wurde zu groß zum Aufbewahren. Abhilfe: weniger Tage wählen.",
  HW_NOT_FOUND:
    "Die Fassung gibt es nicht mehr. Abhilfe: eine andere prüfen, die in der Liste steht.",
  HW_STORE_CORRUPT:
    "Die gespeicherte Fassung passt nicht zu ihrer Prüfsumme und wird nicht geladen. Abhilfe: eine neue Fassung lernen.",
  HW_STORE_VERSION:
    "Die Fassung gehört zu einem anderen Stand von Heidewacht. Abhilfe: eine neue Fassung lernen.",
};
const refusals: Readonly<Record<string, string>> = {
  HW_BUSY:
    "Es wird gerade gelernt oder geprüft, immer nur eines zugleich. Bitte danach noch einmal.",
  HW_CONFLICT: "Der Stand hat sich inzwischen geändert. Bitte schließen und neu wählen.",
  HW_NOT_FOUND: "Diese Fassung gibt es nicht mehr. Bitte schließen und neu wählen.",
};

export const modelsDe = {
  title: "Modelle",
  nav: "Regeln, Modelle und Rückschau",
  intro:
    "Modelle und Statistik weisen auf Ungewöhnliches hin. Sie entscheiden nichts: Was ein Hinweis bedeutet, beurteilen Menschen, und welche Fassung eines Modells gilt, legt immer ein Mensch fest.",
  readOnly: "Lernen, prüfen und in Kraft setzen darf die Verwaltung.",
  off: "Nach Anomalien wird nicht gesucht. Eingeschaltet wird das in der Konfiguration (anomaly.enabled: true), nach einem Neustart.",
  detectors,
  budget: {
    title: "Auffälligkeiten je Tag",
    what: "So viele Befunde von Modellen und Statistik soll ein ruhiger Tag höchstens haben. Daraus folgt, wie unwahrscheinlich etwas sein muss, damit es gemeldet wird.",
    noLimit:
      "Eine Obergrenze ist das nicht: Ein Tag mit einem Angriff hat so viele Befunde, wie er hat.",
    choice:
      "Eine kleinere Zahl macht es ruhiger, schwächere Hinweise fehlen dann. Eine größere zeigt mehr, auch mehr Belangloses.",
    where:
      "Eingestellt wird sie in der Konfiguration (anomaly.findingsPerDay), gleich für jeden Mandanten.",
    sum: (days: string, findings: string, mean: string, over: string) =>
      `${some(days, "Tag", "Tage")}: ${some(findings, "Befund", "Befunde")}, im Mittel ${mean} am Tag, ${
        over === "0" ? "an keinem Tag" : `an ${some(over, "Tag", "Tagen")}`
      } mehr als das Budget.`,
    table: "Befunde der letzten Tage",
    day: "Tag",
    findings: "Befunde",
    of: "Davon",
    soFar: "bis jetzt",
    over: "über dem Budget",
    line: "Gestrichelt: das Budget.",
    changes: (n: string) => `Umfeld verändert: ${some(n, "Meldung", "Meldungen")}`,
    none: "keine",
    count: (detector: string, n: string) => `${detector} ${n}`,
  },
  drift: {
    title: "Verändertes Umfeld",
    what: "Verschieben sich die Werte eines Detektors im Ganzen, hat sich meist das Umfeld geändert (neue Software, Umzug, Zeitumstellung). Das wird einmal gemeldet, und seine Befunde bleiben so lange im Budget.",
    none: "Noch hat kein Detektor einen ganzen Tag beurteilt.",
    table: "Detektoren und ob sich ihre Werte verschoben haben",
    detector: "Detektor",
    state: "Stand",
    day: "Beurteilter Tag",
    psi: "Verschiebung (PSI)",
    ks: "Abstand (KS)",
    held: "Zurückgehalten",
    ofLimit: (value: string, limit: string) => `${value}, Grenze ${limit}`,
    states: { learning: "lernt noch", steady: "unverändert", drift: "verändert" },
    since: (moment: string) => `seit ${moment}`,
    heldOf: (held: string, total: string) => `${held} seit Beginn, ${total} insgesamt`,
    picture: (detector: string) => `${detector}: vorher und zuletzt`,
    pictureText: (n: string, usual: string) =>
      `Anteil je Stufe, links Übliches, rechts sehr Unwahrscheinliches. Umriss: frühere Tage (${usual} Werte); gefüllt: der letzte Tag (${n} Werte).`,
    step: "Kommt höchstens vor in",
    oneIn: (times: string) => `1 von ${times}`,
    before: "Vorher",
    after: "Zuletzt",
    asTable: "Als Tabelle",
  },
  learnt: "Gelernte Modelle",
  about,
  state: {
    none: "Noch nichts gelernt. Das Modell meldet nichts, bis eine Fassung gelernt ist und ein Mensch sie in Kraft setzt.",
    idle: "Keine Fassung gilt, und keine läuft verdeckt mit. Das Modell meldet nichts.",
    active: (version: string, since: string | undefined) =>
      `Fassung ${version} gilt${since === undefined ? "" : ` seit ${since}`}.`,
    noneActive: "Keine Fassung gilt. Das Modell meldet nichts.",
    shadow: (version: string) =>
      `Fassung ${version} läuft verdeckt mit: Sie wird dasselbe gefragt, aber nicht gehört, bis ein Mensch sie in Kraft setzt.`,
  },
  steps: {
    label: (model: string) => `Schritte: ${model}`,
    train: "Neue Fassung lernen …",
    evaluate: "Fassung prüfen …",
    promote: (version: string) => `Fassung ${version} in Kraft setzen …`,
    promoteShort: "In Kraft setzen …",
    rollback: (version: string) => `Zurück zu Fassung ${version} …`,
    cancel: "Abbrechen",
  },
  job: {
    kinds: { train: "Lernen", evaluate: "Prüfen" },
    progress: (kind: string) => `${kind} läuft`,
    running: (kind: string, since: string) => `${kind} läuft, begonnen ${since}.`,
    waiting: (kind: string) =>
      `${kind} wartet, bis der Auftrag eines anderen Mandanten fertig ist.`,
    trained: (version: string) =>
      `Lernen fertig: Fassung ${version} läuft jetzt verdeckt mit. Sie gilt erst, wenn ein Mensch sie in Kraft setzt.`,
    evaluated: (version: string) => `Prüfen fertig: Fassung ${version}, Ergebnis unten.`,
    cancelled: (kind: string) => `${kind} abgebrochen. Es hat sich nichts geändert.`,
    cancelling: "Wird abgebrochen.",
    failed: (kind: string, place: string, code: string) =>
      `${kind} ist gescheitert (${[place, code].filter((part) => part !== "").join(", ")}).`,
    unknown:
      "Es hat sich nichts geändert. Abhilfe: Im Protokoll des Dienstes steht mehr; danach noch einmal beginnen.",
    began: (kind: string) => `${kind}: Auftrag angenommen.`,
  },
  faults,
  refusals,
  compare: {
    title: (shadow: string) => `Fassung ${shadow}, verdeckt neben der geltenden`,
    titleAlone: (shadow: string) => `Fassung ${shadow}, verdeckt`,
    none: "Noch nichts verglichen. Gezählt wird, sobald beide nach demselben gefragt wurden; das kann einige Minuten dauern.",
    judged: (n: string, cases: string, since: string, until: string) =>
      `${n} ${cases} beurteilt, ${since} bis ${until}.`,
    agreement: (share: string) => `Einig bei ${share}.`,
    table: "Was gemeldet worden wäre",
    who: "Gemeldet hätten",
    both: "beide Fassungen",
    onlyActive: (version: string) => `nur Fassung ${version}, die gilt`,
    onlyShadow: (version: string) => `nur Fassung ${version}, verdeckt`,
    shadowAlone: (version: string) => `Fassung ${version}, verdeckt`,
    neither: "keine",
    share: "Anteil",
    samples: (who: string, n: string) => `Beispiele: ${who} (die letzten ${n})`,
  },
  cases,
  casesElse: "Fälle",
  figures,
  examples,
  versions: {
    title: "Fassungen",
    version: "Fassung",
    state: "Stand",
    trained: "Gelernt",
    window: "Aus dem Zeitraum",
    examples: "Beispiele",
    worth: "Güte an Zurückgehaltenem",
    step: "Schritt",
    states: { shadow: "läuft verdeckt", active: "gilt", retired: "abgelöst" },
    span: (from: string, to: string) => `${from} bis ${to}`,
    by: (who: string) => `von: ${who}`,
    promoted: (when: string, who: string) => `in Kraft gesetzt ${when}, von: ${who}`,
    details: (version: string) => `Einzelheiten zu Fassung ${version}`,
    features: "Merkmale",
    seed: "Anfangswert",
    basedOn: "Ausgangspunkt",
    anew: "von Grund auf",
    backend: "Rechenwerk",
    duration: "Dauer des Lernens",
    size: "Größe",
    kilobytes: (n: string) => `${n} kB`,
    hash: "Prüfsumme (SHA-256)",
    evaluation: (at: string, from: string, to: string) => `Geprüft ${at}, an ${from} bis ${to}`,
    few: (n: string) =>
      `Nur ${n} eigene Beispiele: Das Modell kennt das Haus noch zu wenig, um sich auf seine Hinweise zu verlassen.`,
  },
  train: {
    title: (model: string) => `Neue Fassung lernen: ${model}`,
    what: "Liest neben der Erkennung die letzten Tage, so weit sie aufbewahrt sind (höchstens 15 Minuten), und lernt dann (höchstens 10 Minuten). Was gilt, gilt weiter.",
    replaces: (version: string) =>
      `Die neue Fassung läuft verdeckt mit. Fassung ${version}, die jetzt verdeckt mitläuft, wird abgelöst.`,
    becomes: "Die neue Fassung läuft verdeckt mit, bis ein Mensch sie in Kraft setzt.",
    days: "Wie viele Tage",
    daysHint: "1 bis 365.",
    seed: "Anfangswert",
    seedHint: "Gleiche Daten und gleicher Anfangswert geben dasselbe Modell. 1 passt fast immer.",
    fresh: (version: string) => `Von Grund auf neu lernen, nicht von Fassung ${version} aus`,
    submit: "Lernen",
  },
  evaluate: {
    title: (model: string) => `Fassung prüfen: ${model}`,
    what: "Fragt eine Fassung nach den letzten Tagen und zählt, was sie gemeldet hätte. Es ändert sich nichts, und es entstehen keine Befunde.",
    version: "Fassung",
    days: "Tage bis jetzt",
    submit: "Prüfen",
  },
  promote: {
    title: (version: string) => `Fassung ${version} in Kraft setzen?`,
    backTitle: (version: string) => `Zurück zu Fassung ${version}?`,
    replaces: (version: string, before: string) =>
      `Fassung ${version} gilt dann statt Fassung ${before}. Ihre Hinweise werden zu Befunden, die von Fassung ${before} nicht mehr. Fassung ${before} bleibt aufbewahrt.`,
    first: (version: string) =>
      `Bisher gilt keine Fassung, und das Modell schweigt. Dann werden Hinweise von Fassung ${version} zu Befunden.`,
    stays:
      "Befunde, die es gibt, bleiben. Es wirkt nach höchstens 30 Sekunden, und im Prüfprotokoll steht, welches Konto es getan hat.",
    compared: (judged: string, cases: string, more: string, less: string) =>
      `${judged} ${cases} hat sie verdeckt beurteilt. Davon hätte sie ${more} gemeldet, die die geltende nicht meldet, und ${less} nicht, die die geltende meldet.`,
    notCompared: "Mit der geltenden wurde sie bisher nicht verglichen.",
    table: "Güte beider Fassungen",
    figure: "Güte",
    of: (version: string) => `Fassung ${version}`,
    submit: "In Kraft setzen",
    backSubmit: "Zurückkehren",
    done: (version: string) => `Fassung ${version} gilt jetzt.`,
  },
};
