// What is wrong with mapping files and their tests, German and English.
import type { PatternFault } from "./pattern.ts";

interface MappingMessages {
  readonly faulty: (count: number) => string;
  readonly faultyMend: string;
  readonly noFile: string;
  readonly noObject: string;
  readonly tooLarge: (bytes: number) => string;
  readonly exactlyOne: string;
  readonly exactlyOneMend: string;
  readonly pattern: Readonly<Record<PatternFault["kind"], (detail: string) => string>>;
  readonly patternMend: string;
  readonly time: (reason: string) => string;
  readonly timeMend: string;
  readonly unknownField: (name: string, known: string) => string;
  readonly noTimePiece: (name: string) => string;
  readonly columnTwice: (name: string) => string;
  readonly idTwice: (id: string, place: string) => string;
  readonly idTaken: (id: string) => string;
  readonly idMend: string;
  readonly zone: string;
  readonly id: string;
  readonly oneCharacter: string;
  readonly keysMend: string;
  readonly matchEmpty: string;
  readonly fileMend: string;
  readonly expectNothing: string;
  readonly expectBoth: string;
}

const de: MappingMessages = {
  faulty: (count) => `Zuordnungsdateien haben ${count} Fehler:`,
  faultyMend: "heidewacht parse test ORDNER nennt zu jedem Fehler die Abhilfe",
  noFile: "die Datei ist nicht lesbar",
  noObject: "erwartet werden Schlüssel und Werte",
  tooLarge: (bytes) => `die Datei ist größer als ${bytes} Bytes`,
  exactlyOne: "genau eines von pattern, csv, keyValue und json muss dastehen",
  exactlyOneMend: "pattern für Textzeilen, csv für Spalten, keyValue für Paare, json: {} für JSON",
  pattern: {
    "unknown-piece": (piece) => `das Stück ${piece} gibt es nicht`,
    "bad-name": (name) => `„${name}“ taugt nicht als Name eines Stücks`,
    "name-twice": (name) => `der Name ${name} kommt im Muster zweimal vor`,
    "needs-text": (piece) => `hinter ${piece} muss fester Text stehen oder die Zeile enden`,
    "not-last": (piece) => `${piece} muss am Ende des Musters stehen`,
    "no-time": () => "für %{TIME} muss unter time.format stehen, wie die Zeit geschrieben ist",
    "too-many": (most) => `mehr als ${most} Stücke`,
  },
  patternMend: "alle Stücke mit Beispielen stehen in docs/quellen/eigene-formate.md",
  time: (reason) => `die Zeitangabe ist nicht verständlich: ${reason}`,
  timeMend: "iso, epoch, syslog oder ein Muster wie dd.MM.yyyy HH:mm:ss",
  unknownField: (name, known) => `„${name}“ kommt nicht vor; es gibt: ${known}`,
  noTimePiece: (name) => `im Muster fehlt %{TIME:${name}} oder ein Stück mit diesem Namen`,
  columnTwice: (name) => `die Spalte ${name} kommt zweimal vor`,
  idTwice: (id, place) => `die id ${id} hat schon ${place}`,
  idTaken: (id) => `die id ${id} trägt schon ein mitgeliefertes Format`,
  idMend: "eine andere id wählen",
  zone: "eine IANA-Zeitzone wie Europe/Berlin",
  id: "Kleinbuchstaben, Ziffern und Bindestriche, höchstens 64",
  oneCharacter: "genau ein Zeichen",
  keysMend: "die Schlüssel stehen in docs/quellen/eigene-formate.md",
  matchEmpty: "mindestens ein Merkmal",
  fileMend: "Datei und Rechte prüfen",
  expectNothing: "time, fields, identity oder refused muss sagen, was erwartet wird",
  expectBoth: "eine abgewiesene Zeile (refused) hat weder Zeit noch Felder",
};

const en: MappingMessages = {
  faulty: (count) => `mapping files have ${count} faults:`,
  faultyMend: "heidewacht parse test FOLDER names the mend of each fault",
  noFile: "the file can't be read",
  noObject: "keys and values are expected",
  tooLarge: (bytes) => `the file is larger than ${bytes} bytes`,
  exactlyOne: "exactly one of pattern, csv, keyValue and json is needed",
  exactlyOneMend:
    "pattern for lines of text, csv for columns, keyValue for pairs, json: {} for JSON",
  pattern: {
    "unknown-piece": (piece) => `there is no piece ${piece}`,
    "bad-name": (name) => `"${name}" can't be the name of a piece`,
    "name-twice": (name) => `the name ${name} is used twice in the pattern`,
    "needs-text": (piece) => `fixed text has to follow ${piece}, or the end of the line`,
    "not-last": (piece) => `${piece} has to be the end of the pattern`,
    "no-time": () => "%{TIME} needs time.format to say how the time is written",
    "too-many": (most) => `more than ${most} pieces`,
  },
  patternMend: "docs/quellen/eigene-formate.md lists all pieces with examples",
  time: (reason) => `the time is not understood: ${reason}`,
  timeMend: "iso, epoch, syslog or a pattern such as dd.MM.yyyy HH:mm:ss",
  unknownField: (name, known) => `there is no "${name}"; there are: ${known}`,
  noTimePiece: (name) => `the pattern lacks %{TIME:${name}} or another piece of this name`,
  columnTwice: (name) => `there are two columns ${name}`,
  idTwice: (id, place) => `the id ${id} is that of ${place}`,
  idTaken: (id) => `the id ${id} is that of a format that comes along`,
  idMend: "choose another id",
  zone: "an IANA time zone such as Europe/Berlin",
  id: "lower-case letters, digits and hyphens, 64 at most",
  oneCharacter: "exactly one character",
  keysMend: "docs/quellen/eigene-formate.md lists the keys",
  matchEmpty: "at least one mark",
  fileMend: "check the file and its permissions",
  expectNothing: "time, fields, identity or refused has to say what is expected",
  expectBoth: "a refused line has neither time nor fields",
};

export const MAPPING_MESSAGES = { de, en };
export type MappingLanguage = keyof typeof MAPPING_MESSAGES;
