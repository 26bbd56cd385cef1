// What is said of placeholder lists and pipelines that can't be used.

interface RuleReadingMessages {
  readonly faulty: (count: number) => string;
  readonly mend: string;
  readonly tooLarge: (bytes: number) => string;
  readonly tooMany: (values: number) => string;
}

export const RULE_READING_MESSAGES: Readonly<Record<"de" | "en", RuleReadingMessages>> = {
  de: {
    faulty: (count) =>
      count === 1
        ? "ein Fehler in den Pipelines oder Platzhaltern:"
        : `${count} Fehler in den Pipelines oder Platzhaltern:`,
    mend: "wie Pipelines und Platzhalter aussehen, steht in docs/regeln.md",
    tooLarge: (bytes) => `größer als ${bytes} Bytes`,
    tooMany: (values) => `mehr als ${values} Werte`,
  },
  en: {
    faulty: (count) =>
      count === 1
        ? "one fault in the pipelines or placeholders:"
        : `${count} faults in the pipelines or placeholders:`,
    mend: "docs/regeln.md tells what pipelines and placeholders look like",
    tooLarge: (bytes) => `larger than ${bytes} bytes`,
    tooMany: (values) => `more than ${values} values`,
  },
};
