// Windows events that NXLog sends as RFC 5424 syslog (`to_syslog_ietf` behind im_msvistalog): the fields
// stand in the structured data, `[NXLOG@14506 EventID="4625" …]`, the rendered message behind it.
import { AppError } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, frameTime, type SyslogFrame } from "../generic/syslog.ts";
import { flatScriptBlocks } from "./script-blocks.ts";
import {
  flatWindowsDocument,
  flatWindowsShape,
  identityOfFlatWindows,
  timeOfFlatWindows,
} from "./windows-flat.ts";

/** Windows events in NXLog's structured data. */
export const nxlogSyslog: Format = {
  id: "nxlog-syslog",
  title: "Windows events in syslog (NXLog)",
  reads: "text",
  shape: flatWindowsShape("nxlog-syslog"),
  dataClass: "security",
  mayClaim: ({ line, isFramed }) => isFramed && line === "<",
  sniff: (line, json) => (json === undefined && frameOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const frame = frameOf(line);
    if (frame === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Windows event of NXLog: [NXLOG@14506 EventID=… Channel=…] was expected",
      );
    }
    const record = recordOf(frame);
    // The fields carry the event's own time only when NXLog is told to; the header always does.
    const time = timeOfFlatWindows(record, context) ?? frameTime(frame, context);
    return { record, time, identity: identityOfFlatWindows(record) };
  },
  ecs: flatWindowsDocument,
  join: flatScriptBlocks,
};

const ID = "NXLOG@14506.";

function frameOf(line: string): SyslogFrame | undefined {
  if (line.charCodeAt(0) !== 0x3c || !line.slice(0, 500).includes("[NXLOG@14506 "))
    return undefined;
  const frame = contentOf(line);
  const isEvent = frame?.data[`${ID}EventID`] !== undefined;
  return isEvent && frame.data[`${ID}Channel`] !== undefined ? frame : undefined;
}

function recordOf(frame: SyslogFrame): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(frame.data)) {
    if (name.startsWith(ID)) setField(record, name.slice(ID.length), value);
  }
  const eventId = String(record.EventID);
  if (/^\d{1,9}$/.test(eventId)) record.EventID = Number(eventId);
  // The header has what NXLog doesn't repeat in the fields.
  record.Hostname ??= frame.host;
  record.SourceName ??= frame.program;
  if (frame.message !== "") record.Message = frame.message;
  return record;
}
