// Microsoft 365's unified audit log (Office 365 Management Activity API, common schema), one JSON object a
// line: Exchange, SharePoint, Teams, Entra ID, Defender, compliance alerts.
import { AppError } from "../../../config/errors.ts";
import type { ParsedRecord } from "../../../detectors/event.ts";
import { put } from "../document.ts";
import { addressOf, type FieldTable } from "../field-table.ts";
import type { Format } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { cloudDocument, cloudShape, textAt } from "./cloud-json.ts";

const ECS: FieldTable = {
  "event.action": ["Operation"],
  "event.provider": ["Workload"],
  "event.code": ["RecordType"],
  "user.name": ["UserId"],
  "user.target.name": ["TargetUserOrGroupName"],
  "organization.name": ["OrganizationName"],
  "file.name": ["SourceFileName"],
  "file.extension": ["SourceFileExtension"],
  "url.original": ["SourceRelativeUrl"],
  "user_agent.original": ["UserAgent"],
  "email.subject": ["Subject", "Item.Subject"],
  "rule.name": ["PolicyDetails.PolicyName", "AlertType"],
  message: ["Name", "Comments"],
};

/** Microsoft 365 audit records. */
export const m365Audit: Format = {
  id: "m365-audit",
  title: "Microsoft 365 unified audit log",
  reads: "json",
  shape: cloudShape({
    id: "m365-audit",
    family: "m365-audit",
    ecs: ECS,
    aliases: {
      // Defender for Cloud Apps' names, which SigmaHQ's rules on alerts and Exchange use.
      eventSource: ["eventSource", "Workload"],
      eventName: ["eventName", "Name", "Operation"],
      status: ["status", "ResultStatus"],
      "source.ip": ["ClientIP", "ClientIPAddress", "ActorIpAddress"],
    },
  }),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || typeof json.Operation !== "string" || !("RecordType" in json))
      return 0;
    const isAudit = typeof json.CreationTime === "string" && "Workload" in json;
    // A row of the table OfficeActivity in Log Analytics.
    const isRow = typeof json.TimeGenerated === "string" && "OfficeWorkload" in json;
    return isAudit || isRow ? 1 : 0;
  },
  parse: (_line, _context, json) => {
    if (json === undefined || typeof json.Operation !== "string") {
      throw new AppError("HW_PARSE_FAILED", "no audit record: Operation is missing");
    }
    const { CreationTime, TimeGenerated, Id, OfficeId, OfficeWorkload } = json;
    const created = CreationTime ?? TimeGenerated;
    const id = Id ?? OfficeId;
    return {
      record: OfficeWorkload === undefined ? json : { Workload: OfficeWorkload, ...json },
      // The schema's times are UTC and don't say so.
      time: timeOf(created) ?? timeOf(typeof created === "string" ? `${created}Z` : undefined),
      identity: typeof id === "string" && id !== "" ? id : undefined,
    };
  },
  ecs: (record) => {
    const document = cloudDocument(record, ECS, "o365.audit", ["CreationTime", "TimeGenerated"]);
    put(document, "event.module", "o365");
    put(document, "event.outcome", outcomeOf(record));
    const [address, port] = clientOf(record);
    put(document, "source.ip", address);
    put(document, "source.port", port);
    const operation = textAt(record, "Operation");
    if (/^User(?:LoggedIn|LoginFailed)/.test(operation)) {
      put(document, "event.category", ["authentication"]);
    } else if (
      /^(?:New-InboxRule|Set-InboxRule|UpdateInboxRules|Set-Mailbox|MailItems|Send)/.test(operation)
    ) {
      put(document, "event.category", ["email"]);
    } else if (textAt(record, "Workload") === "AzureActiveDirectory") {
      put(document, "event.category", ["iam"]);
    } else if (/^File|^Folder/.test(operation)) put(document, "event.category", ["file"]);
    return document;
  },
};

function outcomeOf(record: ParsedRecord): "success" | "failure" | undefined {
  const result = textAt(record, "ResultStatus").toLowerCase();
  if (textAt(record, "Operation") === "UserLoginFailed" || /fail|denied|false/.test(result)) {
    return "failure";
  }
  return /succe|true|^ok$/.test(result) ? "success" : undefined;
}

// `192.0.2.7:50122`, `[2001:db8::1]:443`, or an address alone.
function clientOf(record: ParsedRecord): [string | undefined, number | undefined] {
  const text =
    textAt(record, "ClientIP") ||
    textAt(record, "ClientIPAddress") ||
    textAt(record, "Client_IPAddress") ||
    textAt(record, "ActorIpAddress");
  const split = /^\[?([0-9a-f.:]{2,45}?)\]?(?::(\d{1,5}))?$/i.exec(text.slice(0, 64));
  const isWhole = addressOf(text) !== undefined;
  const address = isWhole ? text : split?.[1];
  const port = isWhole || split?.[2] === undefined ? undefined : Number(split[2]);
  return [addressOf(address), port];
}
