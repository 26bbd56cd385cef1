// Keycloak's log lines (Quarkus and WildFly), bare or through syslog: events of sign-ins and of
// administrators, and everything else that the server says.
import { AppError } from "../../../config/errors.ts";
import { textOf } from "../document.ts";
import { flatShape } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { isRecord } from "../json-text.ts";
import { timeOf as anyTime, isoTime } from "../time-text.ts";
import {
  finishKeycloakRecord,
  isKeycloakEvent,
  KEYCLOAK_ALIASES,
  KEYCLOAK_ECS,
  keycloakDocument,
  readKeycloakEvent,
} from "./keycloak-fields.ts";

// Kept by the document itself.
const SKIPPED: ReadonlySet<string> = new Set(["outcome", "timestamp", "time"]);

/** Keycloak's log as text. */
export const keycloak: Format = {
  id: "keycloak",
  title: "Keycloak (log)",
  reads: "text",
  shape: flatShape({
    id: "keycloak",
    family: "keycloak",
    ecs: KEYCLOAK_ECS,
    aliases: KEYCLOAK_ALIASES,
  }),
  dataClass: "security",
  mayClaim: ({ line, message, program, hasMessageId }) =>
    hasMessageId || program === "keycloak" || /[\dTDIWEF]/.test(line + message),
  sniff: (line, json) => (json === undefined && partsOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const parts = partsOf(line);
    if (parts === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no Keycloak line: `[org.keycloak…]` was expected");
    }
    const { time, level, loggerName, thread, message, frame } = parts;
    const record: Record<string, unknown> = { message };
    if (frame?.host !== undefined) record.host = frame.host;
    if (level !== undefined) record.level = level.toLowerCase();
    if (loggerName !== undefined) record.loggerName = loggerName;
    if (thread !== undefined) record.threadName = thread;
    if (isKeycloakEvent(message)) readKeycloakEvent(message, record);
    const written = time === undefined ? undefined : isoTime(time.replace(",", "."), context);
    const framed = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time: written ?? framed, identity: undefined };
  },
  ecs: (record) => keycloakDocument(record, SKIPPED),
};

/** Keycloak's log as JSON (`log-console-output=json`), and events that a listener sends as JSON. */
export const keycloakJson: Format = {
  id: "keycloak-json",
  title: "Keycloak (JSON)",
  reads: "json",
  shape: flatShape({
    id: "keycloak-json",
    family: "keycloak",
    ecs: KEYCLOAK_ECS,
    aliases: KEYCLOAK_ALIASES,
  }),
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isMine(json) ? 0.95 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isMine(json)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Keycloak record: loggerName or realmId were expected",
      );
    }
    const { details, authDetails, ...own } = json;
    const record: Record<string, unknown> = {
      ...(isRecord(details) ? details : {}),
      ...(isRecord(authDetails) ? authDetails : {}),
      ...own,
    };
    if (typeof own.level === "string") record.level = own.level.toLowerCase();
    const message = textOf(own.message);
    if (isKeycloakEvent(message)) readKeycloakEvent(message, record);
    else if (isEvent(json)) {
      record.eventId = own.id;
      delete record.id;
      finishKeycloakRecord(record);
    }
    return {
      record,
      time: anyTime(own.timestamp ?? own.time, context),
      identity: identityOf(json),
    };
  },
  ecs: (record) => keycloakDocument(record, SKIPPED),
};

function isMine(json: JsonRecord): boolean {
  if (typeof json.loggerName === "string") return json.loggerName.startsWith("org.keycloak");
  return isEvent(json);
}

function isEvent(json: JsonRecord): boolean {
  const isTyped = typeof json.type === "string" || typeof json.operationType === "string";
  const isPlaced = "ipAddress" in json || "authDetails" in json || "clientId" in json;
  return isTyped && typeof json.realmId === "string" && isPlaced && "time" in json;
}

function identityOf(json: JsonRecord): string | undefined {
  return isEvent(json) && typeof json.id === "string" && json.id !== "" ? json.id : undefined;
}

interface Parts {
  readonly time: string | undefined;
  readonly level: string | undefined;
  readonly loggerName: string | undefined;
  readonly thread: string | undefined;
  readonly message: string;
  readonly frame: ReturnType<typeof contentOf>;
}

// 2026-11-21 05:38:16,123 WARN  [org.keycloak.events] (executor-thread-12) type="LOGIN_ERROR", …
const HEAD =
  /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) )?(TRACE|DEBUG|INFO|WARN|ERROR|FATAL) {1,2}\[(org\.keycloak[\w.$]{0,120})\] \(([^)]{1,120})\) /;

function partsOf(line: string): Parts | undefined {
  const bare = HEAD.exec(line.slice(0, 330));
  if (bare !== null) return partsAt(line, bare, undefined);
  const frame = contentOf(line);
  if (frame === undefined) return undefined;
  const head = HEAD.exec(frame.message.slice(0, 330));
  if (head !== null) return partsAt(frame.message, head, frame);
  // Keycloak's own syslog handler puts the logger into the message id.
  const isOwn = frame.messageId?.startsWith("org.keycloak") === true;
  if (!isOwn && !(frame.program === "keycloak" && isKeycloakEvent(frame.message))) return undefined;
  const { message, messageId: loggerName } = frame;
  return { time: undefined, level: undefined, loggerName, thread: undefined, message, frame };
}

function partsAt(text: string, head: RegExpExecArray, frame: Parts["frame"]): Parts {
  const [whole, time, level, loggerName, thread] = head;
  return { time, level, loggerName, thread, message: text.slice(whole.length), frame };
}
