// A page as one record of syslog (RFC 5424), with structured data or as ArcSight's Common Event Format. What
// stands in it can't end the record, add a field or change one.
import type { Priority } from "../../config/paging.ts";
import type { OutgoingPage } from "./channel.ts";
import { oneLine } from "./one-line.ts";
import type { Page } from "./page.ts";
import { withoutSecrets } from "./secrets.ts";

/** RFC 5425: receivers should take as much. */
export const FRAME_BYTES_MAX = 8192;
/** RFC 5426: what receivers by UDP should take. */
export const DATAGRAM_BYTES_MAX = 2048;

/** `authpriv`: what concerns security and is not for everybody. */
const FACILITY = 10;
const SEVERITY: Readonly<Record<Priority, number>> = { p1: 1, p2: 2, p3: 4, p4: 5 };
const CEF_SEVERITY: Readonly<Record<Priority, number>> = { p1: 10, p2: 8, p3: 5, p4: 3 };
const VALUE_CHARACTERS_MAX = 500;
/** RFC 5612 keeps this enterprise number for who has none of their own. */
const SD_ID = "page@32473";
const BOM = "\ufeff";

export interface FrameAbout {
  readonly format: "rfc5424" | "cef";
  /** Of the machine that sends. */
  readonly host: string;
  readonly version: string;
  readonly bytesMax: number;
}

/** The record without its framing: one line of UTF-8. */
export function syslogFrame(outgoing: OutgoingPage, about: FrameAbout): string {
  const { page } = outgoing;
  const priority = FACILITY * 8 + SEVERITY[page.priority];
  const time = new Date(page.raisedAt).toISOString();
  const host = about.host.replace(/[^!-~]/g, "").slice(0, 255) || "-";
  const head = `<${priority}>1 ${time} ${host} heidewacht - ${page.kind}`;
  return about.format === "cef"
    ? cefFrame(head, outgoing, about)
    : structuredFrame(head, outgoing, about);
}

function structuredFrame(head: string, { id, page, attempt }: OutgoingPage, about: FrameAbout) {
  const text = [page.title, page.notice, ...page.facts.map((f) => `${f.label}: ${f.value}`)]
    .filter((one) => one !== undefined)
    .map((one) => clean(one, page))
    .join(" | ");
  const values = fieldsOf(id, page, attempt).map(
    ([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, "\\$&")}"`,
  );
  const frame = fitted(`${head} [${SD_ID}`, values, about.bytesMax - 4);
  return cutBytes(`${frame}] ${BOM}${text}`, about.bytesMax);
}

/** Names of the record's data, in the order of their worth. */
function fieldsOf(id: string, page: Page, attempt: number): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, string | undefined])[] = [
    ["id", id],
    ["tenant", page.tenant],
    ["priority", page.priority],
    ["tlp", page.tlp],
    ["attempt", String(attempt)],
    ["code", page.code],
    ["link", page.link],
    ["notice", page.notice],
    ...page.facts.map(({ key, value }) => [key, value] as const),
    ["more", page.more.length === 0 ? undefined : String(page.more.length)],
    ["advice", page.advice.join(" / ")],
  ];
  return all.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, clean(value, page)] as const],
  );
}

/** Machines read it: values stay as they were found, but for secrets and what nobody sees. */
function clean(text: string, { language }: Page): string {
  return oneLine(withoutSecrets(text, language), VALUE_CHARACTERS_MAX);
}

/** Names of CEF's dictionary; where it has none, a custom string with its label. */
const CEF_CUSTOM = ["where", "confidence", "score", "technique", "source", "priority"] as const;

function cefFrame(head: string, { id, page, attempt }: OutgoingPage, about: FrameAbout): string {
  const header = [
    ...["Heidewacht", "Heidewacht", about.version],
    ...[page.kind, clean(page.title, page)],
  ];
  const start = `${head} - ${BOM}CEF:0|${header.map(cefHeader).join("|")}|${CEF_SEVERITY[page.priority]}|`;
  const fields = new Map(fieldsOf(id, page, attempt));
  const take = (name: string) => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const extension: (readonly [string, string | undefined])[] = [
    ["externalId", take("id")],
    ["rt", String(page.raisedAt)],
    ["dvchost", about.host],
    ["cat", page.kind],
    ["deviceFacility", take("tenant")],
    ["cnt", String(1 + page.more.length)],
    ["request", take("link")],
    ["msg", take("what")],
    ["reason", take("notice")],
    ["deviceAction", take("tlp")],
  ];
  CEF_CUSTOM.forEach((name, at) => {
    const value = take(name);
    if (value !== undefined) extension.push([`cs${at + 1}Label`, name], [`cs${at + 1}`, value]);
  });
  extension.push(["cn1Label", "attempt"], ["cn1", take("attempt")]);
  const pairs = extension.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${cefValue(value)} `],
  );
  return fitted(start, pairs, about.bytesMax).trimEnd();
}

function cefHeader(text: string): string {
  return text.replace(/[\\|]/g, "\\$&");
}

function cefValue(text: string): string {
  return text.replace(/[\\=]/g, "\\$&");
}

/** As many of the pieces as there is room for, in their order. */
function fitted(start: string, pieces: readonly string[], bytesMax: number): string {
  let text = start;
  for (const piece of pieces) {
    if (Buffer.byteLength(text) + Buffer.byteLength(piece) <= bytesMax) text += piece;
  }
  return text;
}

function cutBytes(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  // What a cut leaves of a letter is no letter.
  return new TextDecoder().decode(bytes.subarray(0, bytesMax)).replace(/\ufffd+$/, "");
}
