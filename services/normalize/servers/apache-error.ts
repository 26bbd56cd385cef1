// Apache's error log, of 2.2 (`[time] [level] [client …]`) and 2.4 (`[time] [module:level] [pid …]`), bare
// or inside syslog, where 2.4 leaves the time out. Source: Apache's directive `ErrorLogFormat`.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { rememberLast } from "../last-line.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { MODSECURITY_ECS, readModSecurity } from "./modsecurity.ts";

const ECS: FieldTable = {
  "source.ip": ["client"],
  "source.port": ["client_port"],
  "user.name": ["user"],
  "log.level": ["level"],
  "process.pid": ["pid"],
  "process.thread.id": ["tid"],
  "event.code": ["code"],
  "http.request.referrer": ["referrer"],
  "host.name": ["host"],
  ...MODSECURITY_ECS,
  message: ["message"],
};

/** Apache error logs. */
export const apacheError: Format = {
  id: "apache-error",
  title: "Apache error log",
  reads: "text",
  shape: flatShape({ id: "apache-error", family: "apache-error", ecs: ECS }),
  dataClass: "security",
  mayClaim: ({ line, message }) => line === "[" || message === "[",
  sniff: (line, json) => (json === undefined && partOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const part = partOf(line);
    if (part === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no line of an Apache error log: [time] [level] expected",
      );
    }
    const record = readRest(part.rest);
    record.level = part.level;
    if (part.module !== undefined) record.module = part.module;
    const frame = contentOf(line);
    if (frame?.host !== undefined) record.host = frame.host;
    const outer = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time: timeOf(part.time, context) ?? outer, identity: undefined };
  },
  ecs,
};

const LEVELS = "emerg|alert|crit|error|warn|notice|info|debug|trace[1-8]";
// [Sat Nov 21 05:38:16.123456 2026]
const TIME = String.raw`\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? (\d{4})\] `;
const BARE = new RegExp(`^${TIME}\\[(?:([a-z]\\w{0,40}|):)?(${LEVELS})\\](?: |$)`);
const IN_SYSLOG = new RegExp(`^\\[([a-z]\\w{0,40}|):(${LEVELS})\\] `);
const HEAD_CHARACTERS = 120;

interface Part {
  readonly time: readonly (string | undefined)[] | undefined;
  readonly module: string | undefined;
  readonly level: string | undefined;
  readonly rest: string;
}

const partOf = rememberLast((line: string): Part | undefined => {
  const isBare = line.charCodeAt(0) === 0x5b;
  const frame = isBare ? undefined : contentOf(line);
  const text = isBare ? line : frame?.message;
  if (text?.charCodeAt(0) !== 0x5b) return undefined;
  const bare = BARE.exec(text.slice(0, HEAD_CHARACTERS));
  if (bare !== null) {
    const rest = text.slice(bare[0].length);
    return { time: bare.slice(1, 8), module: bare[8] || undefined, level: bare[9], rest };
  }
  const inSyslog = IN_SYSLOG.exec(text.slice(0, HEAD_CHARACTERS));
  const isApache = /^(?:apache2?|httpd)$/.test(frame?.program ?? "");
  if (inSyslog === null || !isApache) return undefined;
  const rest = text.slice(inSyslog[0].length);
  return { time: undefined, module: inSyslog[1] || undefined, level: inSyslog[2], rest };
});

const PROCESS = /^\[pid (\d{1,10})(?::tid (\d{1,20}))?\] /;
const CLIENT = /^\[(?:client|remote) ([^\]\s]{1,300})\] /;

// `[pid 1:tid 2] (13)Permission denied: [client 192.0.2.7:50122] AH00035: message, referer: …`
function readRest(text: string): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  let rest = text;
  const process = PROCESS.exec(rest);
  if (process !== null) {
    record.pid = process[1];
    if (process[2] !== undefined) record.tid = process[2];
    rest = rest.slice(process[0].length);
  }
  const status = /^\((\d{1,6})([^:[\]]{1,100}): (?=\[client )/.exec(rest.slice(0, 120));
  if (status !== null) {
    record.os_error = status[0].slice(0, -2);
    rest = rest.slice(status[0].length);
  }
  // ModSecurity writes the client a second time.
  for (let client = CLIENT.exec(rest); client !== null; client = CLIENT.exec(rest)) {
    setClient(record, client[1] ?? "", process !== null);
    rest = rest.slice(client[0].length);
  }
  const referrer = rest.lastIndexOf(", referer: ");
  if (referrer !== -1) {
    record.referrer = rest.slice(referrer + ", referer: ".length);
    rest = rest.slice(0, referrer);
  }
  const code = /^(AH\d{5}): /.exec(rest);
  if (code !== null) record.code = code[1];
  const user = /^(?:AH\d{5}: )?user ([^\s:]{1,200})(?:: authentication failure| not found)/.exec(
    rest,
  );
  if (user !== null) record.user = user[1];
  readModSecurity(rest, record);
  record.message = rest;
  return record;
}

// 2.4 writes `address:port` for IPv6 too, 2.2 the address alone.
function setClient(record: Record<string, unknown>, text: string, hasPort: boolean): void {
  if (record.client !== undefined) return;
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  const isPort = hasPort && colon > 0 && /^\d{1,5}$/.test(port);
  record.client = isPort ? text.slice(0, colon) : text;
  if (isPort) record.client_port = Number(port);
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function timeOf(
  parts: readonly (string | undefined)[] | undefined,
  context: ParseContext,
): number | undefined {
  if (parts === undefined) return undefined;
  const [month, day, hour, minute, second, fraction, year] = parts;
  const number = MONTHS.indexOf(month ?? "?") / 3 + 1;
  const wall = wallTime(
    Number(year),
    number,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (wall === undefined || !Number.isInteger(number)) return undefined;
  return wallToUtc(wall + Math.floor(Number(`0.${fraction ?? 0}`) * 1000), context);
}

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "apache_error");
  const isHit = record.modsecurity_id !== undefined;
  put(document, "event.kind", isHit ? "alert" : "event");
  put(document, "event.module", "apache");
  const category = isHit ? ["web", "intrusion_detection"] : ["web"];
  document["event.category"] =
    record.user === undefined ? category : [...category, "authentication"];
  put(document, "event.type", isHit ? [typeOf(record)] : ["error"]);
  if (record.user !== undefined) put(document, "event.outcome", "failure");
  if (isHit) {
    put(document, "event.action", record.modsecurity_action);
    put(document, "url.domain", record.modsecurity_hostname);
    put(document, "url.original", record.modsecurity_uri);
  }
  return document;
}

function typeOf(record: ParsedRecord): string {
  return record.modsecurity_action === "denied" ? "denied" : "info";
}
