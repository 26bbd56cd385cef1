import { describe, expect, it } from "vitest";
import { snare } from "../../../../services/normalize/windows/snare.ts";
import { fieldOf, iso, parseLine, sniffLine, survivesAnything } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

function event(log: string, id: number, kind: string, message: string): string {
  const head = [
    "MSWinEventLog",
    "1",
    log,
    "4728",
    "Sat Nov 21 05:38:16 2026",
    String(id),
    "Source",
  ];
  const values = [...head, "KREIS\\emustermann", "User", kind, "dc01", "Logon", "", message, "78"];
  return values.join("\t");
}
const FAILED = event(
  "Security",
  4625,
  "Failure Audit",
  "An account failed to log on.    Subject:   Security ID:  S-1-0-0   Account Name:  -    Logon Type:   3    Account For Which Logon Failed:   Account Name:  emustermann   Account Domain:  KREIS    Network Information:   Source Network Address: 198.51.100.9   Source Port:  50122",
);
const SYSMON = event(
  "Microsoft-Windows-Sysmon/Operational",
  1,
  "Information",
  "Process Create:  UtcTime: 2026-11-21 04:38:16.001  Image: C:\\Windows\\System32\\cmd.exe  CommandLine: cmd /c echo Image: x  User: KREIS\\emustermann",
);
const SCRIPT = event(
  "Microsoft-Windows-PowerShell/Operational",
  4104,
  "Warning",
  "Creating Scriptblock text (1 of 1): Invoke-X  ScriptBlock ID: 0f4a8d1e-2b3c-4d5e-8f60-718293a4b5c7 Path: C:\\a.ps1",
);
const SYSTEM = event("System", 7036, "Information", "The service entered the stopped state.");

describe("Snare's Windows events", () => {
  it.each([
    [FAILED, "EventID", 4625],
    [FAILED, "TargetUserName", "emustermann"],
    [FAILED, "SubjectUserName", "-"],
    [FAILED, "LogonType", "3"],
    [FAILED, "source.ip", "198.51.100.9"],
    [FAILED, "IpPort", "50122"],
    [SYSMON, "Image", "C:\\Windows\\System32\\cmd.exe"],
    [SYSMON, "CommandLine", "cmd /c echo"],
    [SYSMON, "User", "KREIS\\emustermann"],
    [SCRIPT, "ScriptBlockText", "Invoke-X"],
    [SCRIPT, "Path", "C:\\a.ps1"],
    [SYSTEM, "Message", "The service entered the stopped state."],
    [`<14>Nov 21 05:38:16 dc01 ${SYSTEM.replaceAll("\t", "#011")}`, "Channel", "System"],
    [`dc01\t${SYSTEM}`, "Computer", "dc01"],
  ])("give from %.80s the field %s", (line, name, expected) => {
    expect(sniffLine(snare, line)).toBe(1);
    expect(fieldOf(snare.shape, parseLine(snare, line).record, name)).toBe(expected);
  });

  it("take the time as the computer's", () => {
    expect(iso(parseLine(snare, FAILED).time)).toBe("2026-11-21T04:38:16.000Z");
  });

  it("write ECS names", () => {
    expect(snare.ecs(parseLine(snare, FAILED).record)).toMatchObject({
      "event.action": "logon-failed",
      "event.outcome": "failure",
      "user.name": "emustermann",
    });
    expect(snare.ecs(parseLine(snare, SYSTEM).record)).toMatchObject({
      "log.level": "information",
    });
  });

  it("reach the rules for Windows", () => {
    expect(routeOf(snare.shape, parseLine(snare, SYSMON).record)).toBe(
      "windows / process_creation / sysmon",
    );
  });

  it.each(["", "MSWinEventLog", FAILED.replace("4625", "x"), FAILED.replaceAll("\t", " ")])(
    "refuse %.60j",
    (line) => {
      expect(sniffLine(snare, line)).toBe(0);
      expect(() => parseLine(snare, line)).toThrow(
        expect.objectContaining({ code: "HW_PARSE_FAILED" }),
      );
    },
  );

  it("survive any line", () => survivesAnything(snare, [FAILED, SYSMON, SCRIPT]));
});
