// Common Event Format (ArcSight CEF implementation standard, version 0 and 1), bare or behind a syslog
// header: `CEF:0|vendor|product|version|class|name|severity|key=value key=value with blanks`.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { contentOf, frameTime } from "./syslog.ts";
import { headerTimeToUtc, readHeaderTime } from "./syslog-time.ts";

const HEADER = [
  "deviceVendor",
  "deviceProduct",
  "deviceVersion",
  "deviceEventClassId",
  "name",
  "severity",
] as const;
/** Most extension fields of one line. */
const CEF_FIELDS_MAX = 500;

const ECS: FieldTable = {
  "observer.vendor": ["deviceVendor"],
  "observer.product": ["deviceProduct"],
  "observer.version": ["deviceVersion"],
  "observer.ip": ["dvc"],
  "host.name": ["dvchost", "host"],
  "event.code": ["deviceEventClassId"],
  "event.action": ["act", "name"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "source.ip": ["src"],
  "source.port": ["spt"],
  "source.domain": ["shost"],
  "source.mac": ["smac"],
  "source.bytes": ["out"],
  "destination.ip": ["dst"],
  "destination.port": ["dpt"],
  "destination.domain": ["dhost"],
  "destination.bytes": ["in"],
  "user.name": ["suser", "duser"],
  "user.target.name": ["duser"],
  "network.transport": ["proto"],
  "network.protocol": ["app"],
  "url.original": ["request"],
  "http.request.method": ["requestMethod"],
  "user_agent.original": ["requestClientApplication"],
  "file.name": ["fname"],
  "file.path": ["filePath"],
  "process.name": ["sproc", "deviceProcessName"],
  message: ["msg"],
};

/** CEF lines. */
export const cef: Format = {
  id: "cef",
  title: "Common Event Format (CEF)",
  reads: "text",
  shape: flatShape({
    id: "cef",
    family: "cef",
    ecs: ECS,
    aliases: {
      src_ip: ["src"],
      src_port: ["spt"],
      dst_ip: ["dst"],
      dst_port: ["dpt"],
      action: ["act"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, content, message }) => `${line}${content}${message}`.includes("C"),
  sniff: (line, json) => (json === undefined && isCef(cefOf(line)) ? 1 : 0),
  parse: (line, context) => {
    const record: Record<string, unknown> = {};
    const labels: string[] = [];
    readCef(line, (key, value) => {
      setField(record, key, value);
      if (key.endsWith("Label")) labels.push(key);
    });
    nameCustomFields(record, labels);
    const host = contentOf(line)?.host;
    if (host !== undefined && record.host === undefined) record.host = host;
    return { record, time: timeOfLine(record, line, context), identity: undefined };
  },
  ecs: (record) => ({
    "event.kind": "event",
    "event.module": "cef",
    // The sender reports about others, as a firewall does.
    ...observerOf(record),
    ...flatDocument(record, ECS, "cef", HOST_ONLY),
  }),
};

/**
 * Hands the fields of a line to `take`, those of its header under the names of their columns.
 * @throws AppError HW_PARSE_FAILED when there is no whole header
 */
export function readCef(line: string, take: (key: string, value: string) => void): void {
  const text = cefOf(line);
  let at = text.indexOf(":") + 1;
  const version = nextPipe(text, at);
  if (!/^CEF: ?\d{1,3}$/.test(text.slice(0, version))) {
    throw new AppError("HW_PARSE_FAILED", "no CEF line: `CEF:0|…` was expected");
  }
  at = version + 1;
  for (const [index, name] of HEADER.entries()) {
    const end = nextPipe(text, at);
    if (end === text.length && index < HEADER.length - 1) {
      throw new AppError("HW_PARSE_FAILED", `no CEF line: ${name} is missing in its header`);
    }
    const value = text.slice(at, end);
    take(name, value.includes("\\") ? value.replace(/\\([|\\])/g, "$1") : value);
    at = end + 1;
  }
  readExtension(text, at, take);
}

const HOST_ONLY: ReadonlySet<string> = new Set(["host"]);

function observerOf(record: ParsedRecord): EcsDocument {
  const name = record.dvchost ?? record.host;
  return typeof name === "string" && name !== "" ? { "observer.name": name } : {};
}

// Some senders write a blank behind the colon. FortiGate's lines are a format of their own
// (network/fortigate-cef.ts): in CEF they carry the fields for which there are rules.
function isCef(text: string): boolean {
  return (
    /^CEF: ?\d/.test(text) && !/^CEF: ?\d{1,3}\|Fortinet\|Forti[Gg]ate/.test(text.slice(0, 60))
  );
}

function cefOf(line: string): string {
  if (line.startsWith("CEF:")) return line;
  const frame = contentOf(line);
  if (frame === undefined) return line;
  return frame.content.startsWith("CEF:") ? frame.content : frame.message;
}

function nextPipe(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== PIPE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, text.length);
}

const PIPE = 0x7c;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const KEY_CHARACTERS_MAX = 128;

// A value reaches to the last blank before the next `key=`. Senders often leave `=` unescaped inside
// values (URLs): what stands before such a `=` is no key when it doesn't follow a blank.
function readExtension(
  text: string,
  start: number,
  take: (key: string, value: string) => void,
): void {
  let key = "";
  let valueStart = start;
  let fields = 0;
  const finish = (end: number) => {
    if (key === "" || ++fields > CEF_FIELDS_MAX) return;
    let last = end;
    while (last > valueStart && text.charCodeAt(last - 1) <= BLANK) last--;
    take(key, unescaped(text.slice(valueStart, last)));
  };
  for (let at = text.indexOf("=", start); at !== -1; at = text.indexOf("=", at + 1)) {
    const begin = keyStart(text, start, at);
    // The first word of a value holds no key.
    if (begin === undefined || (key !== "" && begin <= valueStart)) continue;
    finish(begin);
    key = text.slice(begin, at);
    valueStart = at + 1;
  }
  finish(text.length);
}

// Where the key before a `=` begins; undefined when what stands there is none, as before an escaped one.
function keyStart(text: string, start: number, end: number): number | undefined {
  let at = end - 1;
  const min = Math.max(start, end - KEY_CHARACTERS_MAX);
  while (at >= min && isKeyCharacter(text.charCodeAt(at))) at--;
  if (at === end - 1) return undefined;
  if (at < start) return start;
  const isWord = text.charCodeAt(at) === BLANK && text.charCodeAt(at - 1) !== BACKSLASH;
  return isWord ? at + 1 : undefined;
}

// Letters, digits and `_ . - [ ]`.
function isKeyCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x5b ||
    code === 0x5d
  );
}

function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([=|\\nr])/g, (_whole, char: string) =>
    char === "n" ? "\n" : char === "r" ? "\r" : char,
  );
}

// `cs1Label=Rule cs1=Block` also gives `Rule` = `Block`, which is the name that rules know.
function nameCustomFields(record: Record<string, unknown>, labels: readonly string[]): void {
  for (const key of labels) {
    const label = record[key];
    const value = record[key.slice(0, -"Label".length)];
    if (typeof label !== "string" || label === "" || value === undefined) continue;
    if (!Object.hasOwn(record, label)) setField(record, label, value);
  }
}

function timeOfLine(
  record: Readonly<Record<string, unknown>>,
  line: string,
  context: ParseContext,
): number | undefined {
  for (const key of ["rt", "end", "start"]) {
    const value = record[key];
    const time = timeOf(value, context) ?? timeOfWords(value, context);
    if (time !== undefined) return time;
  }
  const frame = contentOf(line);
  return frame === undefined ? undefined : frameTime(frame, context);
}

// `Nov 21 2026 04:38:16.123 UTC`: month first, zone as a word or left out.
function timeOfWords(value: unknown, context: ParseContext): number | undefined {
  if (typeof value !== "string") return undefined;
  const time = readHeaderTime(value, 0);
  if (time === undefined) return undefined;
  const isUtc = /^ (?:UTC|GMT|Z)$/.test(value.slice(time.end));
  return headerTimeToUtc(time, isUtc ? { ...context, timeZone: "UTC" } : context);
}
