// The syslog header, RFC 5424 and RFC 3164, with or without priority, and the format for framed lines
// that no other format claims. Formats whose lines travel inside syslog ask `contentOf` for their part.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { headerTimeToUtc, type ReadTime, readHeaderTime } from "./syslog-time.ts";

/** A syslog line taken apart. */
export interface SyslogFrame {
  /** 0 to 191 = facility × 8 + severity; undefined when the line has none. */
  readonly priority: number | undefined;
  readonly time: ReadTime | undefined;
  readonly host: string | undefined;
  /** Program without path, e.g. `sshd`. */
  readonly program: string | undefined;
  readonly pid: string | undefined;
  readonly messageId: string | undefined;
  /** `<id>.<parameter>` → value. */
  readonly data: Readonly<Record<string, string>>;
  /** Behind the host, with the program's tag. */
  readonly content: string;
  /** Behind the program's tag, without leading blanks. */
  readonly message: string;
}

/** Structured data of one line. */
const PARAMETERS_MAX = 200;

// One line is asked for by several formats, one after the other.
let last: { readonly line: string; readonly frame: SyslogFrame | undefined } | undefined;

/** The frame of a line; undefined when it has neither priority nor a header's time. */
export function contentOf(line: string): SyslogFrame | undefined {
  if (last?.line === line) return last.frame;
  const frame = readFrame(line);
  last = { line, frame };
  return frame;
}

/** The time of a frame, milliseconds UTC. */
export function frameTime(frame: SyslogFrame, context: ParseContext): number | undefined {
  return frame.time === undefined ? undefined : headerTimeToUtc(frame.time, context);
}

/** Fields of a frame, as all formats inside syslog keep them in their records. */
export function frameFields(frame: SyslogFrame): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  if (frame.host !== undefined) record.host = frame.host;
  if (frame.program !== undefined) record.program = frame.program;
  if (frame.pid !== undefined) record.pid = frame.pid;
  if (frame.messageId !== undefined) record.message_id = frame.messageId;
  if (frame.priority !== undefined) {
    record.facility = FACILITIES[frame.priority >> 3] ?? String(frame.priority >> 3);
    record.severity = SEVERITIES[frame.priority & 7];
  }
  for (const [name, value] of Object.entries(frame.data)) setField(record, name, value);
  record.message = frame.message;
  return record;
}

/** ECS names of a frame's fields. */
export const FRAME_ECS: FieldTable = {
  "host.name": ["host"],
  "process.name": ["program"],
  "process.pid": ["pid"],
  // What a journal knows of the program beyond a syslog line.
  "process.executable": ["journald.exe"],
  "container.name": ["journald.container_name"],
  "log.syslog.facility.name": ["facility"],
  "log.syslog.severity.name": ["severity"],
  "log.syslog.msgid": ["message_id"],
  message: ["message"],
};

/** Framed lines of any other program or device; rules find them by their program, like linux-auth. */
export const syslog: Format = {
  id: "syslog",
  title: "Syslog of other programs",
  reads: "text",
  shape: flatShape({ id: "syslog", family: "linux-auth", ecs: FRAME_ECS }),
  dataClass: "security",
  mayClaim: ({ isFramed }) => isFramed,
  sniff: (line, json) => {
    const frame = json === undefined ? contentOf(line) : undefined;
    if (frame === undefined) return 0;
    if (frame.time === undefined) return 0.3;
    // Any program's own log may start with an ISO time: without priority there must be a program too.
    const isOwnLog = !("old" in frame.time) && frame.program === undefined;
    return frame.priority === undefined && isOwnLog ? 0 : 0.5;
  },
  parse: (line, context) => {
    const frame = contentOf(line);
    if (frame === undefined) throw new AppError("HW_PARSE_FAILED", "no syslog header");
    return { record: frameFields(frame), time: frameTime(frame, context), identity: undefined };
  },
  ecs: (record) => ({ "event.kind": "event", ...flatDocument(record, FRAME_ECS, "syslog") }),
  // Many programs send JSON through syslog.
  inner: ({ message, host }) =>
    typeof message === "string" && message.startsWith("{")
      ? { text: message, isOpen: true, host: typeof host === "string" ? host : undefined }
      : undefined,
};

// RFC 5424, table 1 and 2.
const FACILITIES =
  "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7".split(
    " ",
  );
const SEVERITIES = "emergency alert critical error warning notice informational debug".split(" ");

function readFrame(line: string): SyslogFrame | undefined {
  const start = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  const head = /^<(\d{1,3})>/.exec(line.slice(start, start + 5));
  const priority = head === null ? undefined : Number(head[1]);
  if (priority !== undefined && priority > 191) return undefined;
  let at = start + (head?.[0].length ?? 0);
  if (line.startsWith("1 ", at)) {
    const frame = readNewFrame(line, at + 2, priority);
    if (frame !== undefined) return frame;
  }
  if (line[at] === " ") at++;
  const time = readHeaderTime(line, at);
  if (time === undefined) {
    // FortiGate and others send their line right behind the priority.
    return priority === undefined ? undefined : unframed(priority, line.slice(at));
  }
  at = time.end;
  if (line[at] === ":") at++;
  // A day alone is no header: something has to follow it.
  if (line[at] !== " ") return undefined;
  // What containers write (Kubernetes CRI) has a stream where a header has its host.
  if (priority === undefined && /^ std(?:out|err) [FP](?: |$)/.test(line.slice(at, at + 10))) {
    return undefined;
  }
  return readOldRest(line, at + 1, priority, time);
}

function unframed(priority: number, content: string): SyslogFrame {
  const { program, pid, message } = readTag(content);
  return {
    priority,
    time: undefined,
    host: undefined,
    program,
    pid,
    messageId: undefined,
    data: {},
    content,
    message,
  };
}

// RFC 5424, 6: `TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]`, `-` is nil.
function readNewFrame(
  line: string,
  start: number,
  priority: number | undefined,
): SyslogFrame | undefined {
  const words: (string | undefined)[] = [];
  let at = start;
  for (let count = 0; count < 5; count++) {
    const end = line.indexOf(" ", at);
    if (end === -1 || end - at > 256) return undefined;
    const word = line.slice(at, end);
    words.push(word === "-" ? undefined : word);
    at = end + 1;
  }
  const [when, host, program, pid, messageId] = words;
  const time = when === undefined ? undefined : readHeaderTime(when, 0);
  if (when !== undefined && time?.end !== when.length) return undefined;
  const data: Record<string, string> = {};
  const end = readStructuredData(line, at, data);
  if (end === undefined) return undefined;
  const rest = line
    .slice(end)
    .replace(/^ /, "")
    .replace(/^\ufeff/, "");
  return {
    priority,
    time,
    host,
    program: program === undefined ? undefined : baseName(program),
    pid,
    messageId,
    data,
    content: rest,
    message: rest.trimStart(),
  };
}

// `[id name="value" …][id …]` with `\"`, `\\` and `\]`; the index behind it, undefined when broken.
function readStructuredData(
  line: string,
  start: number,
  data: Record<string, string>,
): number | undefined {
  if (line[start] === "-") return start + 1;
  let at = start;
  let count = 0;
  while (line[at] === "[") {
    const id = /^[^ \]"=]{1,64}/.exec(line.slice(at + 1, at + 66))?.[0];
    if (id === undefined) return undefined;
    at += 1 + id.length;
    while (line[at] === " ") {
      const name = /^[^ \]"=]{1,64}(?==")/.exec(line.slice(at + 1, at + 68))?.[0];
      if (name === undefined) return undefined;
      const value = readQuoted(line, at + name.length + 3);
      if (value === undefined || ++count > PARAMETERS_MAX) return undefined;
      setField(data, `${id}.${name}`, value.text);
      at = value.end;
    }
    if (line[at] !== "]") return undefined;
    at++;
  }
  return at === start ? undefined : at;
}

function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  let at = line.indexOf('"', start);
  if (at === -1) return undefined;
  const plain = line.slice(start, at);
  if (!plain.includes("\\")) return { text: plain, end: at + 1 };
  at = start;
  while (at < line.length && line[at] !== '"') at += line[at] === "\\" ? 2 : 1;
  if (line[at] !== '"') return undefined;
  return { text: line.slice(start, at).replace(/\\(["\\\]])/g, "$1"), end: at + 1 };
}

// RFC 3164: `HOSTNAME TAG: message`. Devices leave the host out, or the tag.
function readOldRest(
  line: string,
  start: number,
  priority: number | undefined,
  time: ReadTime,
): SyslogFrame {
  const space = line.indexOf(" ", start);
  const word = line.slice(start, space === -1 ? line.length : space);
  const isHost = space !== -1 && /^[\w.:-]{1,255}$/.test(word) && !word.endsWith(":");
  const content = isHost ? line.slice(space + 1) : line.slice(start);
  const host = isHost ? word : undefined;
  // Named one by one, because spreading an object costs as much as reading the tag.
  const { program, pid, message } = readTag(content);
  return { priority, time, host, program, pid, messageId: undefined, data: {}, content, message };
}

// Old systems also write `sshd(pam_unix)[812]:`, `syslogd 1.4.1:` and, for login, ` -- root[812]:`.
const TAG =
  /^( ?-- [\w.-]{1,32}|syslogd \d[\d.]{0,11}|[\w./-]{1,64}(?:\(pam_\w{1,20}\))?|\([\w./-]{1,62}\))(?:\[([\w.-]{1,20})\])?:(?=\s|$)/;

function readTag(content: string): {
  program: string | undefined;
  pid: string | undefined;
  message: string;
} {
  const tag = TAG.exec(content.slice(0, 100));
  if (tag === null) return { program: undefined, pid: undefined, message: content.trimStart() };
  return {
    program: baseName(tag[1] ?? ""),
    pid: tag[2],
    message: content.slice(tag[0].length).trimStart(),
  };
}

function baseName(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1).trimStart();
}
