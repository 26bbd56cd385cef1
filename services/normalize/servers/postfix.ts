// Postfix through syslog: who connected, who signed in or failed to, which mail went where and which was
// refused. The queue id ties the lines of one mail together.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, FRAME_ECS, frameFields, frameTime } from "../generic/syslog.ts";
import { readMailFields } from "./mail-fields.ts";

const ECS: FieldTable = {
  ...FRAME_ECS,
  "email.local_id": ["queue_id"],
  "email.message_id": ["message-id"],
  "email.from.address": ["from"],
  "email.to.address": ["to"],
  "user.name": ["sasl_username"],
  "source.ip": ["client_ip"],
  "source.port": ["client_port"],
  "source.domain": ["client_name"],
  "destination.ip": ["relay_ip"],
  "destination.port": ["relay_port"],
  "destination.domain": ["relay_name"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
};

/** Lines of Postfix. */
export const postfix: Format = {
  id: "postfix",
  title: "Postfix",
  reads: "text",
  shape: flatShape({
    id: "postfix",
    family: "mail",
    ecs: ECS,
    aliases: { src_ip: ["client_ip"], dst_ip: ["relay_ip"], sender: ["from"], recipient: ["to"] },
  }),
  dataClass: "security",
  mayClaim: ({ program }) => program !== undefined,
  sniff: (line, json) => (json === undefined && daemonOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const daemon = daemonOf(line);
    const frame = contentOf(line);
    if (daemon === undefined || frame === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Postfix line: the program `postfix/…` was expected",
      );
    }
    const record = frameFields(frame);
    record.program = daemon;
    readMessage(frame.message, record);
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs,
};

// `postfix/smtpd`, `postfix/submission/smtpd`, `postfix-out/smtp` of a further instance.
function daemonOf(line: string): string | undefined {
  const frame = contentOf(line);
  if (frame?.program === undefined) return undefined;
  const head = line.slice(0, 400);
  // A search for the bare word costs a third of the pattern's, and most programs are others.
  if (!head.includes("postfix")) return undefined;
  const name = /(?:^|[\s>])(postfix(?:-[\w-]{1,30})?\/[\w/-]{1,40})(?:[[:\s]|$)/.exec(head);
  return name?.[1]?.endsWith(`/${frame.program}`) === true ? name[1] : undefined;
}

const QUEUE_ID = /^([0-9A-F]{6,20}|[0-9A-Za-z]{10,20}|NOQUEUE): /;
const CLIENT = /([\w.-]{1,255})?\[([\da-fA-F.:]{2,45})\](?::(\d{1,5}))?/;

function readMessage(message: string, record: Record<string, unknown>): void {
  const queue = QUEUE_ID.exec(message.slice(0, 24));
  const text = queue === null ? message : message.slice(queue[0].length);
  if (queue !== null && queue[1] !== "NOQUEUE") record.queue_id = queue[1];
  const client = clientOf(text);
  if (client !== undefined) Object.assign(record, client);
  readMailFields(text, record);
  readRelay(record);
  Object.assign(record, actionOf(text, record));
}

// `connect from gw.example.org[192.0.2.7]`, `client=…[…]`, `warning: …[…]: SASL …`
function clientOf(text: string): Record<string, unknown> | undefined {
  const at = /(?:^| )(?:from |client=|warning: |CONNECT from )/.exec(text.slice(0, 300));
  if (at === null) return undefined;
  const place = CLIENT.exec(text.slice(at.index + at[0].length, at.index + at[0].length + 320));
  if (place === null || place.index > 1) return undefined;
  const found: Record<string, unknown> = { client_ip: place[2] };
  if (place[1] !== undefined && place[1] !== "unknown") found.client_name = place[1];
  if (place[3] !== undefined) found.client_port = place[3];
  return found;
}

// `relay=mx.example.org[192.0.2.25]:25`
function readRelay(record: Record<string, unknown>): void {
  const place = CLIENT.exec(textOf(record.relay).slice(0, 320));
  if (place === null) return;
  record.relay_ip = place[2];
  if (place[1] !== undefined) record.relay_name = place[1];
  if (place[3] !== undefined) record.relay_port = place[3];
}

const ACTIONS: readonly (readonly [RegExp, action: string, outcome?: string])[] = [
  [/^connect from /, "mail-connection"],
  [/^CONNECT from /, "mail-connection"],
  [/^disconnect from /, "mail-disconnection"],
  [/: SASL [\w-]{1,30} authentication failed/, "mail-login", "failure"],
  [/^lost connection after AUTH /, "mail-connection-lost"],
  [/^(?:milter-)?reject: /, "mail-rejected", "failure"],
  [/^(?:milter-)?hold: /, "mail-held"],
  [/^PREGREET |^DNSBL rank |^HANGUP after /, "mail-client-suspicious", "failure"],
  [/^(?:Anonymous|Trusted|Untrusted|Verified) TLS connection established /, "mail-tls"],
  [
    /^warning: .{1,200}: (?:hostname .{1,255} does not resolve|address not listed)/,
    "mail-client-unverified",
  ],
  [/^removed$/, "mail-removed"],
];

function actionOf(text: string, record: Record<string, unknown>): Record<string, string> {
  const head = text.slice(0, 1000);
  for (const [pattern, action, outcome] of ACTIONS) {
    if (!pattern.test(head)) continue;
    const reason = action === "mail-rejected" ? reasonOf(head) : undefined;
    return { action, ...(outcome === undefined ? {} : { outcome }), ...(reason ?? {}) };
  }
  if (record.sasl_username !== undefined) return { action: "mail-login", outcome: "success" };
  if (record.client !== undefined) return { action: "mail-accepted" };
  const status = textOf(record.status);
  if (status === "") return record.from === undefined ? {} : { action: "mail-queued" };
  const answer = / status=[a-z]{1,20} \((.{1,1000})\)$/.exec(text.slice(-1100))?.[1];
  return {
    action: `mail-${status}`,
    outcome: status === "sent" || status === "delivered" ? "success" : "failure",
    ...(answer === undefined ? {} : { reason: answer }),
  };
}

// `reject: RCPT from gw[192.0.2.7]: 554 5.7.1 <x@example.org>: Relay access denied; from=…`
function reasonOf(text: string): { reason: string; stage: string } | undefined {
  const match = /reject: ([A-Z-]{2,20}) from \S{1,320}: (.{1,700}?)(?:; from=|; client|$)/.exec(
    text,
  );
  return match === null ? undefined : { stage: match[1] ?? "", reason: match[2] ?? "" };
}

const SKIPPED: ReadonlySet<string> = new Set(["client"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "postfix", SKIPPED);
  put(document, "event.kind", "event");
  put(document, "event.module", "postfix");
  const action = textOf(record.action);
  put(document, "event.category", [action === "mail-login" ? "authentication" : "email"]);
  return document;
}
