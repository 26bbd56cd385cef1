// Rows of the table Syslog in Azure's Log Analytics: each carries the line of a Linux machine, which its own
// format reads. Reference: Azure Monitor, table "Syslog".
import { AppError } from "../../../config/errors.ts";
import { put } from "../document.ts";
import type { FieldTable } from "../field-table.ts";
import type { Format, InnerLine } from "../format.ts";
import { timeOf } from "../time-text.ts";
import { cloudDocument, cloudShape, textAt } from "./cloud-json.ts";

const ECS: FieldTable = {
  "host.name": ["HostName", "Computer"],
  "host.ip": ["HostIP"],
  "process.name": ["ProcessName"],
  "process.pid": ["ProcessID"],
  "log.syslog.facility.name": ["Facility"],
  "log.syslog.severity.name": ["SeverityLevel"],
  message: ["SyslogMessage"],
};

/** Syslog lines out of Log Analytics. */
export const azureSyslog: Format = {
  id: "azure-syslog",
  title: "Syslog table of Azure Log Analytics",
  reads: "json",
  shape: cloudShape({
    id: "azure-syslog",
    family: "linux-auth",
    ecs: ECS,
    aliases: { program: ["ProcessName"] },
  }),
  dataClass: "security",
  sniff: (_line, json) => {
    if (json === undefined || typeof json.SyslogMessage !== "string") return 0;
    return "Facility" in json && "SeverityLevel" in json ? 1 : 0;
  },
  parse: (_line, context, json) => {
    if (json === undefined || typeof json.SyslogMessage !== "string") {
      throw new AppError("HW_PARSE_FAILED", "no row of the table Syslog: SyslogMessage is missing");
    }
    const { EventTime, TimeGenerated } = json;
    return {
      record: json,
      time: timeOf(TimeGenerated) ?? timeOf(EventTime, context),
      identity: undefined,
    };
  },
  ecs: (record) => {
    const document = cloudDocument(record, ECS, "azure", ["TimeGenerated", "EventTime"]);
    put(document, "event.module", "system");
    put(document, "host.os.type", "linux");
    return document;
  },
  inner: innerOf,
};

// The line as the machine wrote it (RFC 5424), so that the formats of its programs know it.
function innerOf(record: Readonly<Record<string, unknown>>): InnerLine {
  const message = textAt(record, "SyslogMessage");
  const host = textAt(record, "HostName") || textAt(record, "Computer");
  if (message.startsWith("<Event")) return { text: message, host };
  const program = word(textAt(record, "ProcessName"));
  const head = `<13>1 ${word(textAt(record, "TimeGenerated"))} ${word(host)} ${program}`;
  return { text: `${head} ${word(textAt(record, "ProcessID"))} - - ${message}`, host };
}

function word(text: string): string {
  return /^[\w.:/()-]{1,255}$/.test(text) ? text : "-";
}
