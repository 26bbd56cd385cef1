// Windows events as nested JSON: of Vector (windows_event_log), the OpenTelemetry collector
// (windowseventlog receiver), Grafana Alloy, and tools that write an event log's own tree (evtx_dump,
// `{"Event":{"System":…}}`). The record is laid out like windows-flat.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format, JsonRecord, ParseContext } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { flatScriptBlocks } from "./script-blocks.ts";
import {
  flatWindowsDocument,
  flatWindowsShape,
  identityOfFlatWindows,
  timeOfFlatWindows,
} from "./windows-flat.ts";
import { dataName, readEventXml } from "./windows-xml.ts";

/** Windows events as nested JSON. */
export const windowsNested: Format = {
  id: "windows-nested",
  title: "Windows events as nested JSON (Vector, OpenTelemetry, evtx_dump)",
  reads: "json",
  shape: flatWindowsShape("windows-nested"),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || json.winlog !== undefined || json.EventID !== undefined) return 0;
    return isTree(json) || isCollected(json) ? 0.95 : 0;
  },
  parse: (_line, context, json) => {
    const record =
      json === undefined
        ? undefined
        : isTree(json)
          ? ofTree(json)
          : isCollected(json)
            ? ofCollected(json, context)
            : undefined;
    if (record?.EventID === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Windows event: Event.System, or event_id and channel, were expected",
      );
    }
    return {
      record,
      time: timeOfFlatWindows(record, context),
      identity: identityOfFlatWindows(record),
    };
  },
  ecs: flatWindowsDocument,
  join: flatScriptBlocks,
};

type Flat = Record<string, unknown>;

function isTree(json: JsonRecord): boolean {
  return isRecord(json.Event) && isRecord(json.Event.System);
}

// Vector: provider_name; OpenTelemetry: provider { name, guid }; Alloy: source.
function isCollected(json: JsonRecord): boolean {
  const { event_id: eventId, channel } = json;
  const isEvent = typeof eventId === "number" || isRecord(eventId);
  const hasProvider = json.provider_name ?? json.provider ?? json.source;
  return isEvent && typeof channel === "string" && hasProvider !== undefined;
}

/** Elements of `System` → names of flat records. */
const TREE_ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Provider: { Name: "Provider_Name", Guid: "Provider_Guid" },
  TimeCreated: { SystemTime: "TimeCreated_SystemTime" },
  Execution: { ProcessID: "Execution_ProcessID", ThreadID: "Execution_ThreadID" },
  Security: { UserID: "Security_UserID" },
};
/** Under which attributes stand: evtx_dump, xml2js, xmltodict. */
const ATTRIBUTE_KEYS = ["#attributes", "$", "attributes"];

function ofTree(json: JsonRecord): Flat {
  const event = isRecord(json.Event) ? json.Event : {};
  const record: Flat = {};
  for (const [name, value] of Object.entries(isRecord(event.System) ? event.System : {})) {
    const attributes = Object.hasOwn(TREE_ATTRIBUTES, name) ? TREE_ATTRIBUTES[name] : undefined;
    if (attributes !== undefined) takeAttributes(record, value, attributes);
    else if (name === "EventID") record.EventID = numberOr(textIn(value));
    else if (textIn(value) !== undefined) setField(record, name, textIn(value));
  }
  takeData(record, event.EventData);
  if (isRecord(event.UserData)) {
    for (const part of Object.values(event.UserData)) takeData(record, part);
  }
  const { RenderingInfo: rendered } = event;
  if (isRecord(rendered) && typeof rendered.Message === "string") record.Message = rendered.Message;
  return record;
}

function takeAttributes(
  record: Flat,
  value: unknown,
  names: Readonly<Record<string, string>>,
): void {
  if (!isRecord(value)) return;
  const nested = ATTRIBUTE_KEYS.map((key) => value[key]).find(isRecord);
  for (const [attribute, name] of Object.entries(names)) {
    const found = nested?.[attribute] ?? value[`@${attribute}`] ?? value[attribute];
    if (found !== undefined) record[name] = found;
  }
}

// An object of names, or a list of `{ "@Name": …, "#text": … }`, or a list of values.
function takeData(record: Flat, data: unknown): void {
  if (!isRecord(data)) return;
  for (const [name, value] of Object.entries(data)) {
    if (ATTRIBUTE_KEYS.includes(name) || name.startsWith("@")) continue;
    if (name !== "Data") {
      setField(record, dataName(name), textIn(value) ?? value);
      continue;
    }
    const values = Array.isArray(value) ? value : [value];
    const unnamed = values
      .filter((one) => !takeNamed(record, one))
      .map((one) => textIn(one) ?? one);
    if (unnamed.length > 0) record.Data = unnamed.length === 1 ? unnamed[0] : unnamed;
  }
}

function takeNamed(record: Flat, value: unknown): boolean {
  if (!isRecord(value)) return false;
  const nested = ATTRIBUTE_KEYS.map((key) => value[key]).find(isRecord);
  const name = nested?.Name ?? value["@Name"] ?? value.Name;
  if (typeof name !== "string" || name === "") return false;
  setField(record, dataName(name), textIn(value) ?? "");
  return true;
}

// A text, or the text of an element that has attributes too.
function textIn(value: unknown): string | number | undefined {
  if (typeof value === "string" || typeof value === "number") return value;
  if (!isRecord(value)) return undefined;
  const text = value["#text"] ?? value._;
  return typeof text === "string" || typeof text === "number" ? text : undefined;
}

function numberOr(value: string | number | undefined): string | number | undefined {
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** What Vector, the collector and Alloy call the header → names of flat records. */
const COLLECTED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    channel: "Channel",
    computer: "Computer",
    provider_name: "Provider_Name",
    provider_guid: "Provider_Guid",
    source: "Provider_Name",
    record_id: "EventRecordID",
    eventRecordID: "EventRecordID",
    system_time: "TimeCreated_SystemTime",
    timeCreated: "TimeCreated_SystemTime",
    timestamp: "TimeCreated_SystemTime",
    level_value: "Level",
    levelText: "Rendered_Level",
    task: "Task",
    task_name: "Rendered_Task",
    taskText: "Rendered_Task",
    opcode: "Opcode",
    opCode: "Opcode",
    opCodeText: "Rendered_Opcode",
    opcode_name: "Rendered_Opcode",
    keywords: "Keywords",
    keyword_names: "Rendered_Keywords",
    message: "Message",
    version: "Version",
    process_id: "Execution_ProcessID",
    thread_id: "Execution_ThreadID",
    user_id: "Security_UserID",
  }),
);
const COLLECTED_PARTS = new Set(["event_id", "provider", "execution", "security", "level"]);

function ofCollected(json: JsonRecord, context: ParseContext): Flat {
  const { event_id: eventId, provider, execution, security } = json;
  const record: Flat = { EventID: numberOr(textIn(isRecord(eventId) ? eventId.id : eventId)) };
  if (isRecord(provider)) {
    setField(record, "Provider_Name", provider.name);
    setField(record, "Provider_Guid", provider.guid);
  }
  if (isRecord(execution)) {
    setField(record, "Execution_ProcessID", execution.process_id ?? execution.processId);
    setField(record, "Execution_ThreadID", execution.thread_id ?? execution.threadId);
  }
  if (json.level !== undefined) {
    record[typeof json.level === "number" ? "Level" : "Rendered_Level"] = json.level;
  }
  if (isRecord(security)) setField(record, "Security_UserID", security.user_id ?? security.userId);
  for (const [key, value] of Object.entries(json)) {
    if (COLLECTED_PARTS.has(key)) continue;
    if (key === "event_data" || key === "user_data") takeCollectedData(record, value, context);
    else {
      const name = COLLECTED.get(key) ?? key;
      if (!Object.hasOwn(record, name)) setField(record, name, value);
    }
  }
  if (Array.isArray(json.string_inserts) && record.Data === undefined) {
    const isNamed = isRecord(json.event_data) && Object.keys(json.event_data).length > 0;
    if (!isNamed) record.Data = json.string_inserts;
    delete record.string_inserts;
  }
  return record;
}

// Names → values; the collector before 0.115 sent `{ "data": [{ "Name": "value" }, …] }`.
function takeCollectedData(record: Flat, data: unknown, context: ParseContext): void {
  if (typeof data === "string" && data.startsWith("<")) {
    // Alloy leaves the elements as they are.
    const xml = `<Event><System><EventID>0</EventID></System><EventData>${data}</EventData></Event>`;
    for (const [name, value] of Object.entries(readEventXml(xml, context).record)) {
      if (name !== "EventID") setField(record, name, value);
    }
    return;
  }
  if (!isRecord(data)) return;
  for (const [name, value] of Object.entries(data)) {
    if (name !== "data" || !Array.isArray(value)) {
      setField(record, dataName(name), value);
      continue;
    }
    const unnamed: unknown[] = [];
    for (const pair of value) {
      if (!isRecord(pair)) unnamed.push(pair);
      else {
        for (const [key, one] of Object.entries(pair)) {
          if (key === "") unnamed.push(one);
          else setField(record, dataName(key), one);
        }
      }
    }
    if (unnamed.length > 0) record.Data = unnamed.length === 1 ? unnamed[0] : unnamed;
  }
}
