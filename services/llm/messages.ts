// Texts around what a language model says: how it is marked, and the drafts that a template makes of facts
// while no model has answered. German and English; the German half is the type of the other one.
import type { LlmTask } from "./case.ts";

const de = {
  /** By state and outcome. */
  notice: {
    requested: "KI-Vorschlag angefordert",
    proposed: "KI-Vorschlag, ungeprüft",
    accepted: "KI-Vorschlag, von einem Menschen übernommen",
    edited: "KI-Vorschlag, von einem Menschen überarbeitet",
    rejected: "KI-Vorschlag, von einem Menschen verworfen",
  },
  noAnswer: "Vorlage ohne KI",
  headings: {
    summary: "Zusammenfassung",
    report: "Entwurf zum Vorfallbericht",
    timeline: "Ablauf",
    questions: "Nächste Fragen",
  } satisfies Record<LlmTask, string>,
  facts: (findings: number, first: string, last: string) =>
    findings === 1
      ? `Ein Befund, Ereignisse von ${first} bis ${last}.`
      : `${findings} Befunde, Ereignisse von ${first} bis ${last}.`,
  at: (time: string, text: string) => `${time}: ${text}`,
  questions: [
    "Welche weiteren Rechner und Konten zeigen im selben Zeitraum dieselben Spuren?",
    "Ist der Vorgang mit einer angekündigten Arbeit zu erklären, und wer bestätigt das?",
    "Was geschah auf den betroffenen Rechnern unmittelbar davor und danach?",
  ],
  todo: (text: string) => `Zu klären oder zu tun: ${text}`,
};

const en: typeof de = {
  notice: {
    requested: "AI suggestion requested",
    proposed: "AI suggestion, unreviewed",
    accepted: "AI suggestion, accepted by a person",
    edited: "AI suggestion, edited by a person",
    rejected: "AI suggestion, rejected by a person",
  },
  noAnswer: "Template without AI",
  headings: {
    summary: "Summary",
    report: "Draft of the incident report",
    timeline: "Course of events",
    questions: "Next questions",
  },
  facts: (findings, first, last) =>
    findings === 1
      ? `One finding, events from ${first} to ${last}.`
      : `${findings} findings, events from ${first} to ${last}.`,
  at: (time, text) => `${time}: ${text}`,
  questions: [
    "Which other hosts and accounts show the same traces in the same span of time?",
    "Does announced work explain it, and who confirms that?",
    "What happened on the affected hosts right before and after it?",
  ],
  todo: (text) => `To clarify or to do: ${text}`,
};

/** By the configuration's `language`. */
export const LLM_MESSAGES = { de, en };
export type LlmLanguage = keyof typeof LLM_MESSAGES;
