// VMware ESXi 6 to 8: hostd, vpxa, vobd, vmkernel and the shell, as ESXi sends them by syslog and as its
// own files hold them. What its sshd writes reads like any other sshd's and is taken by `linux-auth`.
// Source: VMware, "ESXi Log File Formats".
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, frameTime, type SyslogFrame } from "../generic/syslog.ts";
import { readDeviceMessage } from "../network/device-messages.ts";
import { isoTime } from "../time-text.ts";
import { SERVER_ECS, serverDocument } from "./server-document.ts";
import { VMWARE_MESSAGES } from "./vmware-messages.ts";

const ECS: FieldTable = {
  ...SERVER_ECS,
  "process.executable": ["executable"],
  "event.id": ["event_id"],
  "log.syslog.priority": ["priority"],
};

/** VMware ESXi logs. */
export const vmwareEsxi: Format = {
  id: "vmware-esxi",
  title: "VMware ESXi",
  reads: "text",
  shape: flatShape({
    id: "vmware-esxi",
    family: "vmware-esxi",
    ecs: ECS,
    aliases: { Image: ["executable"], CommandLine: ["command"], User: ["user"] },
  }),
  dataClass: "security",
  mayClaim: ({ line, content, program }) =>
    /\d/.test(line + content) || PROGRAMS.test(program ?? "") || SHELL.test(program ?? ""),
  sniff: (line, json) => (json === undefined && partOf(line) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const part = partOf(line);
    if (part === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no ESXi line: its time and hostd, vobd, … expected");
    }
    const record: Record<string, unknown> = { program: part.program.toLowerCase() };
    if (part.host !== undefined) record.host = part.host;
    if (part.pid !== undefined) record.pid = part.pid;
    readMessage(part, record);
    const time =
      part.frame === undefined ? isoTime(part.time ?? "") : frameTime(part.frame, context);
    return { record, time, identity: undefined };
  },
  ecs: (record) => {
    const document = serverDocument(record, ECS, "vmware_esxi");
    document["host.os.type"] = "esxi";
    return document;
  },
};

interface Part {
  readonly program: string;
  readonly pid: string | undefined;
  readonly host: string | undefined;
  readonly message: string;
  readonly frame: SyslogFrame | undefined;
  /** ISO text, in files of ESXi itself. */
  readonly time: string | undefined;
}

const PROGRAMS =
  /^(?:hostd|hostd-probe|vpxa|vobd|vmkernel|vmkwarning|vmkeventd|rhttpproxy|vsanmgmtd|vsanmgmtsvc|fdm|esxupdate|vmauthd|vmsyslogd|esxtokend|configstorebackup|apiforwarder|localcli|esxcfg-\w{1,30}|dcui|esxshell|nfcd|usbarb|clomd|osfsd|hbrsrv|jumpstart|iofiltervpd|kmxa|envoy-access)$/i;
const SHELL = /^(?:shell|esxshell)$/i;
const SHELL_MESSAGE = /^(?:\[[^\]\s]{1,100}\]: |Interactive shell session|SSH|ESXi)/;

function partOf(line: string): Part | undefined {
  const own = ownFile(line);
  if (own !== undefined) return own;
  const outer = contentOf(line);
  if (outer === undefined) return undefined;
  // A relay may have put its own header before that of the host.
  const isRelayed = /^\d{4}-\d\d-\d\dT/.test(outer.content.slice(0, 11));
  const frame = (isRelayed ? contentOf(outer.content) : outer) ?? outer;
  const { program, pid, host, message } = frame;
  if (program === undefined || !isMine(program, message)) return undefined;
  return { program, pid, host, message, frame, time: undefined };
}

function isMine(program: string, message: string): boolean {
  return PROGRAMS.test(program) || (SHELL.test(program) && SHELL_MESSAGE.test(message));
}

// 2026-11-21T04:38:16.123Z In(166) Hostd[2100147]: …, … info hostd[2100147] [Originator…, … cpu3:2097650)…
const OWN_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z):? /;
const OWN_TAG =
  /^(?:(?:Em|Al|Cr|Er|Wa|No|In|Db)\(\d{1,3}\)\+? )?(?=(?:(?:info|verbose|warning|error|trivia|panic) )?([\w-]{1,40})(?:\[([\w.-]{1,20})\])?(:?) )/;

function ownFile(line: string): Part | undefined {
  const time = OWN_TIME.exec(line.slice(0, 40));
  if (time === null) return undefined;
  const rest = line.slice(time[0].length);
  const found = { host: undefined, frame: undefined, time: time[1] };
  if (/^cpu\d{1,4}:\d{1,12}/.test(rest)) {
    return { ...found, program: "vmkernel", pid: undefined, message: rest };
  }
  if (/^\[\w{1,40}Correlator\] /.test(rest)) {
    return { ...found, program: "vobd", pid: undefined, message: rest };
  }
  const tag = OWN_TAG.exec(rest.slice(0, 120));
  if (tag?.[1] === undefined) return undefined;
  const [whole, program, pid, colon] = tag;
  const behind = rest.slice(whole.length);
  const isTagged = colon === ":" && behind.startsWith(program);
  const message = isTagged ? behind.slice(behind.indexOf(":") + 1).trimStart() : behind;
  return isMine(program, message) ? { ...found, program, pid, message } : undefined;
}

// info hostd[2100147] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=1 user=vpxuser:KREIS\x] Event 616 : text
const LEVEL = /^(info|verbose|warning|error|trivia|panic) [\w-]{1,40}(?:\[([\w.-]{1,20})\])? /i;
const ORIGINATOR = /^\[Originator@\d{1,10} ([^\]]{0,600})\] ?/;
// [UserLevelCorrelator] 1019369886505us: [vob.user.ssh.session.opened] text
const OBSERVATION = /^\[(\w{1,40})Correlator\] \d{1,20}us: {1,3}\[([\w.-]{1,100})\] /;

function readMessage({ message, program }: Part, record: Record<string, unknown>): void {
  let text = message;
  const level = LEVEL.exec(text.slice(0, 100));
  if (level !== null) {
    record.level = level[1]?.toLowerCase();
    record.pid ??= level[2];
    text = text.slice(level[0].length);
  }
  const originator = ORIGINATOR.exec(text.slice(0, 700));
  if (originator !== null) {
    readOriginator(originator[1] ?? "", record);
    text = text.slice(originator[0].length);
  }
  const observation = OBSERVATION.exec(text.slice(0, 220));
  if (observation !== null) {
    record.correlator = observation[1];
    record.code = observation[2];
    text = text.slice(observation[0].length);
  }
  const event = /^Event (\d{1,12}) : /.exec(text);
  if (event !== null) {
    record.event_id = event[1];
    text = text.slice(event[0].length);
  }
  record.message = text;
  if (SHELL.test(program)) readCommand(text, record);
  else readDeviceMessage(text, VMWARE_MESSAGES, record);
}

function readOriginator(text: string, record: Record<string, unknown>): void {
  for (const word of text.matchAll(/(?:^| )(sub|opID|sid|user|req|item)=(\S{1,300})/g)) {
    if (word[1] === "user") record.user = (word[2] ?? "").replace(/^vpxuser:(?=\S)/, "");
    else if (word[1] !== undefined) record[word[1]] = word[2];
  }
}

// `[root]: esxcli vm process list`
function readCommand(text: string, record: Record<string, unknown>): void {
  const match = /^\[([^\]\s]{1,100})\]: (.+)$/s.exec(text);
  if (match === null) return;
  const command = match[2] ?? "";
  const word = /^\S{1,255}/.exec(command)?.[0] ?? "";
  record.user = match[1];
  record.command = command;
  // The shell would find it there; rules about esxcli look for a path.
  record.executable = word.startsWith("/") || word.startsWith(".") ? word : `/bin/${word}`;
  record.kind = "command";
  record.action = "shell-command";
  record.phase = "start";
}
