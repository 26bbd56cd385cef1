// Texts of the command line, German and English. The German half is the type of the other one, so that a
// missing key does not compile.

const de = {
  program:
    "Heidewacht findet Angriffe in den Protokollen einer Verwaltung.\n\n" +
    "Zum Kennenlernen:      heidewacht demo\n" +
    "Dateien durchsuchen:   heidewacht scan ORDNER\n" +
    "Dauerbetrieb:          heidewacht start --config heidewacht.yml",
  langOption: "Sprache der Ausgaben",
  helpOption: "diese Hilfe",
  versionOption: "Versionsnummer",
  helpTitles: asTitles({
    "Usage:": "Aufruf:",
    "Arguments:": "Angaben:",
    "Options:": "Optionen:",
    "Commands:": "Befehle:",
  }),
  showHelp: "(Hilfe: heidewacht --help)",
  exitCodes:
    "\nExit-Codes:\n" +
    "  0   alles in Ordnung, nichts gefunden\n" +
    "  1   scan: Befunde; rules: fehlerhafte Regeln; parse: Zeilen ohne Format, Tests\n" +
    "      fehlgeschlagen; demo --exit: Angriff nicht gefunden; doctor, paging check: Fehler;\n" +
    "      backup, restore, migrate: Quelle und Ziel verschieden\n" +
    "  2   falscher Aufruf oder fehlerhafte Konfiguration\n" +
    "  3   ein Teil der Eingabe war nicht lesbar, der Rest wurde verarbeitet\n" +
    "  4   Port oder Ordner ist belegt\n" +
    "  70  Fehler im Programm",
  mend: "Abhilfe",
  internal: "Fehler im Programm",
  configOption: "Konfigurationsdatei (YAML); ohne sie gelten die Vorgaben",
  config: "Konfiguration prüfen und zeigen",
  configCheck: "prüft die Konfiguration und nennt alle Fehler auf einmal",
  configShow: "zeigt die wirksame Konfiguration",
  configGood: (file: string) => `${file}: in Ordnung`,
  defaults: "Vorgaben",
  access: "legt in Elasticsearch Rolle und API-Schlüssel für Heidewacht an (store.apiKeyFile)",
  accessUser: "Verwalter von Elasticsearch, der das darf",
  accessPassword: "Datei mit seinem Passwort",
  accessUnset: "store.kind ist nicht elasticsearch, oder apiKeyFile fehlt",
  accessKept: (file: string) => `${file}: der Schlüssel gilt, nichts geändert`,
  accessMade: (file: string) => `${file}: neuer Schlüssel angelegt`,
  start: "startet Heidewacht: Eingänge, Erkennung, Befunde, Konsole",
  startData: "Ordner für alle Daten (statt dataFolder der Konfiguration)",
  startPort: "Port der Konsole (statt console.port)",
  startServices: "nur diese Dienste, mit Komma getrennt (statt services)",
  startedServices: (services: readonly string[]) => `Heidewacht läuft: ${services.join(", ")}`,
  started: (url: string) => `Heidewacht läuft. Konsole: ${url}`,
  setupCode: (code: string) =>
    `Noch kein Konto eingerichtet. Einmal-Code für die erste Anmeldung: ${code}`,
  stopping: "Heidewacht hält an und schließt Begonnenes ab …",
  stopped: "Angehalten. Nichts ging verloren.",
  keyCreated: (path: string) =>
    `Neuer Schlüssel in ${path}: bitte getrennt von den Daten sichern, ohne ihn bleibt Verschlüsseltes zu.`,
  demo: "zeigt alles an einer simulierten Verwaltung mit einem Angriff darin",
  demoExit: "endet von selbst (Exit-Code 0: Angriff gefunden)",
  demoSeed: "zieht eine andere Verwaltung, einen anderen Tag und Angriff",
  demoHistory:
    "Tage einer kleineren Verwaltung vor dem Angriff, aus denen Anomalien lernen (30 dauern Minuten)",
  demoHistoryWrong: (most: number) => `--history: eine ganze Zahl von 0 bis ${most}`,
  demoAnomalies: (found: number, steps: number, perDay: string) =>
    `Anomalien: ${found} von ${steps} Schritten, die keine Regel kennt; in der ruhigen Woche davor ${perDay} Befunde je Arbeitstag.`,
  demoNoPast: "ohne das erfundene Vierteljahr davor, aus dem Kennzahlen und Berichte bestehen",
  demoPast: (findings: string, incidents: number, seconds: string) =>
    `Davor ein erfundenes Vierteljahr, mit dem Schlagwort „simuliert“: ${findings} Befunde und ${incidents} Vorfälle in ${seconds} s eingetragen.`,
  demoPastAnswer: "Simulierte Antwort der Vorführung; es wurde kein Modell gefragt.",
  demoFolder: "leerer Ordner für die Daten (sonst ein neuer im Ordner für Temporäres)",
  demoInputPort: "Port des Eingangs",
  demoBuilding: "Die Konsole wird gebaut …",
  demoBuildFailed: "Die Konsole konnte nicht gebaut werden",
  demoFolderTaken: "der Ordner ist nicht leer",
  demoFolderMend: "einen leeren oder neuen Ordner angeben",
  demoOpen: (url: string, name: string, password: string) =>
    `Konsole:   ${url}\nAnmeldung: ${name}   Passwort: ${password}`,
  demoCounty: (county: string, accounts: number, seed: string) =>
    `${county}: ${accounts} Konten, alle erfunden. Startwert ${seed}.`,
  demoReplay: "Der Tag wird eingespielt",
  demoReplayed: (events: string, seconds: string, rate: string) =>
    `${events} Ereignisse in ${seconds} s (${rate} je Sekunde).`,
  demoFindings: "Die wichtigsten Befunde:",
  demoSteps: "Die Schritte des Angriffs:",
  demoFound: "gefunden",
  demoMissed: "nicht gefunden",
  demoSubtle: "fällt nur im Vergleich mit dem Üblichen auf; keine Regel kennt ihn",
  demoResult: (found: number, steps: number, falseFindings: number, seconds: string) =>
    `${found} von ${steps} Schritten gefunden, ${falseFindings} falsche Befunde ab Schwere mittel; ` +
    `erster Befund ${seconds} s nach der ersten Spur.`,
  demoStays: "Heidewacht läuft weiter. Strg-C beendet die Vorführung.",
  replay: "liest nicht erkannte Zeilen beim nächsten Start noch einmal",
  replayed: (tenant: string, count: number) =>
    `${tenant}: ${count} Zeilen werden beim nächsten Start noch einmal gelesen.`,
  scan: "durchsucht Protokolldateien und Ordner und zeigt Befunde",
  scanPath: "Dateien und Ordner, auch .evtx, .gz, .zst, .zip und .tar",
  scanFormat: "Ausgabe",
  scanHits: "je Treffer eine Zeile JSON: rule_id, file, line, event_id",
  scanRules: "weitere Sigma-Regeln: Ordner, Datei, .zip oder .tar.gz (mehrfach möglich)",
  scanNoPack: "ohne die mitgelieferten Regeln",
  scanLevel: "schwächere Treffer weglassen (Vorgabe: low, mit --hits alle)",
  scanJobs: "Anzahl der Threads",
  scanInput: "Format der Zeilen (sonst wird es erkannt)",
  scanMappings: "Ordner mit Zuordnungsdateien für eigene Formate (mehrfach möglich)",
  scanPipeline: "Pipeline im Format von pySigma, durch die die Regeln gehen (mehrfach möglich)",
  scanMultiline: "indent: eingerückte Zeilen gehören zur Zeile davor",
  scanZone: "Zone für Zeiten ohne Zone und für die Ausgabe",
  scanKey: "Schlüsseldatei einer Installation: dann sind die Pseudonyme dieselben wie dort",
};

const en: typeof de = {
  program:
    "Heidewacht finds attacks in an administration's logs.\n\n" +
    "Have a look:           heidewacht demo\n" +
    "Search files:          heidewacht scan FOLDER\n" +
    "Run for good:          heidewacht start --config heidewacht.yml",
  langOption: "language of all output",
  helpOption: "this help",
  versionOption: "version number",
  helpTitles: {},
  showHelp: "(help: heidewacht --help)",
  exitCodes:
    "\nExit codes:\n" +
    "  0   all well, nothing found\n" +
    "  1   scan: findings; rules: faulty rules; parse: lines without a format, failed tests;\n" +
    "      demo --exit: attack not found; doctor, paging check: faults;\n" +
    "      backup, restore, migrate: source and target differ\n" +
    "  2   wrong arguments or configuration\n" +
    "  3   part of the input could not be read, the rest was\n" +
    "  4   port or folder is taken\n" +
    "  70  error in the program",
  mend: "Mend",
  internal: "Error in the program",
  configOption: "configuration file (YAML); without it the defaults hold",
  config: "check and show the configuration",
  configCheck: "checks the configuration and names all faults at once",
  configShow: "shows the configuration in effect",
  configGood: (file) => `${file}: good`,
  defaults: "defaults",
  access: "makes Heidewacht's role and API key in Elasticsearch (store.apiKeyFile)",
  accessUser: "an administrator of Elasticsearch who may do that",
  accessPassword: "file with the administrator's password",
  accessUnset: "store.kind is not elasticsearch, or apiKeyFile is missing",
  accessKept: (file: string) => `${file}: the key is accepted, nothing changed`,
  accessMade: (file: string) => `${file}: new key made`,
  start: "starts Heidewacht: inputs, detection, findings, console",
  startData: "folder for all data (instead of dataFolder in the configuration)",
  startPort: "port of the console (instead of console.port)",
  startServices: "these services only, separated by commas (instead of services)",
  startedServices: (services) => `Heidewacht is running: ${services.join(", ")}`,
  started: (url) => `Heidewacht is running. Console: ${url}`,
  setupCode: (code) => `No account yet. One-time code for the first sign-in: ${code}`,
  stopping: "Heidewacht is stopping and finishes what it began …",
  stopped: "Stopped. Nothing was lost.",
  keyCreated: (path) =>
    `New key in ${path}: keep a copy apart from the data; without it sealed data stays closed.`,
  demo: "shows everything on a simulated administration with an attack in it",
  demoExit: "ends by itself (exit code 0: attack found)",
  demoSeed: "draws another county, day and intrusion",
  demoHistory:
    "days of a smaller administration before the attack, from which anomalies learn (30 take minutes)",
  demoHistoryWrong: (most) => `--history: a whole number from 0 to ${most}`,
  demoAnomalies: (found, steps, perDay) =>
    `Anomalies: ${found} of ${steps} steps that no rule knows; in the quiet week before ${perDay} findings a working day.`,
  demoNoPast: "without the invented quarter before it, which figures and reports are made of",
  demoPast: (findings, incidents, seconds) =>
    `Before it an invented quarter, tagged "simuliert": ${findings} findings and ${incidents} incidents entered in ${seconds} s.`,
  demoPastAnswer: "Simulated answer of the demo; no model was asked.",
  demoFolder: "empty folder for the data (else a new one in the folder for temporary files)",
  demoInputPort: "port of the input",
  demoBuilding: "Building the console …",
  demoBuildFailed: "The console could not be built",
  demoFolderTaken: "the folder is not empty",
  demoFolderMend: "name an empty or new folder",
  demoOpen: (url, name, password) => `Console: ${url}\nSign in: ${name}   password: ${password}`,
  demoCounty: (county, accounts, seed) =>
    `${county}: ${accounts} accounts, all of them invented. Seed ${seed}.`,
  demoReplay: "Replaying the day",
  demoReplayed: (events, seconds, rate) => `${events} events in ${seconds} s (${rate} a second).`,
  demoFindings: "The findings that matter most:",
  demoSteps: "The steps of the intrusion:",
  demoFound: "found",
  demoMissed: "not found",
  demoSubtle: "stands out only against what is usual; no rule knows it",
  demoResult: (found, steps, falseFindings, seconds) =>
    `${found} of ${steps} steps found, ${falseFindings} false findings of medium severity or above; ` +
    `first finding ${seconds} s after the first trace.`,
  demoStays: "Heidewacht stays up. Ctrl-C ends the demo.",
  replay: "reads lines that were not understood once more at the next start",
  replayed: (tenant, count) =>
    `${tenant}: ${count} lines will be read once more at the next start.`,
  scan: "searches log files and folders and shows findings",
  scanPath: "files and folders, also .evtx, .gz, .zst, .zip and .tar",
  scanFormat: "output",
  scanHits: "one line of JSON a hit: rule_id, file, line, event_id",
  scanRules: "further Sigma rules: folder, file, .zip or .tar.gz (may be repeated)",
  scanNoPack: "without the rules that come along",
  scanLevel: "leave weaker hits out (default: low, with --hits all)",
  scanJobs: "number of threads",
  scanInput: "format of the lines (else it is found out)",
  scanMappings: "folder with mapping files for formats of your own (may be repeated)",
  scanPipeline: "pipeline in pySigma's format that the rules go through (may be repeated)",
  scanMultiline: "indent: indented lines belong to the line before them",
  scanZone: "zone for times without one and for the output",
  scanKey: "key file of an installation: pseudonyms are the same as there then",
};

/** Titles that commander prints, as they shall read. */
function asTitles(titles: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return titles;
}

export const CLI_MESSAGES = { de, en };
export type CliLanguage = keyof typeof CLI_MESSAGES;

/** `--lang` on the command line, else HEIDEWACHT_LANGUAGE, else German. */
export function cliLanguage(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CliLanguage {
  const at = argv.indexOf("--lang");
  const joined = argv.find((argument) => argument.startsWith("--lang="))?.slice("--lang=".length);
  const wanted = joined ?? (at === -1 ? environment.HEIDEWACHT_LANGUAGE : argv[at + 1]);
  return wanted === "en" ? "en" : "de";
}
