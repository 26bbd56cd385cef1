// What pages say, German and English. Terse: a page is read at night, on a telephone.
import type { Priority } from "../../config/paging.ts";
import type { PageFact } from "../channels/page.ts";

interface PageText {
  readonly locale: string;
  readonly facts: Readonly<Record<PageFact["key"], string>>;
  readonly title: (priority: Priority, what: string) => string;
  /** Where a page must not say what it is about. */
  readonly neutral: (priority: Priority) => string;
  /** Where it can't be said because of a fault of ours. */
  readonly bare: (priority: Priority) => string;
  readonly bareAdvice: string;
  readonly clock: (moment: string) => string;
  readonly score: (score: number) => string;
  readonly confidence: Readonly<Record<"high" | "medium" | "low", string>>;
  readonly experience: (wrong: number, all: number) => string;
  readonly andMore: (count: number) => string;
  readonly line: (priority: Priority, what: string, where: string) => string;
  readonly closedLine: (priority: Priority) => string;
  readonly digest: (count: number) => string;
  readonly test: (requestedAt: string) => string;
  readonly testAdvice: string;
  readonly notices: {
    readonly noAction: (since: string) => string;
    readonly risen: string;
    readonly reopened: string;
    readonly repeat: (round: number) => string;
    readonly late: (minutes: number) => string;
    readonly gathered: (count: number) => string;
    readonly skipped: Readonly<Record<"nobody" | "refused" | "declined", (step: number) => string>>;
  };
}

export const PAGE_MESSAGES: Readonly<Record<"de" | "en", PageText>> = {
  de: {
    locale: "de-DE",
    facts: {
      what: "Was",
      where: "Wo",
      since: "Seit",
      confidence: "Wie sicher",
      score: "Punktwert",
      technique: "Technik",
      source: "Quelle",
    },
    title: (priority, what) => `${priority.toUpperCase()}: ${what}`,
    neutral: (priority) =>
      `${priority.toUpperCase()}: eingestufte Meldung, Inhalt nur in Heidewacht`,
    bare: (priority) => `${priority.toUpperCase()}: Befund, der sich nicht darstellen lässt`,
    bareAdvice: "Den Befund in Heidewacht öffnen und den Betrieb verständigen (Programmfehler).",
    clock: (moment) => `${moment} Uhr`,
    score: (score) => `${score} von 100`,
    confidence: { high: "hoch", medium: "mittel", low: "gering" },
    experience: (wrong, all) => `${wrong} von ${all} früheren waren Fehlalarm`,
    andMore: (count) => `und ${count} weitere`,
    line: (priority, what, where) =>
      `${priority.toUpperCase()}: ${what}${where === "" ? "" : ` (${where})`}`,
    closedLine: (priority) => `${priority.toUpperCase()}: eingestuft`,
    digest: (count) =>
      count === 1 ? "Sammelmeldung: 1 Befund" : `Sammelmeldung: ${count} Befunde`,
    test: (requestedAt) => `Probemeldung vom ${requestedAt}`,
    testAdvice: "Nichts zu tun: Diese Meldung prüft nur den Weg.",
    notices: {
      noAction: (since) => `Angenommen um ${since}, seither nichts am Befund geschehen`,
      risen: "Schon gemeldet, nun dringender",
      reopened: "War geschlossen, neue Treffer",
      repeat: (round) => `Wiederholung ${round}: Niemand hat angenommen`,
      late: (minutes) => `${minutes} Minuten zu spät`,
      gathered: (count) =>
        count === 1 ? "Meldet 1 weiteren Befund mit" : `Meldet ${count} weitere Befunde mit`,
      skipped: {
        nobody: (step) => `Stufe ${step} erreicht niemanden`,
        refused: (step) => `Stufe ${step} konnte nicht zugestellt werden`,
        declined: (step) => `In Stufe ${step} abgelehnt`,
      },
    },
  },
  en: {
    locale: "en-GB",
    facts: {
      what: "What",
      where: "Where",
      since: "Since",
      confidence: "How sure",
      score: "Score",
      technique: "Technique",
      source: "Source",
    },
    title: (priority, what) => `${priority.toUpperCase()}: ${what}`,
    neutral: (priority) => `${priority.toUpperCase()}: classified page, content in Heidewacht only`,
    bare: (priority) => `${priority.toUpperCase()}: finding that can't be shown`,
    bareAdvice: "Open the finding in Heidewacht and tell operations (fault of the program).",
    clock: (moment) => moment,
    score: (score) => `${score} of 100`,
    confidence: { high: "high", medium: "medium", low: "low" },
    experience: (wrong, all) => `${wrong} of ${all} before were false alarms`,
    andMore: (count) => `and ${count} more`,
    line: (priority, what, where) =>
      `${priority.toUpperCase()}: ${what}${where === "" ? "" : ` (${where})`}`,
    closedLine: (priority) => `${priority.toUpperCase()}: classified`,
    digest: (count) => (count === 1 ? "Digest: 1 finding" : `Digest: ${count} findings`),
    test: (requestedAt) => `Test page of ${requestedAt}`,
    testAdvice: "Nothing to do: this page only tests the way.",
    notices: {
      noAction: (since) => `Acknowledged at ${since}, nothing done since`,
      risen: "Paged before, more urgent now",
      reopened: "Was closed, new hits",
      repeat: (round) => `Repetition ${round}: nobody has acknowledged`,
      late: (minutes) => `${minutes} minutes late`,
      gathered: (count) =>
        count === 1 ? "Tells of 1 more finding" : `Tells of ${count} more findings`,
      skipped: {
        nobody: (step) => `Step ${step} reaches nobody`,
        refused: (step) => `Step ${step} could not be delivered`,
        declined: (step) => `Declined in step ${step}`,
      },
    },
  },
};
