// What all proxies' records have in common: names for Sigma's category `proxy`, ECS names, and the parts
// of the URL.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument } from "../field-table.ts";
import { urlParts } from "../url-parts.ts";

/** ECS name → key, for records that `setUrl` gave their parts. */
export const PROXY_ECS: FieldTable = {
  "source.ip": ["client"],
  "user.name": ["user"],
  "http.request.method": ["method"],
  "http.request.referrer": ["referrer"],
  "http.request.bytes": ["bytes_in"],
  "http.version": ["http_version"],
  "http.response.status_code": ["status"],
  "http.response.bytes": ["bytes"],
  "http.response.mime_type": ["mime"],
  "url.original": ["url"],
  "url.scheme": ["url_scheme"],
  "url.domain": ["url_host"],
  "url.port": ["url_port"],
  "url.path": ["url_path"],
  "url.query": ["url_query"],
  "url.extension": ["url_extension"],
  "user_agent.original": ["agent"],
  "destination.ip": ["server_ip"],
  "event.action": ["result"],
  "event.reason": ["block_res", "x-exception-id"],
  "rule.name": ["virus_name", "x-virus-id"],
  "host.name": ["host"],
};

/** Names of Sigma's taxonomy and of its rules → key. */
export const PROXY_ALIASES: FieldTable = {
  "c-ip": ["client"],
  src_ip: ["client"],
  dst_ip: ["server_ip", "url_host"],
  "cs-username": ["user"],
  "cs-method": ["method"],
  "c-uri": ["url"],
  "cs-uri": ["url"],
  "c-uri-stem": ["url_path"],
  "cs-uri-stem": ["url_path"],
  "c-uri-path": ["url_path"],
  "c-uri-query": ["url_query"],
  "cs-uri-query": ["url_query"],
  "c-uri-extension": ["url_extension"],
  "cs-host": ["url_host"],
  "r-dns": ["url_host"],
  "destination.domain": ["url_host"],
  "c-useragent": ["agent"],
  "cs-user-agent": ["agent"],
  "cs(User-Agent)": ["agent"],
  "cs-referer": ["referrer"],
  "cs-referrer": ["referrer"],
  "cs-cookie": ["cookie"],
  "cs-version": ["http_version"],
  "cs-bytes": ["bytes_in"],
  "sc-bytes": ["bytes"],
  "sc-status": ["status"],
  "rs-mime-type": ["mime"],
  "cs-mime-type": ["mime"],
};

/** Puts a URL and its parts into a record. */
export function setUrl(record: Record<string, unknown>, url: string): void {
  record.url = url;
  const { scheme, host, port, path, query, extension } = urlParts(url);
  if (scheme !== undefined) record.url_scheme = scheme;
  if (host !== undefined) record.url_host = host;
  if (port !== undefined) record.url_port = port;
  if (path !== undefined) record.url_path = path;
  if (query !== undefined && query !== "") record.url_query = query;
  if (extension !== undefined) record.url_extension = extension;
}

/** A record under ECS names. `elapsed_ms` becomes the duration; `isDenied`: the proxy said no. */
export function proxyDocument(
  record: ParsedRecord,
  prefix: string,
  isDenied: boolean,
  skip: readonly string[] = [],
): EcsDocument {
  const document = flatDocument(record, PROXY_ECS, prefix, new Set(["elapsed_ms", ...skip]));
  put(document, "event.kind", "event");
  put(document, "event.module", prefix);
  put(document, "event.category", ["web", "network"]);
  put(document, "event.type", ["access", isDenied ? "denied" : "allowed"]);
  const status = Number(record.status);
  const isFailure = isDenied || status >= 400;
  if (isDenied || status > 0) put(document, "event.outcome", isFailure ? "failure" : "success");
  const { elapsed_ms } = record;
  if (typeof elapsed_ms === "number" && elapsed_ms >= 0) {
    put(document, "event.duration", elapsed_ms * 1e6);
  }
  put(document, "destination.domain", record.url_host);
  // With reverse look-ups on, a proxy writes a name.
  if (document["source.ip"] === undefined) put(document, "source.domain", record.client);
  return document;
}
