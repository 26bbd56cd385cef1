// pfSense and OPNsense: the packet filter's `filterlog` lines, comma separated columns that depend on the
// IP version and the protocol (pfSense documentation, "Raw Filter Log Format"), and the sign-ins to the
// web interface and to OpenVPN.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { contentOf, frameTime, type SyslogFrame } from "../generic/syslog.ts";
import { splitColumns } from "./csv-columns.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "./device-document.ts";
import {
  type DeviceMessage,
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
  verdictOf,
} from "./device-messages.ts";

const ECS: FieldTable = {
  ...DEVICE_ECS,
  "process.name": ["program"],
  "process.pid": ["pid"],
  "rule.id": ["tracker", "rule_number"],
  "network.bytes": ["length"],
  "event.reason": ["reason"],
};

/** Lines of pfSense and OPNsense. */
export const pfsense: Format = {
  id: "pfsense",
  title: "pfSense and OPNsense",
  reads: "text",
  shape: {
    ...flatShape({ id: "pfsense", family: "firewall", ecs: ECS, aliases: DEVICE_ALIASES }),
    logsource: { product: "pfsense" },
  },
  dataClass: "network",
  mayClaim: ({ program }) => program === "filterlog" || PROGRAMS.has(program ?? ""),
  sniff: (line, json) => (json === undefined && isOwn(contentOf(line)) ? SURE : 0),
  parse: (line, context) => {
    const frame = contentOf(line);
    if (!isOwn(frame)) {
      throw new AppError("HW_PARSE_FAILED", "no pfSense line: `filterlog: <columns>` was expected");
    }
    const record: Record<string, unknown> = { program: frame.program };
    if (frame.host !== undefined) record.host = frame.host;
    if (frame.pid !== undefined) record.pid = frame.pid;
    record.message = frame.message;
    if (frame.program === "filterlog") readFilter(frame.message, record);
    else readDeviceMessage(frame.message, SIGN_INS, record);
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "pfsense",
      ecs: ECS,
      vendor: "pfSense/OPNsense",
      product: "pf",
      type: "firewall",
    }),
};

const PROGRAMS: ReadonlySet<string> = new Set(["php-fpm", "php", "openvpn", "audit"]);
const FILTER =
  /^\d{0,6},[^,]{0,32},[^,]{0,64},[^,]{0,64},[^,]{1,32},[\w-]{1,32},\w{1,16},(?:in|out|in\/out|unkn),[46],/;

const SIGN_INS: readonly DeviceMessage[] = [
  {
    pattern:
      /^\/?[\w./-]{0,64}:? ?Successful login for user '(?<user>[^']{1,128})' from: (?<src_ip>[\da-fA-F.:]{2,45})/,
    meaning: SIGNED_IN,
  },
  {
    pattern:
      /^\/?[\w./-]{0,64}:? ?webConfigurator authentication error for user '(?<user>[^']{1,128})' from: (?<src_ip>[\da-fA-F.:]{2,45})/,
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern:
      /^\/?[\w./-]{0,64}:? ?Web GUI authentication error for '(?<user>[^']{1,128})' from (?<src_ip>[\da-fA-F.:]{2,45})/,
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern:
      /^\/?[\w./-]{0,64}:? ?User logged out for user '(?<user>[^']{1,128})' from: (?<src_ip>[\da-fA-F.:]{2,45})/,
    meaning: SIGNED_OUT,
  },
  {
    pattern: /^user (?<user>[^\s']{1,128}) authenticated successfully for (?<service>[\w-]{1,64})/,
    meaning: SIGNED_IN,
  },
  {
    pattern: /^user (?<user>[^\s']{1,128}) could not authenticate for (?<service>[\w-]{1,64})/,
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern: /^user '(?<user>[^']{1,128})' authenticated/,
    meaning: { ...SIGNED_IN, action: "vpn-login" },
  },
  {
    pattern: /^user '(?<user>[^']{1,128})' could not authenticate/,
    meaning: { ...SIGN_IN_FAILED, action: "vpn-login" },
  },
  {
    pattern:
      /^openvpn server '(?<service>[^']{1,64})' user '(?<user>[^']{1,128})' address '(?<src_ip>[\da-fA-F.:]{2,45})' - connect/,
    meaning: { kind: "vpn", action: "session-start", phase: "start" },
  },
  {
    pattern:
      /^openvpn server '(?<service>[^']{1,64})' user '(?<user>[^']{1,128})' address '(?<src_ip>[\da-fA-F.:]{2,45})' - disconnect/,
    meaning: { kind: "vpn", action: "session-end", phase: "end" },
  },
];

function isOwn(frame: SyslogFrame | undefined): frame is SyslogFrame {
  if (frame?.program === undefined) return false;
  if (frame.program === "filterlog") return FILTER.test(frame.message.slice(0, 400));
  if (!PROGRAMS.has(frame.program)) return false;
  const head = frame.message.slice(0, 400);
  return SIGN_INS.some(({ pattern }) => pattern.test(head));
}

const COMMON = "rule_number sub_rule anchor tracker interface match action direction ip_version";
const V4 = "tos ecn ttl id offset flags protocol_id protocol length src_ip dst_ip";
const V6 = "class flow_label hop_limit protocol protocol_id length src_ip dst_ip";
const PORTS = "src_port dst_port data_length";
const TCP = "tcp_flags tcp_sequence tcp_ack tcp_window tcp_urgent tcp_options";
/** Most columns of one line. */
const COLUMNS_MAX = 60;

function readFilter(text: string, record: Record<string, unknown>): void {
  const columns = splitColumns(text, 0, COLUMNS_MAX);
  const take = (names: string, from: number): number => {
    const list = names.split(" ");
    for (const [index, name] of list.entries()) {
      const value = columns[from + index];
      if (value !== undefined && value !== "") setField(record, name, value);
    }
    return from + list.length;
  };
  let at = take(COMMON, 0);
  at = take(record.ip_version === "6" ? V6 : V4, at);
  const protocol = String(record.protocol ?? "").toLowerCase();
  record.protocol = protocol;
  if (protocol === "tcp" || protocol === "udp") {
    at = take(PORTS, at);
    if (protocol === "tcp") take(TCP, at);
  } else if (protocol.startsWith("icmp")) {
    record.icmp = columns.slice(at).join(",");
  } else if (at < columns.length) {
    record.rest = columns.slice(at).join(",");
  }
  Object.assign(record, { kind: "traffic" }, verdictOf(String(record.action ?? "")));
}
