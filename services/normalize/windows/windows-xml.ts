// Windows Event XML, raw or rendered, one event a line: from Windows Event Forwarding, NXLog and wevtutil,
// bare or inside syslog. The record is laid out like windows-flat.

import { SaxesParser } from "saxes";
import { AppError, messageOf } from "../../../config/errors.ts";
import { setField } from "../field-table.ts";
import type { Format, ParseContext, ParsedLine } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { readRegularXml, type XmlHandler } from "./regular-xml.ts";
import { flatScriptBlocks } from "./script-blocks.ts";
import {
  flatWindowsDocument,
  flatWindowsShape,
  identityOfFlatWindows,
  timeOfFlatWindows,
} from "./windows-flat.ts";

/** Longest event, in UTF-16 units. */
const XML_CHARACTERS_MAX = 1024 * 1024;
/** Deepest nesting of elements; Windows uses up to six. */
export const XML_DEPTH_MAX = 32;
/** Most fields of one event. */
export const XML_FIELDS_MAX = 1000;

/** Windows events as XML. */
export const windowsXml: Format = {
  id: "windows-xml",
  title: "Windows Event XML",
  reads: "text",
  shape: flatWindowsShape("windows-xml"),
  dataClass: "security",
  mayClaim: ({ message }) => /[<\s\u0080]/.test(message),
  sniff: (line, json) => (json === undefined && providerOs(line) === "windows" ? 1 : 0),
  parse: readEventXml,
  ecs: flatWindowsDocument,
  join: flatScriptBlocks,
};

/** Whether a line is an event's XML, and from which system: Sysmon for Linux writes it too. */
export function providerOs(line: string): "windows" | "linux" | undefined {
  const head = xmlOf(line).slice(0, HEAD_CHARACTERS);
  if (!EVENT_START.test(head)) return undefined;
  return /<Provider Name=["']Linux-Sysmon["']/.test(head) ? "linux" : "windows";
}

/**
 * One event's XML, bare or inside syslog.
 * @throws AppError HW_PARSE_FAILED with what is wrong in it
 */
export function readEventXml(line: string, context: ParseContext): ParsedLine {
  const record = parseEventXml(xmlOf(line));
  if (record.EventID === undefined) {
    throw new AppError("HW_PARSE_FAILED", "no Windows event: <EventID> is missing");
  }
  return {
    record,
    time: timeOfFlatWindows(record, context),
    identity: identityOfFlatWindows(record),
  };
}

/** The declaration, the root and the provider stand here. */
const HEAD_CHARACTERS = 500;

// The logs of the Network Policy Server have an <Event> too, which begins with a <Timestamp>.
const EVENT_START =
  /^\s{0,20}(?:<\?xml[^>]{0,100}\?>\s{0,20})?<Event(?:\s[^>]{0,150})?>(?!<Timestamp)/;

// Syslog wraps the XML of Sysmon for Linux; a bare line starts with `<E` or `<?`.
function xmlOf(line: string): string {
  const start = line.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (/^\s{0,20}<[E?]/.test(line.slice(start, start + 22)))
    return start === 0 ? line : line.slice(1);
  return contentOf(line)?.message ?? line;
}

// Elements of <System> with attributes → flat names, as NXLog and the recordings have them.
const ATTRIBUTES: ReadonlyMap<string, readonly (readonly [attribute: string, field: string])[]> =
  new Map([
    [
      "Provider",
      [
        ["Name", "Provider_Name"],
        ["Guid", "Provider_Guid"],
      ],
    ],
    ["TimeCreated", [["SystemTime", "TimeCreated_SystemTime"]]],
    [
      "Execution",
      [
        ["ProcessID", "Execution_ProcessID"],
        ["ThreadID", "Execution_ThreadID"],
      ],
    ],
    [
      "Security",
      [
        ["UserID", "Security_UserID"],
        ["UserId", "Security_UserID"],
      ],
    ],
  ]);

/**
 * What identifies and routes an event must not be replaced by event data of the same name: "log cleared"
 * (104) has a `Channel` in its user data.
 */
const HEADER_NAMES: ReadonlySet<string> = new Set([
  "EventID",
  "Channel",
  "Computer",
  "EventRecordID",
  "Provider_Name",
  "TimeCreated_SystemTime",
  "Level",
  "Keywords",
]);

/** The name under which event data stands in a flat record. */
export function dataName(name: string): string {
  return HEADER_NAMES.has(name) ? `Data_${name}` : name;
}

/** What a rendered event names beside its numbers. */
const RENDERED: ReadonlySet<string> = new Set(["Level", "Task", "Opcode"]);

/**
 * The fields of one event, flat.
 * @throws AppError HW_PARSE_FAILED on faulty XML, a DOCTYPE (entities), or more than the limits allow
 */
function parseEventXml(xml: string): Record<string, unknown> {
  if (xml.length > XML_CHARACTERS_MAX) throw refused(`over ${XML_CHARACTERS_MAX} characters`);
  const quick = createEventBuilder();
  if (readRegularXml(xml, quick)) return quick.finish();
  const builder = createEventBuilder();
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  parser.on("error", (error) => {
    throw refused(messageOf(error));
  });
  parser.on("doctype", () => {
    throw refused("a DOCTYPE is not allowed");
  });
  parser.on("opentag", (tag) => builder.open(tag.name, tag.attributes));
  parser.on("text", builder.text);
  parser.on("cdata", builder.text);
  parser.on("closetag", builder.close);
  parser.write(xml).close();
  return builder.finish();
}

/** The parts of an event that have fields. */
const SECTIONS = ["System", "EventData", "UserData", "RenderingInfo"] as const;
type Section = (typeof SECTIONS)[number];

interface EventBuilder extends XmlHandler {
  finish(): Record<string, unknown>;
}

/** Gathers an event's fields from its elements. */
function createEventBuilder(): EventBuilder {
  const record: Record<string, unknown> = {};
  const path: string[] = [];
  let text = "";
  let givenName = "";
  // Of the second level, as one of our own strings: the parts of a line compare slowly.
  let section: Section | undefined;
  let fields = 0;
  const unnamed: string[] = [];
  const keywords: string[] = [];
  const set = (name: string, value: unknown): void => {
    if (++fields > XML_FIELDS_MAX) throw refused(`over ${XML_FIELDS_MAX} fields`);
    setField(record, name, value);
  };
  return {
    data(name, content) {
      // The usual place; anywhere else it is an element like others.
      if (section === "EventData" && path.length === 2 && name !== "") set(dataName(name), content);
      else {
        this.open("Data", { Name: name });
        this.text(content);
        this.close();
      }
      text = "";
      givenName = "";
    },
    open(name, attributes) {
      path.push(localName(name));
      if (path.length > XML_DEPTH_MAX) throw refused(`nested deeper than ${XML_DEPTH_MAX}`);
      if (path.length === 2) section = SECTIONS.find((one) => one === path[1]);
      text = "";
      givenName = attributes.Name ?? "";
      if (section !== "System" || path.length !== 3) return;
      for (const [attribute, field] of ATTRIBUTES.get(path[2] ?? "") ?? []) {
        const value = attributes[attribute];
        if (value !== undefined) set(field, value);
      }
    },
    text(part) {
      text += part;
    },
    close() {
      const name = path.at(-1) ?? "";
      if (section === "System" && path.length === 3 && text.trim() !== "") {
        set(name, name === "EventID" ? eventNumber(text) : text);
      } else if (section === "EventData" && path.length === 3) {
        if (givenName !== "") set(dataName(givenName), text);
        else if (name === "Data") unnamed.push(text);
        else set(dataName(name), text);
      } else if (section === "UserData" && path.length >= 4 && text.trim() !== "") {
        set(dataName(name), text);
      } else if (section === "RenderingInfo" && text.trim() !== "") {
        if (path.length === 3 && name === "Message") set("Message", text);
        else if (path.length === 3 && RENDERED.has(name)) set(`Rendered_${name}`, text);
        else if (path.length === 4 && name === "Keyword") keywords.push(text);
      }
      path.pop();
      if (path.length < 2) section = undefined;
      text = "";
      givenName = "";
    },
    finish() {
      if (keywords.length > 0) set("Rendered_Keywords", keywords.slice(0, 20));
      // Classic events number their strings; `Data` is how Sigma rules search them.
      const data = unnamed.length === 1 ? unnamed[0] : unnamed.slice(0, 100);
      if (unnamed.length > 0) set("Data", data);
      return record;
    },
  };
}

function eventNumber(text: string): number | string {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : text;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function refused(reason: string): AppError {
  return new AppError("HW_PARSE_FAILED", `no Windows event XML: ${reason}`);
}
