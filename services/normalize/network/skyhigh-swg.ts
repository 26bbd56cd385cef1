// Skyhigh Secure Web Gateway (McAfee Web Gateway): its access log in the order of columns that it has
// from the start, bare or inside syslog. Source: Skyhigh Security, "Access log" (header `#time_stamp
// "auth_user" src_ip status_code "req_line" …`).
import { AppError } from "../../../config/errors.ts";
import { flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { rememberLast } from "../last-line.ts";
import { isoTime } from "../time-text.ts";
import { PROXY_ALIASES, PROXY_ECS, proxyDocument, setUrl } from "./proxy-fields.ts";

/** Access log of the gateway. */
export const skyhighSwg: Format = {
  id: "skyhigh-swg",
  title: "Skyhigh Secure Web Gateway (McAfee Web Gateway)",
  reads: "text",
  shape: flatShape({ id: "skyhigh-swg", family: "proxy", ecs: PROXY_ECS, aliases: PROXY_ALIASES }),
  dataClass: "network",
  mayClaim: ({ line, message }) => line === "[" || message === "[",
  sniff: (line, json) => (json === undefined && headOf(line) !== undefined ? 0.95 : 0),
  parse: (line) => {
    const head = headOf(line);
    if (head === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        'no line like [time] "user" address status "request" …',
      );
    }
    const { match, text } = head;
    const record: Record<string, unknown> = { client: match[5], status: Number(match[6]) };
    if (match[4] !== "" && match[4] !== "-") record.user = match[4];
    readRequest(match[7] ?? "", record);
    for (const [index, value] of valuesOf(text.slice(match[0].length)).entries()) {
      const name = NAMES[index];
      if (name === undefined || value === "" || value === "-") continue;
      setField(
        record,
        name,
        name.startsWith("bytes") && /^\d{1,15}$/.test(value) ? Number(value) : value,
      );
    }
    const host = contentOf(line)?.host;
    if (host !== undefined) record.host = host;
    return { record, time: timeOf(match), identity: undefined };
  },
  ecs: (record) => {
    const { block_res } = record;
    return proxyDocument(record, "skyhigh", block_res !== undefined && block_res !== "0");
  },
  isHeader: (line) => line.startsWith(COLUMNS),
};

// The first line of each file.
const COLUMNS = '#time_stamp "auth_user" src_ip status_code "req_line" ';

// [21/Nov/2026:05:38:16 +0100] "KREIS\x" 10.1.2.3 200 "GET http://www.example.org/ HTTP/1.1"
const HEAD =
  /^\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "([^"]{0,300})" ([\da-fA-F.:]{2,45}) (\d{3}) "((?:[^"\\]|\\.){0,16000})" (?=")/;
const HEAD_CHARACTERS = 17_000;
// What follows the request, in this order.
const NAMES = [
  "categories",
  "reputation",
  "mime",
  "bytes",
  "bytes_in",
  "agent",
  "virus_name",
  "block_res",
  "application_name",
];

const headOf = rememberLast(
  (line: string): { match: RegExpExecArray; text: string } | undefined => {
    const text = line.startsWith("[") ? line : (contentOf(line)?.message ?? line);
    if (!text.startsWith("[")) return undefined;
    const match = HEAD.exec(text.slice(0, HEAD_CHARACTERS));
    return match === null ? undefined : { match, text };
  },
);

function readRequest(request: string, record: Record<string, unknown>): void {
  const parts = /^([A-Z]{2,20}) (.*?)(?: HTTP\/(\d(?:\.\d)?))?$/s.exec(request);
  if (parts?.[1] !== undefined) record.method = parts[1];
  if (parts?.[3] !== undefined) record.http_version = parts[3];
  setUrl(record, parts?.[2] ?? request);
}

function valuesOf(text: string): string[] {
  const values: string[] = [];
  let at = 0;
  while (at < text.length && values.length < NAMES.length) {
    const isQuoted = text[at] === '"';
    const found = text.indexOf(isQuoted ? '"' : " ", isQuoted ? at + 1 : at);
    const end = found === -1 ? text.length : found;
    values.push(text.slice(isQuoted ? at + 1 : at, end));
    at = isQuoted ? end + 2 : end + 1;
  }
  return values;
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function timeOf(match: RegExpExecArray): number | undefined {
  const month = String(MONTHS.indexOf(match[2] ?? "?") / 3 + 1).padStart(2, "0");
  const rest = match[3] ?? "";
  return isoTime(`${rest.slice(0, 4)}-${month}-${match[1]}T${rest.slice(5, 13)}${rest.slice(14)}`);
}
