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
