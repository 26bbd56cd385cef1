// Samba's record of file operations (vfs_full_audit, through syslog) and its JSON audit of sign-ins and
// directory changes where syslog or a debug header carries it. `PREFIX|OPERATION|RESULT|…|FILE`, where the
// prefix is the administrator's: `%u|%I` by default, `%u|%I|%m|%S` in our documentation.
import { isIP } from "node:net";
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import {
  contentOf,
  FRAME_ECS,
  frameFields,
  frameTime,
  type SyslogFrame,
} from "../generic/syslog.ts";

const ECS: FieldTable = {
  ...FRAME_ECS,
  "user.name": ["user"],
  "source.ip": ["source_ip"],
  "source.domain": ["machine"],
  "file.path": ["file"],
  "event.action": ["operation"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
};

/** Lines of Samba's audit modules. */
export const samba: Format = {
  id: "samba",
  title: "Samba file server audit",
  reads: "text",
  shape: flatShape({
    id: "samba",
    family: "samba",
    ecs: ECS,
    aliases: {
      TargetFilename: ["target", "file"],
      User: ["user"],
      SourceIp: ["source_ip"],
      ShareName: ["share"],
      RelativeTargetName: ["file"],
      IpAddress: ["source_ip"],
      SubjectUserName: ["user"],
    },
  }),
  dataClass: "security",
  mayClaim: ({ program }) => program === "smbd_audit" || PROGRAMS.has(program ?? ""),
  sniff: (line, json) => {
    const frame = json === undefined ? contentOf(line) : undefined;
    return frame !== undefined && isMine(frame) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const frame = contentOf(line);
    if (frame === undefined || !isMine(frame)) {
      throw new AppError("HW_PARSE_FAILED", "no Samba line: the program smbd_audit was expected");
    }
    const record = frameFields(frame);
    readOperation(frame.message, record);
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs,
  inner: ({ message, host }) => {
    const json = textOf(message).replace(
      /^(?:\[\d[^\]]{5,60}\] {1,4}\S{1,120} {1,4})?JSON [A-Za-z]{4,30}: /,
      "",
    );
    return json.startsWith("{") ? { text: json, host: textOf(host) || undefined } : undefined;
  },
};

const PROGRAMS: ReadonlySet<string> = new Set(["smbd", "samba", "winbindd", "samba-dcerpcd"]);
// The operations of vfs_full_audit(8) from Samba 3.0 to 4.x that name a file or a share.
const OPERATION =
  /^(?:connect|disconnect|connectpath|open|openat|opendir|fdopendir|create_file|close|closedir|mkdir|mkdirat|rmdir|rename|renameat|unlink|unlinkat|link|linkat|symlink|symlinkat|readlink|readlinkat|mknod|mknodat|read|pread|pread_send|pread_recv|write|pwrite|pwrite_send|pwrite_recv|sendfile|recvfile|offload_read_send|offload_write_send|ftruncate|truncate|fallocate|fallocate|chmod|fchmod|chown|fchown|lchown|utime|ntimes|fntimes|stat|lstat|fstat|chdir|readdir|fsync|fset_nt_acl|set_nt_acl|get_nt_acl|fget_nt_acl|sys_acl_set_file|sys_acl_set_fd|setxattr|fsetxattr|removexattr|fremovexattr|set_dos_attributes|fset_dos_attributes|getlock|lock|kernel_flock|linux_setlease|audit_file|snap_create|snap_delete)$/;
const PREFIX_PARTS_MAX = 12;

function isMine({ program, message }: SyslogFrame): boolean {
  if (program === "smbd_audit") return true;
  return program !== undefined && PROGRAMS.has(program) && /^JSON [A-Za-z]{4,30}: \{/.test(message);
}

function readOperation(message: string, record: Record<string, unknown>): void {
  const parts = message.split("|");
  const at = parts.findIndex(
    (part, index) =>
      index > 0 && index <= PREFIX_PARTS_MAX && OPERATION.test(part) && isResult(parts[index + 1]),
  );
  if (at === -1) return;
  const operation = parts[at] ?? "";
  const result = parts[at + 1] ?? "";
  readPrefix(parts.slice(0, at), record);
  record.operation = operation;
  record.outcome = result === "ok" ? "success" : "failure";
  const why = /^fail \((.{1,200})\)$/.exec(result)?.[1];
  if (why !== undefined) record.reason = why;
  readArguments(operation, parts.slice(at + 2), record);
}

function isResult(part: string | undefined): boolean {
  return part === "ok" || part?.startsWith("fail") === true;
}

// The account first, the address wherever it stands, then machine and share.
function readPrefix(prefix: readonly string[], record: Record<string, unknown>): void {
  const rest: string[] = [];
  for (const [index, part] of prefix.entries()) {
    if (isIP(part) !== 0) record.source_ip = part;
    else if (index === 0) record.user = part;
    else rest.push(part);
  }
  const [machine, share, ...others] = rest;
  if (machine !== undefined) record.machine = machine;
  if (share !== undefined) record.share = share;
  if (others.length > 0) record.prefix = others.join("|");
}

// `openat|ok|r|file`, `create_file|ok|0x120089|file|open|file`, `renameat|ok|old|new`, `connect|ok|share`
function readArguments(
  operation: string,
  args: readonly string[],
  record: Record<string, unknown>,
): void {
  const last = args.at(-1) ?? "";
  if (operation === "connect" || operation === "disconnect") {
    if (last !== "") record.share = last;
    return;
  }
  if (/^(?:rename|link|symlink)/.test(operation) && args.length >= 2) {
    record.file = args[0];
    record.target = args.slice(1).join("|");
    return;
  }
  if (/^open(?:at)?$/.test(operation) && /^[rw]$/.test(args[0] ?? "")) {
    record.access = args[0] === "w" ? "write" : "read";
    record.file = args.slice(1).join("|");
    return;
  }
  if (operation === "create_file" && args.length >= 4) {
    [record.access_mask, record.kind, record.disposition] = args;
    record.file = args.slice(3).join("|");
    return;
  }
  if (args.length > 0) record.file = args.join("|");
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:mkdir|mknod|link|symlink)/, "creation"],
  [/^(?:unlink|rmdir)/, "deletion"],
  [
    /^(?:rename|write|pwrite|ftruncate|truncate|chmod|fchmod|chown|fchown|lchown|set|fset|sys_acl_set)/,
    "change",
  ],
  [/./, "access"],
];

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "samba");
  const operation = textOf(record.operation);
  put(document, "event.kind", "event");
  put(document, "event.module", "samba");
  if (operation === "") return document;
  const isSession = operation === "connect" || operation === "disconnect";
  put(document, "event.category", [isSession ? "session" : "file"]);
  const type =
    record.access === "write" ||
    record.disposition === "create" ||
    record.disposition === "overwrite"
      ? "change"
      : TYPES.find(([pattern]) => pattern.test(operation))?.[1];
  if (isSession) put(document, "event.type", [operation === "connect" ? "start" : "end"]);
  else if (type !== undefined) put(document, "event.type", [type]);
  return document;
}
