// Log records of OpenTelemetry, one by one as the OTLP input writes them (resource, scope, attributes as
// objects). Attributes of the semantic conventions are found under their own names and under ECS names.
// Lines of files, syslog, journal and Windows events that the collector only carried go to their formats.
// Names: opentelemetry.io/docs/specs/semconv, and the README files of the collector's receivers.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, setField } from "../field-table.ts";
import type { Format, InnerLine } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { isCarriedLine } from "./carried-line.ts";
import { isWindowsEvent, windowsEventOf } from "./otlp-windows.ts";

// Attributes that have the same name in ECS.
const SAME =
  "host.name host.id host.ip host.mac host.type service.name service.version service.namespace " +
  "process.pid process.parent_pid process.command_line process.title process.working_directory " +
  "user.name user.id user.email user.full_name user.hash user.roles user_agent.original user_agent.name " +
  "http.request.method http.response.status_code url.full url.path url.query url.scheme url.domain " +
  "url.fragment url.original client.address client.port server.address server.port source.address " +
  "source.port destination.address destination.port network.transport network.type error.type " +
  "dns.question.name file.path file.name file.extension file.directory log.file.path " +
  "container.id container.name container.image.name cloud.provider cloud.region cloud.account.id " +
  "tls.cipher tls.established session.id event.code event.action event.outcome rule.name";

const ECS: FieldTable = {
  ...Object.fromEntries(SAME.split(" ").map((name) => [name, [name]])),
  "source.ip": ["source.address", "client.address", "network.peer.address", "net.sock.peer.addr"],
  "destination.ip": ["destination.address", "server.address", "net.sock.host.addr"],
  "host.architecture": ["host.arch"],
  "host.os.type": ["os.type"],
  "host.os.full": ["os.description"],
  "host.os.version": ["os.version"],
  "process.executable": ["process.executable.path", "process.executable.name"],
  "process.name": ["process.executable.name", "syslog.appname", "appname"],
  "user.name": ["user.name", "enduser.id", "process.owner", "process.user.name"],
  "service.environment": ["deployment.environment.name", "deployment.environment"],
  "service.node.name": ["service.instance.id"],
  "error.message": ["exception.message"],
  "error.type": ["error.type", "exception.type"],
  "error.stack_trace": ["exception.stacktrace"],
  "http.request.method": ["http.request.method", "http.method"],
  "http.response.status_code": ["http.response.status_code", "http.status_code"],
  "url.full": ["url.full", "http.url"],
  "url.original": ["url.original", "http.target"],
  "orchestrator.namespace": ["k8s.namespace.name"],
  "orchestrator.cluster.name": ["k8s.cluster.name"],
  "orchestrator.resource.name": ["k8s.pod.name"],
  "log.syslog.facility.code": ["facility"],
  "log.logger": ["scope"],
  "log.level": ["severity"],
  "trace.id": ["traceId"],
  "span.id": ["spanId"],
  "event.action": ["eventName", "event.name", "event.action"],
  message: ["body"],
};

const SEVERITIES = "trace debug info warn error fatal".split(" ");

// What the record says itself.
const OWN: Readonly<Record<string, readonly FieldPath[]>> = {
  message: [["body"]],
  Message: [["body"]],
  "log.level": [["severityText"]],
  "log.logger": [["scope", "name"]],
  "trace.id": [["traceId"]],
  "span.id": [["spanId"]],
  "event.action": [["eventName"]],
};

/** OpenTelemetry log records. */
export const otlp: Format = {
  id: "otlp",
  title: "OpenTelemetry log records (OTLP)",
  reads: "json",
  shape: { id: "otlp", family: "otlp", locate },
  dataClass: "content",
  sniff: (_line, json) => {
    if (json === undefined || !isRecord(json.resource) || !isRecord(json.scope)) return 0;
    if (isRecord(json.metrics)) return 0;
    return TELLING.some((key) => key in json) ? 0.97 : 0;
  },
  parse: (_line, _context, json) => {
    if (json === undefined || !isRecord(json.resource) || !isRecord(json.scope)) {
      throw new AppError("HW_PARSE_FAILED", "no OTLP record: resource and scope were expected");
    }
    const { attributes } = json;
    const uid = isRecord(attributes) ? attributes["log.record.uid"] : undefined;
    return {
      record: json,
      time: timeOf(json.timeUnixNano) ?? timeOf(json.observedTimeUnixNano),
      identity: typeof uid === "string" && uid !== "" ? uid : undefined,
    };
  },
  ecs: (record) => {
    const document: EcsDocument = flatDocument(flatRecord(record), ECS, "otlp", SKIPPED);
    put(document, "event.kind", "event");
    return document;
  },
  inner: innerOf,
};

const TELLING = ["timeUnixNano", "observedTimeUnixNano", "severityNumber", "body", "eventName"];

// What the record says itself comes before its attributes, those before the resource's, and the keys of
// a structured body last.
function locate(name: string): readonly FieldPath[] {
  const bare = name.startsWith("otlp.") ? name.slice("otlp.".length) : name;
  const keys = [...((Object.hasOwn(ECS, bare) ? ECS[bare] : undefined) ?? []), bare];
  return [
    ...((Object.hasOwn(OWN, bare) ? OWN[bare] : undefined) ?? []),
    ...keys.flatMap((key) => [
      ["attributes", key],
      ["resource", "attributes", key],
    ]),
    ["body", bare],
    ...(bare.includes(".") ? [["body", ...bare.split(".")]] : []),
    [bare],
  ];
}

// The same order on one level, for the document. A name that is taken stays below what it belongs to.
function flatRecord(json: ParsedRecord): ParsedRecord {
  const record: Record<string, unknown> = {};
  const { resource, scope, attributes, body } = json;
  for (const [key, value] of Object.entries(json)) {
    if (!PARTS.has(key)) setField(record, key, value);
  }
  const severity = severityOf(json);
  if (severity !== undefined) record.severity = severity;
  if (isRecord(scope) && textOf(scope.name) !== "") record.scope = scope.name;
  if (body !== undefined && !isRecord(body)) record.body = body;
  add(record, "attributes", attributes);
  add(record, "resource", isRecord(resource) ? resource.attributes : undefined);
  add(record, "body", body);
  return record;
}

const PARTS: ReadonlySet<string> = new Set("resource scope attributes body".split(" "));
const SKIPPED: ReadonlySet<string> = new Set(
  "timeUnixNano observedTimeUnixNano severityNumber severityText".split(" "),
);

function add(record: Record<string, unknown>, prefix: string, values: unknown): void {
  if (!isRecord(values)) return;
  for (const [key, value] of Object.entries(values)) {
    setField(record, Object.hasOwn(record, key) ? `${prefix}.${key}` : key, value);
  }
}

// 1 to 24, four steps for each word (logs data model, "Field: SeverityNumber").
function severityOf(json: ParsedRecord): string | undefined {
  const text = textOf(json.severityText);
  if (text !== "") return text.toLowerCase();
  const number = json.severityNumber;
  if (typeof number !== "number" || number < 1) return undefined;
  return SEVERITIES[Math.floor((number - 1) / 4)];
}

function innerOf(record: ParsedRecord): InnerLine | undefined {
  const { body, attributes, resource } = record;
  const name = isRecord(resource) ? attributeOf(resource.attributes, "host.name") : undefined;
  const host = textOf(attributeOf(attributes, "host.name") ?? name) || undefined;
  if (isRecord(body)) {
    if (isWindowsEvent(body)) {
      return { format: "windows-flat", text: JSON.stringify(windowsEventOf(body)), host };
    }
    // The journald receiver's body is the journal's own entry.
    const isEntry = typeof body.MESSAGE === "string" && "_BOOT_ID" in body;
    return isEntry ? { format: "journald", text: JSON.stringify(body), host } : undefined;
  }
  if (typeof body !== "string" || body === "") return undefined;
  const isFromFile = LINE_ATTRIBUTES.some((key) => attributeOf(attributes, key) !== undefined);
  return isFromFile || isCarriedLine(body) ? { text: body, host } : undefined;
}

const LINE_ATTRIBUTES = ["log.file.name", "log.file.path"];

function attributeOf(attributes: unknown, key: string): unknown {
  return isRecord(attributes) ? attributes[key] : undefined;
}
