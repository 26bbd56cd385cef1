// Veeam Backup & Replication 11 to 13: its events by syslog. The line looks like RFC 5424, but its
// parameters are partly unquoted and hold quotation marks as they are, so they are read here. Source:
// Veeam, "Event Reference" and "How Integration with Syslog Server Works".
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { type DeviceMessage, readDeviceMessage } from "../network/device-messages.ts";
import { isoTime } from "../time-text.ts";
import { SERVER_ECS, serverDocument } from "./server-document.ts";

const ECS: FieldTable = {
  ...SERVER_ECS,
  "event.code": ["instanceId"],
  "user.name": ["UserName", "User", "user"],
  "user.target.name": ["AccountName", "RoleUserName", "target_user"],
  "service.version": ["VbrVersion"],
  message: ["Description", "message"],
};

/** Veeam events. */
export const veeam: Format = {
  id: "veeam",
  title: "Veeam Backup & Replication",
  reads: "text",
  shape: flatShape({ id: "veeam", family: "veeam", ecs: ECS }),
  dataClass: "security",
  sniff: (line, json) => (json === undefined && startOf(line) !== -1 ? 0.95 : 0),
  parse: (line, context) => {
    const start = startOf(line);
    if (start === -1) {
      throw new AppError("HW_PARSE_FAILED", "no Veeam event: Veeam_MP and [categoryId=… expected");
    }
    const record: Record<string, unknown> = { program: "Veeam_MP" };
    const end = readParameters(line, start, record);
    const behind = line.slice(end).replace(/^\] ?/, "").trim();
    if (behind !== "") record.message = behind;
    complete(record);
    const host = HOST.exec(line.slice(0, start))?.[1];
    if (host !== undefined && host !== "-") record.host = host;
    return { record, time: timeOf(line, context), identity: undefined };
  },
  ecs: (record) => {
    const document = serverDocument(record, ECS, "veeam", ["program"]);
    document["observer.vendor"] = "Veeam";
    return document;
  },
};

/** Index of the parameters; -1: no event of Veeam. */
function startOf(line: string): number {
  const head = line.slice(0, HEAD_CHARACTERS);
  if (!head.includes("Veeam_MP")) return -1;
  const found = head.search(/\[categoryId=\d{1,6} instanceId=\d{1,9}[ \]]/);
  return found === -1 ? -1 : found + 1;
}

const HEAD_CHARACTERS = 500;
const HOST = /(?:^| )(\S{1,255}) Veeam_MP /;
/** Parameters of one event. */
const PARAMETERS_MAX = 200;

// `name=1 name="value" name="<xml a="b" />"]`: a value ends at the mark before ` name=` or `]`, and a
// value of XML at the mark behind its last bracket.
function readParameters(line: string, start: number, record: Record<string, unknown>): number {
  let at = start;
  for (let count = 0; count < PARAMETERS_MAX && at < line.length; count++) {
    while (line[at] === " ") at++;
    const name = /^[A-Za-z_][\w.]{0,60}(?==)/.exec(line.slice(at, at + 64))?.[0];
    if (name === undefined) break;
    at += name.length + 1;
    const isQuoted = line[at] === '"';
    const end = isQuoted ? endOfQuoted(line, at + 1) : endOfWord(line, at);
    const value = line.slice(isQuoted ? at + 1 : at, end);
    if (value !== "") setField(record, name, value.replace(/\\(["\]])/g, "$1"));
    at = isQuoted ? end + 1 : end;
  }
  return at;
}

function endOfQuoted(line: string, start: number): number {
  const isXml = line[start] === "<";
  for (let at = line.indexOf('"', start); at !== -1; at = line.indexOf('"', at + 1)) {
    if (isXml && line[at - 1] !== ">") continue;
    if (/^"(?:\]|$| [A-Za-z_][\w.]{0,60}=)/.test(line.slice(at, at + 66))) return at;
  }
  return line.length;
}

function endOfWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== " " && line[at] !== "]") at++;
  return at;
}

// `<ModifiedUserInfo fullName="KREIS\x" loginType="0" />`
const FULL_NAME = /\bfullName="([^"]{1,300})"/;
const MEANINGS: readonly DeviceMessage[] = [
  { pattern: /[Mm]alware|[Rr]ansomware|[Ss]uspicious|infected/, meaning: { kind: "malware" } },
  {
    pattern: /(?:[Ll]ogin|[Ll]ogon|[Ss]ign-?in|authenticat|MFA|multi-factor)/,
    meaning: { kind: "authentication" },
  },
  {
    pattern: /(?:[Uu]ser|[Rr]ole|[Cc]redential|[Aa]ccount|[Pp]assword).{0,200} (?:added|created)/,
    meaning: { kind: "account", phase: "creation" },
  },
  {
    pattern:
      /(?:[Uu]ser|[Rr]ole|[Cc]redential|[Aa]ccount|[Pp]assword).{0,200} (?:deleted|removed|updated|changed|modified)/,
    meaning: { kind: "account", phase: "change" },
  },
  { pattern: / (?:deleted|removed)\b/, meaning: { kind: "configuration", phase: "deletion" } },
  {
    pattern: / (?:added|created|installed)\b/,
    meaning: { kind: "configuration", phase: "creation" },
  },
  {
    pattern: / (?:updated|changed|modified|disabled|enabled)\b/,
    meaning: { kind: "configuration", phase: "change" },
  },
  { pattern: / (?:started|initiated)\b/, meaning: { kind: "system", phase: "start" } },
  { pattern: / (?:finished|completed|stopped)\b/, meaning: { kind: "system", phase: "end" } },
];

function complete(record: Record<string, unknown>): void {
  const text = String(record.Description ?? record.message ?? "");
  readDeviceMessage(text, MEANINGS, record);
  if (/ (?:failed|error)\b|\bFailed\b/i.test(text)) record.outcome = "failure";
  else if (/\bSuccess|successfully\b/i.test(text)) record.outcome = "success";
  const { UserFullInfo } = record;
  const name = typeof UserFullInfo === "string" ? FULL_NAME.exec(UserFullInfo)?.[1] : undefined;
  if (name !== undefined) record.user = name;
}

// `<14>1 time host`, `1 time host`, or `time <14> host` as its guide shows it.
function timeOf(line: string, context: ParseContext): number | undefined {
  const time = /^(?:<\d{1,3}>)?(?:1 )?(\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d))/.exec(
    line,
  )?.[1];
  if (time !== undefined) return isoTime(time);
  const frame = contentOf(line);
  return frame === undefined ? undefined : frameTime(frame, context);
}
