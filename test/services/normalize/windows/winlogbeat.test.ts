import { describe, expect, it } from "vitest";
import { winlogbeat } from "../../../../services/normalize/windows/winlogbeat.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";

const PROCESS = JSON.stringify({
  "@timestamp": "2026-11-21T04:38:16.123Z",
  "@metadata": { beat: "winlogbeat", type: "_doc", version: "8.17.0" },
  ecs: { version: "8.0.0" },
  agent: { type: "winlogbeat", version: "8.17.0", name: "DC01" },
  host: { name: "dc01.kreis.example", os: { type: "windows" } },
  log: { level: "information" },
  message: "A new process has been created.",
  event: {
    code: "4688",
    kind: "event",
    provider: "Microsoft-Windows-Security-Auditing",
    created: "2026-11-21T04:38:17.500Z",
    original: "<Event/>",
  },
  winlog: {
    event_id: "4688",
    channel: "Security",
    computer_name: "dc01.kreis.example",
    provider_name: "Microsoft-Windows-Security-Auditing",
    record_id: 918273,
    keywords: ["Audit Success"],
    event_data: {
      SubjectUserName: "mmueller",
      SubjectDomainName: "KREIS",
      NewProcessId: "0x1834",
      NewProcessName: "C:\\Windows\\System32\\cmd.exe",
      ProcessId: "0x12",
      ParentProcessName: "C:\\Windows\\explorer.exe",
      CommandLine: "cmd.exe /c whoami",
      TargetUserName: "-",
    },
  },
});
const CLEARED = JSON.stringify({
  "@timestamp": 1_795_235_896.5,
  event: { code: 1102 },
  winlog: {
    channel: "Security",
    computer_name: "dc01",
    record_id: 4,
    user_data: { SubjectUserName: "admin" },
  },
});
const DOTTED =
  '{"@timestamp":"2026-11-21T04:38:16Z","winlog.event_id":1,"winlog.channel":"Microsoft-Windows-Sysmon/Operational","winlog.computer_name":"pc7","winlog.event_data.Image":"C:\\\\a.exe","winlog.event_data.Hashes":"MD5=352B525E9C26CB92693899528FE007C2,IMPHASH=94f3"}';

describe("Winlogbeat documents", () => {
  it.each([
    [PROCESS, "2026-11-21T04:38:16.123Z", "dc01.kreis.example/Security/918273"],
    [CLEARED, "2026-11-21T04:38:16.500Z", "dc01/Security/4"],
    [DOTTED, "2026-11-21T04:38:16.000Z", undefined],
    ['{"winlog":{}}', undefined, undefined],
  ])("reads time and identity of %.60s", (line, time, identity) => {
    expect(sniffLine(winlogbeat, line)).toBe(1);
    const parsed = parseLine(winlogbeat, line);
    expect(iso(parsed.time)).toBe(time);
    expect(parsed.identity).toBe(identity);
  });

  it.each(["plain text", "{}", '{"winlog":1}', '{"winlog":null}', '{"winlog":["a"]}'])(
    "refuses %s",
    (line) => {
      expect(sniffLine(winlogbeat, line)).toBe(0);
      expect(() => parseLine(winlogbeat, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it.each([
    [PROCESS, "EventID", "4688"],
    [PROCESS, "Channel", "Security"],
    [PROCESS, "Computer", "dc01.kreis.example"],
    [PROCESS, "Provider_Name", "Microsoft-Windows-Security-Auditing"],
    [PROCESS, "CommandLine", "cmd.exe /c whoami"],
    [PROCESS, "process.command_line", "cmd.exe /c whoami"],
    [PROCESS, "winlog.event_data.CommandLine", "cmd.exe /c whoami"],
    [PROCESS, "event.code", "4688"],
    [PROCESS, "Message", "A new process has been created."],
    [PROCESS, "NoSuchField", undefined],
    [CLEARED, "EventID", 1102],
    [CLEARED, "SubjectUserName", "admin"],
    [DOTTED, "EventID", 1],
    [DOTTED, "Image", "C:\\a.exe"],
    ['{"winlog":{},"process":{"executable":"C:\\\\b.exe"}}', "Image", "C:\\b.exe"],
    ['{"winlog":{},"process":{"parent":{"executable":"p"}}}', "ParentImage", "p"],
    ['{"winlog":{},"user":{"name":"u"}}', "SubjectUserName", undefined],
  ])("finds in %.40s under %s: %s", (line, name, expected) => {
    const { record } = parseLine(winlogbeat, line);
    expect(fieldOf(winlogbeat.shape, record, name)).toEqual(expected);
  });

  it("passes its ECS names on and adds those of the event data", () => {
    expect(winlogbeat.ecs(parseLine(winlogbeat, PROCESS).record)).toMatchObject({
      "host.name": "dc01.kreis.example",
      "event.code": "4688",
      "event.action": "created-process",
      "event.category": ["process"],
      "event.outcome": "success",
      "winlog.event_id": "4688",
      "winlog.record_id": "918273",
      "winlog.event_data.SubjectUserName": "mmueller",
      "process.executable": "C:\\Windows\\System32\\cmd.exe",
      "process.pid": 0x1834,
      "process.parent.pid": 0x12,
      "process.parent.executable": "C:\\Windows\\explorer.exe",
      "process.command_line": "cmd.exe /c whoami",
      "user.name": "mmueller",
      "user.domain": "KREIS",
    });
  });

  it("gives out neither the shipper's routing nor the original", () => {
    const names = Object.keys(winlogbeat.ecs(parseLine(winlogbeat, PROCESS).record));
    expect(names.filter((name) => /^@metadata|^event\.original$|\.target\./.test(name))).toEqual(
      [],
    );
  });

  it("names the account that stands in user data", () => {
    const winlog = {
      channel: "Security",
      event_id: "1102",
      user_data: { SubjectUserName: "emustermann", SubjectDomainName: "KREIS" },
    };
    const { record } = parseLine(winlogbeat, JSON.stringify({ winlog }));
    expect(winlogbeat.ecs(record)).toMatchObject({
      "event.action": "audit-log-cleared",
      "user.domain": "KREIS",
      "user.name": "emustermann",
    });
  });

  it("takes hashes apart", () => {
    expect(winlogbeat.ecs(parseLine(winlogbeat, DOTTED).record)).toMatchObject({
      "process.hash.md5": "352b525e9c26cb92693899528fe007c2",
      "process.pe.imphash": "94f3",
    });
  });

  it("survives any line", () => survivesAnything(winlogbeat, [PROCESS, CLEARED, DOTTED]));
});
