// What records of metrics have in common, whichever sender wrote them: a set, a host or a service, labels that
// say what of it, and numbers. Their documents keep labels and values under two roots of their own, so that no
// name of a sender can stand for a field of ours.
import type { EcsDocument, ParsedRecord, RecordShape } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { setField } from "../field-table.ts";

/** Family of all formats that bring metrics. */
export const METRICS = "metrics";
/** Roots of labels and values in documents. */
export const LABELS = "metric.labels.";
export const VALUES = "metric.values.";

/** A record of metrics; a type and no interface, so that it is a `ParsedRecord`. */
type MetricRecord = {
  /** What was measured together: `cpu`, `http_requests_total`. */
  readonly set: string | undefined;
  readonly host: string | undefined;
  readonly service: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
};

/** Labels and values of one record; what is beyond is left out. */
const LABELS_MAX = 40;
const VALUES_MAX = 500;
const NAME_CHARACTERS_MAX = 200;
const LABEL_CHARACTERS_MAX = 1000;

/** Labels that name the host, best first. */
const HOST_LABELS = ["host", "hostname", "host.name", "host_name", "nodename", "instance"];
const SERVICE_LABELS = ["service", "service.name", "service_name", "job"];

/**
 * The record; what its labels say of host and service is taken out of them.
 * @param labels texts, numbers and truths are taken
 * @param values numbers and truths are taken, of numbers what is one
 */
export function metricRecord(
  set: string | undefined,
  labels: Iterable<readonly [string, unknown]>,
  values: Iterable<readonly [string, unknown]>,
): MetricRecord {
  const named: Record<string, string> = {};
  let left = LABELS_MAX;
  for (const [key, value] of labels) {
    const text = typeof value === "string" ? value : scalarText(value);
    if (!isName(key) || text === "" || left-- <= 0) continue;
    setField(named, key, text.slice(0, LABEL_CHARACTERS_MAX));
  }
  const numbers: Record<string, number> = {};
  left = VALUES_MAX;
  for (const [key, value] of values) {
    const number = typeof value === "boolean" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number) || !isName(key)) continue;
    if (left-- > 0) setField(numbers, key, number);
  }
  const host = taken(named, HOST_LABELS);
  const service = taken(named, SERVICE_LABELS);
  return {
    set: set?.slice(0, NAME_CHARACTERS_MAX),
    host: host === undefined ? undefined : withoutPort(host),
    ...{ service, labels: named, values: numbers },
  };
}

/** How records of metrics lie for rules. */
export function metricShape(id: string): RecordShape {
  return {
    ...{ id, family: METRICS },
    locate(name) {
      const known = NAMES[name];
      if (known !== undefined && Object.hasOwn(NAMES, name)) return [[known]];
      if (name.startsWith(LABELS)) return [["labels", name.slice(LABELS.length)]];
      if (name.startsWith(VALUES)) return [["values", name.slice(VALUES.length)]];
      return [["labels", name], ["values", name], [name]];
    },
  };
}

const NAMES: Readonly<Record<string, string>> = {
  ...{ "metricset.name": "set", "host.name": "host", "service.name": "service" },
};

/** The document of what `metricRecord` made. */
export function metricDocument(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = { "event.kind": "metric" };
  for (const [name, key] of Object.entries(NAMES)) put(document, name, record[key]);
  putEach(document, LABELS, record.labels);
  putEach(document, VALUES, record.values);
  return document;
}

function putEach(document: EcsDocument, root: string, part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  for (const [key, value] of Object.entries(part)) put(document, root + key, value);
}

function isName(key: string): boolean {
  return key !== "" && key.length <= NAME_CHARACTERS_MAX;
}

function scalarText(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function taken(labels: Record<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    if (!Object.hasOwn(labels, name)) continue;
    const value = labels[name];
    delete labels[name];
    return value;
  }
  return undefined;
}

/** `web01:9100` is what is listening on `web01`; an address of version 6 without brackets has more colons. */
function withoutPort(host: string): string {
  const at = host.indexOf(":");
  if (host.startsWith("[")) return host.slice(1, Math.max(1, host.indexOf("]")));
  const isPort = at > 0 && at === host.lastIndexOf(":") && /^\d{1,5}$/.test(host.slice(at + 1));
  return isPort ? host.slice(0, at) : host;
}
