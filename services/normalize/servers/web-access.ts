// Access logs of Apache and nginx: common and combined format, with Apache's virtual host in front or
// not, bare or inside syslog.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "source.ip": ["client"],
  "user.name": ["user"],
  "http.request.method": ["method"],
  "url.original": ["target"],
  "url.path": ["path"],
  "url.query": ["query"],
  "url.domain": ["vhost"],
  "http.version": ["http_version"],
  "http.response.status_code": ["status"],
  "http.response.body.bytes": ["bytes"],
  "http.request.referrer": ["referrer"],
  "user_agent.original": ["agent"],
  "host.name": ["host"],
};

/** Web server access logs. */
export const webAccess: Format = {
  id: "web-access",
  title: "Apache and nginx access log",
  reads: "text",
  shape: flatShape({
    id: "web-access",
    family: "webserver",
    ecs: ECS,
    aliases: {
      "c-ip": ["client"],
      "cs-username": ["user"],
      "cs-method": ["method"],
      "cs-uri": ["target"],
      "c-uri": ["target"],
      "cs-uri-stem": ["path"],
      // Many Sigma rules look for parts of the path in cs-uri-query: give them the whole target.
      "cs-uri-query": ["target"],
      "c-uri-query": ["query"],
      "cs-host": ["vhost"],
      "sc-status": ["status"],
      "sc-bytes": ["bytes"],
      "cs-version": ["http_version"],
      "cs-user-agent": ["agent"],
      "cs(User-Agent)": ["agent"],
      "c-useragent": ["agent"],
      "cs-referer": ["referrer"],
      "cs-referrer": ["referrer"],
      "cs(Referer)": ["referrer"],
    },
  }),
  dataClass: "network",
  sniff: (line, json) =>
    json === undefined && HEAD.test(textOf(line).slice(0, HEAD_CHARACTERS)) ? 0.95 : 0,
  parse: (line) => {
    const text = textOf(line);
    const head = HEAD.exec(text.slice(0, HEAD_CHARACTERS));
    const record = head === null ? undefined : readLine(text, head);
    if (record === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no access log line in common or combined format");
    }
    const host = contentOf(line)?.host;
    if (host !== undefined) record.host = host;
    return { record, time: timeOfHead(head?.[5] ?? ""), identity: undefined };
  },
  ecs,
};

// [vhost] client ident user [21/Nov/2026:04:38:16 +0100] "
const HEAD =
  /^(?:([\w.:-]{1,255}) )?([\w:][\w.:%-]{0,254}) (\S{1,64}) (\S[^[\]]{0,254}) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "/;
const HEAD_CHARACTERS = 1000;

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function textOf(line: string): string {
  const first = line.charCodeAt(0);
  // A client address starts with a digit or a letter; a syslog frame with `<` or a month or year.
  if (first !== 0x3c && !/^(?:[A-Z][a-z]{2} [ \d]|\d{4}-)/.test(line.slice(0, 6))) return line;
  return contentOf(line)?.message ?? line;
}

function readLine(text: string, head: RegExpExecArray): Record<string, unknown> | undefined {
  const request = readQuoted(text, head[0].length);
  if (request === undefined) return undefined;
  const numbers = /^ (\d{3}) (\d{1,18}|-)(?= |$)/.exec(text.slice(request.end, request.end + 30));
  if (numbers === null) return undefined;
  const record: Record<string, unknown> = { client: head[2], status: Number(numbers[1]) };
  if (head[1] !== undefined) record.vhost = head[1].replace(/:\d{1,5}$/, "");
  if (head[4] !== "-") record.user = head[4];
  if (numbers[2] !== "-") record.bytes = Number(numbers[2]);
  readRequest(request.text, record);
  const referrer = readQuoted(text, request.end + numbers[0].length + 2);
  if (referrer === undefined) return record;
  if (referrer.text !== "-" && referrer.text !== "") record.referrer = referrer.text;
  const agent = readQuoted(text, referrer.end + 2);
  if (agent !== undefined && agent.text !== "-" && agent.text !== "") record.agent = agent.text;
  return record;
}

// `GET /path?query HTTP/1.1`; scanners send anything else, which stays readable as the target.
function readRequest(request: string, record: Record<string, unknown>): void {
  const first = request.indexOf(" ");
  const last = request.lastIndexOf(" ");
  const protocol = /^HTTP\/(\d(?:\.\d)?)$/.exec(request.slice(last + 1));
  const method = request.slice(0, first);
  if (!/^[A-Z]{2,20}$/.test(method)) {
    record.target = request;
    record.path = request;
    return;
  }
  record.method = method;
  if (protocol !== null) record.http_version = protocol[1];
  const target = request.slice(first + 1, protocol === null ? undefined : last);
  const question = target.indexOf("?");
  record.target = target;
  record.path = question === -1 ? target : target.slice(0, question);
  if (question !== -1) record.query = target.slice(question + 1);
}

// Apache writes `\"`, nginx `\x22`.
function readQuoted(text: string, start: number): { text: string; end: number } | undefined {
  if (start < 1 || text[start - 1] !== '"') return undefined;
  let at = start;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  if (text[at] !== '"') return undefined;
  const raw = text.slice(start, at);
  const plain = raw.includes("\\")
    ? raw.replace(/\\(?:x22|")/g, '"').replaceAll("\\\\", "\\")
    : raw;
  return { text: plain, end: at + 1 };
}

// `21/Nov/2026:04:38:16 +0100`
function timeOfHead(text: string): number | undefined {
  const month = MONTHS.indexOf(text.slice(3, 6)) / 3 + 1;
  const number = String(month).padStart(2, "0");
  return isoTime(
    `${text.slice(7, 11)}-${number}-${text.slice(0, 2)}T${text.slice(12, 20)}${text.slice(21)}`,
  );
}

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "web");
  put(document, "event.kind", "event");
  put(document, "event.module", "web");
  put(document, "event.category", ["web"]);
  put(document, "event.type", ["access"]);
  put(document, "event.outcome", Number(record.status) < 400 ? "success" : "failure");
  // With reverse look-ups on, the server writes a name.
  if (document["source.ip"] === undefined) put(document, "source.domain", record.client);
  return document;
}
