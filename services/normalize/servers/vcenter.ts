// VMware vCenter 6.5 to 8: events of vpxd, sign-ins of the single sign-on (JSON behind a time), and what
// its services write. Source: VMware, "Forward vCenter Server Log Files to Remote Syslog Server".
import { AppError, isAppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { textOf } from "../document.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { parseJsonRecord } from "../json-text.ts";
import {
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "../network/device-messages.ts";
import { isoTime } from "../time-text.ts";
import { SERVER_ECS, serverDocument } from "./server-document.ts";
import { VMWARE_MESSAGES } from "./vmware-messages.ts";

const ECS: FieldTable = {
  ...SERVER_ECS,
  "event.id": ["event_id"],
  "source.ip": ["source", "client"],
};

/** VMware vCenter logs. */
export const vcenter: Format = {
  id: "vcenter",
  title: "VMware vCenter",
  reads: "text",
  shape: flatShape({ id: "vcenter", family: "vcenter", ecs: ECS, aliases: { User: ["user"] } }),
  dataClass: "security",
  mayClaim: ({ line, message, program }) =>
    /\d/.test(line) || /[E {\d]/.test(message) || PROGRAMS.test(program ?? ""),
  sniff: (line, json) => {
    if (json !== undefined) return 0;
    const { message, program } = partOf(line);
    return isMine(message, program) ? 0.95 : 0;
  },
  parse: (line, context) => {
    const { frame, message, program } = partOf(line);
    if (!isMine(message, program)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no vCenter line: an event, a sign-in or vpxd expected",
      );
    }
    const record: Record<string, unknown> = {};
    if (frame?.host !== undefined) record.host = frame.host;
    if (program !== undefined) record.program = program;
    if (frame?.pid !== undefined) record.pid = frame.pid;
    const own =
      readEvent(message, record) ?? readSignOn(message, record) ?? readService(message, record);
    const outer = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time: own ?? outer, identity: undefined };
  },
  ecs: (record) => serverDocument(record, ECS, "vcenter", ["client", "timestamp"]),
  join: {
    keyOf: ({ event_id, part, host }) =>
      part === undefined ? undefined : `${textOf(host)}/${textOf(event_id)}`,
    isComplete: (records) => {
      const wanted = partOfEvent(records[0]).count;
      return new Set(records.map((record) => partOfEvent(record).number)).size >= wanted;
    },
    merge: mergeParts,
    parts: "merged",
  },
};

// `2-3`: the second of three.
function partOfEvent(record: ParsedRecord | undefined): { number: number; count: number } {
  const [number = 1, count = 1] = textOf(record?.part).split("-").map(Number);
  return { number, count };
}

/** Parts come in any order; a sentence may be cut within a word. */
function mergeParts(records: readonly ParsedRecord[]): ParsedRecord {
  const inOrder = [...records].sort((a, b) => partOfEvent(a).number - partOfEvent(b).number);
  const merged: Record<string, unknown> = { ...inOrder[0] };
  delete merged.part;
  setText(merged, inOrder.map(({ message }) => textOf(message)).join(""));
  return merged;
}

function partOf(line: string) {
  const frame = contentOf(line);
  // Its own files have a time and no host: what follows the time is the message.
  if (
    frame?.program === undefined &&
    /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z [{[]/.test(line.slice(0, 40))
  ) {
    return { frame: undefined, message: line, program: undefined };
  }
  return { frame, message: frame?.message ?? line, program: frame?.program };
}

const PROGRAMS =
  /^(?:vpxd|vpxd-main|vpxd-svcs|vpxd-profiler|vsphere-ui|vapi-endpoint|sso|sso-adminserver|ssoadminserver|websso|sts|tokenservice|eam|vmon|updatemgr|applmgmt|applmgmt-audit|vmdird|vmafdd|vmcad|content-library|vcha|vsan-health|rbd|lookupsvc|trustmanagement|certificatemanagement|vum|vlcm|vmware-vpxd)$/i;
const EVENT =
  /^ {0,4}Event \[(\d{1,12})\] \[(\d{1,4}-\d{1,4})\] \[([\d:.TZ+-]{19,40})\] \[([\w.-]{3,200})\] \[(\w{1,20})\] \[([^[\]]{0,256})\] \[([^[\]]{0,256})\] \[(\d{1,12})\] \[/;
const SIGN_ON = /^(?:(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z) )?(?=\{"(?=.{0,2000}"type":"com\.vmware\.))/s;

function isMine(message: string, program: string | undefined): boolean {
  return (
    (program !== undefined && PROGRAMS.test(program)) ||
    EVENT.test(message.slice(0, 1200)) ||
    SIGN_ON.test(message.slice(0, 2100))
  );
}

// Event [id] [1-1] [time] [type] [level] [user] [data center] [chain] [text]
function readEvent(message: string, record: Record<string, unknown>): number | undefined {
  const event = EVENT.exec(message.slice(0, 1200));
  if (event === null) return undefined;
  const [whole, id, part, time, type, level, user, datacenter, chain] = event;
  record.event_id = id;
  if (part !== "1-1") record.part = part;
  record.code = type;
  record.level = level;
  if (user !== "") record.user = user;
  if (datacenter !== "") record.datacenter = datacenter;
  record.chain_id = chain;
  const text = message
    .slice(whole.length)
    .replace(/(?:\\n|\s){1,10}$/, "")
    .replace(/\]$/, "");
  record.action = (type ?? "").replace(/^vim\.event\./, "");
  setText(record, text);
  const kind = KINDS.find(([pattern]) => pattern.test(type ?? ""))?.[1];
  if (kind !== undefined) record.kind ??= kind;
  return isoTime(time ?? "");
}

function setText(record: Record<string, unknown>, text: string): void {
  record.message = text;
  // The event's own account did it; the one in the sentence may be another.
  const said: Record<string, unknown> = {};
  if (readDeviceMessage(text, VMWARE_MESSAGES, said)) {
    if (record.user !== undefined && said.user !== record.user && said.kind !== "authentication") {
      delete said.user;
    }
    for (const [name, value] of Object.entries(said)) setField(record, name, value);
  }
}

const KINDS = [
  [/(?:Permission|Role|Account|PasswordC)\w*Event$/, "account"],
  [/(?:Login|Logout|Session|Username)\w*Event$/, "authentication"],
  [/(?:Vm|Host|Datastore|Cluster|Network|Dvs|Das|Reconfigur)\w*Event$/, "configuration"],
] as const;

const MEANINGS = new Map([
  ["com.vmware.sso.LoginSuccess", SIGNED_IN],
  ["com.vmware.sso.LoginFailure", SIGN_IN_FAILED],
  ["com.vmware.sso.Logout", SIGNED_OUT],
]);

// 2026-11-21T04:38:16.123Z {"user":"…","client":"10.1.2.3","timestamp":"…","description":"…","type":"…"}
function readSignOn(message: string, record: Record<string, unknown>): number | undefined {
  const head = SIGN_ON.exec(message.slice(0, 2100));
  if (head === null) return undefined;
  try {
    const json = parseJsonRecord(message.slice(head[0].length));
    for (const [name, value] of Object.entries(json))
      setField(record, NAMES.get(name) ?? name, value);
  } catch (error) {
    // Cut off on its way: what the sentence says is still there.
    if (!isAppError(error)) throw error;
    record.message = message.slice(head[0].length);
  }
  const type = typeof record.code === "string" ? record.code : "";
  record.action = type.replace(/^com\.vmware\./, "");
  const meaning = MEANINGS.get(type);
  if (meaning !== undefined) Object.assign(record, meaning);
  else if (/\.(?:Principal|Role)Management$/.test(type)) record.kind = "account";
  else record.kind = "configuration";
  return isoTime(head[1] ?? "");
}

const NAMES = new Map([
  ["type", "code"],
  ["description", "message"],
  ["eventSeverity", "level"],
  ["client", "source"],
]);

// 2026-11-21T04:38:16.123Z info vpxd[04050] [Originator@6876 sub=vpxLro opID=1] text
function readService(message: string, record: Record<string, unknown>): number | undefined {
  const head = /^(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z) (info|verbose|warning|error) /.exec(message);
  if (head !== null) record.level = head[2];
  record.message = head === null ? message : message.slice(head[0].length);
  return head === null ? undefined : isoTime(head[1] ?? "");
}
