// Okta's system log (System Log API, LogEvent), one JSON object a line.
import { AppError } from "../../../config/errors.ts";
import { put } from "../document.ts";
import type { FieldTable } from "../field-table.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { cloudDocument, cloudShape, textAt } from "./cloud-json.ts";

const ECS: FieldTable = {
  "event.action": ["eventType"],
  message: ["displayMessage"],
  "event.reason": ["outcome.reason"],
  "source.ip": ["client.ipAddress"],
  "source.geo.country_name": ["client.geographicalContext.country"],
  "source.geo.city_name": ["client.geographicalContext.city"],
  "user.name": ["actor.alternateId"],
  "user.full_name": ["actor.displayName"],
  "user_agent.original": ["client.userAgent.rawUserAgent"],
  "log.level": ["severity"],
};

/** Okta system log events. */
export const okta: Format = {
  id: "okta",
  title: "Okta system log",
  reads: "json",
  shape: cloudShape({ id: "okta", family: "okta", ecs: ECS }),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || typeof json.eventType !== "string") return 0;
    const isOkta =
      typeof json.published === "string" && isRecord(json.actor) && isRecord(json.outcome);
    return isOkta ? 1 : 0;
  },
  parse: (_line, context, json) => {
    if (json === undefined || typeof json.eventType !== "string") {
      throw new AppError("HW_PARSE_FAILED", "no Okta event: eventType is missing");
    }
    const id = json.uuid;
    return {
      record: json,
      time: timeOf(json.published, context),
      identity: typeof id === "string" && id !== "" ? id : undefined,
    };
  },
  ecs: (record) => {
    const document = cloudDocument(record, ECS, "okta", ["published"]);
    put(document, "event.module", "okta");
    const result = textAt(record, "outcome.result");
    if (/^(?:SUCCESS|ALLOW)$/.test(result)) put(document, "event.outcome", "success");
    if (/^(?:FAILURE|DENY)$/.test(result)) put(document, "event.outcome", "failure");
    const type = textAt(record, "eventType");
    if (/^(?:user\.session|user\.authentication|policy\.evaluate_sign_on)/.test(type)) {
      put(document, "event.category", ["authentication"]);
    } else if (/^(?:user\.(?:account|lifecycle)|group\.)/.test(type)) {
      put(document, "event.category", ["iam"]);
    }
    return document;
  },
};
