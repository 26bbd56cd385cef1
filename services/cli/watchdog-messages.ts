// Texts of `heidewacht watchdog`, German and English. The German half is the type of the other one.
import type { CliLanguage } from "./messages.ts";

const de = {
  watchdog: "wacht als eigener Prozess darüber, dass Heidewacht antwortet, und alarmiert selbst",
  config: "eigene Konfigurationsdatei des Wächters (YAML), siehe docs/waechter.md",
  mend: "alle Schlüssel stehen in docs/waechter.md",
  started: "Der Wächter wacht.",
  stopping: "Der Wächter hält an: ab jetzt merkt niemand, wenn Heidewacht schweigt.",
};

const en: typeof de = {
  watchdog: "watches, as a process of its own, that Heidewacht answers, and pages by itself",
  config: "the watchdog's own configuration file (YAML), see docs/waechter.md",
  mend: "docs/waechter.md lists all keys",
  started: "The watchdog watches.",
  stopping: "The watchdog stops: from now on nobody notices when Heidewacht is silent.",
};

export const WATCHDOG_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
