// Texts of the template summary, German and English. The catalogue is typed by its German half, so that
// a missing key does not compile.

const de = {
  what: (title: string, level: string) => `${title} (Schwere: ${level}).`,
  where: (entities: string) => `Betroffen: ${entities}.`,
  once: (time: string) => `Ein Treffer am ${time}.`,
  many: (count: number, first: string, last: string) =>
    first === last
      ? `${count} Treffer am ${first}.`
      : `${count} Treffer zwischen ${first} und ${last}.`,
  because: (field: string, value: string) => `Ausgelöst, weil ${field} = „${value}“.`,
  more: (count: number) => `und ${count} weitere`,
  progress: (tactics: string) => `Auf denselben Objekten am selben Tag: ${tactics}.`,
  listed: (indicators: string) => `Steht auf einer Bedrohungsliste: „${indicators}“.`,
  judged: (wrong: string, all: string) =>
    `Befunde dieser Regel wurden hier ${all}-mal bewertet, davon ${wrong}-mal als Fehlalarm.`,
  rare: (count: number) =>
    `Diese Regel meldet hier selten: höchstens ${count} Befunde in 30 Tagen.`,
  asset: "Ein betroffenes Objekt ist als wichtig eingestuft.",
  nothingKnown: "Früheres dazu ist nicht bekannt.",
  todo: (steps: readonly string[]) => `Zu tun: ${steps.join(" ")}`,
  look: "Belege ansehen, mit den Zuständigen klären, bewerten.",
  entity: { host: "Rechner", account: "Konto", address: "Adresse", service: "Dienst" },
  level: {
    informational: "Hinweis",
    low: "niedrig",
    medium: "mittel",
    high: "hoch",
    critical: "kritisch",
  },
  risk: {
    title: (type: string, value: string) => `Risiko-Häufung auf ${type} ${value}`,
    description: (value: string, threshold: string, hours: number) =>
      `Mehrere schwache Treffer verschiedener Regeln auf demselben Objekt innerhalb von ${hours} Stunden: zusammen ${value} Punkte, gemeldet ab ${threshold}. Jeder für sich fiele kaum auf; zusammen können sie ein Angriff in kleinen Schritten sein.`,
    falsePositives: ["Verwaltungsarbeiten oder Prüfungen, die viele Regeln zugleich berühren"],
    response: [
      "Belege in zeitlicher Folge lesen: Ergeben die Schritte einen Ablauf?",
      "Die beteiligten Befunde bewerten; als Fehlalarm bewertete zählen nicht mehr mit.",
    ],
  },
  locale: "de-DE",
};

const en: typeof de = {
  what: (title, level) => `${title} (severity: ${level}).`,
  where: (entities) => `Affected: ${entities}.`,
  once: (time) => `One hit at ${time}.`,
  many: (count, first, last) =>
    first === last ? `${count} hits at ${first}.` : `${count} hits between ${first} and ${last}.`,
  because: (field, value) => `Raised because ${field} = "${value}".`,
  more: (count) => `and ${count} more`,
  progress: (tactics) => `On the same objects on the same day: ${tactics}.`,
  listed: (indicators) => `On a threat list: "${indicators}".`,
  judged: (wrong, all) =>
    `Findings of this rule were judged ${all} times here, ${wrong} of them as false positives.`,
  rare: (count) => `This rule is rare here: at most ${count} findings in 30 days.`,
  asset: "An affected object is rated as important.",
  nothingKnown: "Nothing earlier is known about it.",
  todo: (steps) => `To do: ${steps.join(" ")}`,
  look: "Look at the evidence, ask those in charge, judge.",
  entity: { host: "host", account: "account", address: "address", service: "service" },
  level: {
    informational: "informational",
    low: "low",
    medium: "medium",
    high: "high",
    critical: "critical",
  },
  risk: {
    title: (type, value) => `Risk accumulated on ${type} ${value}`,
    description: (value, threshold, hours) =>
      `Several weak hits of different rules on one entity within ${hours} hours: ${value} points together, raised from ${threshold} on. Each by itself would hardly be noticed; together they can be an attack in small steps.`,
    falsePositives: ["Administrative work or audits that touch many rules at once"],
    response: [
      "Read the evidence in order of time: do the steps make up a course of action?",
      "Judge the findings that take part; those judged as false positives count no more.",
    ],
  },
  locale: "en-GB",
};

/** The catalogue of a language. */
export const SUMMARY_MESSAGES = { de, en };
export type SummaryLanguage = keyof typeof SUMMARY_MESSAGES;
