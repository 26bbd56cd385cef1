// The document of a record whose message was read by a table of sentences (network/device-messages.ts):
// what kind of event the sentence is about becomes its ECS category.
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable, flatDocument } from "../field-table.ts";
import type { DeviceKind } from "../network/device-messages.ts";

// A line may name a value of its own `kind`: hence a map, which has nothing but these.
const CATEGORIES: ReadonlyMap<unknown, readonly string[]> = new Map<DeviceKind, readonly string[]>([
  ["authentication", ["authentication"]],
  ["account", ["iam"]],
  ["command", ["process"]],
  ["configuration", ["configuration"]],
  ["malware", ["malware"]],
  ["threat", ["intrusion_detection"]],
  ["traffic", ["network"]],
  ["vpn", ["network", "session"]],
  ["system", ["host"]],
]);
// Said by event.category and event.type.
const SAID = ["kind", "phase"];

/** The record under ECS names; what has none goes under `<prefix>.`. */
export function serverDocument(
  record: ParsedRecord,
  ecs: FieldTable,
  prefix: string,
  skip: readonly string[] = [],
): EcsDocument {
  const document = flatDocument(record, ecs, prefix, new Set([...SAID, ...skip]));
  const { kind, phase, source } = record;
  const isAlert = kind === "malware" || kind === "threat";
  put(document, "event.kind", isAlert ? "alert" : "event");
  put(document, "event.module", prefix);
  const categories = CATEGORIES.get(kind);
  if (categories !== undefined) put(document, "event.category", [...categories]);
  if (typeof phase === "string") put(document, "event.type", [phase]);
  if (source !== undefined && addressOf(source) === undefined) {
    put(document, "source.domain", source);
  }
  return document;
}

/** ECS names of the fields that sentences about servers give. */
export const SERVER_ECS: FieldTable = {
  "host.name": ["host"],
  "process.name": ["program"],
  "process.pid": ["pid"],
  "log.level": ["level"],
  "event.code": ["code"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "source.ip": ["source"],
  "source.port": ["source_port"],
  "user.name": ["user"],
  "user.target.name": ["target_user"],
  "user_agent.original": ["agent"],
  "process.command_line": ["command"],
  message: ["message"],
};
