// Texts of commands that ask the running API, German and English.
import type { CliLanguage } from "./messages.ts";

const de = {
  tenantOption: "Mandant; muss der des Tokens sein",
  apiOption: "Adresse der Schnittstelle (ohne Angabe console der Konfiguration)",
  tokenOption: "Datei mit dem Token (ohne Angabe Umgebungsvariable HEIDEWACHT_TOKEN)",
  noToken: "es fehlt ein Token für die Schnittstelle",
  noTokenMend: (variable: string) =>
    `--token-file angeben oder ${variable} setzen; Tokens legt die Verwaltung in der Konsole an`,
  noAnswer: (reason: string) => `die Schnittstelle antwortet nicht: ${reason}`,
  noAnswerMend: "läuft Heidewacht? Sonst mit --api die Adresse nennen",
  strangeAnswer: (status: number) => `dort antwortet etwas anderes als Heidewacht (HTTP ${status})`,
};

const en: typeof de = {
  tenantOption: "tenant; has to be that of the token",
  apiOption: "address of the API (without it, console of the configuration)",
  tokenOption: "file with the token (without it, the variable HEIDEWACHT_TOKEN)",
  noToken: "a token for the API is missing",
  noTokenMend: (variable) =>
    `give --token-file or set ${variable}; administrators make tokens in the console`,
  noAnswer: (reason) => `the API does not answer: ${reason}`,
  noAnswerMend: "is Heidewacht running? Else name its address with --api",
  strangeAnswer: (status) => `something else than Heidewacht answers there (HTTP ${status})`,
};

export const API_CLIENT_MESSAGES: Readonly<Record<CliLanguage, typeof de>> = { de, en };
