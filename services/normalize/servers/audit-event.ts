// The records of one audit event as one record: SYSCALL gives the frame, EXECVE the arguments, PATH the
// files, SOCKADDR the address. The kernel writes them one after the other with the same time and serial
// number (kernel/auditsc.c, audit_log_exit), PROCTITLE last and EOE behind it.
import type { ParsedRecord } from "../../../detectors/event.ts";
import { textOf } from "../document.ts";
import { setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { readSocketAddress } from "./audit-socket.ts";
import { syscallName } from "./audit-syscalls.ts";

type JoinRule = NonNullable<Format["join"]>;

// Types that the kernel writes on the way out of a system call (1300 to 1499, 1700 to 1799 of
// linux/audit.h). All other types (USER_*, CRED_*, SERVICE_*, LOGIN, DAEMON_* …) stand alone.
const PARTS: ReadonlySet<string> = new Set(
  (
    "SYSCALL URINGOP PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD EXECVE IPC_SET_PERM MQ_OPEN " +
    "MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID EOE BPRM_FCAPS CAPSET MMAP " +
    "NETFILTER_CFG SECCOMP PROCTITLE KERN_MODULE FANOTIFY TIME_INJOFFSET TIME_ADJNTPVAL BPF OPENAT2 " +
    "DM_CTRL AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE MAC_TASK_CONTEXTS " +
    "MAC_OBJ_CONTEXTS ANOM_PROMISCUOUS ANOM_ABEND ANOM_LINK ANOM_CREAT"
  ).split(" "),
);
const LAST: ReadonlySet<string> = new Set(["PROCTITLE", "EOE"]);
const FRAMES: ReadonlySet<string> = new Set(["SYSCALL", "URINGOP"]);
/** Same for all records of an event. */
const SHARED: ReadonlySet<string> = new Set(["type", "serial", "stamp", "host", "node"]);
/** Longest argument list that becomes a command line; the kernel itself writes at most 7500 bytes. */
const ARGUMENTS_MAX = 10_000;

/** How audit records become audit events. */
export const auditJoin: JoinRule = {
  keyOf: ({ type, serial, stamp, host }) =>
    isPart(type) && serial !== undefined
      ? `${textOf(host)} ${textOf(stamp)}:${textOf(serial)}`
      : undefined,
  isComplete: (records) => LAST.has(textOf(records.at(-1)?.type)),
  merge,
  parts: "merged",
};

/**
 * Puts beside a record's fields what follows from them: the name of the system call, the command line,
 * the address of a socket, full paths, and `classes`, the Sigma categories that it belongs to.
 */
export function deriveAuditFields(record: Record<string, unknown>): void {
  if (record.SYSCALL === undefined) {
    const name = syscallName(textOf(record.arch), textOf(record.syscall));
    if (name !== undefined) record.SYSCALL = name;
  }
  const classes: string[] = [];
  const args = argumentsOf(record);
  if (args.length > 0) {
    record.args = args;
    record.command_line = args.join(" ");
    // A refused execve started nothing; its `exe` is that of the caller.
    if (record.success !== "no") classes.push("process_creation");
  }
  deriveSocket(record, classes);
  deriveFiles(record, classes);
  if (classes.length > 0) record.classes = classes.join(" ");
}

function isPart(type: unknown): boolean {
  const name = textOf(type);
  return PARTS.has(name) || /^UNKNOWN\[1[347]\d\d\]$/.test(name);
}

function merge(records: readonly ParsedRecord[]): ParsedRecord {
  const ordered = [
    ...records.filter(({ type }) => FRAMES.has(textOf(type))),
    ...records.filter(({ type }) => !FRAMES.has(textOf(type)) && type !== "PATH"),
  ];
  const paths = records.filter(({ type }) => type === "PATH").sort((a, b) => itemOf(a) - itemOf(b));
  const isExec = ordered.some(({ type }) => type === "EXECVE");
  const merged: Record<string, unknown> = {
    type: [...new Set([...ordered, ...paths].map(({ type }) => textOf(type)))],
  };
  putPaths(merged, paths);
  for (const record of ordered) {
    const type = textOf(record.type);
    for (const [key, value] of Object.entries(record)) {
      if (key === "type" || DERIVED.has(key)) continue;
      // The registers of the call hold addresses only where EXECVE has the words.
      const isRegister = isExec && FRAMES.has(type) && /^a\d$/.test(key);
      putOnce(merged, isRegister ? `syscall.${key}` : key, value, type);
    }
  }
  deriveAuditFields(merged);
  return merged;
}

/** Made anew for the whole event. */
const DERIVED: ReadonlySet<string> = new Set([
  "classes",
  "args",
  "command_line",
  "file_path",
  "created",
]);

// One file: its values. Several: a list of each, in the order of the kernel's items.
function putPaths(merged: Record<string, unknown>, paths: readonly ParsedRecord[]): void {
  for (const key of new Set(paths.flatMap((path) => Object.keys(path)))) {
    if (key === "type" || DERIVED.has(key)) continue;
    const values = paths.flatMap((path) => (path[key] === undefined ? [] : [path[key]]));
    setField(merged, key, values.length === 1 || SHARED.has(key) ? values[0] : values);
  }
}

// Where two types use one name for different things, the later one keeps it under its type.
function putOnce(merged: Record<string, unknown>, key: string, value: unknown, type: string): void {
  if (!Object.hasOwn(merged, key)) setField(merged, key, value);
  else if (merged[key] !== value && !SHARED.has(key)) {
    setField(merged, `${type.toLowerCase()}.${key}`, value);
  }
}

// `a0="rm" a1="-rf"`; long ones in pieces: `a2[0]=… a2[1]=…`.
function argumentsOf(record: Record<string, unknown>): string[] {
  const isExec = typeof record.type === "string" ? record.type === "EXECVE" : hasExec(record.type);
  const words: string[] = [];
  for (let index = 0; isExec && index < ARGUMENTS_MAX; index++) {
    const word = pieces(record, `a${index}`) ?? record[`a${index}`];
    if (typeof word !== "string") break;
    record[`a${index}`] = word;
    words.push(word);
  }
  return words;
}

function hasExec(types: unknown): boolean {
  return Array.isArray(types) && types.includes("EXECVE");
}

function pieces(record: ParsedRecord, name: string): string | undefined {
  let whole: string | undefined;
  for (let index = 0; index < ARGUMENTS_MAX; index++) {
    const piece = record[`${name}[${index}]`];
    if (typeof piece !== "string") break;
    whole = (whole ?? "") + piece;
  }
  return whole;
}

const SENDS: ReadonlySet<string> = new Set(["connect", "sendto", "sendmsg"]);
const RECEIVES: ReadonlySet<string> = new Set(["accept", "accept4", "recvfrom", "recvmsg"]);

function deriveSocket(record: Record<string, unknown>, classes: string[]): void {
  if (typeof record.saddr === "string") Object.assign(record, readSocketAddress(record.saddr));
  const { socket_ip: ip, socket_port: port } = record;
  const call = textOf(record.SYSCALL);
  if (ip === undefined || port === "0") return;
  if (SENDS.has(call)) {
    record.destination_ip = ip;
    record.destination_port = port;
    record.initiated = "true";
  } else if (RECEIVES.has(call)) {
    record.source_ip = ip;
    record.source_port = port;
    record.initiated = "false";
  }
  if (call === "connect" || call === "accept" || call === "accept4") {
    classes.push("network_connection");
  }
}

// Full paths of the files that an event is about, without the folders that they lie in.
function deriveFiles(record: Record<string, unknown>, classes: string[]): void {
  const names = listOf(record.name);
  const kinds = listOf(record.nametype);
  if (names.length === 0 || names.length !== kinds.length) return;
  const cwd = textOf(record.cwd);
  const files = names.map((name, index) => ({ path: absolute(cwd, name), kind: kinds[index] }));
  const meant = files.filter(({ kind }) => kind !== "PARENT");
  const created = meant.filter(({ kind }) => kind === "CREATE").map(({ path }) => path);
  record.file_path = oneOrAll((meant.length === 0 ? files : meant).map(({ path }) => path));
  if (created.length === 0 || record.success === "no") return;
  record.created = oneOrAll(created);
  classes.push("file_event");
}

function absolute(cwd: string, name: string): string {
  if (name.startsWith("/") || !cwd.startsWith("/") || name === "(null)") return name;
  return `${cwd.endsWith("/") ? cwd : `${cwd}/`}${name.replace(/^\.\//, "")}`;
}

function oneOrAll(values: readonly string[]): string | readonly string[] | undefined {
  return values.length === 1 ? values[0] : values;
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(textOf);
  return typeof value === "string" ? [value] : [];
}

function itemOf(record: ParsedRecord): number {
  const item = Number(record.item);
  return Number.isFinite(item) ? item : 0;
}
