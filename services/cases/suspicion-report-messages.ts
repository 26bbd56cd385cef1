// Texts of reports of a suspicion, German and English. The German half is the type of the other one.

const de = {
  subject: {
    injection: "Heidewacht: Verdacht auf Manipulation der KI-Auswertung gemeldet",
    bias: "Heidewacht: Verdacht auf Ungleichbehandlung durch die KI-Auswertung gemeldet",
    error: "Heidewacht: Fehler der KI-Auswertung gemeldet",
  },
  kinds: {
    injection: "ein Protokoll die KI-Auswertung steuern soll",
    bias: "die KI-Auswertung Personen ungleich behandelt",
    error: "die KI-Auswertung fehlerhaft ist",
  },
  intro: (what: string) => `Bei der Auswertung wurde der Verdacht gemeldet, dass ${what}.`,
  when: (time: string) => `Gemeldet: ${time}`,
  report: (id: string) => `Meldung: ${id}`,
  finding: (id: string) => `Befund: ${id}`,
  rule: (title: string, level: string) => `Regel: ${title} (${level})`,
  noAnnotation: "Zu dem Befund gibt es keinen KI-Vorschlag.",
  annotation: (id: string, task: string, outcome: string) =>
    `KI-Vorschlag: ${id} (${task}, Ergebnis ${outcome})`,
  model: (name: string) => `Modell: ${name}`,
  prompt: (hash: string) => `Prüfsumme der Anfrage (SHA-256): ${hash}`,
  verified: (shown: number, total: number, dropped: string) =>
    `Prüfung: ${shown} von ${total} Aussagen gezeigt; verworfen: ${dropped}`,
  removed: (count: number) => `Verborgene Zeichen entfernt: ${count}`,
  seen: "Gesehen wurde (gekürzt, entschärft, ohne Personen, Rechner und Adressen):",
  nothingSeen: "- nichts, was sich zeigen ließe",
  comment: "Bemerkung:",
  outro:
    "Diese Nachricht enthält keine Personen, Rechner und Adressen. Einzelheiten stehen in Heidewacht beim Befund.",
};

const en: typeof de = {
  subject: {
    injection: "Heidewacht: suspected manipulation of the AI evaluation reported",
    bias: "Heidewacht: suspected unequal treatment by the AI evaluation reported",
    error: "Heidewacht: error of the AI evaluation reported",
  },
  kinds: {
    injection: "a log is meant to steer the AI evaluation",
    bias: "the AI evaluation treats people differently",
    error: "the AI evaluation is wrong",
  },
  intro: (what) => `Somebody who evaluates findings suspects that ${what}.`,
  when: (time) => `Reported: ${time}`,
  report: (id) => `Report: ${id}`,
  finding: (id) => `Finding: ${id}`,
  rule: (title, level) => `Rule: ${title} (${level})`,
  noAnnotation: "There is no AI suggestion for the finding.",
  annotation: (id, task, outcome) => `AI suggestion: ${id} (${task}, outcome ${outcome})`,
  model: (name) => `Model: ${name}`,
  prompt: (hash) => `Checksum of the prompt (SHA-256): ${hash}`,
  verified: (shown, total, dropped) =>
    `Verification: ${shown} of ${total} claims shown; dropped: ${dropped}`,
  removed: (count) => `Hidden characters removed: ${count}`,
  seen: "What was seen (cut, neutralised, without people, hosts and addresses):",
  nothingSeen: "- nothing that could be shown",
  comment: "Remark:",
  outro: "This message holds no people, hosts and addresses. Heidewacht has the details.",
};

/** The catalogue of a language. */
export const SUSPICION_MESSAGES = { de, en };
export type SuspicionLanguage = keyof typeof SUSPICION_MESSAGES;
