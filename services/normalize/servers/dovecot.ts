// Dovecot through syslog or from its own file: sign-ins to IMAP, POP3, submission and Sieve, refused ones,
// and what the authentication process says about them.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import {
  contentOf,
  FRAME_ECS,
  frameFields,
  frameTime,
  type SyslogFrame,
} from "../generic/syslog.ts";
import { readMailFields } from "./mail-fields.ts";

const ECS: FieldTable = {
  ...FRAME_ECS,
  "user.name": ["user"],
  "source.ip": ["source_ip"],
  "destination.ip": ["destination_ip"],
  "network.protocol": ["service"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "email.message_id": ["msgid"],
  "log.level": ["level"],
};

/** Lines of Dovecot. */
export const dovecot: Format = {
  id: "dovecot",
  title: "Dovecot",
  reads: "text",
  shape: flatShape({
    id: "dovecot",
    family: "mail",
    ecs: ECS,
    aliases: { src_ip: ["source_ip"], dst_ip: ["destination_ip"] },
  }),
  dataClass: "security",
  mayClaim: ({ isFramed, program, hasHost }) => isFramed && (program === "dovecot" || !hasHost),
  sniff: (line, json) => (json === undefined && partsOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const parts = partsOf(line);
    if (parts === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no Dovecot line: `dovecot: service: …` was expected");
    }
    const { frame, service, owner, level, text } = parts;
    const record = frameFields(frame);
    record.program = "dovecot";
    record.service = service;
    record.message = text;
    if (level !== undefined) record.level = level.toLowerCase();
    if (owner !== undefined && /^[^,\s]{1,255}$/.test(owner) && !/^\d+$/.test(owner)) {
      record.user = owner;
    }
    readMailFields(text, record, NAMES);
    Object.assign(record, reading(service, text));
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs,
};

const NAMES: ReadonlyMap<string, string> = new Map([
  ["rip", "source_ip"],
  ["lip", "destination_ip"],
]);

interface Parts {
  readonly frame: SyslogFrame;
  readonly service: string;
  /** What stands in brackets behind the service: the account, or a process id. */
  readonly owner: string | undefined;
  readonly level: string | undefined;
  readonly text: string;
}

const SERVICE =
  /^(auth|auth-worker|imap|imap-login|pop3|pop3-login|lmtp|lda|managesieve|managesieve-login|submission|submission-login|indexer-worker|doveadm|master|anvil|log|config|stats|replicator|quota-status)(?:\(([^)]{1,255})\))?(?:<[^>]{0,64}>){0,3}: (?:(Info|Warning|Error|Fatal|Panic|Debug): )?/;

function partsOf(line: string): Parts | undefined {
  const frame = contentOf(line);
  if (frame === undefined) return undefined;
  const isSyslog = frame.program === "dovecot";
  const start = isSyslog ? frame.message : frame.content;
  const head = SERVICE.exec(start.slice(0, 700));
  // In its own file each line has a level, and the header neither host nor priority.
  if (head === null || (!isSyslog && (head[3] === undefined || frame.host !== undefined))) {
    return undefined;
  }
  const text = start.slice(head[0].length);
  return { frame, service: head[1] ?? "", owner: head[2], level: head[3], text };
}

function reading(service: string, text: string): Record<string, string> {
  const head = text.slice(0, 500);
  if (service.endsWith("-login")) {
    if (head.startsWith("Login: ")) return { action: "mail-login", outcome: "success" };
    const why =
      /^(?:Disconnected|Aborted login|Login aborted)(?:: [^(]{0,100})? ?\(([^)]{1,120})\)/.exec(
        head,
      );
    if (why === null) return {};
    const isFailed = /auth failed|tried to use|disallowed|unknown user|password/.test(why[1] ?? "");
    if (!isFailed) return { action: "mail-disconnection", reason: why[1] ?? "" };
    return { action: "mail-login", outcome: "failure", reason: why[1] ?? "" };
  }
  if (service.startsWith("auth")) return authentication(text);
  if (/^(?:Logged out|Disconnected|Connection closed)/.test(head)) return { action: "mail-logout" };
  if (/\bsaved mail to /.test(head)) return { action: "mail-saved", outcome: "success" };
  return {};
}

// `pam(emustermann,192.0.2.7,<session>): pam_authenticate() failed: Authentication failure`
function authentication(text: string): Record<string, string> {
  const head =
    /^(?:Info: )?[\w-]{1,30}\((?<user>[^,()]{1,255}),(?<source_ip>[\da-fA-F.:]{3,45})(?:,<[^>]{0,64}>)?\): (?<reason>.{1,300})/s.exec(
      text.slice(0, 800),
    );
  const { user, source_ip, reason } = head?.groups ?? {};
  if (user === undefined || source_ip === undefined || reason === undefined) return {};
  const isFailed = /fail|mismatch|unknown user|invalid|denied|disabled|expired/i.test(reason);
  const what = { user, source_ip, reason };
  return isFailed ? { action: "mail-login", outcome: "failure", ...what } : what;
}

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "dovecot");
  put(document, "event.kind", "event");
  put(document, "event.module", "dovecot");
  put(document, "event.category", [record.action === "mail-login" ? "authentication" : "email"]);
  return document;
}
