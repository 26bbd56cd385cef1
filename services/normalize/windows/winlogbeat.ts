// Winlogbeat 7, 8 and 9 (and Elastic Agent's Windows integrations): ECS with the event log's own fields
// under `winlog`. Documents keep their names; ECS names that only Elastic's ingest pipelines would
// add are filled in from the event data.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { putAll, textOf } from "../document.ts";
import { nested } from "../dotted-keys.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { winlogbeatScriptBlocks } from "./script-blocks.ts";
import { putAbsent, putEventData, putMeaning } from "./windows-ecs.ts";
import { GENERAL, NAMES_BY_ECS } from "./windows-fields.ts";

/** Winlogbeat documents. */
export const winlogbeat: Format = {
  id: "winlogbeat",
  title: "Winlogbeat and Elastic Agent (Windows events)",
  reads: "json",
  shape: { id: "winlogbeat", family: "windows", locate },
  dataClass: "security",
  sniff: (line, json) => {
    if (json === undefined || isLinuxSysmon(json)) return 0;
    if (isRecord(json.winlog)) return 1;
    return json.winlog === undefined && line.includes('"winlog.') && hasWinlogKey(json) ? 1 : 0;
  },
  parse: (_line, context, json) => {
    const record = nested(json ?? {});
    const winlog = record.winlog;
    if (!isRecord(winlog)) {
      throw new AppError("HW_PARSE_FAILED", "no Winlogbeat document: `winlog` was expected");
    }
    return { record, time: timeOfBeat(record, context), identity: identityOf(record, winlog) };
  },
  ecs,
  join: winlogbeatScriptBlocks,
};

/** Whether a document is of Sysmon for Linux, whose events have a format of their own. */
export function isLinuxSysmon(json: JsonRecord): boolean {
  const channel = isRecord(json.winlog) ? json.winlog.channel : json["winlog.channel"];
  return typeof channel === "string" && channel.startsWith("Linux-Sysmon/");
}

/** Sigma and event log names of the header → where Winlogbeat puts them. */
const HEADER: Readonly<Record<string, readonly FieldPath[]>> = {
  EventID: [
    ["winlog", "event_id"],
    ["event", "code"],
  ],
  Channel: [["winlog", "channel"]],
  Computer: [
    ["winlog", "computer_name"],
    ["host", "name"],
  ],
  ComputerName: [
    ["winlog", "computer_name"],
    ["host", "name"],
  ],
  Hostname: [
    ["winlog", "computer_name"],
    ["host", "name"],
  ],
  Provider_Name: [
    ["winlog", "provider_name"],
    ["event", "provider"],
  ],
  Provider_Guid: [["winlog", "provider_guid"]],
  EventRecordID: [["winlog", "record_id"]],
  Message: [["message"]],
  Keywords: [["winlog", "keywords"]],
  Task: [["winlog", "task"]],
  Opcode: [["winlog", "opcode"]],
  Level: [["log", "level"]],
  Execution_ProcessID: [["winlog", "process", "pid"]],
  Execution_ThreadID: [["winlog", "process", "thread", "id"]],
  Security_UserID: [["winlog", "user", "identifier"]],
  "event.code": [
    ["event", "code"],
    ["winlog", "event_id"],
  ],
  "winlog.event_id": [
    ["winlog", "event_id"],
    ["event", "code"],
  ],
  "event.provider": [
    ["event", "provider"],
    ["winlog", "provider_name"],
  ],
  "host.name": [
    ["host", "name"],
    ["winlog", "computer_name"],
  ],
  "winlog.computer_name": [
    ["winlog", "computer_name"],
    ["host", "name"],
  ],
};

function locate(name: string): readonly FieldPath[] {
  const header = Object.hasOwn(HEADER, name) ? HEADER[name] : undefined;
  if (header !== undefined) return header;
  if (name.includes(".")) {
    const eventData = NAMES_BY_ECS.get(name) ?? [];
    return [name.split("."), ...eventData.map((key) => ["winlog", "event_data", key])];
  }
  // Flat records have their data under such names where the header has the bare one.
  const bare = name.startsWith("Data_") ? name.slice("Data_".length) : name;
  const key = Object.hasOwn(HEADER, bare) ? bare : name;
  const paths: FieldPath[] = [
    ["winlog", "event_data", key],
    ["winlog", "user_data", key],
  ];
  const ecsName = Object.hasOwn(GENERAL, name) ? GENERAL[name] : undefined;
  // Which account and which process a name means depends on the event: there ECS can't stand in.
  const isClear = ecsName !== undefined && !/^@|^user\.|\.pid$/.test(ecsName);
  return isClear ? [...paths, ecsName.split(".")] : paths;
}

function hasWinlogKey(json: JsonRecord): boolean {
  for (const key in json) if (key.startsWith("winlog.")) return true;
  return false;
}

/** Event time of a Beats document. Fluent Bit and some pipelines send numbers. */
export function timeOfBeat(record: JsonRecord, context: ParseContext): number | undefined {
  return timeOf(record["@timestamp"], context);
}

function identityOf(record: JsonRecord, winlog: JsonRecord): string | undefined {
  const host = winlog.computer_name ?? (isRecord(record.host) ? record.host.name : undefined);
  const { channel, record_id: recordId } = winlog;
  const parts = [host, channel, recordId];
  const isWhole = parts.every((part) => typeof part === "string" || typeof part === "number");
  return isWhole ? parts.join("/") : undefined;
}

const NO_NAMES: ReadonlySet<string> = new Set();

function ecs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  putAll(document, "", record);
  for (const name of Object.keys(document)) {
    // `@metadata` is for the shipper's output, and the original stays sealed.
    if (name.startsWith("@metadata") || name === "event.original") delete document[name];
  }
  const winlog = isRecord(record.winlog) ? record.winlog : {};
  const event = isRecord(record.event) ? record.event : {};
  const header = {
    eventId: textOf(winlog.event_id ?? event.code),
    channel: textOf(winlog.channel),
    keywords: winlog.keywords,
  };
  const eventId = header.eventId === "" ? undefined : header.eventId;
  // Winlogbeat 7 sent ids as numbers; one type for all.
  if (eventId !== undefined) document["winlog.event_id"] = eventId;
  const recordId = document["winlog.record_id"];
  if (typeof recordId === "number") document["winlog.record_id"] = String(recordId);
  putAbsent(document, "event.code", eventId);
  putAbsent(document, "event.provider", winlog.provider_name);
  putAbsent(document, "host.name", winlog.computer_name);
  putAbsent(document, "event.module", "windows");
  const own = isRecord(winlog.event_data) ? winlog.event_data : {};
  // Who cleared a log (1102) stands in the user data, as everything of AppLocker does.
  const user = isRecord(winlog.user_data) ? winlog.user_data : {};
  const data = Object.keys(own).length > 0 ? own : user;
  putMeaning(document, header, data);
  putEventData(document, header, data, NO_NAMES);
  return document;
}
