// What staff do at their desks: office documents, browser, specialist applications, printing, and
// what their machines do on their own (updates, indexing, software distribution).
import type { Staff } from "../county/county.ts";
import { SYSTEM } from "../county/county.ts";
import { FILE_WORDS } from "../county/names.ts";
import {
  connects,
  desktop,
  ended,
  type Process,
  profile,
  resolves,
  running,
  setsRegistry,
  start,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS, type Program } from "../emit/programs.ts";
import { habitual, habitualSite } from "../history/habits.ts";
import { type Activity, OFFICE, ROUND_THE_CLOCK } from "../rhythm.ts";
import { guid, SECOND, type World } from "../world.ts";

/** Somebody who may be at work; the same people again and again, since all are drawn alike. */
export function anyStaff(world: World): Staff {
  return world.random.pick(world.present ?? world.county.staff);
}

/** A desk's machine; it runs whether anybody is at work or not. */
export function anyDesk(world: World): Staff {
  return world.random.pick(world.county.staff);
}

/** A file name as staff choose them. */
export function fileName(world: World, extension: string): string {
  const { random } = world;
  const words = `${random.pick(FILE_WORDS)}_${random.int(2019, 2026)}-${random.int(1, 980)}`;
  return `${words}${random.chance(0.2) ? "_final" : ""}.${extension}`;
}

function openDocument(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const shell = desktop(world, member.host, member.account);
  const [program, extension]: readonly [Program, string] = random.pick([
    [PROGRAMS.word, "docx"],
    [PROGRAMS.word, "docx"],
    [PROGRAMS.excel, "xlsx"],
    [PROGRAMS.reader, "pdf"],
    [PROGRAMS.powerpoint, "pptx"],
  ] as const);
  const file = fileName(world, extension);
  const folder = random.chance(0.7)
    ? `G:\\${member.department.name}`
    : `${profile(member.account)}\\Documents`;
  const fromMail = random.chance(0.2);
  const parent = fromMail
    ? running(world, member.host, PROGRAMS.outlook, member.account, shell.logon)
    : shell;
  const path = fromMail
    ? `${profile(member.account)}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\${random.hex(8).toUpperCase()}\\${file}`
    : `${folder}\\${file}`;
  if (fromMail) writesFile(world, time, parent, path);
  const process = start(world, time + 300, {
    parent,
    program,
    commandLine: `"${program.path}" ${extension === "pdf" ? "" : "/n "}"${path}"`,
  });
  if (extension !== "pdf" && random.chance(0.5)) {
    writesFile(world, time + 4 * SECOND, process, `${folder}\\~$${file.slice(2)}`);
  }
  if (random.chance(0.25)) {
    writesFile(world, time + random.int(60, 900) * SECOND, process, `${folder}\\${file}`);
  }
}

function browse(world: World, time: number): void {
  const { random } = world;
  const member = anyStaff(world);
  const program = random.chance(0.8) ? PROGRAMS.edge : PROGRAMS.firefox;
  const shell = desktop(world, member.host, member.account);
  const browser = start(world, time, {
    parent: shell,
    program,
    commandLine: `"${program.path}" ${random.pick(["--profile-directory=Default", "--single-argument https://intranet.lk-heide.example/", "-osint -url https://www.gesetze.example/"])}`,
  });
  for (let page = random.int(1, 3); page > 0; page--) {
    const { site, address } = habitualSite(world, member);
    const at = time + page * 20 * SECOND;
    resolves(world, at, browser, site, address);
    connects(world, at + 40, browser, { ip: address, name: site, port: 443 });
  }
  if (random.chance(0.15)) {
    writesFile(
      world,
      time + 90 * SECOND,
      browser,
      `${profile(member.account)}\\Downloads\\${fileName(world, random.pick(["pdf", "pdf", "docx", "zip"]))}`,
    );
  }
}

const SPECIALISTS: readonly (readonly [Program, string])[] = [
  [PROGRAMS.meldewesen, "/mandant:03 /modul:EWO"],
  [PROGRAMS.kfz, "-standort=1"],
  [PROGRAMS.soziales, "--fall"],
  [PROGRAMS.finanzen, "/hhj=2026"],
];

function specialistApplication(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const [program, options] = habitual(world, member, "application", SPECIALISTS);
  const process = start(world, time, {
    parent: desktop(world, member.host, member.account),
    program,
    commandLine: `"${program.path}" ${options}`,
  });
  const server = county.servers.registry;
  resolves(world, time + 500, process, server.fqdn, server.ip);
  connects(world, time + 600, process, { ip: server.ip, name: server.fqdn, port: 1433 });
  writesFile(
    world,
    time + 3 * SECOND,
    process,
    `${profile(member.account)}\\AppData\\Local\\Temp\\${random.hex(8)}.tmp`,
  );
  // The simulated application prints letters through a script of its own, as old ones do.
  if (program === PROGRAMS.meldewesen && random.chance(0.12)) {
    start(world, time + 60 * SECOND, {
      parent: process,
      program: PROGRAMS.cscript,
      commandLine: `cscript.exe //nologo "C:\\Program Files (x86)\\MESO-Sim\\Druck\\serienbrief.vbs" /stapel:${random.int(100, 999)}`,
    });
  }
}

function print(world: World, time: number): void {
  const member = anyStaff(world);
  const program = world.random.pick([PROGRAMS.word, PROGRAMS.excel, PROGRAMS.reader]);
  const application = running(world, member.host, program, member.account);
  start(world, time, {
    parent: application,
    program: PROGRAMS.splwow64,
    commandLine: "C:\\Windows\\splwow64.exe 8192",
  });
  const spooler = running(world, world.county.servers.print, PROGRAMS.spoolsv);
  writesFile(
    world,
    time + 1200,
    spooler,
    `C:\\Windows\\System32\\spool\\PRINTERS\\${String(world.random.int(10, 9999)).padStart(5, "0")}.SPL`,
  );
}

function machineWork(world: World, time: number): void {
  const { random } = world;
  const { host } = anyDesk(world);
  const service = running(world, host, PROGRAMS.svchost);
  const choice = random.next();
  if (choice < 0.3) {
    start(world, time, {
      parent: service,
      program: PROGRAMS.backgroundTask,
      commandLine: `"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:App.AppX${random.hex(12)}.mca`,
    });
  } else if (choice < 0.5) {
    start(world, time, {
      parent: service,
      program: PROGRAMS.taskhostw,
      commandLine: "taskhostw.exe $(Arg0)",
    });
  } else if (choice < 0.65) {
    const agent = running(world, host, PROGRAMS.searchIndexer);
    writesFile(
      world,
      time,
      agent,
      `C:\\ProgramData\\Microsoft\\Search\\Data\\Applications\\Windows\\GatherLogs\\SystemIndex\\SystemIndex.${random.int(100, 999)}.gthr`,
    );
  } else if (choice < 0.8) {
    setsRegistry(
      world,
      time,
      service,
      `HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\${SYSTEM.sid}\\\\Device\\HarddiskVolume3\\Windows\\System32\\svchost.exe`,
      "Binary Data",
    );
  } else if (choice < 0.9) {
    setsRegistry(
      world,
      time,
      service,
      `HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\Results\\Detect\\LastSuccessTime`,
      new Date(time).toISOString().slice(0, 19).replace("T", " "),
    );
  } else {
    const defender = running(world, host, PROGRAMS.defender);
    writesFile(
      world,
      time,
      defender,
      `C:\\ProgramData\\Microsoft\\Windows Defender\\Scans\\History\\CacheManager\\${guid(random).slice(1, -1).toUpperCase()}-0.bin`,
    );
  }
}

function windowsUpdate(world: World, time: number): void {
  const { host } = anyDesk(world);
  const { deploy } = world.county.servers;
  const service = running(world, host, PROGRAMS.svchost);
  resolves(world, time, service, deploy.fqdn, deploy.ip);
  connects(world, time + 90, service, { ip: deploy.ip, name: deploy.fqdn, port: 8530 });
  const client = start(world, time + 2 * SECOND, {
    parent: service,
    program: PROGRAMS.wuauclt,
    commandLine: `"C:\\Windows\\system32\\wuauclt.exe" /UpdateDeploymentProvider UpdateDeploymentProvider.dll /ClassId ${guid(world.random).slice(1, -1)} /RunHandlerComServer`,
  });
  ended(world, time + 50 * SECOND, client);
}

function softwareDistribution(world: World, time: number): void {
  const { random, county } = world;
  const { host } = anyDesk(world);
  const agent: Process = running(world, host, PROGRAMS.deployAgent);
  const job = random.pick([
    {
      program: PROGRAMS.msiexec,
      line: `msiexec.exe /i "\\\\${county.servers.deploy.name}\\pakete$\\SimPDF_24.3.msi" /qn /norestart`,
    },
    {
      program: PROGRAMS.cmd,
      line: `cmd.exe /c "C:\\ProgramData\\VerteilSim\\Jobs\\${random.int(1000, 9999)}\\install.cmd"`,
    },
    {
      program: PROGRAMS.powershell,
      line: `powershell.exe -NoProfile -ExecutionPolicy Bypass -File "C:\\ProgramData\\VerteilSim\\Jobs\\${random.int(1000, 9999)}\\Install.ps1"`,
    },
    {
      program: PROGRAMS.powershell,
      line: `powershell.exe -NonInteractive -NoProfile -EncodedCommand ${encoded("Get-CimInstance Win32_QuickFixEngineering | Select-Object HotFixID, InstalledOn | Export-Csv C:\\ProgramData\\VerteilSim\\kb.csv")}`,
    },
  ]);
  const process = start(world, time, {
    parent: agent,
    program: job.program,
    commandLine: job.line,
  });
  writesFile(
    world,
    time + 8 * SECOND,
    process,
    `C:\\ProgramData\\VerteilSim\\Logs\\job_${random.int(1000, 9999)}.log`,
  );
  ended(world, time + 40 * SECOND, process);
}

/** A command in the form that `powershell -EncodedCommand` takes: base64 of UTF-16LE. */
export function encoded(command: string): string {
  return Buffer.from(command, "utf16le").toString("base64");
}

export const DESK_ACTIVITIES: readonly Activity[] = [
  { name: "open-document", perDay: 1500, rhythm: OFFICE, run: openDocument },
  { name: "browse", perDay: 900, rhythm: OFFICE, run: browse },
  { name: "specialist-application", perDay: 700, rhythm: OFFICE, run: specialistApplication },
  { name: "print", perDay: 350, rhythm: OFFICE, run: print },
  { name: "machine-work", perDay: 2300, rhythm: ROUND_THE_CLOCK, run: machineWork },
  { name: "windows-update", perDay: 120, rhythm: OFFICE, run: windowsUpdate },
  { name: "software-distribution", perDay: 160, rhythm: OFFICE, run: softwareDistribution },
];
