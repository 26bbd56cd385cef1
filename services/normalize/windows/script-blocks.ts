// PowerShell logs a script (event 4104) in parts of about 15,000 characters. The part that completes a
// script is matched with the text of all of them, so that a rule finds what lies across two parts.
import type { FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { textOf } from "../document.ts";
import type { JoinRule } from "../format.ts";
import { isRecord } from "../json-text.ts";

/** Longest script that is put together, in UTF-16 units; what is behind it stays in its own part. */
const SCRIPT_CHARACTERS_MAX = 1024 * 1024;
const SCRIPT_BLOCK_EVENT = "4104";

/** Where a layout has the values; the first place that holds one counts. */
interface Places {
  readonly eventId: readonly FieldPath[];
  readonly scriptId: readonly FieldPath[];
  readonly number: readonly FieldPath[];
  readonly total: readonly FieldPath[];
  readonly text: readonly FieldPath[];
}

/** For records whose event data are top-level keys. */
export const flatScriptBlocks: JoinRule = joinRule({
  eventId: [["EventID"]],
  scriptId: [["ScriptBlockId"]],
  number: [["MessageNumber"]],
  total: [["MessageTotal"]],
  text: [["ScriptBlockText"]],
});

/** For Winlogbeat, whose module for PowerShell moves the event data to ECS names. */
export const winlogbeatScriptBlocks: JoinRule = joinRule({
  eventId: [
    ["winlog", "event_id"],
    ["event", "code"],
  ],
  scriptId: [
    ["winlog", "event_data", "ScriptBlockId"],
    ["powershell", "file", "script_block_id"],
  ],
  number: [
    ["winlog", "event_data", "MessageNumber"],
    ["powershell", "sequence"],
  ],
  total: [
    ["winlog", "event_data", "MessageTotal"],
    ["powershell", "total"],
  ],
  text: [
    ["winlog", "event_data", "ScriptBlockText"],
    ["powershell", "file", "script_block_text"],
  ],
});

function joinRule(places: Places): JoinRule {
  const partsOf = (records: readonly ParsedRecord[]): Map<number, ParsedRecord> => {
    const parts = new Map<number, ParsedRecord>();
    // A part that comes again replaces itself.
    for (const record of records) parts.set(numberAt(record, places.number), record);
    return parts;
  };
  return {
    parts: "kept",
    keyOf(record) {
      if (textAt(record, places.eventId) !== SCRIPT_BLOCK_EVENT) return undefined;
      const total = numberAt(record, places.total);
      const number = numberAt(record, places.number);
      const id = textAt(record, places.scriptId);
      const isPart = total > 1 && number >= 1 && number <= total && id !== "";
      return isPart ? `${id.toLowerCase()}/${total}` : undefined;
    },
    isComplete(records) {
      const [first] = records;
      return first !== undefined && partsOf(records).size === numberAt(first, places.total);
    },
    merge(records) {
      const last = records.at(-1);
      if (last === undefined) throw new RangeError("no parts of a script");
      const parts = [...partsOf(records)].sort(([one], [other]) => one - other);
      let script = "";
      for (const [, record] of parts) {
        const text = textAt(record, places.text);
        script += text.slice(0, SCRIPT_CHARACTERS_MAX - script.length);
      }
      const place = places.text.find((path) => textOf(valueAt(last, path)) !== "");
      return place === undefined ? last : withValue(last, place, script);
    },
  };
}

function valueAt(record: ParsedRecord, path: FieldPath): unknown {
  let value: unknown = record;
  for (const key of path) {
    value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function textAt(record: ParsedRecord, paths: readonly FieldPath[]): string {
  for (const path of paths) {
    const text = textOf(valueAt(record, path));
    if (text !== "") return text;
  }
  return "";
}

function numberAt(record: ParsedRecord, paths: readonly FieldPath[]): number {
  const text = textAt(record, paths);
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** A copy of a record with another value; the parts that it consists of stay as they are. */
function withValue(record: ParsedRecord, path: FieldPath, value: string): ParsedRecord {
  const [key, ...rest] = path;
  if (key === undefined) return record;
  const inner = record[key];
  const changed = rest.length > 0 && isRecord(inner) ? withValue(inner, rest, value) : value;
  return { ...record, [key]: changed };
}
