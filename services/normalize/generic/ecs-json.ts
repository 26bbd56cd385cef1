// Any other ECS document: Filebeat, Elastic Agent, Fluent Bit, Vector, with nested or dotted keys. When
// Filebeat only carried a raw line of a known log, the line is handed to that log's own format.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { putAll, textOf } from "../document.ts";
import { nested } from "../dotted-keys.ts";
import type { Format, InnerLine, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOfBeat } from "../windows/winlogbeat.ts";

/** ECS documents. */
export const ecsJson: Format = {
  id: "ecs",
  title: "ECS documents (Filebeat, Elastic Agent, Vector)",
  reads: "json",
  shape: {
    id: "ecs",
    family: "ecs",
    locate: (name) => [name.split(".")],
  },
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || json["@timestamp"] === undefined) return 0;
    const isEcs =
      isRecord(json.ecs) ||
      isRecord(json.agent) ||
      isRecord(json["@metadata"]) ||
      "ecs.version" in json;
    return isEcs ? 0.8 : isRecord(json.event) || "event.kind" in json ? 0.7 : 0;
  },
  parse: (_line, context, json) => {
    if (json === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no ECS document: a JSON object was expected");
    }
    const record = nested(json);
    return { record, time: timeOfBeat(record, context), identity: identityOf(record) };
  },
  ecs: (record) => {
    const document: EcsDocument = {};
    putAll(document, "", record);
    for (const name of Object.keys(document)) {
      if (name.startsWith("@metadata") || name === "event.original") delete document[name];
    }
    return document;
  },
  inner: innerOf,
};

// The line inside an ECS document: its module, data set or file says what it is, or nothing was made of it
// yet and the text says so itself.
function innerOf(record: JsonRecord): InnerLine | undefined {
  // Filebeat's o365audit input and the agent's CEL input keep the record as an object.
  if (isRecord(record.o365audit)) {
    return { format: "m365-audit", text: JSON.stringify(record.o365audit) };
  }
  const line = record.message;
  if (typeof line !== "string" || line === "") return undefined;
  const event = isRecord(record.event) ? record.event : {};
  const log = isRecord(record.log) ? record.log : {};
  const file = isRecord(log.file) ? log.file.path : undefined;
  const hint = [event.module, event.dataset, file].filter((part) => typeof part === "string");
  const format = HINTS.find(([pattern]) => hint.some((part) => pattern.test(part)))?.[1];
  // A shipper that read the line's fields gave the event a category.
  const isRaw = isRecord(record.input) && event.category === undefined;
  if (format === undefined && !isRaw) return undefined;
  const host = isRecord(record.host) ? record.host.name : undefined;
  return { format, text: line, host: typeof host === "string" ? host : undefined };
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^fortinet(?:_fortigate)?(?:\.|$)/, "fortigate"],
  [/^auditd(?:\.|$)|\/audit\.log(?:\.\d+)?$/, "auditd"],
  [/^squid(?:\.|$)|\/squid\d?\/[\w.-]{0,80}access[\w.-]{0,40}log(?:\.\d+)?$/, "squid"],
  [/\/(?:pveproxy|proxmox-backup\/api)\/access\.log(?:\.\d+)?$/, "proxmox"],
  [/^(?:nginx|apache)\.access$|\/[\w.-]{0,80}access[\w.-]{0,40}log(?:\.\d+)?$/, "web-access"],
  [/^system\.auth$|\/(?:auth\.log|secure)(?:[.-]\d+)?$/, "linux-auth"],
];

// Filebeat names the place of a line: host, file and offset. Elastic Agent gives event.id.
function identityOf(record: JsonRecord): string | undefined {
  const event = isRecord(record.event) ? record.event : {};
  if (typeof event.id === "string" && event.id !== "") return event.id;
  const log = isRecord(record.log) ? record.log : {};
  const path = isRecord(log.file) ? log.file.path : undefined;
  const inode = isRecord(log.file) ? (log.file.inode ?? "") : "";
  const host = isRecord(record.host) ? record.host.name : undefined;
  if (typeof path !== "string" || typeof log.offset !== "number") return undefined;
  return `${textOf(host)}${path}#${textOf(inode)}/${log.offset}`;
}
