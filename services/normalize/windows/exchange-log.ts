// Exchange's other CSV logs whose columns stand in the file's header: HttpProxy (OWA, ECP, EWS,
// Autodiscover, MAPI: where ProxyShell and ProxyNotShell show), SMTP send and receive protocol, IMAP, POP.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { readDelimited } from "./delimited-line.ts";
import { columnsOf, isFurtherDirective } from "./header-columns.ts";
import { putAccount } from "./windows-ecs.ts";

const USER = ["AuthenticatedUser", "user"];
const ECS: FieldTable = {
  "source.ip": ["ClientIpAddress", "cIp", "client_ip"],
  "source.port": ["client_port"],
  "destination.ip": ["sIp", "server_ip"],
  "destination.port": ["server_port"],
  "http.request.method": ["Method"],
  "http.request.bytes": ["RequestBytes"],
  "http.response.bytes": ["ResponseBytes"],
  "http.response.status_code": ["HttpStatus"],
  "url.original": ["target"],
  "url.path": ["UrlStem"],
  "url.query": ["UrlQuery"],
  "url.domain": ["UrlHost"],
  "user_agent.original": ["UserAgent"],
  "host.name": ["ServerHostName"],
  "event.provider": ["log_type"],
  "network.protocol": ["Protocol"],
  "error.message": ["GenericErrors"],
};

/** Exchange's CSV logs but for message tracking. */
export const exchangeLog: Format = {
  id: "exchange-log",
  title: "Microsoft Exchange HttpProxy and protocol logs",
  reads: "text",
  shape: flatShape({
    id: "exchange-log",
    family: "exchange-log",
    ecs: ECS,
    aliases: {
      "user.name": USER,
      "cs-username": USER,
      "cs-method": ["Method"],
      "cs-uri": ["target"],
      "c-uri": ["target"],
      "cs-uri-stem": ["UrlStem"],
      "cs-uri-query": ["target"],
      "c-uri-query": ["UrlQuery"],
      "cs-host": ["UrlHost"],
      "cs-user-agent": ["UserAgent"],
      "c-useragent": ["UserAgent"],
      "cs(User-Agent)": ["UserAgent"],
      "c-ip": ["ClientIpAddress", "cIp", "client_ip"],
      "sc-status": ["HttpStatus"],
    },
  }),
  dataClass: "network",
  mayClaim: ({ line }) => /["\d]/.test(line),
  sniff: (line, json, header) =>
    json === undefined && recordOf(line, header) !== undefined ? 0.92 : 0,
  parse: (line, context) => {
    const record = recordOf(line, context.header);
    if (record === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Exchange log line: a #Fields header of Microsoft Exchange Server was expected",
      );
    }
    return { record, time: timeOf(record[String(record.time_column)]), identity: undefined };
  },
  ecs,
  isHeader: (line, header) =>
    isProxyColumns(line) ||
    (isFurtherDirective(line) && /^Microsoft Exchange/.test(columnsOf(header)?.software ?? "")),
};

const COLUMNS_MAX = 300;
/** The beginning of HttpProxy lines, for senders that leave out the header. */
const PROXY_COLUMNS =
  "DateTime RequestId MajorVersion MinorVersion BuildVersion RevisionVersion ClientRequestId Protocol UrlHost UrlStem ProtocolAction AuthenticationType IsAuthenticated AuthenticatedUser Organization AnchorMailbox UserAgent ClientIpAddress ServerHostName HttpStatus BackEndStatus ErrorCode Method ProxyAction TargetServer TargetServerVersion RoutingType RoutingHint BackEndCookie ServerLocatorHost ServerLocatorLatency RequestBytes ResponseBytes further".split(
    " ",
  );
const PROXY_BEGINNING =
  "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,";
const PROXY_HEAD = /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z,[0-9a-f]{8}-[0-9a-f-]{27},15,\d{1,3},\d{1,5},/;

function recordOf(line: string, header: string | undefined): Record<string, unknown> | undefined {
  if (!/^"?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,7}Z"?,/.test(line.slice(0, 34))) return undefined;
  const columns = columnsOf(header);
  const isTold =
    columns !== undefined &&
    /^Microsoft Exchange/.test(columns.software) &&
    /^date-?time$/i.test(columns.names[0] ?? "") &&
    !columns.names.includes("message-subject");
  if (!isTold && !PROXY_HEAD.test(line.slice(0, 100))) return undefined;
  const names = isTold ? columns.names : PROXY_COLUMNS;
  const values = readDelimited(line, isTold ? COLUMNS_MAX : names.length);
  if (values.length > names.length) return undefined;
  const record: Record<string, unknown> = {
    log_type: isTold && columns.logType !== "" ? columns.logType : "HttpProxy Logs",
    time_column: names[0],
  };
  for (const [index, value] of values.entries()) {
    if (value !== "") setField(record, names[index] ?? "", value);
  }
  addTarget(record);
  addEndpoints(record);
  return record;
}

function addTarget(record: Record<string, unknown>): void {
  const { UrlStem: stem, UrlQuery: query } = record;
  if (typeof stem !== "string") return;
  if (typeof query !== "string") {
    record.target = stem;
    return;
  }
  record.UrlQuery = query.replace(/^\?/, "");
  record.target = `${stem}?${record.UrlQuery}`;
}

// SMTP protocol logs have the server as local and the peer as remote, `address:port`.
function addEndpoints(record: Record<string, unknown>): void {
  for (const [column, prefix] of [
    ["remote-endpoint", "client"],
    ["local-endpoint", "server"],
  ] as const) {
    const value = record[column];
    const parts = typeof value === "string" ? /^\[?([^\]]{2,64})\]?:(\d{1,5})$/.exec(value) : null;
    if (parts === null) continue;
    record[`${prefix}_ip`] = parts[1];
    record[`${prefix}_port`] = parts[2];
  }
}

// HttpProxy's files begin with the names of their columns, before any `#` line.
function isProxyColumns(line: string): boolean {
  const names = (line.charCodeAt(0) === 0xfeff ? line.slice(1) : line).trimEnd();
  return names.startsWith(PROXY_BEGINNING) && /^[\w.,-]{1,4000}$/.test(names);
}

const SKIPS: ReadonlySet<string> = new Set(["time_column", ...USER]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "exchange-log", SKIPS);
  delete document[`exchange-log.${String(record.time_column)}`];
  const isWeb = record.UrlStem !== undefined || record.HttpStatus !== undefined;
  put(document, "event.kind", "event");
  put(document, "event.module", "exchange");
  put(document, "event.category", [isWeb ? "web" : "email"]);
  put(document, "event.type", ["access"]);
  const status = Number(record.HttpStatus);
  if (status >= 100) put(document, "event.outcome", status < 400 ? "success" : "failure");
  putAccount(document, record.AuthenticatedUser ?? record.user);
  return document;
}
