// Cisco Duo, second factor: records of its Admin API, authentication log version 2, one JSON object each,
// as Duo's log sync program and Filebeat write them.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { addressOf } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { lookup } from "../lookup.ts";
import { timeOf } from "../time-text.ts";

const PATHS: Readonly<Record<string, readonly FieldPath[]>> = {
  "user.name": [["user", "name"]],
  "source.ip": [["access_device", "ip"]],
  "event.reason": [["reason"]],
  "event.action": [["event_type"]],
  "event.outcome": [["result"]],
  "service.name": [["application", "name"]],
  src_ip: [["access_device", "ip"]],
};

/** Sign-ins of Cisco Duo. */
export const ciscoDuo: Format = {
  id: "cisco-duo",
  title: "Cisco Duo",
  reads: "json",
  shape: {
    id: "cisco-duo",
    family: "cisco",
    locate: (name) =>
      lookup(PATHS, name) ?? (name.includes(".") ? [name.split("."), [name]] : [[name]]),
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isDuo(json) ? 1 : 0),
  parse: (_line, context, json) => {
    if (json === undefined || !isDuo(json)) {
      throw new AppError("HW_PARSE_FAILED", "no Duo record: txid, event_type and result expected");
    }
    const time = timeOf(json.isotimestamp, context) ?? timeOf(json.timestamp, context);
    const identity = typeof json.txid === "string" ? json.txid : undefined;
    return { record: json, time, identity };
  },
  ecs: (record) => {
    const document: EcsDocument = {};
    putAll(document, "cisco-duo.", record);
    put(document, "event.kind", "event");
    put(document, "event.category", ["authentication"]);
    put(document, "event.action", record.event_type);
    put(document, "event.reason", record.reason);
    const result = textOf(record.result).toLowerCase();
    put(document, "event.outcome", result === "success" ? "success" : "failure");
    if (isRecord(record.user)) put(document, "user.name", record.user.name);
    if (isRecord(record.access_device)) {
      put(document, "source.ip", addressOf(record.access_device.ip));
    }
    if (isRecord(record.application)) put(document, "service.name", record.application.name);
    delete document["cisco-duo.user.name"];
    // The account's other name, under a name that tells so.
    delete document["cisco-duo.alias"];
    put(document, "cisco-duo.alias.account", record.alias);
    // A telephone's name or number belongs to a person.
    delete document["cisco-duo.auth_device.name"];
    if (isRecord(record.auth_device)) {
      put(document, "cisco-duo.auth_device.displayname", record.auth_device.name);
    }
    return document;
  },
};

function isDuo(json: JsonRecord): boolean {
  return (
    typeof json.txid === "string" &&
    typeof json.event_type === "string" &&
    typeof json.result === "string" &&
    (isRecord(json.auth_device) || isRecord(json.access_device))
  );
}
