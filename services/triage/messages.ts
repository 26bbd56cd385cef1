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
  entity: { host: "Rechner", account: "Konto", address: "Adresse", service: "Dienst" },
  level: {
    informational: "Hinweis",
    low: "niedrig",
    medium: "mittel",
    high: "hoch",
    critical: "kritisch",
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
  entity: { host: "host", account: "account", address: "address", service: "service" },
  level: {
    informational: "informational",
    low: "low",
    medium: "medium",
    high: "high",
    critical: "critical",
  },
  locale: "en-GB",
};

/** The catalogue of a language. */
export const SUMMARY_MESSAGES = { de, en };
export type SummaryLanguage = keyof typeof SUMMARY_MESSAGES;
