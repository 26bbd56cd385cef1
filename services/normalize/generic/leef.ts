// Log Event Extended Format (IBM, version 1.0 and 2.0), bare or behind a syslog header:
// `LEEF:1.0|vendor|product|version|event|key=value<tab>key=value`, in 2.0 with a delimiter of its own.
import { AppError, isAppError } from "../../../config/errors.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { compileTimePattern, type TimePattern } from "../time-pattern.ts";
import { timeOf } from "../time-text.ts";
import { contentOf, frameTime } from "./syslog.ts";

const HEADER = ["deviceVendor", "deviceProduct", "deviceVersion", "eventId"] as const;
/** Most attributes of one line. */
const LEEF_FIELDS_MAX = 500;

// Names of LEEF's predefined attributes.
const ECS: FieldTable = {
  "observer.vendor": ["deviceVendor"],
  "observer.product": ["deviceProduct"],
  "observer.version": ["deviceVersion"],
  "event.code": ["eventId"],
  "event.action": ["action", "act", "cat"],
  "event.reason": ["reason"],
  "host.name": ["identHostName", "resource", "host"],
  "source.ip": ["src"],
  "source.port": ["srcPort"],
  "source.mac": ["srcMAC"],
  "source.bytes": ["srcBytes"],
  "source.packets": ["srcPackets"],
  "source.nat.ip": ["srcPostNAT", "srcPreNAT"],
  "source.nat.port": ["srcPostNATPort", "srcPreNATPort"],
  "destination.ip": ["dst"],
  "destination.port": ["dstPort"],
  "destination.mac": ["dstMAC"],
  "destination.bytes": ["dstBytes"],
  "destination.packets": ["dstPackets"],
  "destination.nat.ip": ["dstPostNAT", "dstPreNAT"],
  "destination.nat.port": ["dstPostNATPort", "dstPreNATPort"],
  "network.transport": ["proto"],
  "network.application": ["app"],
  "user.name": ["usrName", "accountName", "identUserName"],
  "user.domain": ["domain"],
  "user.roles": ["role"],
  "rule.name": ["policy"],
  "url.original": ["url"],
  "log.level": ["sev"],
  message: ["msg"],
};

/** LEEF lines. */
export const leef: Format = {
  id: "leef",
  title: "Log Event Extended Format (LEEF)",
  reads: "text",
  shape: flatShape({
    id: "leef",
    family: "leef",
    ecs: ECS,
    aliases: {
      src_ip: ["src"],
      src_port: ["srcPort"],
      dst_ip: ["dst"],
      dst_port: ["dstPort"],
      username: ["usrName"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, content, message }) => `${line}${content}${message}`.includes("L"),
  sniff: (line, json) => (json === undefined && /^LEEF:\d/.test(leefOf(line)) ? 1 : 0),
  parse: (line, context) => {
    const text = leefOf(line);
    const record: Record<string, unknown> = {};
    const version = /^LEEF: ?(\d)(?:\.\d)?\|/.exec(text.slice(0, 12));
    if (version === null) {
      throw new AppError("HW_PARSE_FAILED", "no LEEF line: `LEEF:1.0|…` or `LEEF:2.0|…` expected");
    }
    let at = version[0].length;
    for (const name of HEADER) {
      const end = text.indexOf("|", at);
      if (end === -1) {
        throw new AppError("HW_PARSE_FAILED", `no LEEF line: ${name} is missing in its header`);
      }
      record[name] = text.slice(at, end);
      at = end + 1;
    }
    const own = version[1] === "1" ? undefined : readDelimiter(text, at);
    readAttributes(text.slice(own?.end ?? at), own?.delimiter ?? "\t", record);
    const host = contentOf(line)?.host;
    if (host !== undefined && record.host === undefined) record.host = host;
    return { record, time: timeOfLine(record, line, context), identity: undefined };
  },
  ecs: (record) => ({
    "event.kind": "event",
    "event.module": "leef",
    ...(typeof record.host === "string" ? { "observer.name": record.host } : {}),
    ...flatDocument(record, ECS, "leef", NOT_SHOWN),
  }),
};

const NOT_SHOWN: ReadonlySet<string> = new Set(["host", "devTime", "devTimeFormat"]);

function leefOf(line: string): string {
  if (line.startsWith("LEEF:")) return line;
  const frame = contentOf(line);
  if (frame === undefined) return line;
  // `LEEF:` reads like a program's tag when a blank follows it.
  return frame.content.startsWith("LEEF:") ? frame.content : frame.message;
}

// LEEF 2.0: one character, or its number as `x09`, `0x09` or `\x09`; left out or empty means tab. Several
// senders leave the whole field out and go on with the first key.
function readDelimiter(
  text: string,
  start: number,
): { readonly delimiter: string; readonly end: number } | undefined {
  const end = text.indexOf("|", start);
  if (end === start) return { delimiter: "\t", end: end + 1 };
  if (text[start] === "|" || text.startsWith("||", start)) return undefined;
  if (end === -1 || end - start > 6) return undefined;
  const written = text.slice(start, end);
  const number = /^(?:0|\\)?x([0-9a-f]{2,4})$/i.exec(written)?.[1];
  if (number !== undefined) {
    return { delimiter: String.fromCharCode(Number.parseInt(number, 16)), end: end + 1 };
  }
  return written.length === 1 ? { delimiter: written, end: end + 1 } : undefined;
}

function readAttributes(text: string, wanted: string, record: Record<string, unknown>): void {
  const delimiter = wanted === "\t" ? tabOf(text) : wanted;
  let at = 0;
  for (let fields = 0; fields < LEEF_FIELDS_MAX && at <= text.length; fields++) {
    const next = text.indexOf(delimiter, at);
    const end = next === -1 ? text.length : next;
    const equals = text.indexOf("=", at);
    if (equals > at && equals < end) {
      const key = text.slice(at, equals).trim();
      if (key !== "" && key.length <= 128)
        setField(record, key, text.slice(equals + 1, end).trim());
    }
    at = end + delimiter.length;
  }
}

// Relays write tabs as `\t`, and rsyslog as `#011`.
function tabOf(text: string): string {
  if (text.includes("\t")) return "\t";
  if (text.includes("#011")) return "#011";
  return text.includes("\\t") ? "\\t" : "\t";
}

// What a sender without devTimeFormat should write, after IBM's guide.
const USUAL = [
  "MMM dd yyyy HH:mm:ss.SSS z",
  "MMM dd yyyy HH:mm:ss z",
  "MMM dd yyyy HH:mm:ss.SSS",
  "MMM dd yyyy HH:mm:ss",
  "MMM dd HH:mm:ss.SSS z",
  "MMM dd HH:mm:ss z",
  "MMM dd HH:mm:ss.SSS",
  "MMM dd HH:mm:ss",
].map(compileTimePattern);

/** Formats of senders that are kept compiled. */
const PATTERNS_MAX = 100;
const patterns = new Map<string, TimePattern | undefined>();

function patternOf(format: string): TimePattern | undefined {
  if (patterns.has(format)) return patterns.get(format);
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  let made: TimePattern | undefined;
  try {
    made = compileTimePattern(format);
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
  patterns.set(format, made);
  return made;
}

function timeOfLine(
  record: Readonly<Record<string, unknown>>,
  line: string,
  context: ParseContext,
): number | undefined {
  const { devTime, devTimeFormat } = record;
  if (typeof devTime === "string" && devTime !== "") {
    const own = typeof devTimeFormat === "string" ? patternOf(devTimeFormat) : undefined;
    const time = own?.read(devTime, 0, context)?.time ?? timeOf(devTime, context);
    if (time !== undefined) return time;
    for (const pattern of USUAL) {
      const usual = pattern.read(devTime, 0, context);
      if (usual !== undefined && usual.end === devTime.length) return usual.time;
    }
  }
  const frame = contentOf(line);
  return frame === undefined ? undefined : frameTime(frame, context);
}
