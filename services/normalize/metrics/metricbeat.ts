// Documents of Metricbeat and of Elastic Agent's metrics: ECS with the module's own numbers under its name.
// Names: elastic.co/guide/en/beats/metricbeat, "Exported fields".
import { AppError } from "../../../config/errors.ts";
import type { EcsDocument } from "../../../detectors/event.ts";
import { putAll } from "../document.ts";
import { nested } from "../dotted-keys.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOfBeat } from "../windows/winlogbeat.ts";
import { METRICS } from "./metric-record.ts";

/** Metricbeat. */
export const metricbeat: Format = {
  id: "metricbeat",
  title: "Metricbeat and Elastic Agent (metrics)",
  reads: "json",
  shape: { id: "metricbeat", family: METRICS, locate: (name) => [name.split(".")] },
  dataClass: "network",
  sniff(_line, json) {
    if (json === undefined || json["@timestamp"] === undefined || json.winlog !== undefined)
      return 0;
    const isMetric = isRecord(json.metricset) || typeof json["metricset.name"] === "string";
    // A log has a message; whoever can add a field to one must not make a metric of it.
    return isMetric && json.message === undefined && json.log === undefined ? 0.95 : 0;
  },
  parse(_line, context, json) {
    const record = json === undefined ? undefined : nested(json);
    if (record === undefined || !isRecord(record.metricset)) {
      throw new AppError("HW_PARSE_FAILED", "no document of Metricbeat: metricset was expected");
    }
    return { record, time: timeOfBeat(record, context), identity: undefined };
  },
  ecs(record) {
    const document: EcsDocument = {};
    putAll(document, "", record);
    for (const name of Object.keys(document)) {
      if (name.startsWith("@metadata")) delete document[name];
    }
    document["event.kind"] ??= "metric";
    const host = document["host.name"] ?? document["host.hostname"] ?? document["agent.name"];
    if (host !== undefined) document["host.name"] = host;
    return document;
  },
};
