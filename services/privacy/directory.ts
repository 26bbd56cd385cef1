// A directory of people and their accounts as an export gives it: CSV with the columns sAMAccountName, UPN,
// mail, given name, surname and display name, in whatever order and with the usual names of columns.
import { AppError } from "../../config/errors.ts";

/** People of one tenant that are taken from its directory. */
export const DIRECTORY_PEOPLE_MAX = 200_000;
const CELL_CHARACTERS_MAX = 256;

export interface DirectoryPerson {
  readonly account?: string | undefined;
  readonly upn?: string | undefined;
  readonly mail?: string | undefined;
  readonly givenName?: string | undefined;
  readonly surname?: string | undefined;
  readonly displayName?: string | undefined;
  /** Department or organisational unit: whom the account is compared with. Kept as a token only. */
  readonly group?: string | undefined;
}

const COLUMNS: Readonly<Record<string, keyof DirectoryPerson>> = {
  samaccountname: "account",
  account: "account",
  konto: "account",
  benutzername: "account",
  uid: "account",
  userprincipalname: "upn",
  upn: "upn",
  mail: "mail",
  email: "mail",
  emailaddress: "mail",
  "e-mail": "mail",
  "e-mail-adresse": "mail",
  givenname: "givenName",
  vorname: "givenName",
  surname: "surname",
  sn: "surname",
  nachname: "surname",
  name: "displayName",
  displayname: "displayName",
  anzeigename: "displayName",
  department: "group",
  abteilung: "group",
  fachdienst: "group",
  organisationseinheit: "group",
  ou: "group",
};

/**
 * Reads a directory. Columns are parted by semicolon, comma or tab, whichever the first line has most of;
 * quotes as in RFC 4180. Lines without any name are left out.
 * @throws AppError HW_INPUT_UNREADABLE without a line of column names that are known
 */
export function readDirectory(text: string, place: string): DirectoryPerson[] {
  const end = text.indexOf("\n");
  const head = end === -1 ? text : text.slice(0, end);
  const separator = separatorOf(head);
  const rows = rowsOf(text.replace(/^\ufeff/, ""), separator);
  const columns = rows.next().value?.map((cell) => COLUMNS[cell.trim().toLowerCase()]) ?? [];
  if (!columns.some((column) => column === "account" || column === "upn" || column === "mail")) {
    throw new AppError("HW_INPUT_UNREADABLE", "keine Spalte sAMAccountName, UPN oder mail", {
      place,
      mend: "die erste Zeile nennt die Spalten, z. B. sAMAccountName;UPN;mail;givenName;sn;displayName",
    });
  }
  const people: DirectoryPerson[] = [];
  for (const cells of rows) {
    const person = personOf(cells, columns);
    if (person !== undefined) people.push(person);
    if (people.length >= DIRECTORY_PEOPLE_MAX) break;
  }
  return people;
}

/** A person of named values, as a line of a file or an entry of a server; undefined without any name. */
function personOf(
  cells: readonly string[],
  columns: readonly (keyof DirectoryPerson | undefined)[],
): DirectoryPerson | undefined {
  const person: { -readonly [Key in keyof DirectoryPerson]: string } = {};
  for (const [index, column] of columns.entries()) {
    const cell = (cells[index] ?? "").trim().slice(0, CELL_CHARACTERS_MAX);
    if (column !== undefined && cell !== "") person[column] ??= cell;
  }
  return Object.keys(person).length === 0 ? undefined : person;
}

function separatorOf(head: string): string {
  const counts = [";", ",", "\t"].map((one) => [one, head.split(one).length] as const);
  return counts.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function* rowsOf(text: string, separator: string): Generator<string[], undefined> {
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { cell, end } = cellAt(text, at, separator);
    cells.push(cell);
    at = end + 1;
    if (end < text.length && text[end] === separator) {
      if (at < text.length) continue;
      cells.push("");
    }
    if (text[end] === "\r" && text[at] === "\n") at += 1;
    if (cells.some((one) => one.trim() !== "")) yield cells;
    cells = [];
  }
}

function cellAt(text: string, start: number, separator: string): { cell: string; end: number } {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r")
      end += 1;
    return { cell: text.slice(start, end), end };
  }
  const parts: string[] = [];
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return { cell: parts.join("") + text.slice(at), end: text.length };
    parts.push(text.slice(at, quote));
    if (text[quote + 1] !== '"') {
      at = quote + 1;
      break;
    }
    parts.push('"');
    at = quote + 2;
  }
  while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r")
    at += 1;
  return { cell: parts.join(""), end: at };
}
