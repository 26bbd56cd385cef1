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
  sniff: (line, json) => (json === undefined && isCef(cefOf(line)) ? 1 : 0),
  parse: (line, context) => {
    const text = cefOf(line);
    const record: Record<string, unknown> = {};
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
      record[name] = text.slice(at, end).replace(/\\([|\\])/g, "$1");
      at = end + 1;
    }
    readExtension(text.slice(at), record);
    nameCustomFields(record);
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
  while (at < text.length && text[at] !== "|") at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

// A value reaches to the last blank before the next `key=`. Senders often leave `=` unescaped inside
// values (URLs): what stands before such a `=` is no key when it doesn't follow a blank.
function readExtension(text: string, record: Record<string, unknown>): void {
  let key = "";
  let valueStart = 0;
  let fields = 0;
  const finish = (end: number) => {
    if (key === "" || ++fields > CEF_FIELDS_MAX) return;
    setField(record, key, unescaped(text.slice(valueStart, end).trimEnd()));
  };
  let wordStart = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\\") at++;
    else if (char === " ") wordStart = at + 1;
    else if (char === "=" && isKey(text, wordStart, at)) {
      finish(wordStart);
      key = text.slice(wordStart, at);
      valueStart = at + 1;
      // What follows is the value's first word: another `=` in it starts no new key.
      wordStart = text.length;
    }
  }
  finish(text.length);
}

function isKey(text: string, start: number, end: number): boolean {
  return end > start && end - start <= 128 && /^[\w.[\]-]+$/.test(text.slice(start, end));
}

function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\([=|\\nr])/g, (_whole, char: string) =>
    char === "n" ? "\n" : char === "r" ? "\r" : char,
  );
}

// `cs1Label=Rule cs1=Block` also gives `Rule` = `Block`, which is the name that rules know.
function nameCustomFields(record: Record<string, unknown>): void {
  for (const key of Object.keys(record)) {
    if (!key.endsWith("Label")) continue;
    const label = record[key];
    const value = record[key.slice(0, -5)];
    if (
      typeof label === "string" &&
      label !== "" &&
      value !== undefined &&
      !Object.hasOwn(record, label)
    ) {
      setField(record, label, value);
    }
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
