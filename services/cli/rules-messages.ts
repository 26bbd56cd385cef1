// Texts of `heidewacht rules`, German and English.
import type { Severity } from "../rules/lint-finding.ts";
import type { CliLanguage } from "./messages.ts";

interface RulesMessages {
  readonly rules: string;
  readonly check: string;
  readonly list: string;
  readonly test: string;
  readonly import: string;
  readonly paths: string;
  readonly format: string;
  readonly level: string;
  readonly product: string;
  readonly samples: string;
  readonly record: string;
  readonly mappings: string;
  readonly pipeline: string;
  readonly source: string;
  readonly into: string;
  readonly dryRun: string;
  readonly mend: string;
  readonly noRules: string;
  readonly noRulesMend: string;
  readonly minSeverity: string;
  readonly strict: string;
  readonly all: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly moreFindings: (count: number) => string;
  readonly sums: string;
  readonly dearest: (dear: number, medium: number, cheap: number) => string;
  readonly mends: Readonly<Record<FaultKind, string>>;
  readonly checked: (
    files: number,
    rules: number,
    counts: Readonly<Record<Severity, number>>,
  ) => string;
  readonly joining: (correlations: number, filters: number) => string;
  readonly columns: readonly [string, string, string, string, string];
  readonly anyLogSource: string;
  readonly correlation: (type: string, rules: number) => string;
  readonly listed: (rules: number, correlations: number) => string;
  readonly leftOutFaults: (count: number) => string;
  readonly noSuchRule: (id: string) => string;
  readonly sampleNotRead: (message: string) => string;
  readonly silent: (title: string) => string;
  readonly othersFired: (titles: string) => string;
  readonly nothingFired: string;
  readonly loud: (title: string) => string;
  readonly tested: (rules: number, samples: number, failures: number) => string;
  readonly untested: (count: number) => string;
  readonly imported: (count: number, folder: string) => string;
  readonly wouldImport: (count: number, folder: string) => string;
  readonly importCounts: (added: number, changed: number, same: number) => string;
  readonly importedRules: (count: number) => string;
  readonly idle: (count: number) => string;
  readonly licences: (names: string) => string;
  readonly noLicence: string;
  readonly leftOut: (files: number, faults: number) => string;
  readonly onlyInTarget: (count: number) => string;
  readonly more: (count: number) => string;
  readonly use: string;
}

/** Faults whose mend is known. */
export type FaultKind = "modifier" | "aggregation" | "level" | "pattern" | "condition" | "yaml";

const de: RulesMessages = {
  rules: "Regeln prüfen, auflisten, an Beispielen erproben und übernehmen",
  check: "prüft Regeln und nennt Fehler und Hinweise mit Datei, Zeile und Spalte",
  list: "listet Regeln auf",
  test: "lässt Regeln auf Beispiele los: Treffer müssen auslösen, Beinahe-Treffer nicht",
  import: "übernimmt Sigma-Regeln aus einem Ordner, .zip oder .tar.gz von der Platte",
  paths: "Ordner, Dateien oder Archive (Vorgabe: die mitgelieferten Regeln)",
  format: "Form der Ausgabe",
  level: "nur Regeln dieser Stufe",
  product: "nur Regeln für dieses Produkt, z. B. windows",
  samples: "Ordner mit den Beispielen",
  record:
    "das Ergebnis im Prüfprotokoll des laufenden Dienstes festhalten (Token mit rules:test), für den Bericht",
  mappings: "Ordner mit Zuordnungsdateien für eigene Formate (mehrfach möglich)",
  pipeline: "Pipeline im Format von pySigma, durch die die Regeln gehen (mehrfach möglich)",
  source: "Ordner (z. B. ein Klon von SigmaHQ), .zip oder .tar.gz",
  into: "Zielordner; er wird angelegt",
  dryRun: "nur sagen, was geschähe",
  mend: "Abhilfe",
  noRules: "keine Regeldatei gefunden",
  noRulesMend: "Regeln sind Dateien mit der Endung .yml oder .yaml",
  minSeverity: "schwächere Meldungen weglassen",
  strict: "auch Warnungen führen zum Exit-Code 1",
  all: "alle Meldungen zeigen, nicht nur die ersten jedes Codes",
  severity: { error: "Fehler", warning: "Warnung", note: "Hinweis" },
  moreFindings: (count) => `… und ${count} weitere (--all zeigt alle)`,
  sums: "Meldungen:",
  dearest: (dear, medium, cheap) =>
    `Die teuersten Regeln, geschätzt (${dear} teuer, ${medium} mittel, ${cheap} billig):`,
  mends: {
    modifier: "die Modifikatoren der Sigma-Spezifikation 2.1 verwenden",
    aggregation: "als Korrelationsregel schreiben (correlation:)",
    level: "informational, low, medium, high oder critical eintragen",
    pattern: "Rückverweise, Vor- und Rückblicke vermeiden; oft genügt contains oder endswith",
    condition: "Namen und Klammern der condition mit den Abschnitten unter detection vergleichen",
    yaml: "Einrückung und Anführungszeichen an dieser Stelle prüfen",
  },
  checked: (files, rules, { error, warning, note }) =>
    `${files} Dateien, ${rules} ladbare Regeln: ${error} Fehler, ${warning} Warnungen, ${note} Hinweise`,
  joining: (correlations, filters) => `dazu ${correlations} Korrelationen und ${filters} Filter`,
  columns: ["STUFE", "TITEL", "ID", "LOGSOURCE", "TAKTIKEN"],
  anyLogSource: "alle",
  correlation: (type, rules) => `Korrelation (${type}, ${rules})`,
  listed: (rules, correlations) =>
    correlations === 0 ? `${rules} Regeln` : `${rules} Regeln, ${correlations} Korrelationen`,
  leftOutFaults: (count) =>
    `${count} fehlerhafte Regeln fehlen in der Liste: heidewacht rules check`,
  noSuchRule: (id) => `es gibt keine Regel mit der id ${id}`,
  sampleNotRead: (message) => `das Beispiel ist nicht lesbar: ${message}`,
  silent: (title) => `„${title}“ löst auf einen Treffer nicht aus`,
  othersFired: (titles) => `stattdessen ausgelöst: ${titles}`,
  nothingFired: "keine Regel löst aus; passen logsource und Felder zum Ereignis?",
  loud: (title) => `„${title}“ löst auf einen Beinahe-Treffer aus, wegen`,
  tested: (rules, samples, failures) =>
    `${rules} Regeln an ${samples} Beispielen erprobt, ${failures} fehlgeschlagen`,
  untested: (count) => `${count} Regeln haben keine Beispiele`,
  imported: (count, folder) => `${count} Regeldateien nach ${folder} übernommen`,
  wouldImport: (count, folder) =>
    `Probelauf: ${count} Regeldateien kämen nach ${folder}; nichts wurde geschrieben`,
  importCounts: (added, changed, same) => `${added} neu, ${changed} geändert, ${same} unverändert`,
  importedRules: (count) => `${count} Regeln darin können geladen werden`,
  idle: (count) => `${count} davon können noch nicht auslösen; rules check nennt die Gründe`,
  licences: (names) => `Lizenz mit übernommen: ${names}`,
  noLicence: "Keine Lizenzdatei gefunden: bitte klären, unter welcher Lizenz die Regeln stehen",
  leftOut: (files, faults) =>
    `${files} Dateien ausgelassen, weil keine Regel darin läuft; ${faults} Fehler:`,
  onlyInTarget: (count) =>
    `${count} weitere Regeldateien liegen schon im Zielordner; sie bleiben und gelten weiter`,
  more: (count) => `… und ${count} weitere`,
  use: "So werden sie geladen (Konfiguration):",
};

const en: RulesMessages = {
  rules: "check, list, try and import rules",
  check: "checks rules and names faults and warnings with file, line and column",
  list: "lists rules",
  test: "runs rules on samples: hits have to fire, near misses must not",
  import: "takes Sigma rules over from a folder, .zip or .tar.gz on disk",
  paths: "folders, files or archives (default: the rules that come with Heidewacht)",
  format: "form of the output",
  level: "only rules of this level",
  product: "only rules for this product, e.g. windows",
  samples: "folder with the samples",
  record:
    "write the result into the audit log of the running service (token with rules:test), for the report",
  mappings: "folder with mapping files for formats of your own (may be repeated)",
  pipeline: "pipeline in pySigma's format that the rules go through (may be repeated)",
  source: "folder (e.g. a clone of SigmaHQ), .zip or .tar.gz",
  into: "target folder; it is made",
  dryRun: "only say what would happen",
  mend: "Mend",
  noRules: "no rule file found",
  noRulesMend: "rules are files that end in .yml or .yaml",
  minSeverity: "leave weaker findings out",
  strict: "warnings lead to exit code 1, too",
  all: "show all findings, not only the first ones of each code",
  severity: { error: "error", warning: "warning", note: "note" },
  moreFindings: (count) => `… and ${count} more (--all shows them)`,
  sums: "Findings:",
  dearest: (dear, medium, cheap) =>
    `The dearest rules, estimated (${dear} dear, ${medium} medium, ${cheap} cheap):`,
  mends: {
    modifier: "use the modifiers of the Sigma specification 2.1",
    aggregation: "write it as a correlation rule (correlation:)",
    level: "put informational, low, medium, high or critical",
    pattern: "avoid back-references and look-around; contains or endswith often will do",
    condition: "compare the condition's names and brackets with the parts of the detection",
    yaml: "look at indentation and quotes in this place",
  },
  checked: (files, rules, { error, warning, note }) =>
    `${files} files, ${rules} rules can be loaded: ${error} errors, ${warning} warnings, ${note} notes`,
  joining: (correlations, filters) => `and ${correlations} correlations, ${filters} filters`,
  columns: ["LEVEL", "TITLE", "ID", "LOGSOURCE", "TACTICS"],
  anyLogSource: "any",
  correlation: (type, rules) => `correlation (${type}, ${rules})`,
  listed: (rules, correlations) =>
    correlations === 0 ? `${rules} rules` : `${rules} rules, ${correlations} correlations`,
  leftOutFaults: (count) => `${count} faulty rules are not listed: heidewacht rules check`,
  noSuchRule: (id) => `there is no rule with the id ${id}`,
  sampleNotRead: (message) => `the sample can't be read: ${message}`,
  silent: (title) => `"${title}" does not fire on a hit`,
  othersFired: (titles) => `fired instead: ${titles}`,
  nothingFired: "no rule fires; do logsource and fields fit the event?",
  loud: (title) => `"${title}" fires on a near miss, because of`,
  tested: (rules, samples, failures) =>
    `${rules} rules tried on ${samples} samples, ${failures} failed`,
  untested: (count) => `${count} rules have no samples`,
  imported: (count, folder) => `${count} rule files taken over into ${folder}`,
  wouldImport: (count, folder) =>
    `Dry run: ${count} rule files would go into ${folder}; nothing was written`,
  importCounts: (added, changed, same) => `${added} new, ${changed} changed, ${same} the same`,
  importedRules: (count) => `${count} rules in them can be loaded`,
  idle: (count) => `${count} of them can't fire yet; rules check names the reasons`,
  licences: (names) => `Licence taken over with them: ${names}`,
  noLicence: "No licence file found: please find out under which licence the rules are",
  leftOut: (files, faults) =>
    `${files} files left out, because no rule in them runs; ${faults} faults:`,
  onlyInTarget: (count) =>
    `${count} other rule files are in the target folder already; they stay and hold`,
  more: (count) => `… and ${count} more`,
  use: "To load them (configuration):",
};

export const RULES_MESSAGES: Readonly<Record<CliLanguage, RulesMessages>> = { de, en };
