// Internet Information Services: W3C extended logs of sites (u_ex*.log), of FTP and of HTTP.sys
// (httperr*.log). Columns come from the header; without one the sets that IIS has by default are tried.
// Times are UTC.

import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { lookup } from "../lookup.ts";
import { isoTime } from "../time-text.ts";
import { columnsOf, isFurtherDirective } from "./header-columns.ts";
import { putAccount } from "./windows-ecs.ts";

const ECS: FieldTable = {
  "source.ip": ["c-ip"],
  "source.port": ["c-port"],
  "client.ip": ["X-Forwarded-For"],
  "destination.ip": ["s-ip"],
  "destination.port": ["s-port"],
  "http.request.method": ["cs-method"],
  "http.request.bytes": ["cs-bytes"],
  "http.request.referrer": ["cs(Referer)"],
  "http.response.status_code": ["sc-status"],
  "http.response.bytes": ["sc-bytes"],
  "http.version": ["cs-version"],
  "url.original": ["target"],
  "url.path": ["cs-uri-stem"],
  "url.query": ["cs-uri-query"],
  "url.domain": ["cs-host"],
  "user_agent.original": ["cs(User-Agent)"],
  "host.name": ["s-computername", "host"],
  "event.reason": ["s-reason"],
};

/** IIS access logs. */
export const iis: Format = {
  id: "iis",
  title: "Microsoft IIS (W3C extended)",
  reads: "text",
  shape: flatShape({
    id: "iis",
    family: "iis",
    ecs: ECS,
    aliases: {
      "user.name": ["cs-username"],
      "cs-uri": ["target"],
      "c-uri": ["target"],
      // Many Sigma rules look for parts of the path in cs-uri-query: give them the whole target.
      "cs-uri-query": ["target"],
      "c-uri-query": ["cs-uri-query"],
      "cs-user-agent": ["cs(User-Agent)"],
      "c-useragent": ["cs(User-Agent)"],
      "cs-referer": ["cs(Referer)"],
      "cs-referrer": ["cs(Referer)"],
      "cs-cookie": ["cs(Cookie)"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line, message }) => /\d/.test(line + message),
  sniff: (line, json, header) =>
    json === undefined && valuesOf(line, header) !== undefined ? 0.95 : 0,
  parse: (line, context) => {
    const found = valuesOf(line, context.header);
    if (found === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no IIS line: the columns of its #Fields header, or IIS's default ones, were expected",
      );
    }
    const record = recordOf(found.names, found.values);
    const host = line.startsWith("<") ? contentOf(line)?.host : undefined;
    if (host !== undefined) record.host = host;
    const time = isoTime(`${textOf(record.date)}T${textOf(record.time)}Z`);
    return { record, time, identity: undefined };
  },
  ecs,
  isHeader: (line, header) =>
    isFurtherDirective(line) && /^Microsoft /.test(columnsOf(header)?.software ?? ""),
};

const HEAD = "date time ";
const REQUEST = "s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip";
const STATUS = "sc-status sc-substatus sc-win32-status";
/** IIS 8 to 10; IIS 7; IIS 6; everything ticked. */
const DEFAULT_SETS: readonly (readonly string[])[] = [
  `${HEAD}${REQUEST} cs(User-Agent) cs(Referer) ${STATUS} time-taken`,
  `${HEAD}${REQUEST} cs(User-Agent) ${STATUS} time-taken`,
  `${HEAD}${REQUEST} cs(User-Agent) ${STATUS}`,
  `${HEAD}s-sitename s-computername ${REQUEST} cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host ${STATUS} sc-bytes cs-bytes time-taken`,
].map((set) => set.split(" "));
/** Most columns that are cut; IIS has 22 and custom fields behind them. */
const COLUMNS_MAX = 100;

interface Found {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

function valuesOf(line: string, header: string | undefined): Found | undefined {
  const text = line.startsWith("<") ? contentOf(line)?.message : line;
  if (text === undefined || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /.test(text.slice(0, 20))) {
    return undefined;
  }
  const columns = columnsOf(header);
  const values = text.trimEnd().split(" ", COLUMNS_MAX);
  if (columns !== undefined) {
    const isOurs =
      /^Microsoft (?:Internet Information|HTTP API)/.test(columns.software) ||
      columns.names.includes("sc-win32-status");
    const isWeb = columns.names.includes("cs-method") && columns.names[0] === "date";
    if (isOurs && isWeb && columns.names.length === values.length) {
      return { names: columns.names, values };
    }
  }
  const names = DEFAULT_SETS.find((set) => set.length === values.length && fits(set, values));
  return names === undefined ? undefined : { names, values };
}

/** Whether the values that have a certain form have it. */
function fits(names: readonly string[], values: readonly string[]): boolean {
  return names.every((name, index) => lookup(FORMS, name)?.test(values[index] ?? "") ?? true);
}

const ADDRESS = /^(?:[\d.]{7,15}|[0-9a-f:.%]{2,64}|-)$/i;
const FORMS: Readonly<Record<string, RegExp>> = {
  "s-ip": ADDRESS,
  "c-ip": ADDRESS,
  "cs-method": /^(?:[A-Z_]{1,30}|-)$/,
  "s-port": /^(?:\d{1,5}|-)$/,
  "sc-status": /^\d{3}$/,
  "sc-substatus": /^\d{1,5}$/,
  "sc-win32-status": /^\d{1,10}$/,
  "time-taken": /^\d{1,12}$/,
};

function recordOf(names: readonly string[], values: readonly string[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value === undefined || value === "-" || value === "") continue;
    // IIS writes blanks as plus signs.
    const isSpaced = name === "cs(User-Agent)" || name === "cs(Cookie)";
    setField(record, name, isSpaced ? value.replaceAll("+", " ") : value);
  }
  const { "cs-uri": uri, "cs-uri-stem": stem, "cs-uri-query": query } = record;
  const target = textOf(uri) || textOf(stem);
  if (target !== "") record.target = textOf(query) === "" ? target : `${target}?${textOf(query)}`;
  return record;
}

const SKIPS: ReadonlySet<string> = new Set(["date", "time", "cs-username"]);
const NANOSECONDS = 1_000_000;

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "iis", SKIPS);
  put(document, "event.kind", "event");
  put(document, "event.module", "iis");
  put(document, "event.category", ["web"]);
  put(document, "event.type", ["access"]);
  const status = Number(record["sc-status"]);
  if (status >= 100) put(document, "event.outcome", status < 400 ? "success" : "failure");
  const tookMs = Number(record["time-taken"]);
  if (tookMs >= 0) put(document, "event.duration", tookMs * NANOSECONDS);
  putAccount(document, record["cs-username"]);
  return document;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
