// Proxmox VE and Proxmox Backup Server: tasks and sign-ins in syslog, backups of vzdump, and the access
// log of the API, which looks like that of a web server but writes its month as a number.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import {
  type DeviceMessage,
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
} from "../network/device-messages.ts";
import { isoTime } from "../time-text.ts";
import { SERVER_ECS, serverDocument } from "./server-document.ts";

const ECS: FieldTable = {
  ...SERVER_ECS,
  "http.request.method": ["method"],
  "http.response.status_code": ["status"],
  "http.response.body.bytes": ["bytes"],
  "http.version": ["http_version"],
  "url.original": ["target"],
  "url.path": ["path"],
  "event.code": ["task_type"],
};

/** Proxmox logs. */
export const proxmox: Format = {
  id: "proxmox",
  title: "Proxmox VE and Backup Server",
  reads: "text",
  shape: flatShape({
    id: "proxmox",
    family: "proxmox",
    ecs: ECS,
    aliases: {
      "c-ip": ["source"],
      "cs-method": ["method"],
      "cs-uri-stem": ["path"],
      "cs-uri-query": ["target"],
      "sc-status": ["status"],
      "cs-username": ["user"],
    },
  }),
  dataClass: "security",
  mayClaim: ({ line, program }) => /[[\da-f:.]/i.test(line) || PROGRAMS.test(program ?? ""),
  sniff: (line, json) => {
    if (json !== undefined) return 0;
    return ACCESS.test(line.slice(0, HEAD_CHARACTERS)) || programOf(line) !== undefined ? 0.95 : 0;
  },
  parse: (line, context) => {
    const access = readAccess(line);
    if (access !== undefined) return { ...access, identity: undefined };
    const frame = contentOf(line);
    if (frame === undefined || programOf(line) === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no line of Proxmox' services or of their access log");
    }
    const record: Record<string, unknown> = { program: frame.program, message: frame.message };
    if (frame.host !== undefined) record.host = frame.host;
    if (frame.pid !== undefined) record.pid = frame.pid;
    readDeviceMessage(frame.message, MESSAGES, record);
    readTask(frame.message, record);
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs: (record) => {
    const document = serverDocument(record, ECS, "proxmox");
    if (record.method !== undefined) {
      document["event.category"] = ["web"];
      document["event.type"] = ["access"];
      document["event.outcome"] = Number(record.status) < 400 ? "success" : "failure";
    }
    return document;
  },
};

const PROGRAMS =
  /^(?:pvedaemon|pveproxy|pvestatd|pvescheduler|pve-guests|pve-ha-crm|pve-ha-lrm|pve-firewall|pvefw-logger|pmxcfs|pvesh|qm|qmeventd|qmrestore|pct|vzdump|spiceproxy|proxmox-backup-api|proxmox-backup-proxy|proxmox-backup-manager|proxmox-backup-daily-update|proxmox-datacenter-manager-api|pmgdaemon|pmgproxy)$/;

// What PAM says is taken by `linux-auth`, whichever service it speaks of.
function programOf(line: string): string | undefined {
  const frame = contentOf(line);
  const isMine =
    frame?.program !== undefined && PROGRAMS.test(frame.program) && !/^pam_/.test(frame.message);
  return isMine ? frame?.program : undefined;
}

const ADDRESS = String.raw`\[?(?<source>[\da-fA-F:.]{2,45})\]?(?::(?<source_port>\d{1,5}))?`;
const MESSAGES: readonly DeviceMessage[] = [
  {
    pattern: new RegExp(
      `authentication failure; rhost=${ADDRESS} user=(?<user>\\S{1,200}) msg=(?<reason>.{1,500})`,
    ),
    meaning: SIGN_IN_FAILED,
  },
  { pattern: /successful auth for user '(?<user>[^']{1,200})'/, meaning: SIGNED_IN },
  {
    pattern: /^<(?<user>[^>\s]{1,200})> starting task /,
    meaning: { kind: "configuration", action: "task-started", phase: "start" },
  },
  {
    pattern: /^<(?<user>[^>\s]{1,200})> end task UPID:[^\s]{1,400}: (?<reason>.{1,500})$/,
    meaning: { kind: "configuration", action: "task-ended", phase: "end" },
  },
  {
    pattern: /^INFO: Finished Backup of VM (?<machine>\d{1,10})/,
    meaning: { kind: "system", action: "backup-finished", outcome: "success", phase: "end" },
  },
  {
    pattern: /^ERROR: Backup of VM (?<machine>\d{1,10}) failed - (?<reason>.{1,500})/,
    meaning: { kind: "system", action: "backup-failed", outcome: "failure", phase: "end" },
  },
];

// UPID:node:pid:process start:start:type:id:user:
const UPID =
  /UPID:([\w.-]{1,100}):([\dA-F]{1,16}):([\dA-F]{1,16}):(?:[\dA-F]{1,16}:)?([\dA-F]{8,16}):([\w-]{1,60}):([^:\s]{0,200}):([^:\s]{1,200}):/i;

function readTask(message: string, record: Record<string, unknown>): void {
  const task = UPID.exec(message.slice(0, 1000));
  if (task === null) return;
  record.node = task[1];
  record.task_type = task[5];
  if (task[6] !== "") record.task_id = task[6];
  record.user ??= task[7];
  if (record.action === "task-ended") {
    record.outcome =
      record.reason === "OK" || /^WARNINGS/.test(String(record.reason)) ? "success" : "failure";
  }
}

// ::ffff:10.1.2.3 - root@pam [21/11/2026:05:38:16 +0100] "GET /api2/json/version HTTP/1.1" 200 85
const ACCESS =
  /^\[?([\da-fA-F:.]{2,45})\]?(?::(\d{1,5}))? - (\S{1,200}) \[(?:(\d\d)\/(\d\d)\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4}))\] "/;
const HEAD_CHARACTERS = 320;

function readAccess(line: string) {
  const head = ACCESS.exec(line.slice(0, HEAD_CHARACTERS));
  if (head === null) return undefined;
  const [whole, source, port, user, day, month, year, clock, zone] = head;
  const end = line.indexOf('" ', whole.length);
  const numbers = /^(\d{3}) (\d{1,18}|-)/.exec(line.slice(end + 2, end + 30));
  if (end === -1 || numbers === null) return undefined;
  const record: Record<string, unknown> = { source, status: Number(numbers[1]) };
  if (port !== undefined) record.source_port = Number(port);
  if (user !== "-") record.user = user;
  if (numbers[2] !== "-") record.bytes = Number(numbers[2]);
  const request = line.slice(whole.length, end);
  const parts = /^([A-Z]{2,20}) (\S{1,8192})(?: HTTP\/(\d(?:\.\d)?))?$/.exec(request);
  const target = parts?.[2] ?? request;
  record.target = target;
  record.path = target.split("?", 1)[0];
  record.method = parts?.[1] ?? "-";
  if (parts?.[3] !== undefined) record.http_version = parts[3];
  return { record, time: isoTime(`${year}-${month}-${day}T${clock}${zone}`) };
}
