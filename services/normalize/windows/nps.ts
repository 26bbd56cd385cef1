// The logs of the Network Policy Server (RADIUS for Wi-Fi, VPN and switch ports; IN*.log) in its three
// forms: DTS-compliant XML, database-compatible CSV, and IAS. Times are the server's wall clock.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { type FieldTable, flatDocument, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf } from "../generic/syslog.ts";
import { wallTime } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { readDelimited } from "./delimited-line.ts";
import { ATTRIBUTES, DATABASE_COLUMNS, PACKETS, REASONS } from "./nps-attributes.ts";
import { putAccount } from "./windows-ecs.ts";

const USER = ["SAM-Account-Name", "User-Name", "Fully-Qualified-User-Name"];
const ECS: FieldTable = {
  "source.mac": ["Calling-Station-Id"],
  "source.ip": ["Framed-IP-Address"],
  "observer.ip": ["NAS-IP-Address", "Client-IP-Address"],
  "observer.name": ["Client-Friendly-Name", "NAS-Identifier"],
  "host.name": ["Computer-Name"],
  "rule.name": ["NP-Policy-Name"],
  "rule.ruleset": ["Proxy-Policy-Name"],
  "event.code": ["Packet-Type"],
};

/** NPS logs. */
export const nps: Format = {
  id: "nps",
  title: "Windows Network Policy Server (RADIUS)",
  reads: "text",
  shape: flatShape({ id: "nps", family: "nps", ecs: ECS, aliases: { "user.name": USER } }),
  dataClass: "security",
  mayClaim: ({ line, message }) => /[<"\d.:a-f,]/i.test(line + message),
  sniff: (line, json) => (json === undefined && readerOf(textOf(line)) !== undefined ? 0.95 : 0),
  parse: (line, context) => {
    const text = textOf(line);
    const record = readerOf(text)?.(text);
    if (record === undefined) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no NPS line: DTS XML, the database format or the IAS format was expected",
      );
    }
    return { record, time: timeOfRecord(record, context), identity: undefined };
  },
  ecs,
};

type Reader = (text: string) => Record<string, unknown> | undefined;

function textOf(line: string): string {
  return /^<\d{1,3}>/.test(line.slice(0, 5)) ? (contentOf(line)?.message ?? line) : line;
}

function readerOf(text: string): Reader | undefined {
  const head = text.slice(0, 200);
  if (/^<Event><Timestamp data_type="\d">/.test(head)) return readXml;
  if (/^"[^"]{1,64}","(?:IAS|RAS)",\d\d\/\d\d\/\d{4},\d\d:\d\d:\d\d,\d{1,2},/.test(head)) {
    return readDatabase;
  }
  const ias =
    /^"?[\d.:a-fA-F]{0,45}"?,[^,]{0,120},"?\d\d\/\d\d\/\d{4}"?,"?\d\d:\d\d:\d\d"?,"?(?:IAS|RAS)"?,[^,]{1,70},\d{1,5},/;
  return ias.test(head) ? readPairs : undefined;
}

/** Attributes of one record. */
const ATTRIBUTES_MAX = 300;

function readXml(text: string): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = {};
  let at = "<Event>".length;
  for (let count = 0; count < ATTRIBUTES_MAX; count++) {
    if (text.startsWith("</Event>", at)) return record;
    const open = /^<([A-Za-z][\w.-]{0,80})(?: data_type="\d{1,2}")?>/.exec(
      text.slice(at, at + 110),
    );
    const name = open?.[1];
    if (open === null || name === undefined) return undefined;
    const start = at + open[0].length;
    const end = text.indexOf(`</${name}>`, start);
    if (end === -1) return undefined;
    // The server itself misspells one name.
    const key = name === "Fully-Qualifed-User-Name" ? "Fully-Qualified-User-Name" : name;
    setField(record, key, unescaped(text.slice(start, end)));
    at = end + name.length + 3;
  }
  return undefined;
}

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"');
  return plain.replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}

function readDatabase(text: string): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [index, value] of readDelimited(text, ATTRIBUTES_MAX).entries()) {
    const name = DATABASE_COLUMNS[index] ?? `column-${index + 1}`;
    if (value !== "") setField(record, name, value);
  }
  record.Timestamp = `${String(record["Record-Date"])} ${String(record["Record-Time"])}`;
  return record;
}

function readPairs(text: string): Record<string, unknown> {
  const values = readDelimited(text, ATTRIBUTES_MAX);
  const [nas, user, date, time, service, computer] = values;
  const record: Record<string, unknown> = { Timestamp: `${date} ${time}` };
  const head = { "NAS-IP-Address": nas, "User-Name": user, "Event-Source": service };
  for (const [name, value] of Object.entries({ ...head, "Computer-Name": computer })) {
    if (value !== undefined && value !== "") record[name] = value;
  }
  for (let index = 6; index + 1 < values.length; index += 2) {
    const number = values[index] ?? "";
    setField(record, ATTRIBUTES.get(number) ?? `attribute-${number}`, values[index + 1]);
  }
  return record;
}

// 11/21/2026 05:38:16.123
function timeOfRecord(
  { Timestamp: written }: Readonly<Record<string, unknown>>,
  context: ParseContext,
): number | undefined {
  if (typeof written !== "string") return undefined;
  const parts = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?/.exec(written);
  if (parts === null) return undefined;
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map(Number);
  const wallMs = wallTime(year, month, day, hour, minute, second);
  return wallMs === undefined ? undefined : wallToUtc(wallMs + Number(parts[7] ?? "0"), context);
}

const SKIPS: ReadonlySet<string> = new Set([
  "Timestamp",
  "Record-Date",
  "Record-Time",
  "SAM-Account-Name",
  "User-Name",
]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "nps", SKIPS);
  const [action, outcome] = PACKETS.get(String(record["Packet-Type"])) ?? [];
  const reason = record["Reason-Code"];
  put(document, "event.kind", "event");
  put(document, "event.module", "nps");
  put(document, "event.category", ["authentication", "network"]);
  put(document, "event.type", [outcome === undefined ? "info" : "start"]);
  put(document, "event.action", action);
  put(document, "event.outcome", outcome);
  if (typeof reason === "string" && reason !== "0") {
    put(document, "event.reason", REASONS.get(reason) ?? reason);
  }
  const user = USER.map((name) => record[name]).find((name) => name !== undefined);
  // A canonical name holds the way through the directory: kreis.example/Benutzer/name.
  putAccount(document, typeof user === "string" ? user.slice(user.lastIndexOf("/") + 1) : user);
  return document;
}
