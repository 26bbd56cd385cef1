// The ways in which the intruder takes over a remote machine by a service, a task, or a remote shell.
import {
  connects,
  type Process,
  pipe,
  running,
  setsRegistry,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS, type Program, program } from "../emit/programs.ts";
import { shareAccess, shareFile, subject, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { SECOND, type World } from "../world.ts";
import { networkLogon } from "./network-logon.ts";
import { held, run, type Scene } from "./scene.ts";

interface Service {
  readonly name: string;
  readonly path: string;
  /** What the service control manager starts. */
  readonly program: Program;
  readonly options: string;
}

/** Installs a service on the file server and gains a shell by it. */
export function remoteService(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const target = scene.fileServer;
  const service = random.pick([psexecService, droppedService, commandService])(world, scene, time);
  const session = networkLogon(world, scene, time + 2 * SECOND, target);
  const opened = {
    host: target,
    account: scene.stolen.account,
    from: scene.victim.host,
    logon: session,
  };
  if (service.program !== PROGRAMS.cmd) {
    const share = { ...opened, share: "ADMIN$", path: "\\??\\C:\\Windows" };
    shareAccess(world, time + 2500, share);
    shareFile(world, time + 2600, { ...share, file: `${service.name}.exe`, access: "write" });
  }
  shareAccess(world, time + 2700, { ...opened, share: "IPC$" });
  shareFile(world, time + 2750, { ...opened, share: "IPC$", file: "svcctl", access: "write" });
  const started = installed(world, scene, time + 3 * SECOND, service, session);
  if (service.name === "PSEXESVC") {
    const name = `\\PSEXESVC-${scene.victim.host.name}-${random.int(1000, 9000)}-stdin`;
    pipe(world, time + 3300, started, name, "created");
  }
  scene.fileServerShell = run(
    world,
    time + 4 * SECOND,
    started,
    PROGRAMS.cmd,
    random.pick(["", "/Q /c hostname"]),
  );
  return time + 8 * SECOND;
}

function psexecService(world: World, scene: Scene, time: number): Service {
  const { random } = world;
  const company = "Sysinternals - www.sysinternals.com";
  const file = `${scene.folder}\\${random.pick(["PsExec.exe", "PsExec64.exe", "ps.exe"])}`;
  const tool = {
    ...program(file, "Execute processes remotely", "Sysinternals PsExec", company, "psexec.c"),
    version: "2.43",
  };
  const parent = held(scene.implant);
  writesFile(world, time, parent, tool.path);
  const options = `\\\\${scene.fileServer.name} -accepteula -s ${random.pick(["-d ", "", "-h "])}cmd.exe`;
  const client = run(world, time + SECOND, parent, tool, options);
  reaches(world, scene, time + 1500, client);
  return {
    name: "PSEXESVC",
    path: "%SystemRoot%\\PSEXESVC.exe",
    program: program(
      "C:\\Windows\\PSEXESVC.exe",
      "PsExec Service",
      "Sysinternals PsExec",
      company,
      "psexesvc.exe",
    ),
    options: "",
  };
}

function droppedService(world: World, scene: Scene, time: number): Service {
  const name = world.random.pick([world.random.hex(8), "spoolhlp", "rsvc64"]);
  reaches(world, scene, time + SECOND, held(scene.implant));
  return {
    name,
    path: `%SystemRoot%\\${name}.exe`,
    program: program(`C:\\Windows\\${name}.exe`),
    options: "",
  };
}

function commandService(world: World, scene: Scene, time: number): Service {
  const { random } = world;
  reaches(world, scene, time + SECOND, held(scene.implant));
  const batch = `%TEMP%\\${random.pick(["execute", random.hex(6)])}.bat`;
  const options = `/Q /c echo cd ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 > ${batch} & %COMSPEC% /Q /c ${batch} & del ${batch}`;
  return {
    name: random.pick(["BTOBTO", random.hex(8)]),
    path: `%COMSPEC% ${options}`,
    program: PROGRAMS.cmd,
    options,
  };
}

function reaches(world: World, scene: Scene, time: number, process: Process): void {
  const { fileServer } = scene;
  connects(world, time, process, { ip: fileServer.ip, name: fileServer.fqdn, port: 445 });
}

/** What the file server records when a service is installed and started. */
function installed(
  world: World,
  scene: Scene,
  time: number,
  service: Service,
  session: string,
): Process {
  const target = scene.fileServer;
  const manager = running(world, target, PROGRAMS.services);
  windows(world, time, target, WINDOWS_EVENTS.serviceInstalled, {
    ServiceName: service.name,
    ImagePath: service.path,
    ServiceType: "user mode service",
    StartType: "demand start",
    AccountName: "LocalSystem",
  });
  windows(world, time + 20, target, WINDOWS_EVENTS.serviceInstalledAudit, {
    ...subject(scene.stolen.account, session),
    ServiceName: service.name,
    ServiceFileName: service.path,
    ServiceType: "0x10",
    ServiceStartType: "3",
    ServiceAccount: "LocalSystem",
  });
  const key = `HKLM\\System\\CurrentControlSet\\Services\\${service.name}\\ImagePath`;
  setsRegistry(world, time + 30, manager, key, service.path);
  return run(world, time + 200, manager, service.program, service.options);
}
