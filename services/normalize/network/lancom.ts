// LANCOM routers (LCOS): what the firewall reports in the form of the reference manual, `PACKET_ALERT: Dst:
// 192.168.200.10:80 {}, Src: 10.0.0.37:4353 {} (TCP): port filter`, and VPN errors and sign-ins, whose
// wording the manual doesn't fix, by the words that they have in common.
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { contentOf, frameFields, frameTime, type SyslogFrame } from "../generic/syslog.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "./device-document.ts";
import {
  DENIED,
  type DeviceMessage,
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "./device-messages.ts";

const ECS: FieldTable = {
  ...DEVICE_ECS,
  "log.syslog.facility.name": ["facility"],
  "log.level": ["severity"],
  "log.syslog.severity.code": [],
  "source.domain": ["src_name"],
  "destination.domain": ["dst_name"],
};

/** Lines of LANCOM routers. */
export const lancom: Format = {
  id: "lancom",
  title: "LANCOM LCOS",
  reads: "text",
  shape: {
    ...flatShape({ id: "lancom", family: "firewall", ecs: ECS, aliases: DEVICE_ALIASES }),
    logsource: { product: "lancom" },
  },
  dataClass: "network",
  mayClaim: ({ program, content }) => content === "D" || SOURCE.test(program ?? ""),
  sniff: (line, json) => (json === undefined && isOwn(contentOf(line)) ? SURE : 0),
  parse: (line, context) => {
    const frame = contentOf(line);
    if (frame === undefined || frame.message === "") {
      throw new AppError("HW_PARSE_FAILED", "no LANCOM line: a syslog header was expected");
    }
    const record: Record<string, unknown> = frameFields(frame);
    const source = record.program;
    delete record.program;
    if (frame.program !== undefined && SOURCE.test(frame.program)) record.source = source;
    else record.message = frame.content.trimStart();
    readDeviceMessage(String(record.message), MESSAGES, record);
    if (typeof record.protocol === "string") record.protocol = record.protocol.toLowerCase();
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "lancom",
      ecs: ECS,
      vendor: "LANCOM",
      product: "LCOS",
      type: "router",
    }),
};

/** `PACKET_ALERT`, `CONN-LOGIN_INFO`: the internal source and the priority. */
const SOURCE = /^[A-Z][A-Z-]{3,23}_(?:ALERT|CRIT|ERROR|WARN|WARNING|NOTICE|INFO|DEBUG)$/;
const FLOW =
  /^Dst: (?<dst_ip>[\da-fA-F.]{7,15}|\[[\da-fA-F:.]{2,45}\]|[\da-fA-F:]{3,45}?)(?::(?<dst_port>\d{1,5}))?(?: \{(?<dst_name>[^}]{0,128})\})?, Src: (?<src_ip>[\da-fA-F.]{7,15}|\[[\da-fA-F:.]{2,45}\]|[\da-fA-F:]{3,45}?)(?::(?<src_port>\d{1,5}))?(?: \{(?<src_name>[^}]{0,128})\})? \((?<protocol>[\w-]{1,16})\): (?<reason>.{1,200})/;
const ADDRESS = "(?<src_ip>(?:\\d{1,3}\\.){3}\\d{1,3}|[\\da-fA-F]{0,4}:[\\da-fA-F:]{2,40})";
const USER =
  "(?:[Uu]ser(?:name)?|[Bb]enutzer) ?[:=]? ?['\"]?(?<user>[\\w.@\\\\-]{2,128})(?![\\w.@\\\\-])";
const FAILED = /fail|denied|wrong|invalid|reject|lock|fehlgeschlagen|abgelehnt|gesperrt/;

const MESSAGES: readonly DeviceMessage[] = [
  { pattern: FLOW, meaning: DENIED },
  {
    pattern:
      /^matched filter: (?<rule>.{1,128}?) exceeded limit: (?<reason>.{1,200}?) actions: (?<actions>.{1,300})/,
    meaning: { kind: "traffic", action: "filter-matched" },
  },
  {
    pattern:
      /^VPN: Error(?:: (?<reason>[\w-]{1,80})(?: \((?<code>0x[\da-fA-F]{1,8})\))?)?.{0,60}? for (?:peer )?(?<peer>[\w.-]{1,64})(?: \((?<src_ip>[\da-fA-F.:]{2,45})\))?/,
    meaning: { kind: "vpn", action: "vpn-error", outcome: "failure" },
  },
  {
    pattern:
      /^VPN: (?:.{0,80} )?(?:peer|for) (?<peer>[\w.-]{1,64})(?: \((?<src_ip>[\da-fA-F.:]{2,45})\))?(?<reason>.{0,200})/,
    meaning: { kind: "vpn", action: "vpn-state" },
  },
  {
    pattern: new RegExp(
      `^(?=.{0,300}[Ll]og ?(?:in|on))(?=.{0,300}(?:${FAILED.source})).{0,200}?${USER}.{0,200}?${ADDRESS}`,
    ),
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern: new RegExp(
      `^(?=.{0,300}[Ll]og(?:ged)?[ -]?(?:out|off)).{0,200}?${USER}.{0,200}?${ADDRESS}`,
    ),
    meaning: SIGNED_OUT,
  },
  {
    pattern: new RegExp(
      `^(?=.{0,300}[Ll]og(?:ged)?[ -]?(?:in|on)).{0,200}?${USER}.{0,200}?${ADDRESS}`,
    ),
    meaning: SIGNED_IN,
  },
  { pattern: new RegExp(`${USER}`) },
];

function isOwn(frame: SyslogFrame | undefined): boolean {
  if (frame === undefined) return false;
  if (frame.program !== undefined && SOURCE.test(frame.program)) return true;
  return frame.content.startsWith("Dst: ") && FLOW.test(frame.content.slice(0, 500));
}
