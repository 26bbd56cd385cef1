import { describe, expect, it } from "vitest";
import { addMessageData } from "../../../../services/normalize/windows/windows-message.ts";

function read(channel: string, eventId: string, message: string): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  addMessageData(record, channel, eventId, message);
  return record;
}

const ENGLISH = `An account was successfully logged on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tSYSTEM\r\n\tAccount Name:\t\tDC01$\r\n\tAccount Domain:\t\tKREIS\r\n\tLogon ID:\t\t0x3E7\r\n\r\nLogon Information:\r\n\tLogon Type:\t\t10\r\n\tRestricted Admin Mode:\tNo\r\n\tVirtual Account:\t\tNo\r\n\r\nNew Logon:\r\n\tSecurity ID:\t\tKREIS\\emustermann\r\n\tAccount Name:\t\temustermann\r\n\tAccount Domain:\t\tKREIS\r\n\tLogon ID:\t\t0x5F2A1\r\n\tLinked Logon ID:\t\t0x0\r\n\tNetwork Account Name:\t-\r\n\r\nProcess Information:\r\n\tProcess ID:\t\t0x9ac\r\n\tProcess Name:\t\tC:\\Windows\\System32\\svchost.exe\r\n\r\nNetwork Information:\r\n\tWorkstation Name:\tDC01\r\n\tSource Network Address:\t10.1.7.44\r\n\tSource Port:\t\t0\r\n\r\nDetailed Authentication Information:\r\n\tLogon Process:\t\tUser32 \r\n\tPackage Name (NTLM only):\t-\r\n\tKey Length:\t\t0\r\n\r\nThis event is generated when a logon session is created. Subject: nobody.`;
const GERMAN = `Fehler beim Anmelden eines Kontos.\n\nAntragsteller:\n\tSicherheits-ID:\t\tNULL SID\n\tKontoname:\t\t-\n\tKontodomäne:\t\t-\n\tAnmelde-ID:\t\t0x0\n\nAnmeldetyp:\t\t\t3\n\nKonto, für das die Anmeldung fehlgeschlagen ist:\n\tSicherheits-ID:\t\tNULL SID\n\tKontoname:\t\temustermann\n\tKontodomäne:\t\tKREIS\n\nFehlerinformationen:\n\tFehlerursache:\t\tUnbekannter Benutzername oder ungültiges Kennwort.\n\tStatus:\t\t\t0xC000006D\n\tUnterstatus::\t\t0xC000006A\n\nProzessinformationen:\n\tAufrufprozess-ID:\t0x0\n\tAufrufprozessname:\t-\n\nNetzwerkinformationen:\n\tArbeitsstationsname:\tKALI\n\tQuellnetzwerkadresse:\t198.51.100.9\n\tQuellport:\t\t50122`;
const MEMBER =
  "A member was added to a security-enabled local group.\n\nSubject:\n\tAccount Name:\t\tadmin\n\nMember:\n\tSecurity ID:\t\tS-1-5-21-1\n\tAccount Name:\t\tCN=x\n\nGroup:\n\tSecurity ID:\t\tS-1-5-32-544\n\tGroup Name:\t\tAdministratoren\n\tGroup Domain:\t\tBuiltin";

describe("the data in rendered messages", () => {
  it.each([
    [
      "an English sign-in",
      "Security",
      "4624",
      ENGLISH,
      {
        SubjectUserName: "DC01$",
        SubjectLogonId: "0x3E7",
        LogonType: "10",
        TargetUserSid: "KREIS\\emustermann",
        TargetUserName: "emustermann",
        TargetLogonId: "0x5F2A1",
        ProcessName: "C:\\Windows\\System32\\svchost.exe",
        IpAddress: "10.1.7.44",
        IpPort: "0",
        LogonProcessName: "User32",
        LmPackageName: "-",
        KeyLength: "0",
      },
    ],
    [
      "a German failed sign-in",
      "Security",
      "4625",
      GERMAN,
      {
        SubjectUserName: "-",
        LogonType: "3",
        TargetUserName: "emustermann",
        FailureReason: "Unbekannter Benutzername oder ungültiges Kennwort.",
        Status: "0xC000006D",
        SubStatus: "0xC000006A",
        WorkstationName: "KALI",
        IpAddress: "198.51.100.9",
        IpPort: "50122",
      },
    ],
    [
      "a new member",
      "Security",
      "4732",
      MEMBER,
      {
        SubjectUserName: "admin",
        MemberSid: "S-1-5-21-1",
        MemberName: "CN=x",
        TargetSid: "S-1-5-32-544",
        TargetUserName: "Administratoren",
        TargetDomainName: "Builtin",
      },
    ],
    [
      "a service",
      "System",
      "7045",
      "A service was installed in the system.\n\nService Name:  PSEXESVC\nService File Name:  %SystemRoot%\\PSEXESVC.exe\nService Type:  user mode service\nService Start Type:  demand start\nService Account:  LocalSystem",
      {
        ServiceName: "PSEXESVC",
        ImagePath: "%SystemRoot%\\PSEXESVC.exe",
        StartType: "demand start",
        AccountName: "LocalSystem",
      },
    ],
    [
      "a German script block",
      "Microsoft-Windows-PowerShell/Operational",
      "4104",
      "Scriptblocktext wird erstellt (2 von 3):\r\nGet-Process\r\n\r\nScriptBlock-ID: 0f4a8d1e-2b3c-4d5e-8f60-718293a4b5c7\r\nPfad: C:\\a.ps1",
      { MessageNumber: "2", MessageTotal: "3", ScriptBlockText: "Get-Process", Path: "C:\\a.ps1" },
    ],
  ])("are read from %s", (_what, channel, eventId, message, expected) => {
    expect(read(channel, eventId, message)).toMatchObject(expected);
  });

  it.each([
    ["an unknown channel", "Application", "1", ENGLISH],
    ["an unknown Sysmon event", "Microsoft-Windows-Sysmon/Operational", "999", "Image: x"],
    ["a message without labels", "Security", "4624", "An account was successfully logged on."],
    ["no script block", "PowerShellCore/Operational", "4104", "text"],
  ])("are none for %s", (_what, channel, eventId, message) => {
    expect(read(channel, eventId, message)).toEqual({});
  });

  it("do not replace what the record has", () => {
    const record = { LogonType: "3" };
    addMessageData(record, "Security", "4624", ENGLISH);
    expect(record.LogonType).toBe("3");
  });
});
