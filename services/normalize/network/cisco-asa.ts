// Cisco ASA firewalls and Firepower Threat Defense: `%ASA-6-302013: …`, `%FTD-6-430003: …`.

import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { lookup } from "../lookup.ts";
import { asaMessages } from "./cisco-asa-messages.ts";
import { type CiscoTag, ciscoHead, ciscoTag } from "./cisco-line.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument, LEVELS } from "./device-document.ts";
import { ALLOWED, DENIED, readDeviceMessage } from "./device-messages.ts";

const ECS: FieldTable = { ...DEVICE_ECS, "event.code": ["message_number"] };

/** Lines of Cisco ASA and FTD. */
export const ciscoAsa: Format = {
  id: "cisco-asa",
  title: "Cisco ASA and Firepower Threat Defense",
  reads: "text",
  shape: flatShape({ id: "cisco-asa", family: "cisco", ecs: ECS, aliases: DEVICE_ALIASES }),
  dataClass: "network",
  sniff: (line, json) => (json === undefined && isAsa(ciscoTag(line)) ? SURE : 0),
  parse: (line, context) => {
    const tag = ciscoTag(line);
    if (tag === undefined || !isAsa(tag)) {
      throw new AppError("HW_PARSE_FAILED", "no ASA line: `%ASA-6-302013: …` was expected");
    }
    const head = ciscoHead(line, tag, context);
    const text = line.slice(tag.end).trim();
    const record: Record<string, unknown> = {
      facility: tag.facility,
      severity: tag.severity,
      level: LEVELS[tag.severity],
      message_number: tag.mnemonic,
      code: `${tag.facility}-${tag.severity}-${tag.mnemonic}`,
      message: line.slice(tag.start).trimEnd(),
    };
    if (head.host !== undefined) record.host = head.host;
    if (/^4300\d\d$/.test(tag.mnemonic)) readThreatDefense(text, record);
    else readDeviceMessage(text, asaMessages(tag.mnemonic), record);
    tidy(record);
    return { record, time: head.time, identity: undefined };
  },
  ecs: (record) => {
    const product = record.facility === "FTD" ? "FTD" : "ASA";
    return deviceDocument(record, {
      id: "cisco-asa",
      ecs: ECS,
      vendor: "Cisco",
      product,
      type: "firewall",
    });
  },
};

function isAsa(tag: CiscoTag | undefined): tag is CiscoTag {
  if (tag === undefined || !/^\d{6}$/.test(tag.mnemonic)) return false;
  return tag.facility === "ASA" || tag.facility === "FTD" || tag.facility === "FWSM";
}

// `*****` stands where the account doesn't exist; `LOCAL\` before accounts of the device itself.
function tidy(record: Record<string, unknown>): void {
  for (const name of ["user", "target_user"]) {
    const value = record[name];
    if (typeof value !== "string") continue;
    if (/^(?:\*+|unknown|<unknown>|N\/A)$/i.test(value)) delete record[name];
    else if (value.startsWith("LOCAL\\")) record[name] = value.slice(6);
  }
  if (typeof record.protocol === "string") record.protocol = record.protocol.toLowerCase();
}

// 430001 to 430005, intrusion, connection start and end, file and malware events: `Key: value, Key: value`
// (Cisco Secure Firewall Threat Defense Syslog Messages). Values hold commas, keys never a blank.
const PAIR = /(?:^|, )([A-Z][A-Za-z0-9_]{1,60}): /g;
/** Most pairs of one line. */
const PAIRS_MAX = 300;
const NAMES: Readonly<Record<string, string>> = {
  SrcIP: "src_ip",
  SrcPort: "src_port",
  DstIP: "dst_ip",
  DstPort: "dst_port",
  Protocol: "protocol",
  IngressInterface: "src_interface",
  EgressInterface: "dst_interface",
  AccessControlRuleName: "rule",
  User: "user",
  InitiatorBytes: "src_bytes",
  ResponderBytes: "dst_bytes",
  NAT_InitiatorIP: "src_nat_ip",
  NAT_ResponderIP: "dst_nat_ip",
  URL: "url",
  ConnectionID: "session",
  AccessControlRuleReason: "reason",
};

function readThreatDefense(text: string, record: Record<string, unknown>): void {
  const keys = [...text.matchAll(PAIR)].slice(0, PAIRS_MAX);
  for (const [index, match] of keys.entries()) {
    const start = match.index + match[0].length;
    const value = text.slice(start, keys[index + 1]?.index).trim();
    const key = match[1] ?? "";
    setField(record, lookup(NAMES, key) ?? key, value);
  }
  const action = String(record.AccessControlRuleAction ?? record.InlineResult ?? "");
  const isBlocked = /block|reset|drop/i.test(action);
  if (record.message_number === "430002" || record.message_number === "430003") {
    Object.assign(record, isBlocked ? DENIED : ALLOWED);
    record.phase = isBlocked ? "denied" : record.message_number === "430003" ? "end" : "start";
  } else {
    record.kind = "threat";
    record.action = isBlocked ? "blocked" : "detected";
    if (record.Message !== undefined) record.rule = record.Message;
    if (record.ThreatName !== undefined) record.rule = record.ThreatName;
  }
}
