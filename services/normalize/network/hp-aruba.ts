// Switches of HPE Aruba: ArubaOS-Switch and ProCurve (`00077 ports: port 5 is now off-line`, event number
// and module) and AOS-CX (`Event|404|LOG_INFO|AMM|-|Link status for interface 1/1/10 is down`).
import { AppError } from "../../../config/errors.ts";
import { type FieldTable, flatShape } from "../field-table.ts";
import { type Format, SURE } from "../format.ts";
import { contentOf, frameFields, frameTime, type SyslogFrame } from "../generic/syslog.ts";
import { DEVICE_ALIASES, DEVICE_ECS, deviceDocument } from "./device-document.ts";
import { readDeviceMessage } from "./device-messages.ts";
import { SWITCH_MESSAGES } from "./switch-messages.ts";

const ECS: FieldTable = {
  ...DEVICE_ECS,
  "process.name": ["program"],
  "process.pid": ["pid"],
  "log.syslog.facility.name": ["facility"],
  "log.level": ["severity"],
  "log.syslog.severity.code": [],
  "event.code": ["event_number"],
};

/** Lines of HPE Aruba switches. */
export const hpAruba: Format = {
  id: "hp-aruba",
  title: "HPE Aruba switches (AOS-CX, ArubaOS-Switch, ProCurve)",
  reads: "text",
  shape: {
    ...flatShape({ id: "hp-aruba", family: "firewall", ecs: ECS, aliases: DEVICE_ALIASES }),
    logsource: { product: "hp-aruba" },
  },
  dataClass: "network",
  mayClaim: ({ isFramed, message, content }) => isFramed && (message === "E" || /\d/.test(content)),
  sniff: (line, json) => (json === undefined && eventOf(contentOf(line)) !== undefined ? SURE : 0),
  parse: (line, context) => {
    const frame = contentOf(line);
    const event = eventOf(frame);
    if (frame === undefined || event === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no Aruba line: `00077 ports: …` or `Event|404|…` expected",
      );
    }
    const record: Record<string, unknown> = frameFields(frame);
    // ArubaOS-Switch has no program; its number may look like one.
    if (!event.isModern) delete record.program;
    Object.assign(record, {
      event_number: event.number,
      module: event.module,
      message: event.text,
    });
    if (event.level !== undefined) record.event_level = event.level;
    readDeviceMessage(event.text, SWITCH_MESSAGES, record);
    return { record, time: frameTime(frame, context), identity: undefined };
  },
  ecs: (record) =>
    deviceDocument(record, {
      id: "hp-aruba",
      ecs: ECS,
      vendor: "HPE Aruba",
      product: record.event_level === undefined ? "ArubaOS-Switch" : "AOS-CX",
      type: "switch",
    }),
};

interface SwitchEvent {
  readonly isModern: boolean;
  readonly number: string;
  readonly module: string;
  readonly level: string | undefined;
  readonly text: string;
}

// The stack member may stand between (`00076 ports: ST1-CMDR: port 1/1 is now on-line`).
const OLD =
  /^(\d{5}) ([A-Za-z0-9][\w./ -]{0,31}?): {1,4}(?:(?:ST\d{1,2}-(?:CMDR|STBY|MMBR)|AM\d): )?/;
const NEW = /^Event\|(\d{1,6})\|LOG_([A-Z]{3,8})\|([^|]{0,32})\|([^|]{0,32})\|/;

function eventOf(frame: SyslogFrame | undefined): SwitchEvent | undefined {
  if (frame === undefined) return undefined;
  const { message, content } = frame;
  if (message.startsWith("Event|")) {
    const match = NEW.exec(message.slice(0, 120));
    if (match === null) return undefined;
    const [whole, number = "", level, module = ""] = match;
    return { isModern: true, number, level, module, text: message.slice(whole.length) };
  }
  const first = content.charCodeAt(0);
  if (!(first >= 0x30 && first <= 0x39)) return undefined;
  const match = OLD.exec(content.slice(0, 120));
  if (match === null) return undefined;
  const [whole, number = "", module = ""] = match;
  return { isModern: false, number, level: undefined, module, text: content.slice(whole.length) };
}
