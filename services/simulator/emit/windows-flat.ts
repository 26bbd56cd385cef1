// A Windows event as NXLog's im_msvistalog and to_json() send it: all fields on one level, local
// times without a zone beside the collector's `@timestamp` in UTC.
import { hash32 } from "../random.ts";
import type { WindowsDraft } from "./draft.ts";

/** `Keywords` of im_msvistalog is the signed 64-bit mask; beyond 2^53 JSON readers round it. */
const AUDIT_SUCCESS = "-9214364837600034816";
const AUDIT_FAILURE = "-9218868437227405312";
const CLASSIC = "-9223372036854775808";

/** The JSON line of a Windows event with this record number. */
export function flatText(draft: WindowsDraft, recordNumber: number, utcOffsetMs: number): string {
  const { host, type } = draft;
  const failure = type.outcome === "failure";
  const text = JSON.stringify({
    EventTime: localTime(draft.time + utcOffsetMs),
    Hostname: host.fqdn,
    Keywords: 0,
    EventType: type.outcome === undefined ? "INFO" : failure ? "AUDIT_FAILURE" : "AUDIT_SUCCESS",
    SeverityValue: failure ? 4 : 2,
    Severity: failure ? "ERROR" : "INFO",
    EventID: type.id,
    SourceName: type.provider,
    ProviderGuid: type.guid.toUpperCase(),
    Version: type.version,
    Task: type.taskNumber,
    OpcodeValue: 0,
    RecordNumber: recordNumber,
    ExecutionProcessID: 4 * (150 + (hash32(host.name) % 800)),
    ThreadID: 100 + (recordNumber % 5000),
    Channel: type.channel,
    Category: type.task,
    Opcode: "Info",
    ...draft.data,
    Message: type.message,
    EventReceivedTime: localTime(draft.time + utcOffsetMs + 1000),
    SourceModuleName: "eventlog",
    SourceModuleType: "im_msvistalog",
    "@timestamp": new Date(draft.time).toISOString(),
  });
  const mask = type.outcome === undefined ? CLASSIC : failure ? AUDIT_FAILURE : AUDIT_SUCCESS;
  return text.replace('"Keywords":0', `"Keywords":${mask}`);
}

function localTime(time: number): string {
  const text = new Date(time).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}
