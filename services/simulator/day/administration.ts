// What the IT department does on an ordinary day, and what looks odd in it without being an attack:
// remote desktops, group changes, onboarding, scripts, inventory scans, planned work on backups.
import { type Administrator, type Host, NETBIOS, type Staff } from "../county/county.ts";
import { connects, desktop, ended, running, start } from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import { explicitLogon, kerberosTicket, logon, subject, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { type Activity, ADMINISTRATORS, ROUND_THE_CLOCK } from "../rhythm.ts";
import { logonId, SECOND, type World } from "../world.ts";
import { anyStaff, encoded } from "./desk.ts";

/** Somebody of the IT department with a privileged account. */
export function administrator(world: World): Administrator {
  return world.random.pick(world.county.administrators);
}

/** A Windows server other than the domain controllers. */
export function anyServer(world: World): Host {
  const { servers } = world.county;
  return world.random.pick([
    servers.files1,
    servers.files2,
    servers.print,
    servers.registry,
    servers.deploy,
    servers.exchange,
    servers.backup,
  ]);
}

function remoteDesktop(world: World, time: number): void {
  const { random, county } = world;
  const { account, staff } = administrator(world);
  const target = random.chance(0.2) ? county.servers.jump : anyServer(world);
  const from = target === county.servers.jump ? staff.host : county.servers.jump;
  const shell = desktop(world, from, target === county.servers.jump ? staff.account : account);
  const client = start(world, time, {
    parent: shell,
    program: PROGRAMS.mstsc,
    commandLine: `"C:\\Windows\\system32\\mstsc.exe" /v:${target.name}`,
  });
  connects(world, time + 3 * SECOND, client, { ip: target.ip, name: target.fqdn, port: 3389 });
  explicitLogon(world, time + 3 * SECOND, {
    host: from,
    by: shell.account,
    as: account,
    target,
    process: "C:\\Windows\\System32\\lsass.exe",
  });
  kerberosTicket(world, time + 3500, { account, from, controller: county.servers.dc1 });
  const session = logon(world, time + 5 * SECOND, {
    account,
    host: target,
    type: 10,
    from,
    method: "Negotiate",
    privileged: true,
    lastsMinutes: random.int(4, 90),
  });
  const console = desktop(world, target, account, session);
  const tool = random.pick([
    {
      program: PROGRAMS.mmc,
      line: `"C:\\Windows\\system32\\mmc.exe" "C:\\Windows\\system32\\services.msc"`,
    },
    {
      program: PROGRAMS.mmc,
      line: `"C:\\Windows\\system32\\mmc.exe" C:\\Windows\\system32\\eventvwr.msc /s`,
    },
    { program: PROGRAMS.taskmgr, line: `"C:\\Windows\\system32\\taskmgr.exe" /4` },
    { program: PROGRAMS.cmd, line: `"C:\\Windows\\system32\\cmd.exe"` },
    {
      program: PROGRAMS.powershell,
      line: `"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"`,
    },
  ]);
  const opened = start(world, time + 40 * SECOND, {
    parent: console,
    program: tool.program,
    commandLine: tool.line,
    integrity: "High",
  });
  if (tool.program !== PROGRAMS.cmd) return;
  const look = random.pick([
    { program: PROGRAMS.ipconfig, line: "ipconfig  /all" },
    { program: PROGRAMS.quser, line: "quser" },
    { program: PROGRAMS.gpupdate, line: "gpupdate  /force" },
    { program: PROGRAMS.ping, line: `ping  ${county.servers.dc1.name}` },
    { program: PROGRAMS.whoami, line: "whoami  /groups" },
    { program: PROGRAMS.systeminfo, line: "systeminfo" },
    { program: PROGRAMS.nltest, line: "nltest  /sc_query:lk-heide.example" },
  ]);
  start(world, time + 70 * SECOND, {
    parent: opened,
    program: look.program,
    commandLine: look.line,
  });
}

function managementScript(world: World, time: number): void {
  const { random, county } = world;
  const { account } = administrator(world);
  const shell = desktop(world, county.servers.jump, account);
  const script = random.pick([
    "Get-Plattenplatz",
    "Postfachbericht",
    "Sync-Gruppen",
    "Inventar",
    "Lizenzen",
  ]);
  const process = start(world, time, {
    parent: shell,
    program: PROGRAMS.powershell,
    commandLine: `powershell.exe -ExecutionPolicy RemoteSigned -File D:\\Skripte\\${script}.ps1 -Verbose`,
    integrity: "High",
  });
  windows(world, time + 800, process.host, WINDOWS_EVENTS.scriptBlock, {
    MessageNumber: "1",
    MessageTotal: "1",
    ScriptBlockText: random.pick([
      "Get-ADUser -Filter {Enabled -eq $true} -Properties LastLogonDate | Export-Csv D:\\Berichte\\konten.csv -NoTypeInformation",
      "Get-ADComputer -Filter * -Properties OperatingSystem | Group-Object OperatingSystem",
      "Invoke-Command -ComputerName (Get-Content D:\\Skripte\\server.txt) -ScriptBlock { Get-PSDrive -PSProvider FileSystem }",
      "Get-ADGroupMember -Identity 'GG_FD50_Sachbearbeitung' -Recursive | Select-Object SamAccountName",
    ]),
    ScriptBlockId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
    Path: `D:\\Skripte\\${script}.ps1`,
  });
  if (!random.chance(0.4)) return;
  const target = anyServer(world);
  connects(world, time + 2 * SECOND, process, { ip: target.ip, name: target.fqdn, port: 5985 });
  logon(world, time + 2200, {
    account,
    host: target,
    type: 3,
    from: county.servers.jump,
    privileged: true,
    lastsMinutes: 1,
  });
  start(world, time + 3 * SECOND, {
    parent: running(world, target, PROGRAMS.svchost),
    program: PROGRAMS.wsmprovhost,
    commandLine: "C:\\Windows\\system32\\wsmprovhost.exe -Embedding",
    account,
    integrity: "High",
  });
}

/** The management tool runs its own PowerShell with an encoded command: legitimate and ugly. */
function managementAgent(world: World, time: number): void {
  const { random } = world;
  const target = anyServer(world);
  const command = random.pick([
    "Get-Service | Where-Object Status -eq 'Stopped' | ConvertTo-Json",
    "Get-Counter '\\Processor(_Total)\\% Processor Time' -SampleInterval 2 -MaxSamples 3",
    "Test-Path 'C:\\Windows\\Temp\\reboot.required'",
  ]);
  const process = start(world, time, {
    parent: running(world, target, PROGRAMS.deployAgent),
    program: PROGRAMS.powershell,
    commandLine: `"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe" -NoLogo -NonInteractive -NoProfile -EncodedCommand ${encoded(command)}`,
  });
  ended(world, time + 6 * SECOND, process);
}

function groupChange(world: World, time: number): void {
  const { random, county } = world;
  const who: Staff | Administrator = random.chance(0.6)
    ? random.pick(county.helpdesk)
    : administrator(world);
  addToGroup(
    world,
    time,
    who.account,
    anyStaff(world),
    `GG_${anyStaff(world).department.code}_${random.pick(["Sachbearbeitung", "Lesen", "Leitung", "Scan"])}`,
  );
}

function addToGroup(
  world: World,
  time: number,
  by: Staff["account"],
  member: Staff,
  group: string,
): void {
  windows(world, time, world.county.servers.dc1, WINDOWS_EVENTS.globalGroupMember, {
    MemberName: `CN=${member.given} ${member.family},OU=${member.department.code},OU=Benutzer,DC=lk-heide,DC=example`,
    MemberSid: member.account.sid,
    TargetUserName: group,
    TargetDomainName: NETBIOS,
    TargetSid: `${world.county.domainSid}-${3000 + group.length * 7}`,
    ...subject(by, logonId(world.random)),
    PrivilegeList: "-",
  });
}

function onboarding(world: World, time: number): void {
  const { random, county } = world;
  const by = random.pick(county.helpdesk).account;
  const member = anyStaff(world);
  const sid = `${county.domainSid}-${random.int(9000, 9900)}`;
  const name = `${member.family.toLowerCase().replace(/[^a-z]/g, "")}${random.int(10, 99)}`;
  const target = { TargetUserName: name, TargetDomainName: NETBIOS, TargetSid: sid };
  windows(world, time, county.servers.dc1, WINDOWS_EVENTS.userCreated, {
    ...target,
    ...subject(by, logonId(random)),
    PrivilegeList: "-",
    SamAccountName: name,
    DisplayName: `${random.pick(["Neu", "Azubi", "Praktikum"])} ${member.family}`,
    UserPrincipalName: `${name}@lk-heide.example`,
    HomeDirectory: "-",
    ScriptPath: "anmeldung.vbs",
    UserAccountControl: "\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084",
    OldUacValue: "0x0",
    NewUacValue: "0x15",
  });
  windows(world, time + 300, county.servers.dc1, WINDOWS_EVENTS.userEnabled, {
    ...target,
    ...subject(by, logonId(random)),
  });
  windows(world, time + 500, county.servers.dc1, WINDOWS_EVENTS.passwordReset, {
    ...target,
    ...subject(by, logonId(random)),
  });
  addToGroup(
    world,
    time + 20 * SECOND,
    by,
    { ...member, account: { ...member.account, name, sid } },
    "GG_Alle_Beschaeftigten",
  );
}

function passwordReset(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  windows(world, time, county.servers.dc1, WINDOWS_EVENTS.passwordReset, {
    TargetUserName: member.account.name,
    TargetDomainName: NETBIOS,
    TargetSid: member.account.sid,
    ...subject(random.pick(county.helpdesk).account, logonId(random)),
  });
}

export const ADMINISTRATION_ACTIVITIES: readonly Activity[] = [
  { name: "remote-desktop", perDay: 26, rhythm: ADMINISTRATORS, run: remoteDesktop },
  { name: "management-script", perDay: 16, rhythm: ADMINISTRATORS, run: managementScript },
  { name: "management-agent", perDay: 48, rhythm: ROUND_THE_CLOCK, run: managementAgent },
  { name: "group-change", perDay: 6, rhythm: ADMINISTRATORS, run: groupChange },
  { name: "onboarding", perDay: 1.5, rhythm: ADMINISTRATORS, run: onboarding },
  { name: "password-reset", perDay: 9, rhythm: ADMINISTRATORS, run: passwordReset },
];
