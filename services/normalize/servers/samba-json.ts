// Samba's JSON audit (log level auth_json_audit, dsdb_json_audit …): sign-ins, authorisations, changes of
// passwords, groups and the directory. The object named by `type` holds the event.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { addressOf } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { isoTime } from "../time-text.ts";

/** ECS name, and the name of the Windows event that says the same → key below the type's object. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["user.name", ["clientAccount", "account"]],
  // The member that a group got or lost.
  ["user.target.name", ["user"]],
  ["user.domain", ["clientDomain", "domain"]],
  ["user.id", ["becameSid", "sid", "userSid"]],
  ["source.ip", ["source_ip"]],
  ["source.port", ["source_port"]],
  ["source.domain", ["workstation"]],
  ["destination.ip", ["destination_ip"]],
  ["destination.port", ["destination_port"]],
  ["event.reason", ["status"]],
  ["event.code", ["eventId"]],
  ["event.action", ["authDescription", "action", "operation"]],
  ["network.protocol", ["serviceDescription"]],
  ["group.name", ["group"]],
  ["TargetUserName", ["clientAccount", "account"]],
  ["TargetDomainName", ["clientDomain", "domain"]],
  ["WorkstationName", ["workstation"]],
  ["IpAddress", ["source_ip"]],
  ["LogonType", ["logonType"]],
  ["EventID", ["eventId"]],
  ["Status", ["status"]],
]);

/** Samba's JSON audit records. */
export const sambaJson: Format = {
  id: "samba-json",
  title: "Samba sign-in and directory audit (JSON)",
  reads: "json",
  shape: {
    id: "samba-json",
    family: "samba",
    locate: (name) => (FIELDS.get(name) ?? [name]).map((key) => [key]),
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && bodyOf(json) !== undefined ? 0.95 : 0),
  parse: (_line, _context, json) => {
    const body = json === undefined ? undefined : bodyOf(json);
    if (json === undefined || body === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Samba audit record: type and its object were expected",
      );
    }
    const record: Record<string, unknown> = { ...body, type: json.type };
    putAddress(record, "source", body.remoteAddress);
    putAddress(record, "destination", body.localAddress);
    const time = isoTime(textOf(json.timestamp));
    return { record, time, identity: undefined };
  },
  ecs,
};

const TYPES: ReadonlySet<unknown> = new Set([
  "Authentication",
  "Authorization",
  "KDC Authorization",
  "passwordChange",
  "groupChange",
  "dsdbChange",
  "dsdbTransaction",
  "replicatedUpdate",
]);

function bodyOf(json: JsonRecord): JsonRecord | undefined {
  const { type, timestamp } = json;
  if (typeof type !== "string" || !TYPES.has(type) || typeof timestamp !== "string")
    return undefined;
  const body = json[type];
  return isRecord(body) ? body : undefined;
}

// `ipv4:10.20.0.17:50122`, `ipv6:2001:db8::1:50122`, `unix:`
function putAddress(record: Record<string, unknown>, side: string, value: unknown): void {
  const match = /^ipv[46]:([\da-fA-F.:%\w]{2,60}):(\d{1,5})$/.exec(textOf(value));
  const address = match === null ? undefined : addressOf(match[1]);
  if (match === null || address === undefined) return;
  record[`${side}_ip`] = address;
  record[`${side}_port`] = Number(match[2]);
}

/** Already written under their ECS names, or parts of an address. */
const WRITTEN: ReadonlySet<string> = new Set([
  ...[...FIELDS].filter(([name]) => name.includes(".")).flatMap(([, keys]) => keys),
]);

function ecs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  const used = new Set<string>();
  for (const [name, keys] of FIELDS) {
    if (!name.includes(".")) continue;
    const key = keys.find((one) => record[one] !== undefined && record[one] !== null);
    if (key === undefined) continue;
    const value = record[key];
    put(document, name, name === "event.code" ? textOf(value) : value);
    used.add(key);
  }
  const rest = Object.entries(record).filter(([key]) => !(WRITTEN.has(key) && used.has(key)));
  putAll(document, "samba.", Object.fromEntries(rest));
  const type = textOf(record.type);
  const status = textOf(record.status);
  put(document, "event.kind", "event");
  put(document, "event.module", "samba");
  put(document, "event.dataset", "samba.audit");
  if (/^Auth/.test(type)) put(document, "event.category", ["authentication"]);
  else put(document, "event.category", ["iam"]);
  if (status !== "") {
    put(
      document,
      "event.outcome",
      /^(?:NT_STATUS_OK|Success)$/.test(status) ? "success" : "failure",
    );
  }
  return document;
}
