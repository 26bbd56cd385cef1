// Windows events as the collector's windowseventlog receiver writes them (its README): the header in
// words with underscores, the event data as a list of single pairs or as an object.
import { textOf } from "../document.ts";
import { setField } from "../field-table.ts";
import type { JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";

// Header of the receiver → the event log's own names.
const HEADER: Readonly<Record<string, string>> = {
  channel: "Channel",
  computer: "Computer",
  record_id: "EventRecordID",
  system_time: "TimeCreated_SystemTime",
  message: "Message",
  level: "Level",
  task: "Task",
  opcode: "Opcode",
  keywords: "Keywords",
  version: "Version",
};

/** Whether a body is an event of the receiver. */
export function isWindowsEvent({ channel, event_id: id, provider }: JsonRecord): boolean {
  if (typeof channel !== "string" || !isRecord(provider)) return false;
  return textOf(isRecord(id) ? id.id : id) !== "";
}

/** The event with its names as the event log has them, flat. */
export function windowsEventOf(body: JsonRecord): Record<string, unknown> {
  const { event_id: eventId, provider, execution, security } = body;
  const event: Record<string, unknown> = {};
  // Event data first: a header's name can't be taken by it.
  for (const data of [body.event_data, body.user_data]) addData(event, data);
  for (const [key, name] of Object.entries(HEADER)) {
    if (body[key] !== undefined && body[key] !== "") event[name] = body[key];
  }
  event.EventID = isRecord(eventId) ? eventId.id : eventId;
  if (isRecord(provider)) {
    event.Provider_Name = provider.name;
    if (textOf(provider.guid) !== "") event.Provider_Guid = provider.guid;
  }
  if (isRecord(execution)) {
    event.Execution_ProcessID = execution.process_id;
    event.Execution_ThreadID = execution.thread_id;
  }
  if (isRecord(security)) event.Security_UserID = security.user_id;
  return event;
}

function addData(event: Record<string, unknown>, data: unknown): void {
  if (!isRecord(data)) return;
  const list = Array.isArray(data.data) ? data.data.filter(isRecord) : [data];
  for (const [position, pair] of list.entries()) {
    for (const [key, value] of Object.entries(pair)) {
      // Data without a name is known by its place, as in the event log's own XML.
      setField(event, key === "" || key === "param" ? `param${position + 1}` : key, value);
    }
  }
}
