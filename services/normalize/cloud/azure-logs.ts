// Logs of Microsoft Entra ID and Azure: sign-ins, directory audit, activity, risk detections, privileged
// identity management; as diagnostic settings export them (event hub, storage), as Log Analytics shows them
// (`Type`), and as Microsoft Graph gives them. Reference: Azure Monitor, "SigninLogs", "AuditLogs".
import { AppError, isAppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable } from "../field-table.ts";
import type { Format, JsonRecord } from "../format.ts";
import { isRecord, parseJsonRecord } from "../json-text.ts";
import { timeOf } from "../time-text.ts";
import { cloudDocument, cloudShape, textAt } from "./cloud-json.ts";

const ECS: FieldTable = {
  "event.action": [
    "properties.activityDisplayName",
    "activityDisplayName",
    "ActivityDisplayName",
    "operationName",
    "OperationName",
    "OperationNameValue",
    "properties.riskEventType",
    "riskEventType",
    "RiskEventType",
  ],
  "user.name": [
    "properties.userPrincipalName",
    "userPrincipalName",
    "UserPrincipalName",
    "properties.initiatedBy.user.userPrincipalName",
    "initiatedBy.user.userPrincipalName",
    "InitiatedBy.user.userPrincipalName",
    "Caller",
    "caller",
  ],
  "user.full_name": ["properties.userDisplayName", "userDisplayName", "UserDisplayName"],
  "user_agent.original": ["properties.userAgent", "userAgent", "UserAgent"],
  "service.name": ["properties.appDisplayName", "appDisplayName", "AppDisplayName"],
  "cloud.region": ["location", "Location"],
  "event.reason": [
    "properties.status.failureReason",
    "status.failureReason",
    "resultDescription",
    "ResultDescription",
    "properties.resultReason",
    "resultReason",
  ],
  "destination.ip": ["DestinationIp"],
  "destination.port": ["DestinationPort"],
  "network.transport": ["Protocol"],
  "process.name": ["ProcessName"],
  "host.name": ["Computer"],
  "event.code": ["resultType", "ResultType", "properties.status.errorCode", "status.errorCode"],
};

const TIMES = [
  "time",
  "TimeGenerated",
  "createdDateTime",
  "activityDateTime",
  "detectedDateTime",
  "properties.createdDateTime",
  "properties.activityDateTime",
  "CreatedDateTime",
] as const;

/** What kind of log it is; rules are routed by it. */
type Kind = "signin" | "audit" | "activity" | "risk" | "pim" | "flow";

/** Logs of Microsoft Entra ID and Azure. */
export const azureLogs: Format = {
  id: "azure-logs",
  title: "Microsoft Entra ID and Azure logs",
  reads: "json",
  shape: cloudShape({
    id: "azure-logs",
    family: "azure-logs",
    ecs: ECS,
    wrappers: ["properties"],
    aliases: {
      "source.ip": [
        "SourceIp",
        "callerIpAddress",
        "CallerIPAddress",
        "IPAddress",
        "properties.ipAddress",
      ],
      Status: ["Status", "resultStatus", "ActivityStatusValue", "result", "properties.result"],
      "properties.message": [
        "properties.message",
        "message",
        "operationName",
        "OperationName",
        "properties.activityDisplayName",
        "activityDisplayName",
      ],
      "DeviceDetail.trusttype": [
        "properties.deviceDetail.trustType",
        "deviceDetail.trustType",
        "DeviceDetail.trustType",
      ],
      Username: ["properties.userPrincipalName", "userPrincipalName", "UserPrincipalName"],
      ClientApp: ["properties.clientAppUsed", "clientAppUsed", "ClientAppUsed"],
      Initiatedby: ["Initiatedby", "InitiatedBy"],
    },
  }),
  dataClass: "security",
  sniff: (_line, json) => (json === undefined || kindOf(json) === undefined ? 0 : 0.95),
  parse: (_line, context, json) => {
    const kind = json === undefined ? undefined : kindOf(json);
    if (json === undefined || kind === undefined) {
      throw new AppError("HW_PARSE_FAILED", "no log of Entra ID or Azure: its category is unknown");
    }
    const id = json.id ?? json.Id ?? json.correlationId ?? json.CorrelationId;
    const hasOwnId = json.id !== undefined || json.Id !== undefined;
    return {
      record: withStatus(json, kind),
      time: timeAt(json, context),
      identity: hasOwnId && typeof id === "string" && id !== "" ? id : undefined,
    };
  },
  ecs: (record) => {
    const document = cloudDocument(record, ECS, "azure", TIMES);
    delete document["azure.logKind"];
    const kind = textAt(record, "logKind");
    put(document, "event.module", "azure");
    put(document, "cloud.provider", "azure");
    put(document, "event.dataset", DATASETS[kind] ?? "azure");
    put(document, "source.ip", clientOf(record));
    put(document, "event.outcome", outcomeOf(record));
    if (kind === "flow") put(document, "event.category", ["network"]);
    else if (kind === "signin") put(document, "event.category", ["authentication"]);
    else if (kind !== "activity") put(document, "event.category", ["iam"]);
    return document;
  },
};

const DATASETS: Readonly<Record<string, string>> = {
  signin: "azure.signinlogs",
  audit: "azure.auditlogs",
  activity: "azure.activitylogs",
  risk: "azure.identity_protection",
  pim: "azure.pim",
  flow: "azure.vmconnection",
};

function timeAt(json: JsonRecord, context: Parameters<Format["parse"]>[1]): number | undefined {
  for (const path of TIMES) {
    const value = path.startsWith("properties.")
      ? isRecord(json.properties) && json.properties[path.slice("properties.".length)]
      : json[path];
    const time = timeOf(value, context);
    if (time !== undefined) return time;
  }
  return undefined;
}

// `category` in exports, `Type` in Log Analytics; Graph names none, its keys tell.
function kindOf(json: JsonRecord): Kind | undefined {
  const name = json.category ?? json.Type ?? json.type;
  const known = typeof name === "string" ? KINDS.get(name.toLowerCase()) : undefined;
  if (known !== undefined) {
    const hasTime = "time" in json || "TimeGenerated" in json;
    if (hasTime) return known;
  }
  if ("createdDateTime" in json && "appDisplayName" in json && "conditionalAccessStatus" in json) {
    return "signin";
  }
  if ("activityDateTime" in json && "initiatedBy" in json && "targetResources" in json) {
    return json.loggedByService === "PIM" ? "pim" : "audit";
  }
  if ("TargetResources" in json && "LoggedByService" in json) {
    return json.LoggedByService === "PIM" ? "pim" : "audit";
  }
  return "riskEventType" in json && "detectedDateTime" in json ? "risk" : undefined;
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>(
  Object.entries({
    signinlogs: "signin",
    noninteractiveusersigninlogs: "signin",
    serviceprincipalsigninlogs: "signin",
    managedidentitysigninlogs: "signin",
    aadnoninteractiveusersigninlogs: "signin",
    aadserviceprincipalsigninlogs: "signin",
    adfssigninlogs: "signin",
    auditlogs: "audit",
    azureactivity: "activity",
    vmconnection: "flow",
    administrative: "activity",
    security: "activity",
    policy: "activity",
    userriskevents: "risk",
    aaduserriskevents: "risk",
    serviceprincipalriskevents: "risk",
    riskyusers: "risk",
  } as const),
);

// Rules ask a sign-in for `Status: Success`; the record only has the error code, 0 when it went well.
function withStatus(row: JsonRecord, kind: Kind): ParsedRecord {
  const json = withObjects(row);
  const code =
    textAt(json, "resultType") || textAt(json, "ResultType") || textAt(json, "status.errorCode");
  const needsStatus = kind === "signin" && typeof json.Status !== "string" && code !== "";
  return needsStatus
    ? { ...json, logKind: kind, resultStatus: code === "0" ? "Success" : "Failure" }
    : { ...json, logKind: kind };
}

// Log Analytics writes objects as text.
const OBJECTS = ["InitiatedBy", "TargetResources", "DeviceDetail", "LocationDetails", "Properties"];

function withObjects(row: JsonRecord): JsonRecord {
  let json = row;
  for (const key of OBJECTS) {
    const text = row[key];
    if (typeof text !== "string" || !/^[{[]/.test(text)) continue;
    try {
      const value = parseJsonRecord(`{"value":${text}}`).value;
      json = { ...json, [key]: value };
    } catch (error) {
      // A text that only looks like an object stays the text that it is.
      if (!isAppError(error)) throw error;
    }
  }
  return json;
}

function clientOf(record: ParsedRecord): string | undefined {
  for (const path of [
    "SourceIp",
    "callerIpAddress",
    "CallerIpAddress",
    "CallerIPAddress",
    "IPAddress",
    "ipAddress",
    "properties.ipAddress",
    "properties.initiatedBy.user.ipAddress",
  ]) {
    const address = addressOf(textAt(record, path));
    if (address !== undefined) return address;
  }
  return undefined;
}

function outcomeOf(record: ParsedRecord): "success" | "failure" | undefined {
  const result = (
    textAt(record, "resultStatus") ||
    textAt(record, "properties.result") ||
    textAt(record, "result") ||
    textAt(record, "Result") ||
    textAt(record, "ActivityStatusValue") ||
    textAt(record, "resultType")
  ).toLowerCase();
  if (/^(?:success|succeeded|0)/.test(result)) return "success";
  return /^(?:fail|[1-9]\d)/.test(result) ? "failure" : undefined;
}
