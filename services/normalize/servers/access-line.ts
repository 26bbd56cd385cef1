// One line of an access log in the form that Apache invented (common, combined) with what web servers are
// told to add: the virtual host or the forwarded address in front, forwarded address, times and other
// values behind. nginx, Squid and many others write it too.

import { setField } from "../field-table.ts";
import type { ParseContext } from "../format.ts";
import { isoTime } from "../time-text.ts";

/** A line taken apart: client, user, method, target, status … and the time. */
export interface AccessLine {
  readonly record: Record<string, unknown>;
  readonly time: number | undefined;
}

// [vhost or forwarded addresses] client ident user [21/Nov/2026:04:38:16 +0100] "
const HEAD =
  /^(?:([\w.:-]{1,255}(?:, ?[\w.:-]{1,64}){0,9}) )?([\w:][\w.:%-]{0,254}) (\S{1,64}) (\S[^[\]]{0,254}) \[(\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))\] "/;
const HEAD_CHARACTERS = 1000;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** Whether a line begins like one of an access log. */
export function isAccessLine(text: string): boolean {
  const head = text.slice(0, HEAD_CHARACTERS);
  // The plain search spares most other lines the pattern.
  return head.includes('] "') && HEAD.test(head);
}

/** The line taken apart; undefined when it is none. */
export function readAccessLine(text: string, context: ParseContext): AccessLine | undefined {
  const head = HEAD.exec(text.slice(0, HEAD_CHARACTERS));
  const request = head === null ? undefined : readQuoted(text, head[0].length);
  if (head === null || request === undefined) return undefined;
  const numbers = /^ (\d{3}) (\d{1,18}|-)(?= |$)/.exec(text.slice(request.end, request.end + 30));
  if (numbers === null) return undefined;
  const record: Record<string, unknown> = { client: head[2], status: Number(numbers[1]) };
  if (head[1] !== undefined) setFront(record, head[1]);
  if (head[4] !== "-") record.user = head[4];
  if (numbers[2] !== "-") record.bytes = Number(numbers[2]);
  readRequest(request.text, record);
  readBehind(text, request.end + numbers[0].length, record);
  return { record, time: timeOfHead(head[5] ?? "", context) };
}

const ADDRESSES = /^(?:[\d.]{7,15}|[0-9a-f:]{2,45}:[0-9a-f:.]{0,45})(?:, ?[0-9a-f.:]{2,45})*$/i;

function setFront(record: Record<string, unknown>, front: string): void {
  if (ADDRESSES.test(front)) record.forwarded = addressesOf(front);
  else if (front !== "-") record.vhost = front.replace(/:\d{1,5}$/, "");
}

function addressesOf(text: string): string[] {
  return text.split(",", 20).map((one) => one.trim());
}

// Referrer and agent, then whatever the administrator added.
function readBehind(text: string, start: number, record: Record<string, unknown>): void {
  const referrer = readQuoted(text, start + 2);
  if (referrer === undefined) {
    setExtra(record, text.slice(start).trim());
    return;
  }
  if (isFilled(referrer.text)) record.referrer = referrer.text;
  const agent = readQuoted(text, referrer.end + 2);
  if (agent === undefined) {
    setExtra(record, text.slice(referrer.end).trim());
    return;
  }
  if (isFilled(agent.text)) record.agent = agent.text;
  const behind = text.slice(agent.end).trim();
  const forwarded = /^"([^"]{1,600})"/.exec(behind);
  if (forwarded !== null && ADDRESSES.test(forwarded[1] ?? "")) {
    record.forwarded = addressesOf(forwarded[1] ?? "");
    setExtra(record, behind.slice(forwarded[0].length).trim());
  } else setExtra(record, behind);
}

/** Values behind a line that are looked at. */
const EXTRA_MAX = 50;

// `rt=0.123 uct="0.001"` get their own names, all else stays as it is.
function setExtra(record: Record<string, unknown>, text: string): void {
  if (text === "" || text === '"-"') return;
  const pairs = text.matchAll(
    /(?:^| )([a-z][a-z_]{0,30})=(?:"([^"]{0,500})"|([^\s"]{0,500}))(?= |$)/g,
  );
  let count = 0;
  for (const pair of pairs) {
    const value = pair[2] ?? pair[3] ?? "";
    if (isFilled(value)) setField(record, `extra_${pair[1] ?? ""}`, value);
    if (++count >= EXTRA_MAX) break;
  }
  if (count === 0) record.extra = text;
}

function isFilled(text: string): boolean {
  return text !== "-" && text !== "";
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

// `21/Nov/2026:04:38:16 +0100`, or ISO 8601.
function timeOfHead(text: string, context: ParseContext): number | undefined {
  if (text[4] === "-") return isoTime(text, context);
  const month = MONTHS.indexOf(text.slice(3, 6)) / 3 + 1;
  const number = String(month).padStart(2, "0");
  return isoTime(
    `${text.slice(7, 11)}-${number}-${text.slice(0, 2)}T${text.slice(12, 20)}${text.slice(21)}`,
  );
}
