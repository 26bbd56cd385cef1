// Squid's access log in its native form (which Cisco's web appliance writes too, with more behind it) and
// in the forms `common` and `combined`, bare or inside syslog. Source: Squid's directive `logformat`.
import { AppError } from "../../../config/errors.ts";
import { flatShape, numberOf } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { readAccessLine } from "../servers/access-line.ts";
import { epochTime } from "../time-text.ts";
import { PROXY_ALIASES, PROXY_ECS, proxyDocument, setUrl } from "./proxy-fields.ts";

/** Squid access logs. */
export const squid: Format = {
  id: "squid",
  title: "Squid and Cisco Web Security Appliance",
  reads: "text",
  shape: flatShape({ id: "squid", family: "proxy", ecs: PROXY_ECS, aliases: PROXY_ALIASES }),
  dataClass: "network",
  sniff: (line, json, header) => {
    // Columns that a header names may look the same.
    if (json !== undefined || header?.includes("#Fields:") === true) return 0;
    const text = textOf(line);
    return NATIVE.test(text.slice(0, HEAD_CHARACTERS)) || isSquidAccess(text) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const text = textOf(line);
    const found = readNative(text) ?? readLikeApache(text, context);
    if (found === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no line of Squid's native, common or combined form");
    }
    const host = contentOf(line)?.host;
    if (host !== undefined) found.record.host = host;
    return { ...found, identity: undefined };
  },
  ecs: (record) => proxyDocument(record, "squid", /DENIED/.test(String(record.result))),
};

interface Found {
  readonly record: Record<string, unknown>;
  readonly time: number | undefined;
}

// 1795235896.123    345 10.1.2.3 TCP_MISS/200 1234 GET
const NATIVE =
  /^(\d{9,10}\.\d{3}) {1,12}(-?\d{1,12}) (\S{1,255}) ([A-Z][A-Z_]{1,60})\/(\d{3}) (\d{1,18}) (\S{1,40}) /;
const HEAD_CHARACTERS = 500;
// ` TCP_MISS:HIER_DIRECT` at the end tells Squid's forms from those of web servers.
const END = / ((?:TCP|UDP|NONE|TAG)[A-Z_]{0,60}):([A-Z][A-Z_]{0,60})(?:\/(\S{1,255}))?$/;
const END_CHARACTERS = 400;

/** Whether a line of an access log in Apache's form was written by Squid. */
export function isSquidAccess(text: string): boolean {
  // The plain search comes first, because nearly all lines end here.
  return text.slice(0, 1000).includes('] "') && END.test(text.slice(-END_CHARACTERS));
}

function textOf(line: string): string {
  // Native lines begin with a digit and no frame of syslog does, but for ISO times.
  return /^\d{9}/.test(line) ? line : (contentOf(line)?.message ?? line);
}

function readNative(text: string): Found | undefined {
  const head = NATIVE.exec(text.slice(0, HEAD_CHARACTERS));
  if (head === null) return undefined;
  const [whole, seconds, elapsed, client, result, status, bytes, method] = head;
  const urlEnd = text.indexOf(" ", whole.length);
  if (urlEnd === -1) return undefined;
  const record: Record<string, unknown> = {
    client,
    elapsed_ms: Number(elapsed),
    result,
    status: Number(status),
    bytes: Number(bytes),
    method,
  };
  setUrl(record, text.slice(whole.length, urlEnd));
  const rest =
    /^("[^"]{0,500}"|\S{1,500}) ([A-Z][A-Z_]{0,60})\/(\S{1,255}) (\S{1,255})(?: |$)/.exec(
      text.slice(urlEnd + 1, urlEnd + 1600),
    );
  if (rest === null) return undefined;
  const user = (rest[1] ?? "").replace(/^"|"$/g, "");
  if (user !== "-" && user !== "") record.user = decoded(user);
  setPeer(record, rest[2], rest[3]);
  if (rest[4] !== "-") record.mime = rest[4];
  const extra = text.slice(urlEnd + 1 + rest[0].length).trim();
  // Headers (`log_mime_hdrs`) or the verdicts of the web appliance.
  if (extra !== "") record.extra = extra;
  return { record, time: epochTime(Number(seconds)) };
}

function readLikeApache(text: string, context: ParseContext): Found | undefined {
  const end = END.exec(text.slice(-END_CHARACTERS));
  if (end === null) return undefined;
  const line = readAccessLine(text.slice(0, text.length - end[0].length), context);
  if (line === undefined) return undefined;
  const { target, path: _path, query: _query, ...record } = line.record;
  record.result = end[1];
  if (typeof target === "string") setUrl(record, target);
  setPeer(record, end[2], end[3]);
  return { record, time: line.time };
}

function setPeer(
  record: Record<string, unknown>,
  hierarchy: string | undefined,
  peer: string | undefined,
): void {
  record.hierarchy = hierarchy;
  if (peer === undefined || peer === "-") return;
  if (/^[\d.]+$|:/.test(peer)) record.server_ip = peer;
  else record.peer = peer;
}

// Squid writes what it can't show as `%xx`; a user's domain is set apart by `%5c`.
function decoded(user: string): string {
  return user.replace(/%([2-7][0-9a-f])/gi, (_all, hex: string) =>
    String.fromCharCode(numberOf(`0x${hex}`) ?? 0x3f),
  );
}
