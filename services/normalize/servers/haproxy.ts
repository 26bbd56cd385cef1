// HAProxy's log: HTTP and TCP lines, errors of connections, and what it says of its servers, bare or
// inside syslog. Source: HAProxy Configuration Manual, chapter 8, "Log formats".
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  "source.ip": ["client"],
  "source.port": ["client_port"],
  "http.request.method": ["method"],
  "http.version": ["http_version"],
  "http.response.status_code": ["status"],
  "http.response.bytes": ["bytes"],
  "url.original": ["target"],
  "url.path": ["path"],
  "url.query": ["query"],
  "process.pid": ["pid"],
  "host.name": ["host"],
  "tls.version": ["tls_version"],
  "tls.cipher": ["tls_cipher"],
  "tls.client.server_name": ["tls_sni"],
  message: ["message"],
};

/** HAProxy logs. */
export const haproxy: Format = {
  id: "haproxy",
  title: "HAProxy",
  reads: "text",
  shape: flatShape({
    id: "haproxy",
    family: "haproxy",
    ecs: ECS,
    aliases: {
      "c-ip": ["client"],
      "cs-method": ["method"],
      "c-uri": ["target"],
      "cs-uri": ["target"],
      "cs-uri-stem": ["path"],
      "cs-uri-query": ["target"],
      "c-uri-query": ["query"],
      "sc-status": ["status"],
      "sc-bytes": ["bytes"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, message, program }) =>
    program === "haproxy" || /[\da-f.:u]/i.test(line + message),
  sniff: (line, json) => {
    if (json !== undefined) return 0;
    const { text, isNamed } = partOf(line);
    return isNamed || HEAD.test(text.slice(0, HEAD_CHARACTERS)) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const { text, isNamed } = partOf(line);
    const head = HEAD.exec(text.slice(0, HEAD_CHARACTERS));
    const frame = contentOf(line);
    const record: Record<string, unknown> = {};
    if (frame?.host !== undefined) record.host = frame.host;
    if (frame?.pid !== undefined) record.pid = frame.pid;
    if (head !== null && readLine(text.slice(head[0].length), head, record)) {
      return { record, time: acceptedAt(head, context), identity: undefined };
    }
    if (!isNamed) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no HAProxy line: client:port [time] frontend expected",
      );
    }
    record.message = text;
    const time = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time, identity: undefined };
  },
  ecs,
};

// 10.1.2.3:50122 [21/Nov/2026:05:38:16.123] frontend~
const HEAD =
  /^([0-9a-f.:]{2,60}|unix):(\d{1,10}) \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}\.\d{3})\] ([\w.:-]{1,255}~?)/i;
const HEAD_CHARACTERS = 420;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function partOf(line: string): { text: string; isNamed: boolean } {
  if (HEAD.test(line.slice(0, HEAD_CHARACTERS))) return { text: line, isNamed: false };
  const frame = contentOf(line);
  return { text: frame?.message ?? line, isNamed: frame?.program === "haproxy" };
}

// HAProxy writes its own wall-clock time, without zone.
function acceptedAt(head: RegExpExecArray, context: ParseContext): number | undefined {
  const month = String(MONTHS.indexOf(head[4] ?? "?") / 3 + 1).padStart(2, "0");
  return isoTime(`${head[5]}-${month}-${head[3]}T${head[6]}`, context);
}

// backend/server Tq/Tw/Tc/Tr/Tt status bytes cookie cookie ---- counts queues {…} {…} "request"
const HTTP =
  /^ ([\w.:-]{1,255})\/([\w.:<>-]{1,255}) (-?\d{1,10}(?:\/\+?-?\d{1,10}){3,4}) (-?\d{1,3}) \+?(\d{1,18}) (\S{1,500}) (\S{1,500}) (\S{4}) (\d{1,10}(?:\/\+?\d{1,10}){4}) (\d{1,10}\/\d{1,10})(?= |$)/;
const TCP =
  /^ ([\w.:-]{1,255})\/([\w.:<>-]{1,255}) (-?\d{1,10}\/-?\d{1,10}\/\+?-?\d{1,10}) \+?(\d{1,18}) (\S{2}) (\d{1,10}(?:\/\+?\d{1,10}){4}) (\d{1,10}\/\d{1,10})(?= |$)/;
const BEFORE_HEADERS = 1900;

function readLine(text: string, head: RegExpExecArray, record: Record<string, unknown>): boolean {
  const http = HTTP.exec(text.slice(0, BEFORE_HEADERS));
  const tcp = http === null ? TCP.exec(text.slice(0, BEFORE_HEADERS)) : null;
  const found = http ?? tcp;
  // `frontend/1: SSL handshake failure`
  const error = found === null ? /^\/[\w.:-]{1,100}: (?=\S)/.exec(text) : null;
  if (found === null && error === null) return false;
  record.client = head[1];
  record.client_port = Number(head[2]);
  record.frontend = (head[7] ?? "").replace(/~$/, "");
  if ((head[7] ?? "").endsWith("~")) record.frontend_tls = true;
  if (error !== null) record.message = text.slice(error[0].length);
  if (found === null) return true;
  record.backend = found[1];
  record.server = found[2];
  record.timers = found[3];
  record.duration_ms = Number((found[3]?.split("/").at(-1) ?? "").replace("+", ""));
  const [bytes, state, connections, queues] =
    http === null ? found.slice(4) : [http[5], ...http.slice(8)];
  record.bytes = Number(bytes);
  record.termination_state = state;
  record.connections = connections;
  record.queues = queues;
  if (http !== null) {
    record.status = Number(http[4]);
    if (http[6] !== "-") record.request_cookie = http[6];
    if (http[7] !== "-") record.response_cookie = http[7];
    readRequest(text.slice(http[0].length), record);
  }
  return true;
}

// ` {captured request headers} {captured response headers} "GET /path HTTP/1.1" 0/0/0/0/0 sni/TLSv1.3/cipher`
function readRequest(text: string, record: Record<string, unknown>): void {
  const quote = text.indexOf('"');
  const headers = text.slice(0, quote === -1 ? undefined : quote);
  const captured = [...headers.matchAll(/\{([^{}]{0,2000})\}/g)].map((one) => one[1] ?? "");
  if (captured[0] !== undefined && captured[0] !== "")
    record.request_headers = captured[0].split("|", 20);
  if (captured[1] !== undefined && captured[1] !== "")
    record.response_headers = captured[1].split("|", 20);
  if (quote === -1) return;
  // HAProxy escapes quotation marks in requests as `#22`, so the last one ends the request.
  const end = text.lastIndexOf('"');
  const request = text.slice(quote + 1, end <= quote ? undefined : end);
  const parts = /^([A-Z]{2,20}) (\S{1,8192})(?: HTTP\/(\d(?:\.\d)?))?$/.exec(request);
  const target = parts?.[2] ?? request;
  const question = target.indexOf("?");
  record.target = target;
  record.path = question === -1 ? target : target.slice(0, question);
  if (question !== -1) record.query = target.slice(question + 1);
  if (parts?.[1] !== undefined) record.method = parts[1];
  if (parts?.[3] !== undefined) record.http_version = parts[3];
  const tls = / ([\w.:-]{1,255})\/((?:TLS|SSL)v[\d.]{1,4})\/([\w-]{1,80})$/.exec(
    text.slice(end + 1),
  );
  if (tls === null) return;
  if (tls[1] !== "-") record.tls_sni = tls[1];
  record.tls_version = tls[2];
  record.tls_cipher = tls[3];
}

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "haproxy", new Set(["duration_ms"]));
  const isHttp = record.status !== undefined;
  put(document, "event.kind", "event");
  put(document, "event.module", "haproxy");
  put(document, "event.category", isHttp ? ["web", "network"] : ["network"]);
  put(document, "event.type", isHttp ? ["access"] : ["connection"]);
  const { duration_ms, status } = record;
  if (typeof duration_ms === "number" && duration_ms >= 0) {
    put(document, "event.duration", duration_ms * 1e6);
  }
  if (typeof status === "number" && status > 0) {
    put(document, "event.outcome", status < 400 ? "success" : "failure");
  }
  return document;
}
