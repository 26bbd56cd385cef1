// Routers, switches and wireless controllers of Cisco (IOS, IOS XE, IOS XR, NX-OS):
// `*Nov 21 05:38:16.123 CET: %SYS-5-CONFIG_I: Configured from console by …`.
import { AppError } from "../../../config/errors.ts";
import { flatShape } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { iosMessages } from "./cisco-ios-messages.ts";
import { type CiscoTag, ciscoHead, ciscoTag } from "./cisco-line.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument, LEVELS } from "./device-document.ts";
import { readDeviceMessage } from "./device-messages.ts";

/** Lines of Cisco's routers and switches. */
export const ciscoIos: Format = {
  id: "cisco-ios",
  title: "Cisco IOS, IOS XE, IOS XR and NX-OS",
  reads: "text",
  shape: flatShape({ id: "cisco-ios", family: "cisco", ecs: DEVICE_ECS, aliases: DEVICE_ALIASES }),
  dataClass: "network",
  sniff: (line, json) => (json === undefined && isIos(ciscoTag(line)) ? SURE : 0),
  parse: (line, context) => {
    const tag = ciscoTag(line);
    if (tag === undefined || !isIos(tag)) {
      throw new AppError("HW_PARSE_FAILED", "no Cisco line: `%SYS-5-CONFIG_I: …` was expected");
    }
    const head = ciscoHead(line, tag, context);
    const record: Record<string, unknown> = {
      facility: tag.facility,
      severity: tag.severity,
      level: LEVELS[tag.severity],
      mnemonic: tag.mnemonic,
      code: `${tag.facility}-${tag.severity}-${tag.mnemonic}`,
      message: line.slice(tag.start).trimEnd(),
    };
    if (head.host !== undefined) record.host = head.host;
    if (head.sequence !== undefined) record.sequence = head.sequence;
    const text = line.slice(tag.end).trim();
    readDeviceMessage(text, iosMessages(`${tag.facility}-${tag.mnemonic}`), record);
    if (record.user === "unknown") delete record.user;
    return { record, time: head.time, identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "cisco-ios",
      ecs: DEVICE_ECS,
      vendor: "Cisco",
      product: "IOS",
      type: "switch",
    }),
};

// ASA's mnemonics are numbers.
function isIos(tag: CiscoTag | undefined): tag is CiscoTag {
  return tag !== undefined && !/^\d{6}$/.test(tag.mnemonic);
}
