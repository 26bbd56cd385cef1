// Texts of `heidewacht rules explain`, German and English.
import type { CliLanguage } from "./messages.ts";

interface ExplainMessages {
  readonly explain: string;
  readonly rule: string;
  readonly event: string;
  readonly line: string;
  readonly inputFormat: string;
  readonly rules: string;
  readonly noRule: string;
  readonly noRuleMend: string;
  readonly meant: (title: string) => string;
  readonly severalRules: (count: number) => string;
  readonly severalMend: string;
  readonly noEvent: (line: number | undefined) => string;
  readonly noFile: string;
  readonly noFileMend: string;
  readonly headerLine: string;
  readonly notReadMend: string;
  readonly titles: {
    readonly rule: string;
    readonly event: string;
    readonly logSource: string;
    readonly condition: string;
    readonly filter: string;
    readonly result: string;
  };
  readonly truth: { readonly yes: string; readonly no: string };
  readonly joins: { readonly and: string; readonly or: string; readonly not: string };
  readonly keywords: string;
  readonly value: string;
  readonly values: string;
  readonly lookedFor: string;
  readonly nowhere: string;
  readonly missing: string;
  readonly notFound: string;
  readonly pattern: string;
  readonly patterns: (count: number) => string;
  readonly more: (count: number) => string;
  readonly cut: (characters: number) => string;
  readonly eventAt: (format: string, time: string, line: number) => string;
  readonly anyLogSource: string;
  readonly eventHas: string;
  readonly has: (products: string, categories: string, services: string) => string;
  readonly fires: string;
  readonly silent: Readonly<Record<"inactive" | "logSource" | "condition" | "filter", string>>;
}

const de: ExplainMessages = {
  explain: "zeigt, wie eine Regel ein Ereignis beurteilt: was zutraf und was nicht",
  rule: "id, Titel (auch ein Teil) oder Datei der Regel",
  event: "Datei mit dem Ereignis in einem bekannten Format, - für die Standardeingabe",
  line: "Nummer der Zeile in der Datei (Vorgabe: das erste Ereignis)",
  inputFormat: "Format der Zeile (sonst wird es erkannt)",
  rules: "weitere Ordner, Dateien oder Archive mit Regeln und Filtern (mehrfach möglich)",
  noRule: "keine Regel mit dieser id, diesem Titel oder dieser Datei",
  noRuleMend: "heidewacht rules list zeigt alle; eigene Regeln mit --rules angeben",
  meant: (title) => `gemeint ist wohl „${title}“`,
  severalRules: (count) => `${count} Regeln passen`,
  severalMend: "eine id angeben:",
  noEvent: (line) =>
    line === undefined ? "kein Ereignis in der Eingabe" : `Zeile ${line} ist leer oder fehlt`,
  noFile: "keine solche Datei",
  noFileMend: "ein Ereignis als Text mit - über die Standardeingabe geben",
  headerLine: "die Zeile benennt nur die Spalten, sie ist kein Ereignis",
  notReadMend: "mit --input-format das Format nennen; heidewacht parse zeigt, was erkannt wird",
  titles: {
    rule: "Regel",
    event: "Ereignis",
    logSource: "logsource",
    condition: "condition",
    filter: "Filter",
    result: "Ergebnis",
  },
  truth: { yes: "wahr", no: "falsch" },
  joins: { and: "alle von", or: "eines von", not: "nicht" },
  keywords: "irgendein Feld",
  value: "Wert",
  values: "Werte",
  lookedFor: "gesucht in",
  nowhere: "dieses Format kennt das Feld nicht",
  missing: "fehlt im Ereignis",
  notFound: "in keinem Wert gefunden",
  pattern: "Muster",
  patterns: (count) => `eines von ${count} Mustern`,
  more: (count) => `und ${count} weitere`,
  cut: (characters) => `… (${characters} Zeichen)`,
  eventAt: (format, time, line) => `${format}, ${time}, Zeile ${line}`,
  anyLogSource: "alle",
  eventHas: "das Ereignis hat",
  has: (products, categories, services) =>
    `product ${products || "–"}; category ${categories || "–"}; service ${services || "–"}`,
  fires: "die Regel löst aus",
  silent: {
    inactive: "die Regel schweigt: sie ruht",
    logSource: "die Regel schweigt: das Ereignis gehört nicht zu ihrer logsource",
    condition: "die Regel schweigt: ihre Bedingung ist nicht erfüllt",
    filter: "die Regel schweigt: ein Filter nimmt das Ereignis aus",
  },
};

const en: ExplainMessages = {
  explain: "shows how a rule judges an event: what was true and what was not",
  rule: "id, title (or a part of it) or file of the rule",
  event: "file with the event in a known format, - for standard input",
  line: "number of the line in the file (default: the first event)",
  inputFormat: "format of the line (else it is found out)",
  rules: "further folders, files or archives with rules and filters (may be repeated)",
  noRule: "no rule with this id, title or file",
  noRuleMend: "heidewacht rules list shows all; name rules of your own with --rules",
  meant: (title) => `"${title}" was probably meant`,
  severalRules: (count) => `${count} rules fit`,
  severalMend: "give an id:",
  noEvent: (line) =>
    line === undefined ? "no event in the input" : `line ${line} is empty or missing`,
  noFile: "no such file",
  noFileMend: "give an event as text with - on standard input",
  headerLine: "the line only names the columns, it is no event",
  notReadMend: "name the format with --input-format; heidewacht parse shows what is recognised",
  titles: {
    rule: "rule",
    event: "event",
    logSource: "logsource",
    condition: "condition",
    filter: "filter",
    result: "result",
  },
  truth: { yes: "true", no: "false" },
  joins: { and: "all of", or: "one of", not: "not" },
  keywords: "any field",
  value: "value",
  values: "values",
  lookedFor: "looked for in",
  nowhere: "this format does not know the field",
  missing: "missing in the event",
  notFound: "found in no value",
  pattern: "pattern",
  patterns: (count) => `one of ${count} patterns`,
  more: (count) => `and ${count} more`,
  cut: (characters) => `… (${characters} characters)`,
  eventAt: (format, time, line) => `${format}, ${time}, line ${line}`,
  anyLogSource: "any",
  eventHas: "the event has",
  has: (products, categories, services) =>
    `product ${products || "–"}; category ${categories || "–"}; service ${services || "–"}`,
  fires: "the rule fires",
  silent: {
    inactive: "the rule is silent: it can't fire",
    logSource: "the rule is silent: the event does not belong to its logsource",
    condition: "the rule is silent: its condition is not met",
    filter: "the rule is silent: a filter excepts the event",
  },
};

export const EXPLAIN_MESSAGES: Readonly<Record<CliLanguage, ExplainMessages>> = { de, en };
