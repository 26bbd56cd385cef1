// The audit log of the Kubernetes API server (audit.k8s.io/v1), one event a line.
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument, FieldPath, ParsedRecord } from "../../../detectors/event.ts";
import { put, putAll, textOf } from "../document.ts";
import { addressOf } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { isoTime } from "../time-text.ts";

/** ECS names, and names that public rules use, → where they lie. */
const PATHS: ReadonlyMap<string, readonly FieldPath[]> = new Map<string, readonly FieldPath[]>([
  ["user.name", [["user", "username"]]],
  ["user.effective.name", [["impersonatedUser", "username"]]],
  ["source.ip", [["sourceIPs"]]],
  ["event.action", [["verb"]]],
  ["url.original", [["requestURI"]]],
  ["user_agent.original", [["userAgent"]]],
  ["http.response.status_code", [["responseStatus", "code"]]],
  ["orchestrator.namespace", [["objectRef", "namespace"]]],
  ["orchestrator.resource.type", [["objectRef", "resource"]]],
  ["orchestrator.resource.name", [["objectRef", "name"]]],
  ["orchestrator.api_version", [["objectRef", "apiVersion"]]],
  ["apiGroup", [["objectRef", "apiGroup"]]],
]);

/** Audit events of the API server. */
export const kubernetesAudit: Format = {
  id: "kubernetes-audit",
  title: "Kubernetes API audit",
  reads: "json",
  shape: {
    id: "kubernetes-audit",
    family: "kubernetes",
    locate: (name) =>
      PATHS.get(name) ?? (name.includes(".") ? [name.split("."), [name]] : [[name]]),
  },
  dataClass: "security",
  sniff: (_line, json) => (json !== undefined && isMine(json) ? 1 : 0),
  parse: (_line, _context, json) => {
    if (json === undefined || !isMine(json)) {
      throw new AppError("HW_PARSE_FAILED", "no audit event: apiVersion audit.k8s.io was expected");
    }
    const time = isoTime(textOf(json.stageTimestamp ?? json.requestReceivedTimestamp));
    const id = textOf(json.auditID);
    return {
      record: { ...json, ...podFields(json) },
      time,
      identity: id === "" ? undefined : `${id}/${textOf(json.stage)}`,
    };
  },
  ecs,
};

function isMine(json: JsonRecord): boolean {
  const { apiVersion, kind } = json;
  return (
    kind === "Event" && typeof apiVersion === "string" && apiVersion.startsWith("audit.k8s.io/")
  );
}

const LISTED_MAX = 100;

// Rules ask for `hostPath` and `capabilities` wherever in a pod's specification they lie.
function podFields(json: JsonRecord): Record<string, unknown> {
  const object = isRecord(json.requestObject) ? json.requestObject : {};
  const outer = isRecord(object.spec) ? object.spec : {};
  const template =
    isRecord(outer.template) && isRecord(outer.template.spec) ? outer.template.spec : {};
  const fields: Record<string, unknown> = {};
  for (const spec of [outer, template]) {
    const paths = listOf(spec.volumes).flatMap(({ hostPath }) =>
      isRecord(hostPath) ? [textOf(hostPath.path)] : [],
    );
    if (paths.length > 0) fields.hostPath = paths;
    const contexts = [...listOf(spec.containers), ...listOf(spec.initContainers)].flatMap(
      ({ securityContext }) => (isRecord(securityContext) ? [securityContext] : []),
    );
    const added = contexts.flatMap(({ capabilities }) =>
      isRecord(capabilities) && Array.isArray(capabilities.add) ? capabilities.add.map(textOf) : [],
    );
    if (added.length > 0) fields.capabilities = added;
    if (contexts.some(({ privileged }) => privileged === true)) fields.privileged = "true";
    for (const name of ["hostNetwork", "hostPID", "hostIPC"]) {
      if (spec[name] === true) fields[name] = "true";
    }
  }
  return fields;
}

function listOf(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.slice(0, LISTED_MAX).filter(isRecord) : [];
}

function ecs(record: ParsedRecord): EcsDocument {
  const document: EcsDocument = {};
  const { requestObject, responseObject, kind, apiVersion, ...rest } = record;
  putAll(document, "kubernetes.audit.", rest);
  // Whole objects stay readable without a field for each of their thousands of names.
  if (requestObject !== undefined)
    put(document, "kubernetes.audit.requestObject", textIn(requestObject));
  if (responseObject !== undefined)
    put(document, "kubernetes.audit.responseObject", textIn(responseObject));
  for (const [name, [path]] of PATHS) {
    if (!name.includes(".") || path === undefined || name === "source.ip") continue;
    const value = valueAt(record, path);
    put(document, name, name.endsWith("status_code") ? value : textOf(value));
    const own = `kubernetes.audit.${path.join(".")}`;
    if (document[name] !== undefined) delete document[own];
  }
  const addresses = (Array.isArray(record.sourceIPs) ? record.sourceIPs : []).map(addressOf);
  put(document, "source.ip", addresses[0]);
  const code = valueAt(record, ["responseStatus", "code"]);
  if (typeof code === "number") put(document, "event.outcome", code < 400 ? "success" : "failure");
  put(document, "event.kind", "event");
  put(document, "event.module", "kubernetes");
  put(document, "event.dataset", "kubernetes.audit_logs");
  put(document, "event.category", [
    code === 401 || code === 403 ? "authentication" : "configuration",
  ]);
  put(document, "orchestrator.type", "kubernetes");
  return document;
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function valueAt(record: ParsedRecord, path: FieldPath): unknown {
  let value: unknown = record;
  for (const key of path) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
