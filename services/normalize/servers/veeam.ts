// Veeam Backup & Replication 11 to 13: its events by syslog. The line looks like RFC 5424, but its
// parameters are partly unquoted and hold quotation marks as they are, so they are read here. Source:
// Veeam, "Event Reference" and "How Integration with Syslog Server Works".
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { rememberLast } from "../last-line.ts";
import type { DeviceMeaning } from "../network/device-messages.ts";
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
const startOf = rememberLast((line: string): number => {
  const head = line.slice(0, HEAD_CHARACTERS);
  if (!head.includes("Veeam_MP")) return -1;
  const found = head.search(/\[categoryId=\d{1,6} instanceId=\d{1,9}[ \]]/);
  return found === -1 ? -1 : found + 1;
});

const HEAD_CHARACTERS = 500;
/** Of the sentence, in which its meaning is looked for. */
const DESCRIPTION_CHARACTERS = 1000;
const HOST = / (\S{1,255}) Veeam_MP /;
/** Parameters of one event. */
const PARAMETERS_MAX = 200;
const NAME_MAX = 60;
const NAME = /^[A-Za-z_][\w.]*$/;
const NEXT_NAME = /^[A-Za-z_][\w.]{0,60}=/;

// `name=1 name="value" name="<xml a="b" />"]`: a value ends at the mark before ` name=` or `]`, and a
// value of XML at the mark behind its last bracket.
function readParameters(line: string, start: number, record: Record<string, unknown>): number {
  let at = start;
  for (let count = 0; count < PARAMETERS_MAX && at < line.length; count++) {
    while (line[at] === " ") at++;
    const equals = line.indexOf("=", at);
    const name = equals === -1 || equals - at > NAME_MAX ? "" : line.slice(at, equals);
    if (!NAME.test(name)) break;
    at += name.length + 1;
    const isQuoted = line[at] === '"';
    const end = isQuoted ? endOfQuoted(line, at + 1) : endOfWord(line, at);
    const value = line.slice(isQuoted ? at + 1 : at, end);
    if (value !== "") setField(record, name, unescaped(value));
    at = isQuoted ? end + 1 : end;
  }
  return at;
}

function endOfQuoted(line: string, start: number): number {
  const isXml = line[start] === "<";
  for (let at = line.indexOf('"', start); at !== -1; at = line.indexOf('"', at + 1)) {
    if (isXml && line[at - 1] !== ">") continue;
    const next = line[at + 1];
    if (next === "]" || next === undefined) return at;
    if (next === " " && NEXT_NAME.test(line.slice(at + 2, at + 3 + NAME_MAX))) return at;
  }
  return line.length;
}

function unescaped(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\]])/g, "$1") : value;
}

function endOfWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== " " && line[at] !== "]") at++;
  return at;
}

// `<ModifiedUserInfo fullName="KREIS\x" loginType="0" />`
const FULL_NAME = /\bfullName="([^"]{1,300})"/;
const DONE =
  / (?:been )?(deleted|removed|added|created|installed|updated|changed|modified|disabled|enabled|started|finished|completed|stopped)\b/;
const PHASES = new Map<string | undefined, DeviceMeaning["phase"]>([
  ["deleted", "deletion"],
  ["removed", "deletion"],
  ["added", "creation"],
  ["created", "creation"],
  ["installed", "creation"],
  ["started", "start"],
  ["finished", "end"],
  ["completed", "end"],
  ["stopped", "end"],
]);
const RUNS = /^(?:started|finished|completed|stopped)$/;

/** What an event's sentence is about. */
function meaningOf(text: string): DeviceMeaning {
  const done = DONE.exec(text)?.[1];
  const phase = PHASES.get(done) ?? (done === undefined ? undefined : "change");
  const meaning: DeviceMeaning = phase === undefined ? {} : { phase };
  if (/malware|ransom|suspicious|infected/i.test(text)) return { ...meaning, kind: "malware" };
  if (/log-?[io]n|sign-?in|authenticat|\bMFA\b|multi-factor/i.test(text)) {
    return { ...meaning, kind: "authentication" };
  }
  if (done === undefined) return {};
  if (RUNS.test(done)) return { ...meaning, kind: "system" };
  const isAccount = /\b(?:user|role|credential|account|password)/i.test(text);
  return { ...meaning, kind: isAccount ? "account" : "configuration" };
}

function complete(record: Record<string, unknown>): void {
  const text = String(record.Description ?? record.message ?? "");
  Object.assign(record, meaningOf(text.slice(0, DESCRIPTION_CHARACTERS)));
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
