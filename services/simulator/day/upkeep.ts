// What keeps the county's machines running and looks odd without being an attack: inventory scans,
// remote help, updaters that make tasks and autostarts, the nightly backup, looking after shadow copies.
import { SYSTEM } from "../county/county.ts";
import {
  connects,
  desktop,
  opensProcess,
  running,
  setsRegistry,
  start,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import { logon, shareAccess, shareFile, subject, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { type Activity, ADMINISTRATORS, NIGHT, OFFICE, ROUND_THE_CLOCK } from "../rhythm.ts";
import { MINUTE, SECOND, type World } from "../world.ts";
import { administrator, anyServer } from "./administration.ts";
import { anyDesk, anyStaff } from "./desk.ts";

function inventoryScan(world: World, time: number): void {
  const { random, county } = world;
  const scanner = running(
    world,
    county.servers.deploy,
    PROGRAMS.scanAgent,
    county.services.scanner,
  );
  for (let machine = random.int(6, 18); machine > 0; machine--) {
    const { host } = anyDesk(world);
    const at = time + machine * 1500;
    connects(world, at, scanner, { ip: host.ip, name: host.fqdn, port: random.pick([135, 445]) });
    logon(world, at + 200, {
      account: county.services.scanner,
      host,
      type: 3,
      from: county.servers.deploy,
      method: "NTLM",
      privileged: true,
      lastsMinutes: 1,
    });
    if (random.chance(0.4)) {
      start(world, at + 700, {
        parent: running(world, host, PROGRAMS.svchost),
        program: PROGRAMS.wmiprvse,
        commandLine: "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding",
      });
    }
  }
}

function remoteHelp(world: World, time: number): void {
  const { random, county } = world;
  const helper = random.pick(county.helpdesk);
  const member = anyStaff(world);
  const { account } = administrator(world);
  shareAccess(world, time, {
    host: member.host,
    account,
    from: helper.host,
    share: "C$",
    path: "\\??\\C:\\",
  });
  shareFile(world, time + 900, {
    host: member.host,
    account,
    from: helper.host,
    share: "C$",
    path: "\\??\\C:\\",
    file: `Users\\${member.account.name}\\AppData\\Roaming\\Microsoft\\Signatures`,
    access: "read",
  });
  logon(world, time, {
    account,
    host: member.host,
    type: 3,
    from: helper.host,
    privileged: true,
    lastsMinutes: 4,
  });
  const shell = start(world, time + 30 * SECOND, {
    parent: desktop(world, member.host, member.account),
    program: PROGRAMS.cmd,
    commandLine: `"C:\\Windows\\system32\\cmd.exe"`,
    account,
    integrity: "High",
  });
  const fix = random.pick([
    {
      program: PROGRAMS.reg,
      line: `reg  add "HKLM\\SOFTWARE\\MESO-Sim" /v Druckpfad /t REG_SZ /d \\\\${county.servers.print.name}\\meso /f`,
    },
    { program: PROGRAMS.net, line: "net  stop spooler" },
    { program: PROGRAMS.taskkill, line: "taskkill  /f /im OUTLOOK.EXE" },
    { program: PROGRAMS.sc, line: "sc  query VsAgent" },
    { program: PROGRAMS.gpresult, line: "gpresult  /r" },
    { program: PROGRAMS.net, line: "net  localgroup Administratoren" },
    { program: PROGRAMS.net, line: `net  user ${member.account.name} /domain` },
  ]);
  start(world, time + 50 * SECOND, { parent: shell, program: fix.program, commandLine: fix.line });
}

function softwareTask(world: World, time: number): void {
  const { random } = world;
  const { host } = anyDesk(world);
  const parent = running(world, host, PROGRAMS.svchost);
  const updater = start(world, time, {
    parent,
    program: PROGRAMS.updater,
    commandLine: `"${PROGRAMS.updater.path}" /stumm`,
  });
  if (random.chance(0.25)) {
    start(world, time + 4 * SECOND, {
      parent: updater,
      program: PROGRAMS.schtasks,
      commandLine: `schtasks.exe /Create /F /TN "\\MESO-Sim\\Aktualisierung" /SC DAILY /ST 06:30 /RU SYSTEM /TR "\\"${PROGRAMS.updater.path}\\" /stumm"`,
    });
    windows(world, time + 4300, host, WINDOWS_EVENTS.taskCreated, {
      ...subject(SYSTEM),
      TaskName: "\\MESO-Sim\\Aktualisierung",
      TaskContent: `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2"><Actions Context="Author"><Exec><Command>${PROGRAMS.updater.path}</Command><Arguments>/stumm</Arguments></Exec></Actions></Task>`,
    });
  }
  if (random.chance(0.15)) {
    setsRegistry(
      world,
      time + 6 * SECOND,
      updater,
      "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Run\\MesoStart",
      '"C:\\Program Files (x86)\\MESO-Sim\\MesoStart.exe" /tray',
    );
  }
}

function agentInstalled(world: World, time: number): void {
  const target = anyServer(world);
  windows(world, time, target, WINDOWS_EVENTS.serviceInstalled, {
    ServiceName: "VerteilSim Agent",
    ImagePath: `"${PROGRAMS.deployAgent.path}" --dienst`,
    ServiceType: "user mode service",
    StartType: "auto start",
    AccountName: "LocalSystem",
  });
}

function memoryReport(world: World, time: number): void {
  const { random } = world;
  const { host } = anyDesk(world);
  const lsass = running(world, host, PROGRAMS.lsass);
  const source = running(
    world,
    host,
    random.pick([PROGRAMS.defender, PROGRAMS.svchost, PROGRAMS.wmiprvse, PROGRAMS.scanAgent]),
  );
  opensProcess(
    world,
    time,
    source,
    lsass,
    random.pick(["0x1000", "0x1400", "0x1410", "0x101000"]),
    "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e",
  );
}

function backupNight(world: World, time: number): void {
  const { random, county } = world;
  const { backup } = county.servers;
  const service = running(world, backup, PROGRAMS.veeamService);
  const manager = start(world, time, {
    parent: service,
    program: PROGRAMS.veeamManager,
    commandLine: `"${PROGRAMS.veeamManager.path}" owner=[vbsvc] job {${random.hex(8)}}`,
  });
  const source = anyServer(world);
  connects(world, time + 4 * SECOND, manager, { ip: source.ip, name: source.fqdn, port: 6160 });
  logon(world, time + 4200, {
    account: county.services.backup,
    host: source,
    type: 3,
    from: backup,
    privileged: true,
    lastsMinutes: 6,
  });
  shareAccess(world, time + 5 * SECOND, {
    host: source,
    account: county.services.backup,
    from: backup,
    share: "ADMIN$",
    path: "\\??\\C:\\Windows",
  });
  const agent = start(world, time + 8 * SECOND, {
    parent: running(world, source, PROGRAMS.services),
    program: PROGRAMS.veeamAgent,
    commandLine: `"${PROGRAMS.veeamAgent.path}" -p ${random.int(2500, 3300)}`,
  });
  writesFile(
    world,
    time + 10 * MINUTE,
    agent,
    `D:\\Sicherung\\${source.name}\\${source.name}D2026-${random.int(1000, 9999)}.vib`,
  );
}

function shadowList(world: World, time: number): void {
  const { county } = world;
  const { account } = administrator(world);
  const shell = desktop(world, county.servers.files1, account);
  const console = start(world, time, {
    parent: shell,
    program: PROGRAMS.cmd,
    commandLine: `"C:\\Windows\\system32\\cmd.exe"`,
    integrity: "High",
  });
  start(world, time + 5 * SECOND, {
    parent: console,
    program: PROGRAMS.vssadmin,
    commandLine: "vssadmin  list shadows",
  });
  start(world, time + 25 * SECOND, {
    parent: console,
    program: PROGRAMS.vssadmin,
    commandLine: "vssadmin  list shadowstorage",
  });
}

export const UPKEEP_ACTIVITIES: readonly Activity[] = [
  { name: "inventory-scan", perDay: 5, rhythm: ROUND_THE_CLOCK, run: inventoryScan },
  { name: "remote-help", perDay: 12, rhythm: OFFICE, run: remoteHelp },
  { name: "software-task", perDay: 40, rhythm: OFFICE, run: softwareTask },
  { name: "agent-installed", perDay: 0.8, rhythm: NIGHT, run: agentInstalled },
  { name: "memory-report", perDay: 40, rhythm: OFFICE, run: memoryReport },
  { name: "backup-night", perDay: 14, rhythm: NIGHT, run: backupNight },
  { name: "shadow-list", perDay: 0.7, rhythm: ADMINISTRATORS, run: shadowList },
];
