// Proxies that write W3C extended logs: Symantec (Blue Coat) ProxySG, Cisco's web appliance, Forefront
// TMG. The columns stand in the header line `#Fields:`, without which no line can be read.

import { AppError } from "../../../config/errors.ts";
import { flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { rememberHeaders, rememberLast } from "../last-line.ts";
import { lookup } from "../lookup.ts";
import { epochTime, isoTime } from "../time-text.ts";
import { PROXY_ALIASES, PROXY_ECS, proxyDocument, setUrl } from "./proxy-fields.ts";

/** Proxies' W3C extended logs. */
export const w3cProxy: Format = {
  id: "w3c-proxy",
  title: "Proxy in W3C format (Symantec ProxySG, Cisco WSA)",
  reads: "text",
  shape: flatShape({ id: "w3c-proxy", family: "proxy", ecs: PROXY_ECS, aliases: PROXY_ALIASES }),
  dataClass: "network",
  sniff: (line, json, header) => {
    if (json !== undefined || header === undefined) return 0;
    const columns = columnsOf(header);
    return columns !== undefined && valuesOf(line).length === columns.length ? 0.95 : 0;
  },
  parse: (line, context) => {
    const columns = context.header === undefined ? undefined : columnsOf(context.header);
    const values = valuesOf(line);
    if (columns === undefined || values.length !== columns.length) {
      throw new AppError("HW_PARSE_FAILED", "no line of a W3C proxy log with known columns", {
        mend: "send the line #Fields: of the file too",
      });
    }
    const record: Record<string, unknown> = {};
    for (const [index, { key, isNumber }] of columns.entries()) {
      const value = values[index];
      if (value === undefined || value === "-" || value === "") continue;
      setField(record, key, isNumber && NUMBER.test(value) ? Number(value) : value);
    }
    complete(record);
    const host = line.startsWith("<") ? contentOf(line)?.host : undefined;
    if (host !== undefined) record.host = host;
    return { record, time: timeOfRecord(record, context), identity: undefined };
  },
  ecs: (record) => proxyDocument(record, "w3c_proxy", isDenied(record), TIME_KEYS),
};

const TIME_KEYS = ["date", "time", "timestamp", "gmttime", "localtime", "x-timestamp-unix"];
// Columns → keys that all proxies' records have.
const KEYS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "c-ip": "client",
    "cs-username": "user",
    "cs-userdn": "user",
    "cs-method": "method",
    "s-operation": "method",
    "cs-uri": "url",
    "c-uri": "url",
    "cs-url": "url",
    "cs-host": "url_host",
    "cs-uri-scheme": "url_scheme",
    "cs-uri-port": "url_port",
    "cs-uri-path": "url_path",
    "cs-uri-stem": "url_path",
    "cs-uri-query": "url_query",
    "cs-uri-extension": "url_extension",
    "cs(user-agent)": "agent",
    "c-agent": "agent",
    "cs(referer)": "referrer",
    "cs(cookie)": "cookie",
    "cs-version": "http_version",
    "sc-status": "status",
    "sc-bytes": "bytes",
    "cs-bytes": "bytes_in",
    "rs(content-type)": "mime",
    "cs-mime-type": "mime",
    "s-action": "result",
    "x-result-code": "result",
    "r-ip": "server_ip",
    "s-supplier-ip": "server_ip",
    "time-taken": "elapsed_ms",
    "x-elapsed-time": "elapsed_ms",
  }),
);
const NUMBER = /^\d{1,15}$/;
const NUMBERS = new Set(["sc-status", "sc-bytes", "cs-bytes", "time-taken", "x-elapsed-time"]);
// Columns that proxies have and web servers don't.
const OF_PROXIES =
  /^(?:sc-filter-result|sc-filter-category|x-exception-id|s-action|cs-uri-scheme|cs-categories|s-supplier-name|s-supplier-ip|s-hierarchy|x-resultcode-httpstatus|r-ip|r-host|cs-url|x-virus-id)$/i;
const COLUMNS_MAX = 200;

interface Column {
  readonly key: string;
  readonly isNumber: boolean;
}

// One source sends thousands of lines under one header.
const columnsOf = rememberHeaders((header: string): readonly Column[] | undefined => {
  const fields = header.split("\n").find((line) => line.startsWith("#Fields:"));
  const names = fields?.slice("#Fields:".length).trim().split(/\s+/) ?? [];
  const isProxy =
    names.length <= COLUMNS_MAX &&
    names.some((name) => /^c-ip$/i.test(name)) &&
    names.some((name) => OF_PROXIES.test(name));
  if (!isProxy) return undefined;
  return names.map((name) => {
    const lower = name.toLowerCase();
    return { key: KEYS.get(lower) ?? name, isNumber: NUMBERS.has(lower) };
  });
});

// Values are set apart by tabs or blanks; quoted ones may hold blanks.
const valuesOf = rememberLast((line: string): readonly string[] => {
  const text = line.startsWith("<") ? (contentOf(line)?.message ?? line) : line.trimEnd();
  return text.includes("\t") ? text.split("\t", COLUMNS_MAX + 1) : wordsOf(text, COLUMNS_MAX);
});

function wordsOf(text: string, most: number): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length && words.length <= most) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const isQuoted = text[at] === '"';
    const found = text.indexOf(isQuoted ? '"' : " ", at + 1);
    const end = found === -1 ? text.length : found;
    words.push(text.slice(isQuoted ? at + 1 : at, end));
    at = end + 1;
  }
  return words;
}

// Blue Coat writes the parts of the URL, Cisco's appliance the whole: rules look for both.
function complete(record: Record<string, unknown>): void {
  const { url, url_scheme, url_host, url_port, url_path, url_query } = record;
  // `TCP_MISS/200`
  const code = record["x-resultcode-httpstatus"];
  const both = typeof code === "string" ? /^([A-Z_]{1,60})\/(\d{3})$/.exec(code) : null;
  if (both !== null) {
    record.result ??= both[1];
    record.status ??= Number(both[2]);
  }
  if (typeof url === "string") {
    setUrl(record, url);
    return;
  }
  if (typeof url_host !== "string") return;
  const scheme = typeof url_scheme === "string" ? url_scheme.toLowerCase() : "http";
  const isUsual = url_port === undefined || url_port === lookup(USUAL_PORTS, scheme);
  const port = isUsual ? "" : `:${String(url_port)}`;
  if (scheme === "tcp") {
    setUrl(record, `${url_host}${port}`);
    return;
  }
  const path = typeof url_path === "string" ? url_path : "";
  const query = typeof url_query === "string" ? url_query : "";
  const question = query === "" || query.startsWith("?") ? query : `?${query}`;
  setUrl(record, `${scheme}://${url_host}${port}${path}${question}`);
}

const USUAL_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443", ftp: "21" };

function isDenied(record: Readonly<Record<string, unknown>>): boolean {
  return /DENIED|BLOCK/.test(`${String(record.result)} ${String(record["sc-filter-result"])}`);
}

// W3C: date and time are UTC.
function timeOfRecord(
  record: Readonly<Record<string, unknown>>,
  context: ParseContext,
): number | undefined {
  const { date, time, timestamp } = record;
  if (typeof date === "string" && typeof time === "string") {
    const written = isoTime(`${date}T${time}Z`);
    if (written !== undefined) return written;
  }
  const seconds = timestamp ?? record["x-timestamp-unix"];
  if (typeof seconds === "string" && /^\d{9,10}(?:\.\d{1,6})?$/.test(seconds)) {
    return epochTime(Number(seconds));
  }
  return typeof record.gmttime === "string" ? isoTime(record.gmttime, context) : undefined;
}
