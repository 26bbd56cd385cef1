// MikroTik RouterOS: lines that begin with their topics, `firewall,info forward: in:ether1 …`, bare (its
// default) or behind a syslog header (`bsd-syslog=yes`).
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "./device-document.ts";
import {
  type DeviceMeaning,
  type DeviceMessage,
  readDeviceMessage,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
} from "./device-messages.ts";

const ECS: FieldTable = { ...DEVICE_ECS, "network.bytes": ["length"] };

/** Lines of MikroTik routers. */
export const mikrotik: Format = {
  id: "mikrotik",
  title: "MikroTik RouterOS",
  reads: "text",
  shape: {
    ...flatShape({ id: "mikrotik", family: "firewall", ecs: ECS, aliases: DEVICE_ALIASES }),
    logsource: { product: "mikrotik" },
  },
  dataClass: "network",
  mayClaim: ({ content }) => /[b-w]/.test(content),
  sniff: (line, json) => (json === undefined && topicsOf(line) !== undefined ? SURE : 0),
  parse: (line, context) => {
    const topics = topicsOf(line);
    if (topics === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no RouterOS line: `firewall,info …` was expected");
    }
    const frame = contentOf(line);
    const record: Record<string, unknown> = {
      topics: topics.names,
      level: topics.names.find((name) => LEVELS.has(name)),
      message: topics.text,
    };
    if (frame?.host !== undefined) record.host = frame.host;
    const isPackets = topics.names.includes("firewall");
    readDeviceMessage(topics.text, isPackets ? PACKETS : OTHERS, record);
    if (typeof record.protocol === "string") record.protocol = record.protocol.toLowerCase();
    const time = frame === undefined ? undefined : frameTime(frame, context);
    return { record, time, identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "mikrotik",
      ecs: ECS,
      vendor: "MikroTik",
      product: "RouterOS",
      type: "router",
    }),
};

const LEVELS: ReadonlySet<string> = new Set("debug info warning error critical".split(" "));
const TOPICS =
  /^(?:firewall|system|interface|l2tp|pptp|sstp|ovpn|ppp|pppoe|ipsec|wireguard|ike2|dhcp|dns|wireless|caps|route|ospf|bgp|snmp|script|certificate|hotspot|manager|radius|ssh|web-proxy|bridge|stp)(?:,[a-z0-9-]{2,20}){1,5}:? /;

function topicsOf(line: string): { names: string[]; text: string } | undefined {
  const content = contentOf(line)?.content ?? line;
  const first = content.charCodeAt(0);
  if (first < 0x62 || first > 0x77) return undefined;
  const head = TOPICS.exec(content.slice(0, 140))?.[0];
  if (head === undefined) return undefined;
  const names = head.trimEnd().replace(/:$/, "").split(",");
  if (!names.some((name) => LEVELS.has(name))) return undefined;
  return { names, text: content.slice(head.length).trim() };
}

const END = "(?:[\\d.]{7,15}|\\[?[\\da-fA-F:]{2,45}\\]?)";
// The rule decides what happens and the line doesn't say it, unless the prefix does.
const PACKET = `(?<chain>input|forward|output|prerouting|postrouting): in:(?<src_interface>\\S{1,64}?) out:(?:\\(unknown \\d\\)|(?<dst_interface>[^\\s(]{1,64}?)),? .{0,200}?proto (?<protocol>\\w{1,16})(?: \\((?<flags>[^)]{1,40})\\))?, (?<src_ip>${END}?)(?::(?<src_port>\\d{1,5}))?->(?<dst_ip>${END}?)(?::(?<dst_port>\\d{1,5}))?,(?:.{0,120}? len (?<length>\\d{1,6}))?`;
const PACKETS: readonly DeviceMessage[] = [
  {
    pattern: new RegExp(`^(?<rule>\\S{0,32}(?:drop|deny|block|reject)\\S{0,32}) ${PACKET}`, "i"),
    meaning: {
      kind: "traffic",
      action: "deny",
      outcome: "failure",
      phase: "denied",
      blocked: "true",
    },
  },
  {
    pattern: new RegExp(`^(?<rule>\\S{0,32}(?:accept|allow|permit)\\S{0,32}) ${PACKET}`, "i"),
    meaning: {
      kind: "traffic",
      action: "permit",
      outcome: "success",
      phase: "allowed",
      blocked: "false",
    },
  },
  { pattern: new RegExp(`^(?:(?<rule>\\S{1,64}) )?${PACKET}`), meaning: { kind: "traffic" } },
];

const USER = "(?<user>[^\\s,]{1,128})";
const ADDRESS = "(?<src_ip>[\\da-fA-F.:]{2,45})";
const CHANGED: DeviceMeaning = {
  kind: "configuration",
  action: "configured",
  outcome: "success",
  phase: "change",
};
const OTHERS: readonly DeviceMessage[] = [
  {
    pattern: new RegExp(`^user ${USER} logged in from ${ADDRESS} via (?<service>[\\w-]{1,32})`),
    meaning: SIGNED_IN,
  },
  {
    pattern: new RegExp(`^user ${USER} logged out from ${ADDRESS} via (?<service>[\\w-]{1,32})`),
    meaning: SIGNED_OUT,
  },
  {
    pattern: new RegExp(
      `^login failure for user ${USER} from ${ADDRESS} via (?<service>[\\w-]{1,32})`,
    ),
    meaning: SIGN_IN_FAILED,
  },
  {
    pattern: new RegExp(
      `^${USER} logged in, (?<assigned_ip>[\\da-fA-F.:]{2,45})(?: from ${ADDRESS})?`,
    ),
    meaning: { ...SIGNED_IN, action: "vpn-login" },
  },
  {
    pattern: new RegExp(
      `^(?<object>.{1,100}?) (?:added|changed|removed|moved) by (?:[^\\s:]{1,64}:)?(?<user>[^\\s,@:/(]{1,128})(?:@${ADDRESS})?`,
    ),
    meaning: CHANGED,
  },
  {
    pattern: /^(?<interface>[\w.-]{1,64}) link up/,
    meaning: { kind: "interface", action: "port-up", phase: "change" },
  },
  {
    pattern: /^(?<interface>[\w.-]{1,64}) link down/,
    meaning: { kind: "interface", action: "port-down", phase: "change" },
  },
];
