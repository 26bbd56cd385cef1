// Windows events in Snare's form: `MSWinEventLog` and values parted by tabs, behind syslog or bare. Sent
// by Snare agents, NXLog (to_syslog_snare) and collectors for older SIEMs. The data of the event stands
// only in the rendered message.
import { AppError } from "../../../config/errors.ts";
import type { Format, ParseContext } from "../format.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { flatScriptBlocks } from "./script-blocks.ts";
import { flatWindowsDocument, flatWindowsShape } from "./windows-flat.ts";
import { addMessageData } from "./windows-message.ts";

/** Snare's Windows events. */
export const snare: Format = {
  id: "snare",
  title: "Windows events in Snare's form",
  reads: "text",
  shape: flatWindowsShape("snare"),
  dataClass: "security",
  sniff: (line, json) => (json === undefined && valuesOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const values = valuesOf(line);
    if (values === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Snare event: MSWinEventLog and at least 12 values parted by tabs were expected",
      );
    }
    return {
      record: recordOf(values),
      time: timeOf(values[4] ?? "", context),
      identity: undefined,
    };
  },
  ecs: flatWindowsDocument,
  join: flatScriptBlocks,
};

const MARK = "MSWinEventLog";
/** The mark stands behind the syslog header and the host. */
const HEAD_CHARACTERS = 400;
const VALUES_MIN = 12;
const VALUES_MAX = 40;

// rsyslog writes tabs as `#011` unless it is told otherwise.
function valuesOf(line: string): string[] | undefined {
  const at = line.slice(0, HEAD_CHARACTERS).indexOf(MARK);
  if (at === -1) return undefined;
  const rest = line.slice(at);
  const values = (rest[MARK.length] === "#" ? rest.replaceAll("#011", "\t") : rest).split(
    "\t",
    VALUES_MAX,
  );
  const isWhole = values.length >= VALUES_MIN && /^\d{1,9}$/.test(values[5] ?? "");
  return isWhole ? values : undefined;
}

// MSWinEventLog, criticality, log, counter, time, event id, source, user, kind of SID, kind of event,
// computer, category, data, message, counter.
function recordOf(values: readonly string[]): Record<string, unknown> {
  const [, , channel = "", , , eventId = "", source, user, , kind = "", computer] = values;
  const message = values.slice(13, values.length > 14 ? -1 : undefined).join("\t");
  const record: Record<string, unknown> = {
    Channel: channel,
    EventID: Number(eventId),
    Provider_Name: source,
    Computer: computer,
    Category: values[11],
    Message: message === "" ? values[12] : message,
  };
  if (/audit/i.test(kind)) record.Keywords = /fail/i.test(kind) ? "Audit Failure" : "Audit Success";
  else record.Level = kind;
  addMessageData(record, channel, eventId, String(record.Message));
  if (user !== "N/A" && user !== "" && record.User === undefined) record.AccountName = user;
  return record;
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

// `Sat Nov 21 05:38:16 2026`, the computer's wall clock.
function timeOf(text: string, context: ParseContext): number | undefined {
  const parts = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(
    text,
  );
  if (parts === null) return undefined;
  const month = MONTHS.indexOf(parts[1] ?? "") / 3 + 1;
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = parts.slice(2).map(Number);
  const wallMs = wallTime(year, month, day, hour, minute, second);
  return wallMs === undefined ? undefined : wallToUtc(wallMs, context);
}
