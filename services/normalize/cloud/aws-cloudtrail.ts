// AWS CloudTrail records, one JSON object a line (as Filebeat, Fluent Bit or a trail's `Records` give them).
// Format: AWS CloudTrail user guide, "CloudTrail record contents".
import { AppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import type { FieldTable } from "../field-table.ts";
import type { Format } from "../format.ts";
import { isRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { cloudDocument, cloudShape, textAt } from "./cloud-json.ts";

const ECS: FieldTable = {
  "event.action": ["eventName"],
  "event.provider": ["eventSource"],
  "cloud.region": ["awsRegion"],
  "cloud.account.id": ["recipientAccountId", "userIdentity.accountId"],
  "source.ip": ["sourceIPAddress"],
  "user_agent.original": ["userAgent"],
  "user.name": ["userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.userName"],
  "error.code": ["errorCode"],
  "error.message": ["errorMessage"],
  "tls.version": ["tlsDetails.tlsVersion"],
};

/** AWS CloudTrail records. */
export const awsCloudtrail: Format = {
  id: "aws-cloudtrail",
  title: "AWS CloudTrail",
  reads: "json",
  shape: cloudShape({ id: "aws-cloudtrail", family: "aws-cloudtrail", ecs: ECS }),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || typeof json.eventVersion !== "string") return 0;
    return typeof json.eventSource === "string" && typeof json.awsRegion === "string" ? 1 : 0;
  },
  parse: (_line, _context, json) => {
    if (json === undefined || typeof json.eventName !== "string") {
      throw new AppError("HW_PARSE_FAILED", "no CloudTrail record: eventName is missing");
    }
    const id = json.eventID;
    return {
      record: json,
      time: timeOf(json.eventTime),
      identity: typeof id === "string" && id !== "" ? id : undefined,
    };
  },
  ecs: (record) => {
    const document = cloudDocument(record, ECS, "aws.cloudtrail", ["eventTime"]);
    put(document, "event.module", "aws");
    put(document, "cloud.provider", "aws");
    put(document, "event.outcome", outcomeOf(record));
    const name = textAt(record, "eventName");
    if (/^(?:ConsoleLogin|AssumeRole|GetSessionToken|GetFederationToken)/.test(name)) {
      put(document, "event.category", ["authentication"]);
    } else if (textAt(record, "eventSource").startsWith("iam.")) {
      put(document, "event.category", ["iam"]);
    }
    return document;
  },
};

function outcomeOf(record: ParsedRecord): "success" | "failure" {
  const answer = isRecord(record.responseElements) ? record.responseElements.ConsoleLogin : "";
  const isFailure = textAt(record, "errorCode") !== "" || answer === "Failure";
  return isFailure ? "failure" : "success";
}
