// What kind of values a field of an unknown log holds, told from the values themselves. Used to propose
// mappings, never for detection.
import { isIP } from "node:net";
import type { ParseContext } from "../format.ts";
import { createTimeReader, type TimeReader } from "./mapping-time.ts";

export type ValueKind =
  | "ip"
  | "mac"
  | "uuid"
  | "sid"
  | "email"
  | "uri"
  | "account"
  | "integer"
  | "number"
  | "level"
  | "host"
  | "text";

/** A way of writing times, and its reader. */
export interface KnownTime {
  readonly format: string;
  readonly reader: TimeReader;
}

/** Ways in which logs write times, the more telling ones first. */
export const KNOWN_TIMES: readonly KnownTime[] = [
  "iso",
  "dd.MM.yyyy HH:mm:ss,SSS",
  "dd.MM.yyyy HH:mm:ss.SSS",
  "dd.MM.yyyy HH:mm:ss",
  "dd.MM.yyyy, HH:mm:ss",
  "dd.MM.yyyy HH:mm",
  "dd.MM.yyyy-HH:mm:ss",
  "dd.MM.yy HH:mm:ss",
  "yyyy/MM/dd HH:mm:ss.SSS",
  "yyyy/MM/dd HH:mm:ss",
  "dd/MMM/yyyy:HH:mm:ss Z",
  "dd-MMM-yyyy HH:mm:ss",
  "dd MMM yyyy HH:mm:ss,SSS",
  "dd MMM yyyy HH:mm:ss",
  "EEE MMM dd HH:mm:ss yyyy",
  "EEE, dd MMM yyyy HH:mm:ss Z",
  "dd/MM/yyyy HH:mm:ss",
  "MM/dd/yyyy HH:mm:ss",
  "MM/dd/yyyy hh:mm:ss a",
  "EEE d. MMMM yyyy, HH:mm 'Uhr'",
  "d. MMMM yyyy, HH:mm 'Uhr'",
  "d. MMMM yyyy HH:mm:ss",
  "d. MMMM yyyy HH:mm",
  "syslog",
  "yyyyMMdd-HHmmss",
  "yyyyMMdd HHmmss",
  "yyyyMMdd HH:mm:ss",
  "epoch-ms",
  "epoch-s",
  "epoch-us",
  "epoch-ns",
].map((format) => ({ format, reader: createTimeReader([format], undefined) }));

const CONTEXT: ParseContext = { timeZone: "UTC", receivedAt: Date.UTC(2100, 0, 1) };
// Nothing in a county's logs was written before or will be after.
const TIME_MIN = Date.UTC(1995, 0, 1);
const TIME_MAX = Date.UTC(2070, 0, 1);

/** Share of values that have to agree. */
const MOST = 0.9;

/** How nearly all values of a field are written as times; undefined when they are none. */
export function timeFormatOf(values: readonly unknown[]): string | undefined {
  return KNOWN_TIMES.find(({ reader }) => isMost(values, (value) => isTime(reader, value)))?.format;
}

/** The index behind a time at an index of a line; undefined where none stands, or one of another age. */
export function endOfTime({ reader }: KnownTime, line: string, at: number): number | undefined {
  const found = reader.piece(line, at);
  return found !== undefined && isTime(reader, found.value) ? found.end : undefined;
}

function isTime(reader: TimeReader, value: unknown): boolean {
  const time = reader.read(value, CONTEXT);
  return time !== undefined && time > TIME_MIN && time < TIME_MAX;
}

const ACCOUNT = /^[\w.-]{1,64}\\[\p{L}\d_.$-]{1,64}$/u;
const NAME = /^[\p{L}\d_.$@\\-]{1,130}$/u;

const KINDS: readonly (readonly [ValueKind, (text: string) => boolean])[] = [
  ["ip", (text) => isIP(text.replace(/%[\w-]{1,20}$/, "")) !== 0],
  ["integer", (text) => /^[+-]?\d{1,18}$/.test(text)],
  ["number", (text) => /^[+-]?\d{1,18}(?:[.,]\d{1,12})?$/.test(text)],
  ["mac", (text) => /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i.test(text)],
  ["uuid", (text) => /^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(text)],
  ["sid", (text) => /^S-1-\d{1,3}(?:-\d{1,10}){1,14}$/.test(text)],
  ["email", (text) => /^[^\s@]{1,64}@[\p{L}\d-]{1,63}\.[\p{L}\d.-]{2,100}$/u.test(text)],
  ["uri", (text) => /^[a-z][a-z\d+.-]{1,20}:\/\/\S{1,4000}$/i.test(text)],
  ["account", (text) => ACCOUNT.test(text)],
  ["level", (text) => LEVELS.has(text.toLowerCase())],
  [
    "host",
    (text) => /^(?=[\w.-]{0,200}[a-z])[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,10}$/i.test(text),
  ],
];

/** Names of severities, English and German. */
export const LEVELS: ReadonlySet<string> = new Set(
  "trace debug info information informational notice warn warning error err critical crit fatal alert emergency severe fine hinweis warnung fehler kritisch".split(
    " ",
  ),
);

/** The kind that nearly all filled values share; `text` when there is none. */
export function kindOf(values: readonly unknown[]): ValueKind {
  const texts = values.map((value) => String(value).trim()).filter((text) => text !== "");
  if (texts.length === 0) return "text";
  const kind = KINDS.find(([, test]) => isMost(texts, test))?.[0];
  if (kind !== undefined) return kind;
  // Local accounts stand among those of a domain.
  const accounts = texts.filter((text) => ACCOUNT.test(text)).length;
  const isNamed = accounts * 10 >= texts.length && isMost(texts, (text) => NAME.test(text));
  return isNamed ? "account" : "text";
}

function isMost<Value>(values: readonly Value[], test: (value: Value) => boolean): boolean {
  if (values.length === 0) return false;
  // Most fields show at once that they are something else.
  const first = values[0];
  if (first !== undefined && values.length > 20 && !values.slice(0, 5).some(test)) return false;
  return values.filter(test).length >= values.length * MOST;
}

/** Whether nearly all values are written in a way. */
export function isWritten(values: readonly unknown[], format: string): boolean {
  const reader = createTimeReader([format], undefined);
  return isMost(values, (value) => isTime(reader, value));
}
