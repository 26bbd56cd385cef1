// Windows events as flat JSON: header and event data side by side at the top level. NXLog (im_msvistalog
// with to_json) sends this, and so do Azure Monitor exports and most published recordings.

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
import { putAbsent, putEventData, putMeaning } from "./windows-ecs.ts";
import { NAMES_BY_ECS } from "./windows-fields.ts";

/** Windows events as flat JSON. */
export const windowsFlat: Format = {
  id: "windows-flat",
  title: "Windows events as flat JSON (NXLog, Fluent Bit)",
  reads: "json",
  shape: flatWindowsShape("windows-flat"),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || json.EventID === undefined || json.winlog !== undefined) return 0;
    return (first(json, HEADER_KEYS.Channel) ?? first(json, HEADER_KEYS.Provider_Name)) ? 0.95 : 0;
  },
  parse: (_line, context, json) => {
    if (json?.EventID === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Windows event: a JSON object with EventID was expected",
      );
    }
    return {
      record: json,
      time: timeOfFlatWindows(json, context),
      identity: identityOfFlatWindows(json),
    };
  },
  ecs: (record) => flatWindowsDocument(record),
};

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
  Task: ["Task"],
  Opcode: ["Opcode"],
  Version: ["Version"],
  Provider_Guid: ["Provider_Guid", "ProviderGuid"],
  Execution_ProcessID: ["Execution_ProcessID", "ExecutionProcessID", "ProcessID"],
  Execution_ThreadID: ["Execution_ThreadID", "ExecutionThreadID", "ThreadID"],
  Security_UserID: ["Security_UserID", "UserID"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

// ECS and Winlogbeat names of the header.
const HEADER_ECS: Readonly<Record<string, keyof typeof HEADER_KEYS>> = {
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
const RECEIPT_TIME_KEYS = ["@timestamp", "TimeGenerated"] as const;
const TIME_KEYS = [...UTC_TIME_KEYS, ...RECEIPT_TIME_KEYS, "EventReceivedTime", "TimeCollected"];

const DOCUMENT_SKIPS: ReadonlySet<string> = new Set([
  ...Object.values(HEADER_KEYS).flat(),
  ...TIME_KEYS,
  "@version",
  "Correlation",
]);

/** The view on flat Windows records: event data names are top-level keys. */
export function flatWindowsShape(id: string): RecordShape {
  return { id, family: "windows", locate: locateFlat };
}

function locateFlat(name: string): readonly FieldPath[] {
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
    const time = value === undefined ? undefined : timeOf(value);
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
  for (const [ecs, header] of Object.entries(HEADER_ECS)) {
    const value = first(record, HEADER_KEYS[header]);
    if (value === undefined) continue;
    const isNumber = ecs.startsWith("winlog.process.") || ecs === "winlog.version";
    put(document, ecs, isNumber ? numberOf(value) : String(value));
  }
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

function first(record: JsonRecord, keys: readonly string[]): string | number | undefined {
  for (const key of keys) {
    const value = record[key];
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return value;
  }
  return undefined;
}
