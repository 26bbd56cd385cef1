// Access logs of Apache, nginx and all servers that write like them: common and combined format, with the
// usual additions, bare or inside syslog.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { isSquidAccess } from "../network/squid.ts";
import { isAccessLine, readAccessLine } from "./access-line.ts";

const ECS: FieldTable = {
  "source.ip": ["client"],
  "network.forwarded_ip": ["forwarded"],
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
  sniff: (line, json) => {
    if (json !== undefined) return 0;
    const text = textOf(line);
    return isAccessLine(text) && !isSquidAccess(text) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const found = readAccessLine(textOf(line), context);
    if (found === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no access log line in common or combined format");
    }
    const host = contentOf(line)?.host;
    if (host !== undefined) found.record.host = host;
    return { ...found, identity: undefined };
  },
  ecs,
};

function textOf(line: string): string {
  const first = line.charCodeAt(0);
  // A client address starts with a digit or a letter; a syslog frame with `<` or a month or year.
  if (first !== 0x3c && !/^(?:[A-Z][a-z]{2} [ \d]|\d{4}-)/.test(line.slice(0, 6))) return line;
  // What has such a time and no header (a container's line) is somebody else's.
  return contentOf(line)?.message ?? (first === 0x3c ? line : "");
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
