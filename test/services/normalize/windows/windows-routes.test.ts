import { describe, expect, it } from "vitest";
import { windowsFlat } from "../../../../services/normalize/windows/windows-flat.ts";
import { fieldOf, parseLine } from "../format-check.ts";
import { routeOf } from "../route-check.ts";

const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";

function recordOf(fields: Record<string, unknown>) {
  return parseLine(windowsFlat, JSON.stringify({ Provider_Name: "P", ...fields })).record;
}

describe("the channels of Windows", () => {
  it.each([
    ["Security", 4663, { ObjectType: "File" }, "windows / file_access / security"],
    ["Security", 4663, { ObjectType: "Key" }, "windows /  / security"],
    ["Security", 4887, {}, "windows /  / security"],
    ["Security", 6273, {}, "windows /  / security"],
    [DEFENDER, 1116, {}, "windows / antivirus / windefend"],
    [DEFENDER, 5001, {}, "windows /  / windefend"],
    ["Windows PowerShell", 800, {}, "windows / ps_classic_script / powershell-classic"],
    ["PowerShellCore/Operational", 4103, {}, "windows / ps_module / powershell"],
    ["Microsoft-Windows-PrintService/Admin", 808, {}, "windows /  / printservice-admin"],
    ["Microsoft-IIS-Configuration/Operational", 29, {}, "windows /  / iis-configuration"],
    ["Microsoft-Windows-DNSServer/Audit", 541, {}, "windows /  / dns-server-audit"],
    ["Microsoft-Windows-DNS-Client/Operational", 3008, {}, "windows /  / dns-client"],
    ["Microsoft-Windows-Hyper-V-Worker-Admin", 1, {}, "windows /  / hyper-v-worker"],
    ["Microsoft-Windows-LSA/Operational", 300, {}, "windows /  / lsa-server"],
  ])("route %s %i %j to its rules", (Channel, EventID, data, expected) => {
    expect(routeOf(windowsFlat.shape, recordOf({ Channel, EventID, ...data }))).toBe(expected);
  });

  it.each([
    ["Security", 4887, {}, "certificate-issued", "success"],
    ["Security", 4888, {}, "certificate-denied", "failure"],
    ["Security", 6273, {}, "network-access-denied", "failure"],
    [DEFENDER, 1116, {}, "malware-detected", undefined],
    [DEFENDER, 5001, {}, "protection-disabled", undefined],
    ["Microsoft-Windows-AppLocker/EXE and DLL", 8004, {}, "application-blocked", "failure"],
    ["Microsoft-Windows-PrintService/Operational", 307, {}, "document-printed", "success"],
    ["Microsoft-Windows-DNS-Client/Operational", 3008, {}, "dns-answer", undefined],
    ["DNS Server", 770, {}, "dns-plugin-loaded", undefined],
    ["Windows PowerShell", 400, {}, "powershell-engine-started", undefined],
    ["Application", 1102, {}, undefined, undefined],
  ])("mean in %s %i the action %j", (Channel, EventID, data, action, outcome) => {
    const document = windowsFlat.ecs(recordOf({ Channel, EventID, ...data }));
    expect(document["event.action"]).toBe(action);
    expect(document["event.outcome"]).toBe(outcome);
  });

  it("give Defender's fields names that rules and ECS know", () => {
    const record = recordOf({
      Channel: DEFENDER,
      EventID: 1116,
      "Threat Name": "HackTool:Win32/Mimikatz.D",
      "Detection User": "KREIS\\emustermann",
      "Process Name": "C:\\a.exe",
    });
    expect(fieldOf(windowsFlat.shape, record, "Threat Name")).toBe("HackTool:Win32/Mimikatz.D");
    expect(windowsFlat.ecs(record)).toMatchObject({
      "process.executable": "C:\\a.exe",
      "threat.software.name": "HackTool:Win32/Mimikatz.D",
      "user.name": "emustermann",
    });
  });

  it.each([
    [
      "an English ContextInfo",
      "Microsoft-Windows-PowerShell/Operational",
      4103,
      {
        ContextInfo:
          "        Severity = Informational\r\n        Host Application = powershell.exe -x a=b\r\n        Command Name = iwr\r\n        User = KREIS\\emustermann\r\n",
      },
      { "process.command_line": "powershell.exe -x a=b", "powershell.command.name": "iwr" },
    ],
    [
      "a German ContextInfo",
      "Microsoft-Windows-PowerShell/Operational",
      4103,
      { ContextInfo: "Hostanwendung = pwsh\nBefehlsname = iwr\nBenutzer = KREIS\\emustermann" },
      { "process.command_line": "pwsh", "powershell.command.name": "iwr" },
    ],
    [
      "a classic event",
      "Windows PowerShell",
      800,
      { Data: ["x = 1", "y", "\tUserId=KREIS\\emustermann\r\n\tHostApplication=pwsh\r\n"] },
      { "process.command_line": "pwsh" },
    ],
    [
      "a classic event of Winlogbeat",
      "Windows PowerShell",
      400,
      { param3: "HostApplication=pwsh\nUserId=KREIS\\emustermann" },
      { "process.command_line": "pwsh" },
    ],
  ])("give ECS the account and the program of %s", (_what, Channel, EventID, data, expected) => {
    const document = windowsFlat.ecs(recordOf({ Channel, EventID, ...data }));
    expect(document).toMatchObject({ ...expected, "user.name": "emustermann" });
  });

  it("read no context out of other events", () => {
    const data = { ContextInfo: "User = KREIS\\emustermann" };
    const document = windowsFlat.ecs(recordOf({ Channel: "Application", EventID: 4103, ...data }));
    expect(document).not.toHaveProperty("user.name");
  });
});
