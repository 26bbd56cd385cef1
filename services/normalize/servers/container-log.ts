// The lines that containers write, as Docker's json-file driver and the kubelet (CRI) store them. What is
// inside is read by its own format where one is sure of it; else the line itself is the event.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, ParsedRecord } from "../../../detectors/event.ts";
import { put, textOf } from "../document.ts";
import { type FieldTable, flatDocument, flatShape } from "../field-table.ts";
import type { Format, InnerLine, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { isoTime } from "../time-text.ts";

const ECS: FieldTable = {
  message: ["log"],
  "container.id": ["container_id"],
  "container.name": ["container_name"],
  "container.image.name": ["image_name"],
  "orchestrator.namespace": ["namespace_name"],
  "orchestrator.resource.name": ["pod_name"],
  "host.name": ["host"],
};

/** Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"…"}`. */
export const docker: Format = {
  id: "docker",
  title: "Docker container logs (json-file)",
  reads: "json",
  shape: flatShape({ id: "docker", family: "container", ecs: ECS }),
  dataClass: "content",
  sniff: (_line, json) => (json !== undefined && isDockerLine(json) ? 0.9 : 0),
  parse: (_line, _context, json) => {
    if (json === undefined || !isDockerLine(json)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "no container line: log, stream and time were expected",
      );
    }
    const record: Record<string, unknown> = { ...json, log: textOf(json.log).trimEnd() };
    // Fluent Bit and Fluentd put what they know of the pod beside the line.
    if (isRecord(json.kubernetes)) {
      const { pod_name, namespace_name, container_name, host } = json.kubernetes;
      Object.assign(record, { pod_name, namespace_name, container_name, host });
    }
    const time = textOf(json.time ?? json["@timestamp"]);
    return { record, time: isoTime(time), identity: undefined };
  },
  ecs,
  inner: innerOf,
};

/** The kubelet's container runtime interface: `2026-11-21T04:38:16.123456789Z stdout F line`. */
export const criContainer: Format = {
  id: "cri-container",
  title: "Kubernetes container logs (CRI)",
  reads: "text",
  shape: flatShape({ id: "cri-container", family: "container", ecs: ECS }),
  dataClass: "content",
  mayClaim: ({ line }) => /\d/.test(line),
  sniff: (line, json) => (json === undefined && headOf(line) !== null ? 0.95 : 0),
  parse: (line) => {
    const head = headOf(line);
    if (head === null) {
      throw new AppError("HW_PARSE_FAILED", "no container line: `TIME stdout F` was expected");
    }
    const [whole, time = "", stream, tag] = head;
    const log = line.slice(whole.length).trimEnd();
    return {
      record: { log, stream, partial: tag === "P" },
      time: isoTime(time),
      identity: undefined,
    };
  },
  ecs,
  inner: (record) => (record.partial === true ? undefined : innerOf(record)),
};

function headOf(line: string): RegExpExecArray | null {
  if (line[4] !== "-" || line[10] !== "T") return null;
  return /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?: |$)/.exec(
    line.slice(0, 60),
  );
}

function isDockerLine(json: JsonRecord): boolean {
  const isStream = json.stream === "stdout" || json.stream === "stderr";
  return isStream && typeof json.log === "string" && ("time" in json || "kubernetes" in json);
}

function innerOf(record: ParsedRecord): InnerLine | undefined {
  const text = textOf(record.log);
  if (text === "") return undefined;
  return { text, host: textOf(record.host) || undefined };
}

const SKIPPED: ReadonlySet<string> = new Set(["time", "@timestamp", "kubernetes"]);

function ecs(record: ParsedRecord): EcsDocument {
  const document = flatDocument(record, ECS, "container", SKIPPED);
  put(document, "event.kind", "event");
  put(document, "event.category", ["process"]);
  return document;
}
