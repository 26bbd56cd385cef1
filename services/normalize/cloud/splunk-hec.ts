// Events in the envelope of Splunk's HTTP Event Collector: time, host, source, sourcetype and fields around
// an event that is a text or an object. A known line in it goes to its own format.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { has, put, putAll, textOf } from "../document.ts";
import type { Format, InnerLine, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { isCarriedLine } from "./carried-line.ts";

/** HTTP Event Collector envelopes. */
export const splunkHec: Format = {
  id: "splunk-hec",
  title: "Splunk HTTP Event Collector",
  reads: "json",
  shape: { id: "splunk-hec", family: "splunk-hec", locate },
  dataClass: "content",
  sniff: (_line, json) => {
    if (json === undefined || !isEnvelope(json)) return 0;
    return typeof json.sourcetype === "string" ? 0.95 : hasOnlyItsKeys(json) ? 0.92 : 0;
  },
  parse: (_line, _context, json) => {
    if (json === undefined || !isEnvelope(json)) {
      throw new AppError("HW_PARSE_FAILED", "no HEC envelope: an event was expected");
    }
    return { record: json, time: timeOf(json.time), identity: undefined };
  },
  ecs: document,
  inner: innerOf,
};

const KEYS: ReadonlySet<string> = new Set(
  "time host source sourcetype index event fields".split(" "),
);

function isEnvelope(json: JsonRecord): boolean {
  const { event } = json;
  return (typeof event === "string" && event !== "") || isRecord(event);
}

// `event` alone is a name that others use as well: the rest of the keys has to be the envelope's.
function hasOnlyItsKeys(json: JsonRecord): boolean {
  for (const key in json) if (!KEYS.has(key)) return false;
  return true;
}

const OWN: Readonly<Record<string, readonly FieldPath[]>> = {
  "host.name": [["host"]],
  message: [["event", "message"], ["event", "line"], ["event"]],
  Message: [["event", "message"], ["event", "line"], ["event"]],
};

function locate(name: string): readonly FieldPath[] {
  if (Object.hasOwn(OWN, name)) return OWN[name] ?? [];
  const bare = name.startsWith("splunk-hec.") ? name.slice("splunk-hec.".length) : name;
  const path = bare.split(".");
  return [["event", ...path], ["event", bare], ["fields", bare], path];
}

function document(record: ParsedRecord): EcsDocument {
  const result: EcsDocument = { "event.kind": "event", "event.module": "splunk-hec" };
  const { event, fields, host, source, sourcetype, index } = record;
  put(result, "host.name", textOf(host));
  put(result, "log.file.path", textOf(source).startsWith("/") ? source : undefined);
  put(result, "splunk-hec.source", has(result, "log.file.path") ? undefined : source);
  put(result, "event.dataset", textOf(sourcetype));
  put(result, "splunk-hec.index", index);
  if (isRecord(fields)) putAll(result, "splunk-hec.fields.", fields);
  if (isRecord(event)) {
    const message = textOf(event.message) || textOf(event.line);
    put(result, "message", message);
    putAll(result, "splunk-hec.event.", event);
  } else put(result, "message", event);
  for (const [key, value] of Object.entries(record)) {
    if (!KEYS.has(key)) put(result, `splunk-hec.${key}`, value);
  }
  return result;
}

// Names that tell a product's own JSON; other objects speak for themselves and keep their envelope.
const PRODUCTS = [
  "winlog",
  "EventID",
  "eventSource",
  "Workload",
  "event_type",
  "auditID",
  "MESSAGE",
  "@timestamp",
];

function innerOf(record: ParsedRecord): InnerLine | undefined {
  const { event } = record;
  const name = textOf(record.host);
  const host = name === "" ? undefined : name;
  // The source of a file's or a socket's lines tells that they are lines; others have to look like ones.
  const isLines = /^(?:\/|udp:|tcp:)/.test(textOf(record.source));
  if (typeof event === "string") {
    return isLines || isCarriedLine(event) ? { text: event, host } : undefined;
  }
  if (!isRecord(event)) return undefined;
  // Docker's driver puts the container's line beside tag and stream.
  if (typeof event.line === "string" && isCarriedLine(event.line)) {
    return { text: event.line, host };
  }
  if (isRecord(event.line) || PRODUCTS.some((key) => key in event)) {
    return { text: JSON.stringify(isRecord(event.line) ? event.line : event), host };
  }
  return undefined;
}
