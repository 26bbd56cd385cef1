// Texts of `heidewacht parse`, German and English.
import type { ProposalShape } from "../normalize/mapping/propose-draft.ts";
import type { CliLanguage } from "./messages.ts";
import type { Sureness } from "./parse-judge.ts";

interface ParseMessages {
  readonly locale: string;
  readonly parse: string;
  readonly parsePath: string;
  readonly json: string;
  readonly format: string;
  readonly events: string;
  readonly timeZone: string;
  readonly clear: string;
  readonly keyFile: string;
  readonly mappings: string;
  readonly propose: string;
  readonly follow: string;
  readonly help: string;
  readonly test: string;
  readonly testPath: string;
  readonly noPath: string;
  readonly noPathMend: string;
  readonly noFormat: (id: string) => string;
  readonly noFormatMend: (ids: string) => string;
  readonly files: (count: number) => string;
  readonly summary: (lines: string, headers: number) => string;
  readonly span: (from: string, to: string) => string;
  readonly nothing: string;
  readonly columns: readonly [string, string, string, string, string];
  readonly none: string;
  readonly noneTitle: string;
  readonly sureness: Readonly<Record<Sureness, string>>;
  readonly given: string;
  readonly inside: (carrier: string) => string;
  readonly timeless: (id: string, count: string) => string;
  readonly unclaimed: (count: string) => string;
  readonly claimed: (id: string) => string;
  readonly masked: string;
  readonly event: (line: string, format: string) => string;
  readonly before: string;
  readonly after: string;
  readonly pseudonyms: string;
  readonly shapes: Readonly<Record<ProposalShape, string>>;
  readonly proposal: (lines: string, shape: string) => string;
  readonly proven: (parsed: string, timed: string) => string;
  readonly proposalTitle: string;
  readonly proposalComment: string;
  readonly noProposal: string;
  readonly howToKeep: string;
  readonly written: (paths: string) => string;
  readonly exists: (path: string) => string;
  readonly existsMend: string;
  readonly howToUse: (folder: string, id: string) => string;
  readonly mappingPassed: (path: string, tests: number) => string;
  readonly mappingFailed: (path: string, failed: number, tests: number) => string;
  readonly untested: (path: string) => string;
  readonly expected: (what: string, value: string) => string;
  readonly seen: (value: string) => string;
  readonly absent: string;
  readonly accepted: string;
  readonly refused: (reason: string) => string;
  readonly leftAt: (pattern: number, character: number, expected: string) => string;
  readonly lineEnd: string;
  readonly columnCount: (expected: number, found: number) => string;
  readonly noPairs: string;
  readonly noJson: string;
  readonly mend: string;
  readonly tested: (mappings: number, tests: number, failures: number, faults: number) => string;
  readonly noMappings: string;
  readonly noMappingsMend: string;
  readonly following: (source: string) => string;
  readonly liveColumns: readonly [string, string, string, string];
  readonly share: (lines: string, perSecond: string, share: string, formats: string) => string;
  readonly noSource: (source: string) => string;
  readonly noSourceMend: string;
  readonly dropped: (count: string) => string;
}

const de: ParseMessages = {
  locale: "de-DE",
  parse: "sagt, welches Format Protokolle haben, und zeigt, was daraus wird",
  parsePath: "Dateien und Ordner, auch gepackt",
  json: "Ergebnis als JSON",
  format: "Format vorgeben, statt es zu erkennen",
  events: "so viele Ereignisse vorher und nachher zeigen",
  timeZone: "Zone für Zeiten ohne Zone und für die Ausgabe",
  clear: "Namen und Konten im Klartext zeigen",
  keyFile: "Schlüsseldatei einer Installation: dann sind die Pseudonyme dieselben wie dort",
  mappings: "Ordner mit Zuordnungsdateien (mehrfach möglich)",
  propose: "schreibt den Vorschlag für unbekannte Zeilen in diesen Ordner",
  follow: "liest laufend mit: Datei, - (Standardeingabe), udp:PORT oder tcp:PORT auf 127.0.0.1",
  help:
    "\nGezeigt wird, was die Verarbeitung verlässt: Namen, Konten und Mailadressen\n" +
    "sind durch Pseudonyme ersetzt, auch in der Zeile davor. In Zeilen ohne Format\n" +
    "weiß niemand, wo Namen stehen; dort steht a für jeden Buchstaben und 0 für jede\n" +
    "Ziffer. --clear zeigt den Klartext.\n\n" +
    "Beispiele:\n" +
    "  heidewacht parse /var/log/auth.log\n" +
    "  heidewacht parse --events 1 --format fortigate firewall.log.gz\n" +
    "  heidewacht parse --propose zuordnungen fachverfahren.log\n" +
    "  heidewacht parse test zuordnungen\n" +
    "  heidewacht parse --follow udp:5514\n\n" +
    "Exit-Codes: 0 jede Zeile hat ein Format, 1 es gibt Zeilen ohne Format oder\n" +
    "fehlgeschlagene Tests, 2 falscher Aufruf, 3 ein Teil war nicht lesbar",
  test: "erprobt Zuordnungsdateien an ihren Tests",
  testPath: "Ordner oder Dateien (Vorgabe: mappingFolders der Konfiguration)",
  noPath: "keine Datei angegeben",
  noPathMend: "heidewacht parse DATEI oder heidewacht parse --follow QUELLE",
  noFormat: (id) => `es gibt kein Format ${id}`,
  noFormatMend: (ids) => `es gibt: ${ids}`,
  files: (count) => `${count} Dateien`,
  summary: (lines, headers) => {
    const all = lines === "1" ? "1 Zeile" : `${lines} Zeilen`;
    if (headers === 0) return all;
    return headers === 1 ? `${all} und 1 Kopfzeile` : `${all} und ${headers} Kopfzeilen`;
  },
  span: (from, to) => `${from} bis ${to}`,
  nothing: "keine Zeilen gefunden",
  columns: ["FORMAT", "NAME", "ZEILEN", "ANTEIL", "SICHER"],
  none: "(keines)",
  noneTitle: "kein Format nimmt sie",
  sureness: { sure: "ja", likely: "wohl", unsure: "kaum" },
  given: "vorgegeben",
  inside: (carrier) => `in ${carrier}`,
  timeless: (id, count) => `${id}: ${count} Zeilen ohne eigene Zeit, für sie gilt die des Empfangs`,
  unclaimed: (count) => `Zeilen ohne Format (${count}):`,
  claimed: (id) => `sah aus wie ${id}`,
  masked: "a = Buchstabe, 0 = Ziffer; --clear zeigt sie im Klartext",
  event: (line, format) => `Zeile ${line}, ${format}`,
  before: "vorher",
  after: "nachher",
  pseudonyms: "Namen und Konten sind durch Pseudonyme ersetzt; --clear zeigt sie im Klartext.",
  shapes: {
    json: "JSON",
    keyValue: "Schlüssel und Werte",
    csv: "Spalten",
    pattern: "Text mit festem Gerüst",
  },
  proposal: (lines, shape) => `Vorschlag für ${lines} Zeilen (${shape}):`,
  proven: (parsed, timed) => `liest ${parsed} davon, ${timed} mit ihrer Zeit`,
  proposalTitle: "Eigenes Format",
  proposalComment: "Vorschlag von heidewacht parse: Namen und Bedeutung der Felder bitte prüfen",
  noProposal: "Für diese Zeilen fand sich kein gemeinsamer Aufbau.",
  howToKeep: "--propose ORDNER schreibt Zuordnung und Tests als Dateien.",
  written: (paths) => `geschrieben: ${paths}`,
  exists: (path) => `${path} gibt es schon`,
  existsMend: "einen anderen Ordner angeben oder die Datei umbenennen",
  howToUse: (folder, id) =>
    "Prüfen und übernehmen:\n" +
    `  heidewacht parse test ${folder}\n` +
    `  Konfiguration:  mappingFolders: [${folder}]\n` +
    `  und an der Quelle, wenn match fehlt:  format: ${id}`,
  mappingPassed: (path, tests) => `${path}: ${tests} Tests bestanden`,
  mappingFailed: (path, failed, tests) => `${path}: ${failed} von ${tests} Tests fehlgeschlagen`,
  untested: (path) => `${path}: keine Tests (eine Datei NAME.tests.yml daneben)`,
  expected: (what, value) => `${what}: erwartet ${value}`,
  seen: (value) => `gesehen ${value}`,
  absent: "nichts",
  accepted: "die Zeile wurde gelesen und sollte abgewiesen werden",
  refused: (reason) => `die Zeile wurde abgewiesen: ${reason}`,
  leftAt: (pattern, character, expected) =>
    `Muster ${pattern}, Zeichen ${character}: erwartet ${expected}`,
  lineEnd: "das Ende der Zeile",
  columnCount: (expected, found) => `${expected} Spalten erwartet, ${found} gefunden`,
  noPairs: "keine Paare gefunden",
  noJson: "kein JSON-Objekt",
  mend: "Abhilfe",
  tested: (mappings, tests, failures, faults) =>
    `Zuordnungen: ${mappings}, Tests: ${tests}, fehlgeschlagen: ${failures}, Fehler in Dateien: ${faults}`,
  noMappings: "keine Zuordnungsdatei gefunden",
  noMappingsMend: "Zuordnungen sind Dateien mit der Endung .yml",
  following: (source) => `${source} wird mitgelesen. Strg-C beendet.`,
  liveColumns: ["ZEIT", "FORMAT", "SICHER", "FELDER"],
  share: (lines, perSecond, share, formats) =>
    `── ${lines} Zeilen, ${perSecond}/s, ${share} mit Format: ${formats}`,
  noSource: (source) => `die Quelle ${source} ist nicht verständlich`,
  noSourceMend: "eine Datei, - für die Standardeingabe, udp:5514 oder tcp:5514",
  dropped: (count) => `${count} Zeilen nicht gezeigt, gezählt sind sie`,
};

const en: ParseMessages = {
  locale: "en-GB",
  parse: "says which format logs have, and shows what becomes of them",
  parsePath: "files and folders, packed ones too",
  json: "result as JSON",
  format: "name the format instead of finding it out",
  events: "show so many events before and after",
  timeZone: "zone for times without one and for the output",
  clear: "show names and accounts in clear text",
  keyFile: "key file of an installation: pseudonyms are the same as there then",
  mappings: "folder with mapping files (may be repeated)",
  propose: "writes the proposal for unknown lines into this folder",
  follow: "reads along: a file, - (standard input), udp:PORT or tcp:PORT on 127.0.0.1",
  help:
    "\nShown is what leaves the processing: names, accounts and mail addresses are\n" +
    "replaced by pseudonyms, in the line before too. Nobody knows where names stand\n" +
    "in lines without a format: there every letter is an a and every digit a 0.\n" +
    "--clear shows clear text.\n\n" +
    "Examples:\n" +
    "  heidewacht parse /var/log/auth.log\n" +
    "  heidewacht parse --events 1 --format fortigate firewall.log.gz\n" +
    "  heidewacht parse --propose mappings application.log\n" +
    "  heidewacht parse test mappings\n" +
    "  heidewacht parse --follow udp:5514\n\n" +
    "Exit codes: 0 each line has a format, 1 there are lines without one or tests\n" +
    "failed, 2 wrong arguments, 3 some of it could not be read",
  test: "tries mapping files on their tests",
  testPath: "folders or files (default: mappingFolders of the configuration)",
  noPath: "no file was given",
  noPathMend: "heidewacht parse FILE or heidewacht parse --follow SOURCE",
  noFormat: (id) => `there is no format ${id}`,
  noFormatMend: (ids) => `there are: ${ids}`,
  files: (count) => `${count} files`,
  summary: (lines, headers) => {
    const all = lines === "1" ? "1 line" : `${lines} lines`;
    if (headers === 0) return all;
    return headers === 1 ? `${all} and 1 header line` : `${all} and ${headers} header lines`;
  },
  span: (from, to) => `${from} to ${to}`,
  nothing: "no lines found",
  columns: ["FORMAT", "NAME", "LINES", "SHARE", "SURE"],
  none: "(none)",
  noneTitle: "no format takes them",
  sureness: { sure: "yes", likely: "likely", unsure: "hardly" },
  given: "given",
  inside: (carrier) => `in ${carrier}`,
  timeless: (id, count) =>
    `${id}: ${count} lines without a time of their own, that of the receipt stands for it`,
  unclaimed: (count) => `Lines without a format (${count}):`,
  claimed: (id) => `looked like ${id}`,
  masked: "a = letter, 0 = digit; --clear shows them in clear text",
  event: (line, format) => `Line ${line}, ${format}`,
  before: "before",
  after: "after",
  pseudonyms: "Names and accounts are replaced by pseudonyms; --clear shows them in clear text.",
  shapes: {
    json: "JSON",
    keyValue: "keys and values",
    csv: "columns",
    pattern: "text with a fixed skeleton",
  },
  proposal: (lines, shape) => `Proposal for ${lines} lines (${shape}):`,
  proven: (parsed, timed) => `reads ${parsed} of them, ${timed} with their time`,
  proposalTitle: "A format of our own",
  proposalComment: "Proposed by heidewacht parse: please check names and meaning of the fields",
  noProposal: "No common shape was found for these lines.",
  howToKeep: "--propose FOLDER writes mapping and tests as files.",
  written: (paths) => `written: ${paths}`,
  exists: (path) => `${path} exists already`,
  existsMend: "name another folder or rename the file",
  howToUse: (folder, id) =>
    "Check and take over:\n" +
    `  heidewacht parse test ${folder}\n` +
    `  configuration:  mappingFolders: [${folder}]\n` +
    `  and at the source, where match is missing:  format: ${id}`,
  mappingPassed: (path, tests) => `${path}: ${tests} tests passed`,
  mappingFailed: (path, failed, tests) => `${path}: ${failed} of ${tests} tests failed`,
  untested: (path) => `${path}: no tests (a file NAME.tests.yml beside it)`,
  expected: (what, value) => `${what}: expected ${value}`,
  seen: (value) => `seen ${value}`,
  absent: "nothing",
  accepted: "the line was read and should have been refused",
  refused: (reason) => `the line was refused: ${reason}`,
  leftAt: (pattern, character, expected) =>
    `pattern ${pattern}, character ${character}: expected ${expected}`,
  lineEnd: "the end of the line",
  columnCount: (expected, found) => `${expected} columns expected, ${found} found`,
  noPairs: "no pairs found",
  noJson: "no JSON object",
  mend: "Mend",
  tested: (mappings, tests, failures, faults) =>
    `mappings: ${mappings}, tests: ${tests}, failed: ${failures}, faults in files: ${faults}`,
  noMappings: "no mapping file found",
  noMappingsMend: "mappings are files that end in .yml",
  following: (source) => `Reading along with ${source}. Ctrl-C ends.`,
  liveColumns: ["TIME", "FORMAT", "SURE", "FIELDS"],
  share: (lines, perSecond, share, formats) =>
    `── ${lines} lines, ${perSecond}/s, ${share} with a format: ${formats}`,
  noSource: (source) => `the source ${source} is not understood`,
  noSourceMend: "a file, - for standard input, udp:5514 or tcp:5514",
  dropped: (count) => `${count} lines not shown, they are counted`,
};

export const PARSE_MESSAGES: Readonly<Record<CliLanguage, ParseMessages>> = { de, en };
