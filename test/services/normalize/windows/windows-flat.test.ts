import { describe, expect, it } from "vitest";
import { windowsFlat } from "../../../../services/normalize/windows/windows-flat.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const sysmon = {
  Provider_Name: "Microsoft-Windows-Sysmon",
  EventID: 1,
  TimeCreated_SystemTime: "2026-11-21T04:38:16.649150Z",
  EventRecordID: 67583,
  Channel: "Microsoft-Windows-Sysmon/Operational",
  Computer: "PC7",
  UtcTime: "2026-11-21 04:38:16.632",
  ProcessId: 3412,
  Image: "C:\\Windows\\System32\\cmd.exe",
  OriginalFileName: "Cmd.Exe",
  CommandLine: "cmd.exe /c whoami",
  CurrentDirectory: "C:\\Users\\",
  User: "KREIS\\mmueller",
  Hashes: `SHA256=${"AB".repeat(32)},IMPHASH=94F3`,
  ParentImage: "C:\\node.exe",
  ParentProcessId: 1092,
};
const SYSMON = JSON.stringify(sysmon);
const NXLOG = JSON.stringify({
  EventTime: "2026-11-21 05:38:16",
  Hostname: "dc01.kreis.example",
  Keywords: Number("-9214364837600034816"),
  EventType: "AUDIT_FAILURE",
  SeverityValue: 4,
  EventID: 4625,
  SourceName: "Microsoft-Windows-Security-Auditing",
  RecordNumber: 99,
  Channel: "Security",
  ExecutionProcessID: 640,
  TargetUserName: "mmueller",
  TargetDomainName: "KREIS",
  SubjectUserName: "-",
  LogonType: "3",
  IpAddress: "::ffff:192.0.2.7",
  IpPort: "50122",
  WorkstationName: "PC7",
  EventReceivedTime: "2026-11-21 05:38:17",
  Message: "An account failed to log on.",
});

const fluentBit = {
  date: 1795235896.5,
  ProviderName: "Microsoft-Windows-Security-Auditing",
  EventID: 4688,
  Level: 0,
  Keywords: "0x8020000000000000",
  TimeCreated: "2026-11-21 05:38:16 +0100",
  EventRecordID: 7,
  Channel: "Security",
  Computer: "PC7",
  Message:
    "A new process has been created.\n\nProcess Information:\n\tNew Process Name:\tC:\\a.exe",
};
const START = [
  "S-1-5-18",
  "PC7$",
  "KREIS",
  "0x3e7",
  "0x1b40",
  "C:\\a.exe",
  "%%1936",
  "0x9ac",
  "a -x",
];
const LOGON = Array.from({ length: 27 }, (_, index) => `v${index}`);

describe("events of Fluent Bit", () => {
  it.each([
    ["names the values", { StringInserts: START }, "NewProcessName", "C:\\a.exe"],
    ["names the values", { StringInserts: START }, "CommandLine", "a -x"],
    [
      "leaves out what the event's version has not",
      { StringInserts: START },
      "MandatoryLabel",
      undefined,
    ],
    ["knows versions", { EventID: 4624, StringInserts: LOGON }, "TargetOutboundUserName", "v22"],
    [
      "knows versions",
      { EventID: 4624, StringInserts: [...LOGON, "v27"] },
      "TargetOutboundUserName",
      "v23",
    ],
    ["keeps further values", { StringInserts: [...LOGON] }, "FurtherInserts", LOGON.slice(15)],
    [
      "keeps values of unknown events",
      { EventID: 1, StringInserts: ["a", "b"] },
      "Data",
      ["a", "b"],
    ],
    ["keeps one value as it is", { EventID: 1, StringInserts: ["a"] }, "Data", "a"],
    ["keeps no values", { EventID: 1, StringInserts: [] }, "Data", undefined],
    ["reads the message where it gives no values", {}, "NewProcessName", "C:\\a.exe"],
  ])("%s", (_what, change, name, expected) => {
    const line = JSON.stringify({ ...fluentBit, ...change });
    expect(sniffLine(windowsFlat, line)).toBe(0.95);
    const { record, time } = parseLine(windowsFlat, line);
    expect(fieldOf(windowsFlat.shape, record, name)).toEqual(expected);
    expect(iso(time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("writes its level by name and not its date", () => {
    const document = windowsFlat.ecs(parseLine(windowsFlat, JSON.stringify(fluentBit)).record);
    expect(document).toMatchObject({ "log.level": "information", "event.outcome": "success" });
    expect(document).not.toHaveProperty("winlog.event_data.date");
  });

  it("hands on the XML of an event that is rendered so", () => {
    const line = JSON.stringify({ date: 1, System: "<Event><System/></Event>", Message: "x" });
    expect(sniffLine(windowsFlat, line)).toBe(0.95);
    const inner = windowsFlat.inner?.(parseLine(windowsFlat, line).record);
    expect(inner).toEqual({ text: "<Event><System/></Event>" });
    expect(windowsFlat.inner?.(parseLine(windowsFlat, SYSMON).record)).toBeUndefined();
  });
});

describe("flat Windows events", () => {
  it.each([
    [SYSMON, "PC7/Microsoft-Windows-Sysmon/Operational/67583"],
    [NXLOG, "dc01.kreis.example/Security/99"],
    ['{"EventID":4624,"Channel":"Security","Computer":"a"}', undefined],
    ['{"EventID":"2","EventLog":"Application","Source":"x"}', undefined],
  ])("reads the identity of %.60s", (line, identity) => {
    expect(sniffLine(windowsFlat, line)).toBeGreaterThanOrEqual(0.9);
    expect(parseLine(windowsFlat, line).identity).toBe(identity);
  });

  it.each([
    ["the event log's own time", {}, "2026-11-21T04:38:16.649Z"],
    [
      "Sysmon's UtcTime before a time of receipt",
      { TimeCreated_SystemTime: undefined, "@timestamp": "2026-11-21T04:40:00Z" },
      "2026-11-21T04:38:16.632Z",
    ],
    ["UtcTime with an unknown value", { UtcTime: "-" }, "2026-11-21T04:38:16.649Z"],
    [
      "TimeCreated with zone",
      { TimeCreated_SystemTime: undefined, TimeCreated: "2026-11-21T05:00:00+01:00" },
      "2026-11-21T04:00:00.000Z",
    ],
    [
      "a time of receipt in UTC before a local time",
      {
        TimeCreated_SystemTime: undefined,
        UtcTime: undefined,
        EventTime: "2026-11-21 01:00:00",
        "@timestamp": "2026-11-21T04:40:00Z",
      },
      "2026-11-21T04:40:00.000Z",
    ],
    [
      "a local time in the source's zone",
      { TimeCreated_SystemTime: undefined, UtcTime: undefined, EventTime: "2026-07-21 05:38:16" },
      "2026-07-21T03:38:16.000Z",
    ],
    ["no time", { TimeCreated_SystemTime: undefined, UtcTime: undefined }, undefined],
  ])("takes %s", (_what, change, expected) => {
    const line = JSON.stringify({ ...sysmon, ...change });
    expect(iso(parseLine(windowsFlat, line).time)).toBe(expected);
  });

  it.each([
    "text",
    "{}",
    '{"EventID":1}',
    '{"Channel":"Security"}',
    '{"EventID":1,"Channel":"x","winlog":{}}',
  ])("does not claim %s", (line) => {
    expect(sniffLine(windowsFlat, line)).toBe(0);
  });

  it.each(["text", "{}", '{"Channel":"Security"}'])("refuses %s", (line) => {
    expect(() => parseLine(windowsFlat, line)).toThrow(
      expect.objectContaining({ code: "HW_PARSE_FAILED" }),
    );
  });

  it.each([
    [SYSMON, "EventID", 1],
    [SYSMON, "CommandLine", "cmd.exe /c whoami"],
    [SYSMON, "process.command_line", "cmd.exe /c whoami"],
    [SYSMON, "process.executable", "C:\\Windows\\System32\\cmd.exe"],
    [SYSMON, "process.parent.executable", "C:\\node.exe"],
    [SYSMON, "winlog.event_data.Image", "C:\\Windows\\System32\\cmd.exe"],
    [SYSMON, "host.name", "PC7"],
    [SYSMON, "dns.question.name", undefined],
    [NXLOG, "Provider_Name", "Microsoft-Windows-Security-Auditing"],
    [NXLOG, "Computer", "dc01.kreis.example"],
    [NXLOG, "event.code", 4625],
    [NXLOG, "source.ip", "::ffff:192.0.2.7"],
    [NXLOG, "user.name", "mmueller"],
    [NXLOG, "url.path", undefined],
    ['{"EventID":1,"EventLog":"Application"}', "Channel", "Application"],
  ])("finds in %.40s under %s: %s", (line, name, expected) => {
    const { record } = parseLine(windowsFlat, line);
    expect(fieldOf(windowsFlat.shape, record, name)).toEqual(expected);
  });

  it("writes a process creation under ECS names", () => {
    expect(windowsFlat.ecs(parseLine(windowsFlat, SYSMON).record)).toEqual({
      "event.kind": "event",
      "event.module": "windows",
      "event.code": "1",
      "event.provider": "Microsoft-Windows-Sysmon",
      "event.action": "created-process",
      "event.category": ["process"],
      "event.type": ["start"],
      "host.name": "PC7",
      "host.os.type": "windows",
      "winlog.event_id": "1",
      "winlog.channel": "Microsoft-Windows-Sysmon/Operational",
      "winlog.provider_name": "Microsoft-Windows-Sysmon",
      "winlog.computer_name": "PC7",
      "winlog.record_id": "67583",
      "winlog.event_data.UtcTime": "2026-11-21 04:38:16.632",
      "process.pid": 3412,
      "process.executable": "C:\\Windows\\System32\\cmd.exe",
      "process.pe.original_file_name": "Cmd.Exe",
      "process.pe.imphash": "94f3",
      "process.hash.sha256": "ab".repeat(32),
      "process.command_line": "cmd.exe /c whoami",
      "process.working_directory": "C:\\Users\\",
      "process.parent.executable": "C:\\node.exe",
      "process.parent.pid": 1092,
      "user.domain": "KREIS",
      "user.name": "mmueller",
    });
  });

  it("writes a failed sign-in under ECS names: the account that failed is the user", () => {
    expect(windowsFlat.ecs(parseLine(windowsFlat, NXLOG).record)).toMatchObject({
      "event.action": "logon-failed",
      "event.category": ["authentication"],
      "event.outcome": "failure",
      "user.name": "mmueller",
      "user.domain": "KREIS",
      "source.ip": "192.0.2.7",
      "source.port": 50122,
      "source.domain": "PC7",
      "winlog.logon.type": "Network",
      "winlog.event_data.LogonType": "3",
    });
  });

  it.each([
    [4720, "added-user-account"],
    [4732, "added-member-to-group"],
    [4769, "kerberos-service-ticket-requested"],
    [1102, "audit-log-cleared"],
    [5145, "network-share-object-access-checked"],
  ])("names the action of Security %i", (EventID, action) => {
    const { record } = parseLine(windowsFlat, JSON.stringify({ EventID, Channel: "Security" }));
    expect(windowsFlat.ecs(record)["event.action"]).toBe(action);
  });

  it.each([
    [{ Status: "0x0", IpAddress: "-" }, "success"],
    [{ Status: "0x18", IpAddress: "-" }, "failure"],
    [{ Keywords: "0x8020000000000000" }, "success"],
    [{ Keywords: "0x8010000000000000" }, "failure"],
    [{ EventType: "AUDIT_SUCCESS" }, "success"],
    [{}, undefined],
  ])("reads the outcome of %j", (fields, outcome) => {
    const line = JSON.stringify({ EventID: 4768, Channel: "Security", ...fields });
    expect(windowsFlat.ecs(parseLine(windowsFlat, line).record)["event.outcome"]).toBe(outcome);
  });

  it("survives any line", () => survivesAnything(windowsFlat, [SYSMON, NXLOG]));
});
