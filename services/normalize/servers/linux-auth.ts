// Linux authentication logs (auth.log, secure): syslog lines of sshd, sudo, su, cron, systemd, PAM and
// the account tools. The program decides; what its message says lies beside the header's fields.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, FRAME_ECS, frameFields, frameTime } from "../generic/syslog.ts";
import { isAuthLine, readMessage } from "./linux-auth-messages.ts";

const ECS: FieldTable = {
  ...FRAME_ECS,
  "process.name": ["process", "program"],
  "service.name": ["service"],
  "user.name": ["user"],
  "user.target.name": ["target_user"],
  "source.ip": ["source_ip"],
  "source.port": ["source_port"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "process.command_line": ["command"],
  "process.working_directory": ["PWD"],
  "group.name": ["group"],
};

/** Linux authentication logs. */
export const linuxAuth: Format = {
  id: "linux-auth",
  title: "Linux sign-ins (sshd, sudo, su, cron, PAM)",
  reads: "text",
  shape: flatShape({
    id: "linux-auth",
    family: "linux-auth",
    ecs: ECS,
    aliases: {
      CommandLine: ["command"],
      User: ["user"],
      SourceIp: ["source_ip"],
      Message: ["message"],
    },
  }),
  dataClass: "security",
  mayClaim: ({ program, message }) =>
    program !== undefined && (message === "p" || isAuthLine(program, "")),
  sniff: (line, json) => {
    const frame = json === undefined ? contentOf(line) : undefined;
    if (frame?.program === undefined) return 0;
    return isAuthLine(frame.program, frame.message) ? SURE_ENOUGH : 0;
  },
  parse: (line, context) => {
    const frame = contentOf(line);
    if (frame === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no syslog header before the message");
    }
    const record = frameFields(frame);
    if (frame.program !== undefined)
      Object.assign(record, readMessage(frame.program, frame.message));
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs,
};

const SURE_ENOUGH = 0.9;
// Kept in `message`, `user.target.name`, `process.name` and `process.command_line` already.
const SKIPPED: ReadonlySet<string> = new Set(["COMMAND", "USER", "program"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "linux", SKIPPED);
  put(document, "event.kind", "event");
  put(document, "event.module", "system");
  put(document, "event.dataset", "system.auth");
  put(document, "host.os.type", "linux");
  const category = categoryOf(String(record.action ?? ""));
  if (category !== undefined) put(document, "event.category", [category]);
  const from = record.source_ip;
  if (from !== undefined && addressOf(from) === undefined) put(document, "source.domain", from);
  return document;
}

function categoryOf(action: string): string | undefined {
  if (/^(?:ssh-|ftp-login|login|remote-login|authentication-|su$|sudo$)/.test(action))
    return "authentication";
  if (/account|member|password/.test(action)) return "iam";
  if (action.startsWith("session-")) return "session";
  return action.startsWith("cron-") ? "process" : undefined;
}
