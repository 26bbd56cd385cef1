// Metrics of OpenTelemetry as the OTLP input writes them: the points of one resource that have time and
// attributes in common are one record.
// Names: opentelemetry.io/docs/specs/semconv; layout: ingest/otlp-metrics.ts.
import { AppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { metricDocument, metricRecord, metricShape } from "./metric-record.ts";

/** Attributes of a resource that say whose its values are; the others are the same for all of them. */
const TELLING: ReadonlySet<string> = new Set([
  ...["host.name", "service.name", "service.instance.id", "k8s.pod.name", "k8s.namespace.name"],
  ...["k8s.node.name", "container.name", "device.id"],
]);

/** OpenTelemetry metrics. */
export const otlpMetrics: Format = {
  id: "otlp-metrics",
  title: "OpenTelemetry metrics (OTLP)",
  reads: "json",
  shape: metricShape("otlp-metrics"),
  dataClass: "network",
  sniff(_line, json) {
    if (json === undefined) return 0;
    if (Array.isArray(json.resourceMetrics)) return 0.95;
    return isRecord(json.resource) && isRecord(json.scope) && isRecord(json.metrics) ? 0.98 : 0;
  },
  parse(_line, context, json) {
    if (json !== undefined && Array.isArray(json.resourceMetrics)) {
      throw new AppError("HW_PARSE_FAILED", "a whole OTLP request: send it to POST /v1/metrics");
    }
    if (json === undefined || !isRecord(json.resource) || !isRecord(json.metrics)) {
      throw new AppError("HW_PARSE_FAILED", "no OTLP metrics: resource and metrics were expected");
    }
    const { resource, scope, attributes, metrics } = json;
    const shared = isRecord(resource.attributes) ? Object.entries(resource.attributes) : [];
    const labels = [
      ...shared.filter(([key]) => TELLING.has(key)),
      ...Object.entries(isRecord(attributes) ? attributes : {}),
    ];
    const set = isRecord(scope) && typeof scope.name === "string" ? scope.name : undefined;
    const record = metricRecord(set, labels, Object.entries(metrics));
    return { record, time: timeOf(json.timeUnixNano, context), identity: undefined };
  },
  ecs: metricDocument,
};
