// Where in a record somebody from outside can write: names, addresses of pages, commands, subjects. Known
// events of Windows are read by a table, so that the many that hold nothing of the kind cost next to nothing;
// of all other records every text is looked at.
import type { FieldPath, LogEvent, RecordShape } from "../event.ts";

/**
 * `line`: one line in every format. `text`: may have several lines and colours, as messages do. `code`:
 * may hold anything that programs are made of.
 */
export type FieldUse = "line" | "text" | "code";

/** A text of a record. */
export interface FieldText {
  readonly field: string;
  readonly use: FieldUse;
  readonly text: string;
}

interface PlannedField {
  readonly field: string;
  readonly use: FieldUse;
  readonly paths: readonly FieldPath[];
}

const LINES =
  "TargetUserName WorkstationName TargetFilename QueryName ServiceName TaskName PipeName DestinationHostname ShareName RelativeTargetName ObjectName TargetServerName CertSubjectName user_agent.original url.original email.subject";
const MESSAGE = "Message";
const TEXTS = `Details Description param1 param2`;
const CODE =
  "CommandLine ParentCommandLine ScriptBlockText Payload HostApplication ImagePath ServiceFileName TaskContent Data";

/** Channel in lower case → event id → fields that somebody can fill; an event that is not named has none. */
const KNOWN_EVENTS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    security: {
      "4624": "TargetUserName WorkstationName",
      "4625": "TargetUserName WorkstationName",
      "4648": "TargetUserName TargetServerName",
      "4688": "CommandLine",
      "4697": "ServiceName ServiceFileName",
      "4698": "TaskName TaskContent",
      "4702": "TaskName TaskContent",
      "4720": "TargetUserName",
      "4740": "TargetUserName",
      "4768": "TargetUserName",
      "4769": "TargetUserName ServiceName",
      "4771": "TargetUserName",
      "4776": "TargetUserName WorkstationName",
      "4781": "TargetUserName",
      "5140": "ShareName",
      "5145": "RelativeTargetName",
      ...noneOf(
        "4608 4627 4634 4647 4656 4658 4659 4660 4661 4662 4663 4664 4670 4672 4673 4674 4689",
      ),
      ...noneOf("4690 4696 4703 4985 5058 5061 5152 5154 5156 5157 5158 5379 5447 5448 5449"),
    },
    "microsoft-windows-sysmon/operational": {
      "1": "CommandLine ParentCommandLine Description",
      "2": "TargetFilename",
      "3": "DestinationHostname",
      "11": "TargetFilename",
      "13": "Details",
      "14": "Details",
      "15": "TargetFilename",
      "17": "PipeName",
      "18": "PipeName",
      "22": "QueryName",
      "23": "TargetFilename",
      "26": "TargetFilename",
      ...noneOf("4 5 6 7 8 9 10 12 16 24 25"),
    },
    "windows powershell": { "800": "param1", ...noneOf("400 403 600") },
    "microsoft-windows-powershell/operational": {
      "4103": "Payload",
      "4104": "ScriptBlockText",
      ...noneOf("4105 4106 40961 40962 53504"),
    },
  }).map(([channel, events]) => [channel, new Map(Object.entries(events))]),
);

function noneOf(ids: string): Record<string, string> {
  return Object.fromEntries(ids.split(" ").map((id) => [id, ""]));
}

const WINDOWS_FAMILY = "windows";
const VALUES_MAX = 300;
const DEPTH_MAX = 4;

interface WindowsPlan {
  readonly channel: readonly FieldPath[];
  readonly eventId: readonly FieldPath[];
  readonly known: ReadonlyMap<string, ReadonlyMap<string, readonly PlannedField[]>>;
  readonly others: readonly PlannedField[];
}

const plans = new WeakMap<RecordShape, WindowsPlan>();

/**
 * Texts of the event that somebody may have filled and that `isWanted`; a generator would cost more than
 * what it looks at, so each is handed to `take`.
 */
export function eachFieldText(
  event: LogEvent,
  isWanted: (text: string, use: FieldUse) => boolean,
  take: (found: FieldText) => void,
): void {
  if (event.shape.family !== WINDOWS_FAMILY) {
    // What stands in no part of the line stands in no value; escaped writing is reason for a look by itself.
    if (event.text !== undefined && !mayHoldBreaks(event.text) && !isWanted(event.text, "text"))
      return;
    eachText(event.record, isWanted, take);
    return;
  }
  let hasFields = false;
  for (const { field, use, paths } of plannedFields(event)) {
    // The message repeats the fields in the words of the system; where there are none, it is all there is.
    if (hasFields && field === MESSAGE) continue;
    for (const path of paths) {
      const value = valueAt(event.record, path);
      if (typeof value !== "string") continue;
      hasFields = true;
      if (isWanted(value, use)) take({ field, use, text: value });
      break;
    }
  }
}

// In one line of text a break can only stand escaped, as JSON writes it.
function mayHoldBreaks(text: string): boolean {
  return text.includes("\\n") || text.includes("\\r") || text.includes("\n");
}

function plannedFields({ shape, record }: LogEvent): readonly PlannedField[] {
  let plan = plans.get(shape);
  if (plan === undefined) {
    plan = planOf(shape);
    plans.set(shape, plan);
  }
  const channel = firstAt(record, plan.channel);
  const events = typeof channel === "string" ? plan.known.get(channel.toLowerCase()) : undefined;
  if (events === undefined) return plan.others;
  const id = firstAt(record, plan.eventId);
  return events.get(typeof id === "string" ? id : String(id)) ?? plan.others;
}

function planOf(shape: RecordShape): WindowsPlan {
  const plannedOf = (names: string): PlannedField[] =>
    names
      .split(" ")
      .filter((name) => name !== "")
      .map((field) => ({ field, use: kindOfField(field), paths: shape.locate(field) }));
  const known = [...KNOWN_EVENTS].map(
    ([channel, events]) =>
      [channel, new Map([...events].map(([id, names]) => [id, plannedOf(names)]))] as const,
  );
  return {
    channel: shape.locate("Channel"),
    eventId: shape.locate("EventID"),
    known: new Map(known),
    others: plannedOf(`${LINES} ${TEXTS} ${CODE} ${MESSAGE}`),
  };
}

const PLANNED_USES: ReadonlyMap<string, FieldUse> = new Map([
  ...LINES.split(" ").map((name) => [name, "line"] as const),
  ...TEXTS.split(" ").map((name) => [name, "text"] as const),
  ...CODE.split(" ").map((name) => [name, "code"] as const),
]);
const LINE_NAME =
  /(?:^|[._-])(?:user_?agent|agent|url|uri|path|query|user(?:_?name)?|login|account|acct|name|host(?:_?name)?|domain|fqdn|subject|cn|issuer|file_?name|file|referr?er|method|sni|server_name|rrname|original|mail|email|from|to|sender|recipient|client)$/i;
const CODE_NAME = /(?:command|cmd|script|args|statement|sql|proctitle|exe|argv|payload)/i;

function kindOfField(name: string): FieldUse {
  const planned = PLANNED_USES.get(name);
  if (planned !== undefined) return planned;
  if (CODE_NAME.test(name)) return "code";
  if (/(?:^|\.)event\.original$/.test(name)) return "text";
  return LINE_NAME.test(name) ? "line" : "text";
}

function eachText(
  root: object,
  isWanted: (text: string, use: FieldUse) => boolean,
  take: (found: FieldText) => void,
): void {
  let left = VALUES_MAX;
  const walk = (value: unknown, name: string, depth: number): void => {
    if (left <= 0) return;
    if (typeof value === "string") {
      left -= 1;
      const use = kindOfField(name);
      if (isWanted(value, use)) take({ field: name, use, text: value });
    } else if (typeof value === "object" && value !== null && depth < DEPTH_MAX) {
      for (const [key, one] of Object.entries(value)) {
        // An element of a list has the list's name.
        const isList = Array.isArray(value);
        walk(one, isList ? name : name === "" ? key : `${name}.${key}`, depth + 1);
      }
    }
  };
  walk(root, "", 0);
}

function firstAt(record: object, paths: readonly FieldPath[]): unknown {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueAt(record: object, path: FieldPath): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    // An object that was just seen to have the key.
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
