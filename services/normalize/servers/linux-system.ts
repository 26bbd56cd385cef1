// Log lines of a Linux system itself: kernel, systemd and the daemons that every host has, through syslog.
// The program decides; packets that netfilter logged are firewall events, queries are DNS events.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format } from "../format.ts";
import {
  contentOf,
  FRAME_ECS,
  frameFields,
  frameTime,
  type SyslogFrame,
} from "../generic/syslog.ts";
import { isAuthLine } from "./linux-auth-messages.ts";
import { isSystemProgram, readSystemMessage } from "./linux-daemon-messages.ts";

const ECS: FieldTable = {
  ...FRAME_ECS,
  "process.name": ["process", "program"],
  "process.pid": ["crashed_pid", "pid"],
  "service.name": ["service"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason"],
  "source.ip": ["source_ip"],
  "source.port": ["source_port"],
  "destination.ip": ["destination_ip"],
  "destination.port": ["destination_port"],
  "network.transport": ["transport"],
  "observer.ingress.interface.name": ["interface_in"],
  "observer.egress.interface.name": ["interface_out"],
  "dns.question.name": ["query"],
  "dns.question.type": ["record_type"],
  "dns.question.class": ["query_class"],
  "client.ip": ["leased_ip"],
  "client.mac": ["leased_mac"],
  "client.domain": ["leased_name"],
  "file.path": ["infected_file"],
  "threat.indicator.name": ["signature"],
};

/** Lines of the kernel, systemd and common daemons. */
export const linuxSystem: Format = {
  id: "linux-system",
  title: "Linux system (kernel, systemd, daemons)",
  reads: "text",
  shape: flatShape({
    id: "linux-system",
    family: "linux-auth",
    ecs: ECS,
    aliases: {
      src_ip: ["source_ip"],
      src_port: ["source_port"],
      dst_ip: ["destination_ip"],
      dst_port: ["destination_port"],
      action: ["firewall_action", "action"],
      protocol: ["transport"],
      Signature: ["signature"],
      Filename: ["infected_file"],
      Message: ["message"],
    },
  }),
  dataClass: "security",
  mayClaim: ({ program }) => program !== undefined && isSystemProgram(baseOf(program)),
  sniff: (line, json) => {
    const frame = json === undefined ? contentOf(line) : undefined;
    return frame !== undefined && isMine(frame) ? SURE_ENOUGH : 0;
  },
  parse: (line, context) => {
    const frame = contentOf(line);
    if (frame?.program === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no syslog header with a program before the message");
    }
    const base = baseOf(frame.program);
    const record = frameFields(frame);
    if (base !== frame.program) record.process = base;
    Object.assign(record, readSystemMessage(base, frame.message));
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs,
};

const SURE_ENOUGH = 0.9;

function isMine(frame: SyslogFrame): boolean {
  const { program, message } = frame;
  if (program === undefined || isAuthLine(program, message)) return false;
  // pfSense's OpenVPN reports sign-ins in sentences of its own, which its format reads.
  if (program === "openvpn" && /^(?:openvpn server '|user ')/.test(message)) return false;
  return isSystemProgram(baseOf(program));
}

// `syslogd 1.4.1` of old systems, `(systemd)` of a child before it became the program.
function baseOf(program: string): string {
  const bare = /^\(([\w.-]{1,62})\)$/.exec(program)?.[1] ?? program;
  const space = bare.indexOf(" ");
  return space === -1 ? bare : bare.slice(0, space);
}

// Kept in `process.name`, `event.outcome` and the categories.
const SKIPPED: ReadonlySet<string> = new Set(["program"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "linux", SKIPPED);
  const action = String(record.action ?? "");
  put(document, "event.kind", action === "malware-found" ? "alert" : "event");
  put(document, "event.module", "system");
  put(document, "event.dataset", "system.syslog");
  put(document, "event.category", categoryOf(action));
  put(document, "host.os.type", "linux");
  if (record.firewall_action === "deny") put(document, "event.type", ["denied"]);
  if (record.firewall_action === "accept") put(document, "event.type", ["allowed"]);
  return document;
}

function categoryOf(action: string): string[] {
  if (action.startsWith("packet-") || /^(?:dns|dhcp)-/.test(action)) return ["network"];
  if (/^(?:usb|removable|kernel|filesystem|disk|promiscuous)/.test(action)) return ["host"];
  if (/^(?:process|service|task|manager)-/.test(action)) return ["process"];
  return action === "malware-found" ? ["malware"] : [];
}
