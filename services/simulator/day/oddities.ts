// Ordinary work that looks strange: tools that intruders use too, bulk changes of files, large
// transfers, late hours. Real days are full of it; each of these happens now and then.
import { traffic } from "../emit/fortigate.ts";
import { mail } from "../emit/mail.ts";
import {
  connects,
  desktop,
  ended,
  profile,
  resolves,
  running,
  setsRegistry,
  start,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS, type Program, program } from "../emit/programs.ts";
import { kerberosTicket, logon, shareFile, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { siteAddress } from "../history/habits.ts";
import { type Activity, ADMINISTRATORS, NIGHT, OFFICE, ROUND_THE_CLOCK } from "../rhythm.ts";
import { HOUR, MINUTE, SECOND, type World } from "../world.ts";
import { administrator, anyServer } from "./administration.ts";
import { anyDesk, anyStaff, fileName } from "./desk.ts";
import { controllerOf } from "./workday.ts";

const MANUFACTURER = "downloads.software-fuer-aemter.example";

/** A link in a mail opens the browser. */
function linkInMail(world: World, time: number): void {
  const member = anyStaff(world);
  const outlook = running(world, member.host, PROGRAMS.outlook, member.account);
  const site = world.random.pick([
    "fortbildung.example",
    "ausschreibungen.example",
    "www.gesetze.example",
  ]);
  const browser = start(world, time, {
    parent: outlook,
    program: PROGRAMS.edge,
    commandLine: `"${PROGRAMS.edge.path}" --single-argument https://${site}/einladung?id=${world.random.int(1000, 9999)}`,
  });
  resolves(world, time + 600, browser, site, siteAddress(site));
}

/** Single commands that administrators and helpdesk type at a server or a desk. */
function administratorCommand(world: World, time: number): void {
  const { random, county } = world;
  const { account } = administrator(world);
  const host = random.chance(0.5) ? county.servers.jump : anyServer(world);
  const shell = start(world, time, {
    parent: desktop(world, host, account),
    program: PROGRAMS.cmd,
    commandLine: `"C:\\Windows\\system32\\cmd.exe"`,
    integrity: "High",
  });
  const [tool, line]: readonly [Program, string] = random.pick([
    [PROGRAMS.certutil, "certutil  -hashfile D:\\Installation\\MESO-Sim_24_2.iso SHA256"],
    [PROGRAMS.wevtutil, "wevtutil  epl System D:\\Protokolle\\system.evtx"],
    [PROGRAMS.netsh, "netsh  advfirewall show allprofiles state"],
    [
      PROGRAMS.netsh,
      `netsh  advfirewall firewall add rule name="MESO-Sim Datenbank" dir=in action=allow protocol=TCP localport=1433`,
    ],
    [PROGRAMS.sc, `sc  \\\\${county.servers.print.name} query spooler`],
    [PROGRAMS.schtasks, "schtasks  /query /fo csv /v"],
    [PROGRAMS.bcdedit, "bcdedit  /enum"],
    [PROGRAMS.net, "net  accounts /domain"],
    [PROGRAMS.net, `net  group GG_FD50_Sachbearbeitung /domain`],
    [
      PROGRAMS.robocopy,
      "robocopy  D:\\Freigaben\\Vorlagen E:\\Umzug\\Vorlagen /MIR /R:1 /W:1 /LOG:E:\\Umzug\\log.txt",
    ],
    [
      PROGRAMS.curl,
      `curl  -L -o D:\\Installation\\update.zip https://${MANUFACTURER}/meso/24.2/update.zip`,
    ],
    [PROGRAMS.wbadmin, "wbadmin  get versions"],
    [PROGRAMS.nltest, "nltest  /dsgetdc:lk-heide.example"],
    [PROGRAMS.reg, `reg  query HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run`],
    [PROGRAMS.dism, "dism  /online /cleanup-image /restorehealth"],
  ] as const);
  start(world, time + 8 * SECOND, { parent: shell, program: tool, commandLine: line });
}

/** The IT department fetches something from a manufacturer with PowerShell. */
function scriptedDownload(world: World, time: number): void {
  const { random, county } = world;
  const { account } = administrator(world);
  const file = `D:\\Installation\\paket_${random.int(100, 999)}.zip`;
  const shell = start(world, time, {
    parent: desktop(world, county.servers.jump, account),
    program: PROGRAMS.powershell,
    commandLine: `powershell.exe -Command "Invoke-WebRequest -Uri https://${MANUFACTURER}/agent/paket.zip -OutFile ${file}"`,
    integrity: "High",
  });
  resolves(world, time + 700, shell, MANUFACTURER, siteAddress(MANUFACTURER));
  connects(world, time + 800, shell, {
    ip: siteAddress(MANUFACTURER),
    name: MANUFACTURER,
    port: 443,
  });
  writesFile(world, time + 9 * SECOND, shell, file);
}

/** A set-up program registers libraries, a service and an autostart. */
function installation(world: World, time: number): void {
  const { random } = world;
  const { host } = anyDesk(world);
  const installer = start(world, time, {
    parent: running(world, host, PROGRAMS.services),
    program: PROGRAMS.msiexec,
    commandLine: "C:\\Windows\\system32\\msiexec.exe /V",
  });
  start(world, time + 4 * SECOND, {
    parent: installer,
    program: PROGRAMS.regsvr32,
    commandLine: `regsvr32.exe /s "C:\\Program Files\\SimPDF\\shell64.dll"`,
  });
  start(world, time + 6 * SECOND, {
    parent: installer,
    program: PROGRAMS.rundll32,
    commandLine: `rundll32.exe "C:\\Windows\\Installer\\MSI${random.hex(4).toUpperCase()}.tmp",zzzzInvokeManagedCustomActionOutOfProc SfxCA_${random.int(1e6, 9e6)} 1 Aktion`,
  });
  setsRegistry(
    world,
    time + 8 * SECOND,
    installer,
    "HKLM\\System\\CurrentControlSet\\Services\\SimPdfUpdate\\ImagePath",
    `"C:\\Program Files\\SimPDF\\SimPdfUpdate.exe"`,
  );
  windows(world, time + 8200, host, WINDOWS_EVENTS.serviceInstalled, {
    ServiceName: "SimPDF Update",
    ImagePath: `"C:\\Program Files\\SimPDF\\SimPdfUpdate.exe"`,
    ServiceType: "user mode service",
    StartType: "auto start",
    AccountName: "LocalSystem",
  });
  writesFile(world, time + 9 * SECOND, installer, "C:\\Program Files\\SimPDF\\SimPdfUpdate.exe");
  ended(world, time + 20 * SECOND, installer);
}

/** Printer dialogues and control panels run through rundll32. */
function settingsDialogue(world: World, time: number): void {
  const member = anyStaff(world);
  start(world, time, {
    parent: desktop(world, member.host, member.account),
    program: PROGRAMS.rundll32,
    commandLine: world.random.pick([
      `rundll32.exe printui.dll,PrintUIEntry /in /n \\\\${world.county.servers.print.name}\\FD50-2OG`,
      `"C:\\Windows\\system32\\rundll32.exe" Shell32.dll,Control_RunDLL mmsys.cpl`,
      "C:\\Windows\\system32\\rundll32.exe C:\\Windows\\system32\\shell32.dll,OpenAs_RunDLL G:\\Scans\\eingang.tif",
    ]),
  });
}

/** Somebody tidies a folder or converts a hundred files: many changes in a short time. */
function bulkChange(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const host = county.servers.files1;
  const share = member.department.name;
  const converts = random.chance(0.5);
  const session = logon(world, time, {
    account: member.account,
    host,
    type: 3,
    from: member.host,
    lastsMinutes: 12,
  });
  for (let index = random.int(20, 90); index > 0; index--) {
    shareFile(world, time + index * random.int(700, 900), {
      host,
      account: member.account,
      from: member.host,
      share,
      path: `\\??\\D:\\Freigaben\\${share}`,
      file: `Archiv\\${random.int(2009, 2015)}\\${fileName(world, converts ? "pdf" : "doc")}`,
      access: converts ? "write" : "delete",
      logon: session,
    });
  }
}

/** Scans of the post arrive in the file server as files. */
function scannedPost(world: World, time: number): void {
  const { random, county } = world;
  const system = running(world, county.servers.files1, program("System"));
  for (let page = random.int(3, 15); page > 0; page--) {
    writesFile(
      world,
      time + page * 2 * SECOND,
      system,
      `D:\\Freigaben\\Scans\\${random.int(1, 40)}OG\\SCAN_${String(random.int(1, 99_999)).padStart(5, "0")}.${random.pick(["pdf", "tif"])}`,
    );
  }
}

/** A large delivery to a partner, from a desk or from a server. */
function largeDelivery(world: World, time: number): void {
  const { random, county } = world;
  const server = random.chance(0.4);
  traffic(world, time, {
    from: server ? county.servers.registry.ip : anyStaff(world).host.ip,
    to: siteAddress(server ? "datenaustausch.land.example" : "tausch.ingenieure-ost.example"),
    port: server ? 22 : 443,
    sent: random.int(2e8, 1.4e9),
    received: random.int(1e5, 3e6),
    durationSeconds: random.int(60, 900),
  });
}

/** Some stay late, and some come on from another desk. */
function unusualHour(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const host = random.chance(0.3) ? anyStaff(world).host : member.host;
  const controller = controllerOf(world, host);
  kerberosTicket(world, time, { account: member.account, from: host, controller });
  logon(world, time + 400, {
    account: member.account,
    host,
    type: random.pick([2, 7]),
    method: "Negotiate",
    lastsMinutes: random.int(10, 120),
  });
}

/** A macro workbook of the finance department exports through a script, as it has for fifteen years. */
function oldMacro(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const excel = start(world, time, {
    parent: desktop(world, member.host, member.account),
    program: PROGRAMS.excel,
    commandLine: `"${PROGRAMS.excel.path}" "G:\\Finanzen\\Kasse\\Tagesabschluss.xlsm"`,
  });
  writesFile(
    world,
    time + 30 * SECOND,
    excel,
    `${profile(member.account)}\\Documents\\Tagesabschluss_${random.int(100, 999)}.csv`,
  );
  if (random.chance(0.4)) {
    start(world, time + 34 * SECOND, {
      parent: excel,
      program: PROGRAMS.cmd,
      commandLine: `cmd.exe /c copy "${profile(member.account)}\\Documents\\Tagesabschluss_*.csv" G:\\Finanzen\\Kasse\\Export`,
    });
  }
}

/** Staff pack files for a partner. */
function packedFiles(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const packer: Program = {
    ...program("C:\\Program Files\\7-Zip\\7zG.exe", "7-Zip GUI", "7-Zip", "Igor Pavlov", "7zg.exe"),
    version: "24.08",
  };
  const archive = `G:\\${member.department.name}\\Versand_${random.int(10, 99)}.zip`;
  const started = start(world, time, {
    parent: desktop(world, member.host, member.account),
    program: packer,
    commandLine: `"${packer.path}" a -tzip "${archive}" -sae -- "G:\\${member.department.name}\\Versand"`,
  });
  writesFile(world, time + 3 * SECOND, started, archive);
}

/** A partner's mail system sends archives and old office formats. */
function oldFormatMail(world: World, time: number): void {
  mail(world, time, {
    direction: "Incoming",
    from: `versand@${world.random.pick(["gemeinde-sandfurt.example", "bauplanung-nord.example"])}`,
    to: [anyStaff(world).mail],
    subject: `Datenlieferung ${world.random.int(1, 52)}`,
    address: siteAddress("gemeinde-sandfurt.example"),
    bytes: world.random.int(200_000, 6_000_000),
    attachments: [
      world.random.pick([
        "Lieferung.zip",
        "Meldung.xls",
        "Statistik.docm",
        "Plan.dwg",
        "index.html",
      ]),
    ],
    spamScore: 1,
  });
}

/** Defender scans, Windows reports problems, disks are tidied: at night mostly. */
function nightWork(world: World, time: number): void {
  const { random } = world;
  const host = random.chance(0.5) ? anyServer(world) : anyDesk(world).host;
  const service = running(world, host, PROGRAMS.svchost);
  const scan: Program = {
    ...PROGRAMS.defender,
    path: "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24080.9-0\\MpCmdRun.exe",
    description: "Microsoft Malware Protection Command Line Utility",
    original: "MpCmdRun.exe",
  };
  const [tool, line]: readonly [Program, string] = random.pick([
    [scan, `"${scan.path}" Scan -ScheduleJob -RestrictPrivileges -ScanType 1`],
    [scan, `"${scan.path}" SignaturesUpdateService -ScheduleJob -UnmanagedUpdate`],
    [
      PROGRAMS.rundll32,
      "C:\\Windows\\system32\\rundll32.exe C:\\Windows\\system32\\PcaSvc.dll,PcaPatchSdbTask",
    ],
    [
      PROGRAMS.werfault,
      `C:\\Windows\\system32\\WerFault.exe -u -p ${random.int(1000, 9000)} -s ${random.int(100, 900)}`,
    ],
    [
      PROGRAMS.rundll32,
      "C:\\Windows\\system32\\rundll32.exe C:\\Windows\\system32\\sysmain.dll,HybridDriveCachePrepopulate",
    ],
  ] as const);
  start(world, time, { parent: service, program: tool, commandLine: line });
}

/** A planned change in the evening: an administrator works on a server until late. */
function lateMaintenance(world: World, time: number): void {
  const { county, random } = world;
  const { account } = administrator(world);
  const host = anyServer(world);
  const at = Math.max(time, world.dayStart + 18 * HOUR) + random.int(1, 60) * MINUTE;
  const session = logon(world, at, {
    account,
    host,
    type: 10,
    from: county.servers.jump,
    method: "Negotiate",
    privileged: true,
    lastsMinutes: 75,
  });
  const shell = start(world, at + MINUTE, {
    parent: desktop(world, host, account, session),
    program: PROGRAMS.powershell,
    commandLine: `"C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"`,
    integrity: "High",
  });
  for (const [index, line] of ["net  stop MesoDienst", "net  start MesoDienst"].entries()) {
    start(world, at + (5 + 20 * index) * MINUTE, {
      parent: shell,
      program: PROGRAMS.net,
      commandLine: line,
    });
  }
}

export const ODDITIES: readonly Activity[] = [
  { name: "link-in-mail", perDay: 45, rhythm: OFFICE, run: linkInMail },
  { name: "administrator-command", perDay: 22, rhythm: ADMINISTRATORS, run: administratorCommand },
  { name: "scripted-download", perDay: 1.2, rhythm: ADMINISTRATORS, run: scriptedDownload },
  { name: "installation", perDay: 6, rhythm: OFFICE, run: installation },
  { name: "settings-dialogue", perDay: 18, rhythm: OFFICE, run: settingsDialogue },
  { name: "bulk-change", perDay: 5, rhythm: OFFICE, run: bulkChange },
  { name: "scanned-post", perDay: 30, rhythm: OFFICE, run: scannedPost },
  { name: "large-delivery", perDay: 4, rhythm: OFFICE, run: largeDelivery },
  { name: "unusual-hour", perDay: 6, rhythm: ROUND_THE_CLOCK, run: unusualHour },
  { name: "old-macro", perDay: 9, rhythm: OFFICE, run: oldMacro },
  { name: "packed-files", perDay: 12, rhythm: OFFICE, run: packedFiles },
  { name: "old-format-mail", perDay: 16, rhythm: OFFICE, run: oldFormatMail },
  { name: "night-work", perDay: 60, rhythm: NIGHT, run: nightWork },
  { name: "late-maintenance", perDay: 0.6, rhythm: OFFICE, run: lateMaintenance },
];
