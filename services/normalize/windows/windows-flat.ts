// Windows events as flat JSON: header and event data side by side at the top level. NXLog (im_msvistalog
// with to_json) sends this, and so do Fluent Bit (winevtlog), Azure Monitor exports and most published
// recordings.
import { AppError } from "../../../config/errors.ts";
import type {
  EcsDocument,
  FieldPath,
  ParsedRecord,
  RecordShape,
} from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { numberOf } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { isoTime, timeOf } from "../time-text.ts";
import { flatScriptBlocks } from "./script-blocks.ts";
import { putAbsent, putEventData, putMeaning } from "./windows-ecs.ts";
import { logOf } from "./windows-events.ts";
import { NAMES_BY_ECS } from "./windows-fields.ts";
import { insertNames } from "./windows-inserts.ts";
import { addMessageData } from "./windows-message.ts";

/** Windows events as flat JSON. */
export const windowsFlat: Format = {
  id: "windows-flat",
  title: "Windows events as flat JSON (NXLog, Fluent Bit)",
  reads: "json",
  shape: flatWindowsShape("windows-flat"),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || json.winlog !== undefined) return 0;
    if (json.EventID === undefined) return xmlOf(json) === undefined ? 0 : 0.95;
    if (first(json, HEADER_KEYS.Channel) ?? first(json, HEADER_KEYS.Provider_Name)) return 0.95;
    // A row of Log Analytics may come without its channel.
    return "TimeGenerated" in json && "Computer" in json ? 0.6 : 0;
  },
  parse: (_line, context, json) => {
    if (json === undefined || (json.EventID === undefined && xmlOf(json) === undefined)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Windows event: a JSON object with EventID was expected",
      );
    }
    return {
      record: withNamedData(json),
      time: timeOfFlatWindows(json, context),
      identity: identityOfFlatWindows(json),
    };
  },
  ecs: (record) => flatWindowsDocument(record),
  join: flatScriptBlocks,
  inner: (record) => {
    const xml = record.EventID === undefined ? xmlOf(record) : undefined;
    return xml === undefined ? undefined : { text: xml };
  },
};

// Fluent Bit with `Render_Event_As_XML` sends the event as XML and its message beside it.
function xmlOf(json: JsonRecord): string | undefined {
  const { System: system } = json;
  return typeof system === "string" && system.startsWith("<Event") ? system : undefined;
}

/**
 * Fluent Bit gives the event's data without names. Known events get their names back, the others' values
 * stand under `Data`, as those of classic events do everywhere.
 */
function withNamedData(json: JsonRecord): JsonRecord {
  const { StringInserts: inserts } = json;
  const channel = textOf(json.Channel);
  const eventId = textOf(json.EventID);
  if (!Array.isArray(inserts)) {
    // Without `String_Inserts` only the message has the data.
    if (json.ProviderName === undefined || typeof json.Message !== "string") return json;
    const record = { ...json };
    addMessageData(record, channel, eventId, json.Message);
    return record;
  }
  const { StringInserts: _given, ...record }: Record<string, unknown> = json;
  const names = insertNames(logOf(channel), eventId, inserts.length);
  if (names === undefined) {
    if (inserts.length > 0) record.Data ??= inserts.length === 1 ? inserts[0] : inserts;
    return record;
  }
  for (const [index, name] of names.entries()) {
    if (index < inserts.length) record[name] ??= inserts[index];
  }
  if (inserts.length > names.length) record.FurtherInserts = inserts.slice(names.length);
  return record;
}

// Header names as the event log's own schema has them → the keys under which shippers send them.
const HEADER_KEYS = {
  EventID: ["EventID"],
  Channel: ["Channel", "EventLog"],
  Computer: ["Computer", "Hostname", "ComputerName", "HostName"],
  Provider_Name: ["Provider_Name", "SourceName", "ProviderName", "EventSourceName", "Source"],
  EventRecordID: ["EventRecordID", "RecordNumber", "EventRecordId"],
  Message: ["Message", "message", "RenderedDescription"],
  Keywords: ["Keywords"],
  Level: ["Level", "EventLevel", "Severity"],
  Task: ["Task", "Category"],
  Opcode: ["Opcode"],
  Version: ["Version"],
  Provider_Guid: ["Provider_Guid", "ProviderGuid"],
  Execution_ProcessID: ["Execution_ProcessID", "ExecutionProcessID", "ProcessID"],
  Execution_ThreadID: ["Execution_ThreadID", "ExecutionThreadID", "ThreadID"],
  Security_UserID: ["Security_UserID", "UserID"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** ECS and Winlogbeat names of the header. */
export const HEADER_ECS: Readonly<Record<string, keyof typeof HEADER_KEYS>> = {
  "event.code": "EventID",
  "winlog.event_id": "EventID",
  "winlog.channel": "Channel",
  "host.name": "Computer",
  "winlog.computer_name": "Computer",
  "event.provider": "Provider_Name",
  "winlog.provider_name": "Provider_Name",
  "winlog.provider_guid": "Provider_Guid",
  "winlog.record_id": "EventRecordID",
  "winlog.keywords": "Keywords",
  "winlog.task": "Task",
  "winlog.opcode": "Opcode",
  "winlog.version": "Version",
  "winlog.process.pid": "Execution_ProcessID",
  "winlog.process.thread.id": "Execution_ThreadID",
  "winlog.user.identifier": "Security_UserID",
  "log.level": "Level",
  message: "Message",
};

// Times by trust: the event log's own time in UTC, then what names its zone, then the sender's zone.
const UTC_TIME_KEYS = ["TimeCreated_SystemTime", "SystemTime", "TimeCreated", "EventTime"] as const;
const RECEIPT_TIME_KEYS = ["@timestamp", "TimeGenerated", "date"] as const;
const TIME_KEYS = [...UTC_TIME_KEYS, ...RECEIPT_TIME_KEYS, "EventReceivedTime", "TimeCollected"];

/** Names that the sender rendered, beside the numbers that rules compare. */
const RENDERED = [
  { key: "Rendered_Task", ecs: "winlog.task" },
  { key: "Rendered_Opcode", ecs: "winlog.opcode" },
  { key: "Rendered_Keywords", ecs: "winlog.keywords" },
] as const;

/** Level of an event (winmeta.h) as Winlogbeat names it. */
export const LEVELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "0": "information",
    "1": "critical",
    "2": "error",
    "3": "warning",
    "4": "information",
    "5": "verbose",
  }),
);

const DOCUMENT_SKIPS: ReadonlySet<string> = new Set([
  ...Object.values(HEADER_KEYS).flat(),
  ...TIME_KEYS,
  "@version",
  "Correlation",
  "Rendered_Level",
  ...RENDERED.map(({ key }) => key),
]);

/** The view on flat Windows records: event data names are top-level keys. */
export function flatWindowsShape(id: string): RecordShape {
  return { id, family: "windows", locate: locateFlat };
}

/** Where a name lies in flat Windows records. */
export function locateFlat(name: string): readonly FieldPath[] {
  const known = Object.hasOwn(HEADER_ECS, name) ? HEADER_ECS[name] : undefined;
  const header = known ?? (name === "ComputerName" ? "Computer" : name);
  const keys = isHeaderName(header) ? HEADER_KEYS[header] : NAMES_BY_ECS.get(name);
  if (keys !== undefined) return keys.map((key) => [key]);
  const eventData = /^winlog\.(?:event|user)_data\.(.+)$/.exec(name)?.[1];
  if (eventData !== undefined) return [[eventData]];
  // A dotted name is an ECS name that no Windows event carries.
  return name.includes(".") ? [] : [[name]];
}

function isHeaderName(name: string): name is keyof typeof HEADER_KEYS {
  return Object.hasOwn(HEADER_KEYS, name);
}

/** Event time of a flat Windows record, milliseconds UTC. */
export function timeOfFlatWindows(record: JsonRecord, context: ParseContext): number | undefined {
  for (const key of UTC_TIME_KEYS) {
    const value = record[key];
    const time = value === undefined ? undefined : timeOf(withoutBlank(value));
    if (time !== undefined) return time;
  }
  // Sysmon's own time is UTC, but doesn't say so.
  const utc = record.UtcTime;
  if (typeof utc === "string") {
    const time = isoTime(utc) ?? isoTime(`${utc}Z`);
    if (time !== undefined) return time;
  }
  for (const key of RECEIPT_TIME_KEYS) {
    const time = timeOf(record[key]);
    if (time !== undefined) return time;
  }
  for (const key of [...UTC_TIME_KEYS, ...RECEIPT_TIME_KEYS]) {
    const time = timeOf(record[key], context);
    if (time !== undefined) return time;
  }
  return undefined;
}

// Fluent Bit writes `2026-11-21 05:38:16 +0100`.
function withoutBlank(value: unknown): unknown {
  if (typeof value !== "string" || value.length > 64) return value;
  const at = value.length - 6;
  const sign = value[at + 1];
  if (value[at] !== " " || (sign !== "+" && sign !== "-")) return value;
  return value.slice(0, at) + value.slice(at + 1);
}

/** Record id, channel and host: the event log's own identity of a record. */
export function identityOfFlatWindows(record: JsonRecord): string | undefined {
  const recordId = first(record, HEADER_KEYS.EventRecordID);
  const channel = first(record, HEADER_KEYS.Channel);
  const host = first(record, HEADER_KEYS.Computer);
  if (recordId === undefined || channel === undefined || host === undefined) return undefined;
  return `${host}/${channel}/${recordId}`;
}

/** A flat Windows record under ECS names. */
export function flatWindowsDocument(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = { "event.kind": "event", "event.module": "windows" };
  for (const { key, ecs } of RENDERED) put(document, ecs, record[key]);
  for (const [ecs, header] of Object.entries(HEADER_ECS)) {
    const value = first(record, HEADER_KEYS[header]);
    if (value === undefined) continue;
    const isNumber = ecs.startsWith("winlog.process.") || ecs === "winlog.version";
    const written = isNumber ? numberOf(value) : String(value);
    putAbsent(document, ecs, ecs === "log.level" ? levelOf(String(value)) : written);
  }
  const { Rendered_Level: level } = record;
  if (typeof level === "string") putAbsent(document, "log.level", level.toLowerCase());
  const header = {
    eventId: textOf(record.EventID),
    channel: textOf(first(record, HEADER_KEYS.Channel)),
    keywords: record.Keywords,
  };
  putMeaning(document, header, record);
  putEventData(document, header, record, DOCUMENT_SKIPS);
  putAbsent(document, "host.os.type", header.channel.startsWith("Linux-") ? "linux" : "windows");
  return document;
}

function levelOf(level: string): string {
  return LEVELS.get(level) ?? level.toLowerCase();
}

function first(record: JsonRecord, keys: readonly string[]): string | number | undefined {
  for (const key of keys) {
    const value = record[key];
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return value;
  }
  return undefined;
}
