// nginx's error log: `2026/11/21 05:38:16 [error] 1234#1234: *5 message, client: …, server: …`, bare or
// inside syslog. Source: nginx' ngx_log.c and ngx_http_request.c, which put the parts behind the message.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { isoTime } from "../time-text.ts";
import { MODSECURITY_ECS, readModSecurity } from "./modsecurity.ts";

const ECS: FieldTable = {
  "source.ip": ["client"],
  "user.name": ["user"],
  "log.level": ["level"],
  "process.pid": ["pid"],
  "process.thread.id": ["tid"],
  "http.request.method": ["method"],
  "http.request.referrer": ["referrer"],
  "http.version": ["http_version"],
  "url.original": ["target"],
  "url.domain": ["request_host", "server"],
  "host.name": ["host"],
  ...MODSECURITY_ECS,
  message: ["message"],
};

/** nginx error logs. */
export const nginxError: Format = {
  id: "nginx-error",
  title: "nginx error log",
  reads: "text",
  shape: flatShape({ id: "nginx-error", family: "nginx-error", ecs: ECS }),
  dataClass: "security",
  mayClaim: ({ line, message }) => /\d/.test(line + message),
  sniff: (line, json) =>
    json === undefined && HEAD.test(textOf(line).slice(0, HEAD_CHARACTERS)) ? 0.95 : 0,
  parse: (line, context) => {
    const text = textOf(line);
    const head = HEAD.exec(text.slice(0, HEAD_CHARACTERS));
    if (head === null) {
      throw new AppError("HW_PARSE_FAILED", "no line of an nginx error log");
    }
    const record: Record<string, unknown> = { level: head[3], pid: head[4], tid: head[5] };
    if (head[6] !== undefined) record.connection = head[6];
    readRest(text.slice(head[0].length), record);
    const host = contentOf(line)?.host;
    if (host !== undefined) record.host = host;
    return { record, time: timeOf(head, context), identity: undefined };
  },
  ecs,
};

const HEAD =
  /^(\d{4}\/\d{2}\/\d{2}) (\d{2}:\d{2}:\d{2}) \[(emerg|alert|crit|error|warn|notice|info|debug)\] (\d{1,10})#(\d{1,20}): (?:\*(\d{1,20}) )?/;
const HEAD_CHARACTERS = 120;

function textOf(line: string): string {
  return /^20\d\d\//.test(line) ? line : (contentOf(line)?.message ?? line);
}

function timeOf(head: RegExpExecArray, context: ParseContext): number | undefined {
  return isoTime(`${(head[1] ?? "").replaceAll("/", "-")}T${head[2] ?? ""}`, context);
}

// In this order, each at most once.
const PARTS = ["request", "subrequest", "upstream", "host", "referrer"] as const;
/** Places where the parts may begin that are tried. */
const STARTS_MAX = 20;

// A requested file may be called `x, client: 192.0.2.1`: only what fits to the end of the line counts.
function readRest(text: string, record: Record<string, unknown>): void {
  let start = text.indexOf(", client: ");
  for (let tried = 0; start !== -1 && tried < STARTS_MAX; tried++) {
    const head = /^, client: ([\w.:]{1,60})(?:, server: ([^,"\s]{0,255}))?(?=, |$)/.exec(
      text.slice(start, start + 400),
    );
    if (head !== null && addressOf(head[1]) !== undefined) {
      record.client = head[1];
      if (head[2] !== undefined && head[2] !== "" && head[2] !== "_") record.server = head[2];
      readParts(text, start + head[0].length, record);
      break;
    }
    start = text.indexOf(", client: ", start + 1);
  }
  const message = start === -1 ? text : text.slice(0, start);
  const user = /^user "([^"]{1,200})"(?: was not found|: password mismatch)/.exec(message);
  if (user !== null) record.user = user[1];
  readModSecurity(message, record);
  record.message = message;
}

function readParts(text: string, start: number, record: Record<string, unknown>): void {
  const found: { name: (typeof PARTS)[number]; from: number; at: number }[] = [];
  let at = start;
  for (const name of PARTS) {
    const mark = `, ${name}: "`;
    const next =
      found.length === 0 && at === start && !text.startsWith(mark, at)
        ? -1
        : text.indexOf(mark, at);
    if (next === -1) continue;
    found.push({ name, from: next + mark.length, at: next });
    at = next + mark.length;
  }
  for (const [index, { name, from }] of found.entries()) {
    const end = found[index + 1]?.at ?? text.length;
    const value = text.slice(from, end).replace(/"$/, "");
    if (name === "request") setRequest(record, value);
    else record[name === "host" ? "request_host" : name] = value;
  }
}

function setRequest(record: Record<string, unknown>, request: string): void {
  const match = /^([A-Z]{2,20}) (.*?)(?: HTTP\/(\d(?:\.\d)?))?$/s.exec(request);
  record.target = match?.[2] ?? request;
  if (match?.[1] !== undefined) record.method = match[1];
  if (match?.[3] !== undefined) record.http_version = match[3];
}

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "nginx_error");
  const isHit = record.modsecurity_id !== undefined;
  put(document, "event.kind", isHit ? "alert" : "event");
  put(document, "event.module", "nginx");
  const category = isHit ? ["web", "intrusion_detection"] : ["web"];
  document["event.category"] =
    record.user === undefined ? category : [...category, "authentication"];
  put(document, "event.type", ["error"]);
  if (record.user !== undefined) put(document, "event.outcome", "failure");
  if (isHit) put(document, "event.action", record.modsecurity_action);
  return document;
}
