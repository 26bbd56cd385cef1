// Metrics of Telegraf in its JSON output, one metric a record.
// Names: docs.influxdata.com/telegraf, "JSON output data format".
import { AppError } from "../../../config/errors.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { metricDocument, metricRecord, metricShape } from "./metric-record.ts";

/** Telegraf's JSON. */
export const telegraf: Format = {
  id: "telegraf",
  title: "Telegraf metrics (JSON)",
  reads: "json",
  shape: metricShape("telegraf"),
  dataClass: "network",
  sniff(_line, json) {
    if (json === undefined) return 0;
    if (Array.isArray(json.metrics)) return isMetric(json.metrics[0]) ? 0.95 : 0;
    return isMetric(json) ? 0.95 : 0;
  },
  parse(_line, context, json) {
    if (json !== undefined && Array.isArray(json.metrics)) {
      throw new AppError(
        "HW_PARSE_FAILED",
        "a batch of Telegraf: set use_batch_format = false, so that each metric is a record",
      );
    }
    if (json === undefined || !isMetric(json)) {
      throw new AppError("HW_PARSE_FAILED", "no metric of Telegraf: name and fields were expected");
    }
    const { name, tags, fields, timestamp } = json;
    const values = Object.entries(isRecord(fields) ? fields : {});
    const record = metricRecord(
      String(name),
      Object.entries(isRecord(tags) ? tags : {}),
      values.map(([field, value]) => [`${String(name)}.${field}`, value] as const),
    );
    return { record, time: timeOf(timestamp, context), identity: undefined };
  },
  ecs: metricDocument,
};

function isMetric(json: unknown): boolean {
  if (!isRecord(json) || typeof json.name !== "string" || !isRecord(json.fields)) return false;
  return json.timestamp !== undefined && (json.tags === undefined || isRecord(json.tags));
}
