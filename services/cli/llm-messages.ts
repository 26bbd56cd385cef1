// Texts of `heidewacht llm`, German and English.
import type { DropReason } from "../llm/verify.ts";
import type { CliLanguage } from "./messages.ts";

const de = {
  llm: "Sprachmodell: prüfen, Protokoll der Aufrufe ausgeben",
  check: "dem Sprachmodell einen erfundenen Fall vorlegen und zeigen, was davon Bestand hat",
  export: "Protokoll der Aufrufe als JSONL ausgeben, die älteste Zeile zuerst",
  tenantOption: "Mandant (ohne Angabe der einzige)",
  tenantNeeded: "--tenant fehlt",
  unknownTenant: (tenant: string) => `den Mandanten ${tenant} gibt es nicht`,
  noModel: "es ist kein Sprachmodell eingerichtet",
  noModelMend: "llm.url in der Konfiguration setzen (docs/ki.md)",
  asked: (model: string, seconds: string) => `${model} hat in ${seconds} s geantwortet.`,
  tokens: (prompt: number, completion: number) =>
    `Token: ${prompt} gelesen, ${completion} geschrieben.`,
  kept: (kept: number, total: number) => `${kept} von ${total} Aussagen haben Bestand:`,
  dropped: (reasons: string) => `Verworfen: ${reasons}`,
  replaced: "Zu viel wurde verworfen: Anwender sähen nur die Vorlage.",
  failed: (failure: string) =>
    `Keine brauchbare Antwort: ${failure}. Anwender sähen nur die Vorlage.`,
  reasons: {
    no_citation: "ohne Beleg",
    unknown_event: "Ereignis gibt es nicht",
    unknown_field: "Feld gibt es nicht",
    wrong_slot: "Platzhalter passt nicht zum Feld",
    empty_value: "Feld ist leer",
    foreign_sign: "Ziffern, Zeichen oder Auszeichnung",
    foreign_word: "unbekanntes oder wertendes Wort",
    log_text: "Text aus Protokollen",
    too_long: "zu lang",
    wrong_form: "kein einzelner Satz",
    repeated: "doppelt",
  } satisfies Record<DropReason, string>,
  case: {
    rule: "Viele fehlgeschlagene Anmeldungen, dann eine erfolgreiche",
    command: "powershell.exe -EncodedCommand SQBFAFgA",
  },
};

const en: typeof de = {
  llm: "language model: check it, print the log of its calls",
  check: "give the language model a made-up case and show what of its answer holds",
  export: "print the log of calls as JSONL, oldest first",
  tenantOption: "tenant (without it, the only one)",
  tenantNeeded: "--tenant is missing",
  unknownTenant: (tenant) => `there is no tenant ${tenant}`,
  noModel: "no language model is configured",
  noModelMend: "set llm.url in the configuration (docs/ki.md)",
  asked: (model, seconds) => `${model} answered within ${seconds} s.`,
  tokens: (prompt, completion) => `Tokens: ${prompt} read, ${completion} written.`,
  kept: (kept, total) => `${kept} of ${total} claims hold:`,
  dropped: (reasons) => `Dropped: ${reasons}`,
  replaced: "Too much was dropped: users would see the template only.",
  failed: (failure) => `No usable answer: ${failure}. Users would see the template only.`,
  reasons: {
    no_citation: "without citation",
    unknown_event: "no such event",
    unknown_field: "no such field",
    wrong_slot: "slot does not fit the field",
    empty_value: "field is empty",
    foreign_sign: "digits, signs or markup",
    foreign_word: "unknown or judging word",
    log_text: "text of a log",
    too_long: "too long",
    wrong_form: "not one sentence",
    repeated: "repeated",
  },
  case: {
    rule: "Viele fehlgeschlagene Anmeldungen, dann eine erfolgreiche",
    command: "powershell.exe -EncodedCommand SQBFAFgA",
  },
};

/** By language. */
export const LLM_CLI_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
