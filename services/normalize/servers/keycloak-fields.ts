// What Keycloak's events hold, in whichever form they come: `type="LOGIN_ERROR", realmId="…", …` as text,
// or the same as JSON. Event types: org.keycloak.events.EventType and admin.OperationType.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, setField } from "../field-table.ts";

/** ECS names of an event's fields. */
export const KEYCLOAK_ECS: FieldTable = {
  "host.name": ["host", "hostName"],
  "user.name": ["username"],
  "user.id": ["userId"],
  "user.email": ["email"],
  "source.ip": ["ipAddress"],
  "event.action": ["type"],
  "event.reason": ["error", "reason"],
  "event.id": ["eventId"],
  "log.level": ["level"],
  "log.logger": ["loggerName"],
  "service.name": ["clientId"],
  "url.original": ["redirect_uri"],
  message: ["message"],
};

/** Names of rules beside them. */
export const KEYCLOAK_ALIASES: FieldTable = {
  src_ip: ["ipAddress"],
  realm: ["realmName", "realmId"],
  "event.outcome": ["outcome"],
};

const PAIRS_MAX = 80;
// Since version 22 values stand in quotes, with `\"` inside; before that they reach to the next comma.
const PAIR = /([A-Za-z_][\w.-]{0,60})=(?:"((?:[^"\\]|\\.){0,4000})"|([^,"]{0,2000}))(?:, |$)/gsy;

/** Whether a text is an event. */
export function isKeycloakEvent(text: string): boolean {
  return /^(?:type|operationType)="?[A-Z_]{4,60}"?, (?:operationType|realmId)="?/.test(
    text.slice(0, 200),
  );
}

/** Puts the pairs of an event's text into a record. */
export function readKeycloakEvent(text: string, record: Record<string, unknown>): void {
  PAIR.lastIndex = 0;
  for (let count = 0; count < PAIRS_MAX; count++) {
    const match = PAIR.exec(text);
    if (match === null) break;
    const value = (match[2] ?? match[3] ?? "").replace(/\\(["\\])/g, "$1");
    if (value !== "" && value !== "null") setField(record, match[1] ?? "", value);
  }
  finishKeycloakRecord(record);
}

/** Puts `outcome` and, for acts of administrators, what they changed. */
export function finishKeycloakRecord(record: Record<string, unknown>): void {
  const type = textOf(record.type);
  if (type === "" && record.operationType !== undefined) record.type = "ADMIN_EVENT";
  const isFailed = type.endsWith("_ERROR") || (record.error !== undefined && record.error !== "");
  if (record.outcome === undefined) record.outcome = isFailed ? "failure" : "success";
}

const AUTHENTICATION =
  /^(?:LOGIN|LOGOUT|CODE_TO_TOKEN|REFRESH_TOKEN|CLIENT_LOGIN|IDENTITY_PROVIDER_LOGIN|IDENTITY_PROVIDER_FIRST_LOGIN|IMPERSONATE|USER_DISABLED_BY_|TOKEN_EXCHANGE|OAUTH2_|INTROSPECT_TOKEN|PERMISSION_TOKEN|AUTHREQID_)/;

/** The document of an event or of any other line of the server. */
export function keycloakDocument(record: ParsedRecord, skip: ReadonlySet<string>): EcsDocument {
  const document = flatDocument(record, KEYCLOAK_ECS, "keycloak", skip);
  const type = textOf(record.type);
  put(document, "event.kind", "event");
  put(document, "event.module", "keycloak");
  put(document, "event.outcome", record.outcome);
  if (type !== "")
    put(document, "event.category", [AUTHENTICATION.test(type) ? "authentication" : "iam"]);
  return document;
}
