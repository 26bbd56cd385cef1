// Check Point firewalls and management, as their Log Exporter sends (R80.10 to R82): its syslog format
// `[action:"Drop"; src:"…"; …]`, the same in RFC 5424 form `[Fields@1.3.6.1.4.1.2620 action="Drop" …]`, and
// the formats generic and splunk, `time=…|action=Drop|…`. CEF and LEEF are formats of their own.
import { AppError } from "../../../config/errors.ts";
import { textOf } from "../document.ts";
import { type FieldTable, flatShape, setField } from "../field-table.ts";
import type { Format, ParseContext } from "../format.ts";
import { contentOf, frameTime } from "../generic/syslog.ts";
import { readIso, timeOf } from "../time-text.ts";
import { wallToUtc } from "../zone-time.ts";
import { deviceDocument } from "./device-document.ts";
import { type DeviceMeaning, verdictOf } from "./device-messages.ts";

const ECS: FieldTable = {
  "host.name": ["host"],
  "observer.name": ["host"],
  "observer.ip": ["origin"],
  "observer.ingress.interface.name": ["ifname"],
  "observer.ingress.zone": ["inzone"],
  "observer.egress.zone": ["outzone"],
  "event.action": ["action"],
  "event.outcome": ["outcome"],
  "event.reason": ["reason", "drop_reason", "auth_status", "fw_message", "message_info"],
  "source.ip": ["src", "client_ip", "endpoint_ip", "ipaddr"],
  "source.port": ["s_port"],
  "source.mac": ["mac_source_address"],
  "source.domain": ["src_machine_name", "machine"],
  "source.nat.ip": ["xlatesrc"],
  "source.nat.port": ["xlatesport"],
  "source.bytes": ["client_outbound_bytes", "sent_bytes"],
  "source.packets": ["client_outbound_packets"],
  "source.geo.country_name": ["src_country"],
  "destination.ip": ["dst"],
  "destination.port": ["service"],
  "destination.domain": ["dst_domain_name", "sni"],
  "destination.nat.ip": ["xlatedst"],
  "destination.nat.port": ["xlatedport"],
  "destination.bytes": ["client_inbound_bytes", "received_bytes"],
  "destination.packets": ["client_inbound_packets"],
  "destination.user.name": ["dst_user_name"],
  "destination.geo.country_name": ["dst_country"],
  "network.iana_number": ["proto"],
  "network.application": ["appi_name"],
  "network.protocol": ["service_id"],
  "network.direction": ["ifdir"],
  "rule.id": ["rule"],
  "rule.name": ["rule_name", "protection_name", "attack"],
  "rule.uuid": ["rule_uid"],
  "user.name": ["user", "src_user_name", "administrator", "orig_from"],
  "user.full_name": ["fullname"],
  "group.name": ["src_user_group", "user_group"],
  "url.original": ["resource"],
  "http.request.method": ["method"],
  "user_agent.original": ["user_agent", "web_client_type"],
  "file.name": ["file_name"],
  "file.hash.sha256": ["file_sha256"],
  "file.hash.md5": ["file_md5"],
  "log.level": ["severity"],
  message: ["description", "information", "message", "sys_message"],
};

/** Lines of Check Point's Log Exporter. */
export const checkpoint: Format = {
  id: "checkpoint",
  title: "Check Point Log Exporter",
  reads: "text",
  shape: {
    ...flatShape({
      id: "checkpoint",
      family: "firewall",
      ecs: ECS,
      aliases: {
        src_ip: ["src", "client_ip"],
        src_port: ["s_port"],
        dst_ip: ["dst"],
        dst_port: ["service"],
        username: ["user", "src_user_name", "administrator"],
        "c-uri": ["resource"],
        "cs-method": ["method"],
        "c-useragent": ["user_agent"],
        Signature: ["protection_name", "attack"],
        Filename: ["file_name"],
      },
    }),
    logsource: { product: "checkpoint" },
  },
  dataClass: "network",
  sniff: (line, json) => (json === undefined && layoutOf(line) !== undefined ? 1 : 0),
  parse: (line, context) => {
    const layout = layoutOf(line);
    if (layout === undefined) {
      throw new AppError("HW_PARSE_FAILED", 'no Check Point line: [action:"…"; …] was expected');
    }
    const record: Record<string, unknown> = {};
    if (layout.separator === "|") readPiped(line, layout.start, record);
    else readQuoted(line, layout.start, layout.separator, record);
    const head = headOf(line, layout, context);
    const host = textOf(record.hostname) || head.host;
    if (host !== undefined && host !== "") record.host = host;
    tidy(record);
    Object.assign(record, meaningOf(record));
    return { record, time: timeOf(record.time) ?? head.time, identity: undefined };
  },
  ecs: (record) => {
    const document = deviceDocument(record, {
      id: "checkpoint",
      ecs: ECS,
      vendor: "Check Point",
      product: textOf(record.product) || "Log Exporter",
      type: "firewall",
    });
    delete document["checkpoint.time"];
    return document;
  },
};

interface Layout {
  /** Where the first field's name begins. */
  readonly start: number;
  /** Between a field's name and its value; `|` stands for the piped format. */
  readonly separator: ":" | "=" | "|";
  /** Where the syslog header ends. */
  readonly headEnd: number;
}

const HEAD_CHARACTERS = 300;
const SYSLOG = /\bCheckPoint \d{1,10} - \[ ?(?=[\w ]{1,64}:")/;
const NEW_SYSLOG = /\[Fields@1\.3\.6\.1\.4\.1\.2620 /;
/** Most fields of one line. */
const FIELDS_MAX = 400;

function layoutOf(line: string): Layout | undefined {
  const head = line.slice(0, HEAD_CHARACTERS);
  // Plain searches for a word of each pattern cost a fraction of what the patterns do.
  const old = head.includes("CheckPoint ") ? SYSLOG.exec(head) : null;
  if (old !== null) {
    return { start: old.index + old[0].length, separator: ":", headEnd: old.index };
  }
  const modern = head.includes("[Fields@") ? NEW_SYSLOG.exec(head) : null;
  if (modern !== null) {
    return { start: modern.index + modern[0].length, separator: "=", headEnd: modern.index };
  }
  if (!head.includes("|")) return undefined;
  const piped = /(?:^|[\s>])(?=time=\d{9,13}\|)/.exec(head);
  if (piped === null || !/\|(?:product|loguid|originsicname|action)=/.test(line.slice(0, 2000))) {
    return undefined;
  }
  const start = piped.index + piped[0].length;
  return { start, separator: "|", headEnd: start };
}

function readQuoted(
  line: string,
  start: number,
  separator: string,
  record: Record<string, unknown>,
): void {
  const opening = `${separator}"`;
  let at = start;
  for (let count = 0; count < FIELDS_MAX; count++) {
    while (line[at] === " " || line[at] === ";") at++;
    const open = line.indexOf(opening, at);
    if (open === -1) return;
    const end = endOf(line, open + 2, '"');
    addField(record, line.slice(at, open), unescaped(line.slice(open + 2, end)));
    at = end + 1;
  }
}

function readPiped(line: string, start: number, record: Record<string, unknown>): void {
  let at = start;
  for (let count = 0; count < FIELDS_MAX && at < line.length; count++) {
    const end = endOf(line, at, "|");
    const equals = line.indexOf("=", at);
    if (equals > at && equals < end) {
      addField(record, line.slice(at, equals).trim(), unescaped(line.slice(equals + 1, end)));
    }
    at = end + 1;
  }
}

// The next such character that no backslash stands before.
function endOf(line: string, start: number, character: string): number {
  let end = line.indexOf(character, start);
  if (end === -1) return line.length;
  if (line[end - 1] !== "\\") return end;
  end = start;
  while (end < line.length && line[end] !== character) end += line[end] === "\\" ? 2 : 1;
  return Math.min(end, line.length);
}

function unescaped(value: string): string {
  return value.includes("\\") ? value.replace(/\\(.)/g, "$1") : value;
}

const OWN: ReadonlySet<string> = new Set([
  "host",
  "kind",
  "phase",
  "blocked",
  "outcome",
  "fullname",
]);

// The table of the layers that a connection went through repeats its fields.
function addField(record: Record<string, unknown>, name: string, value: string): void {
  if (name === "" || name.length > 64 || value === "") return;
  const key = OWN.has(name) ? `${name}_` : name;
  const before = Object.hasOwn(record, key) ? record[key] : undefined;
  if (before === undefined || before === value) setField(record, key, value);
  else if (Array.isArray(before)) before.push(value);
  else setField(record, key, [before, value]);
}

// `<134>1 2026-11-21T04:38:16Z fw-cp CheckPoint 13752 - [`; older releases write a blank for the `T`, and
// all leave one of the header's words out.
function headOf(
  line: string,
  layout: Layout,
  context: ParseContext,
): { host: string | undefined; time: number | undefined } {
  const head = line.slice(0, layout.headEnd);
  const at = head.search(/\d{4}-\d\d-\d\d[T ]\d\d:/);
  const iso = at === -1 ? undefined : readIso(head, at);
  if (iso !== undefined) {
    const host = /^ {1,2}([\w.:-]{1,255}) /.exec(head.slice(iso.end))?.[1];
    const time =
      iso.offsetMs === undefined ? wallToUtc(iso.wallMs, context) : iso.wallMs - iso.offsetMs;
    return { host, time };
  }
  const frame = contentOf(line);
  return { host: frame?.host, time: frame === undefined ? undefined : frameTime(frame, context) };
}

// `Erika Mustermann (emustermann)(+)` names a person and her account.
function tidy(record: Record<string, unknown>): void {
  for (const name of ["user", "src_user_name", "dst_user_name"]) {
    const match = /^(.{1,128}?) ?\(([^()]{1,128})\)/.exec(textOf(record[name]));
    if (match === null) continue;
    record[name] = match[2];
    if (name !== "dst_user_name") record.fullname = match[1];
  }
  for (const name of ["xlatesrc", "xlatedst"]) if (record[name] === "0.0.0.0") delete record[name];
  for (const name of ["xlatesport", "xlatedport"]) if (record[name] === "0") delete record[name];
}

const THREATS =
  /SmartDefense|IPS|Anti-?Bot|Threat Emulation|Threat Extraction|DDoS|Zero Phishing|Forensics/i;

function meaningOf(record: Readonly<Record<string, unknown>>): DeviceMeaning {
  const product = textOf(record.product);
  const action = textOf(record.action);
  if (/^(?:failed )?log ?(?:in|out)/i.test(action)) return signInMeaning(action, record);
  const verdict = verdictOf(action);
  if (/Anti-?Virus|Anti-?Malware/i.test(product)) return { kind: "malware", ...verdict };
  if (THREATS.test(product)) return { kind: "threat", ...verdict };
  if (/URL Filtering/i.test(product)) return { kind: "web", ...verdict };
  if (
    /SmartConsole|SmartDashboard|WEB_API|Smart/i.test(product) ||
    record.operation !== undefined
  ) {
    return { kind: "configuration", phase: "change" };
  }
  if (/Key Install|VPN Routing/i.test(action)) return { kind: "vpn" };
  return { kind: record.src === undefined ? "system" : "traffic", ...verdict };
}

// The action keeps the product's own words.
function signInMeaning(action: string, record: Readonly<Record<string, unknown>>): DeviceMeaning {
  if (/out$/i.test(action)) return { kind: "authentication", outcome: "success", phase: "end" };
  const said = `${action} ${textOf(record.auth_status)} ${textOf(record.status)}`;
  const outcome = /fail/i.test(said) ? "failure" : "success";
  return { kind: "authentication", outcome, phase: "start" };
}
