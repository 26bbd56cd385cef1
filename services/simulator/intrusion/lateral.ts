// Step 7: with the stolen account from the victim's desk to the file server.
import { NETBIOS } from "../county/county.ts";
import { traffic } from "../emit/fortigate.ts";
import { connects, desktop, type Process, running } from "../emit/process.ts";
import { PROGRAMS, program } from "../emit/programs.ts";
import {
  explicitLogon,
  kerberosTicket,
  logon,
  shareAccess,
  shareFile,
  subject,
  windows,
} from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { MINUTE, SECOND, type World } from "../world.ts";
import { networkLogon } from "./network-logon.ts";
import { remoteService } from "./remote-service.ts";
import { atFileServer, held, run, type Scene, type Step } from "./scene.ts";

function remoteManagement(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const target = scene.fileServer;
  const parent = held(scene.implant);
  const payload = random.pick([
    `rundll32 ${scene.folder}\\${scene.alias}.dll,Run`,
    `${scene.folder}\\${scene.alias}.exe`,
    "cmd.exe /Q /c whoami 1> \\\\127.0.0.1\\ADMIN$\\__1772 2>&1",
  ]);
  const client = run(
    world,
    time,
    parent,
    PROGRAMS.wmic,
    `/node:${random.chance(0.5) ? target.name : `"${target.ip}"`} ${random.chance(0.4) ? `/user:"${NETBIOS}\\${scene.stolen.account.name}" /password:"***" ` : ""}process call create "${payload}"`,
  );
  connects(world, time + 400, client, { ip: target.ip, name: target.fqdn, port: 135 });
  explicitLogon(world, time + 500, {
    host: scene.victim.host,
    by: scene.victim.account,
    as: scene.stolen.account,
    target,
    process: client.image,
  });
  networkLogon(world, scene, time + 600, target);
  const provider = running(world, target, PROGRAMS.wmiprvse);
  scene.fileServerShell = run(world, time + 1500, provider, PROGRAMS.cmd, `/c ${payload}`, {
    account: scene.stolen.account,
    integrity: "High",
  });
  return time + 5 * SECOND;
}

function remotePowerShell(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const target = scene.fileServer;
  const parent = held(scene.implant);
  const client = run(
    world,
    time,
    parent,
    PROGRAMS.powershell,
    random.pick([
      `-c "Invoke-Command -ComputerName ${target.name} -ScriptBlock { & ${scene.folder}\\${scene.alias}.exe }"`,
      `-nop -c "Enter-PSSession -ComputerName ${target.fqdn}"`,
      `-w hidden -c "$s=New-PSSession ${target.name};icm $s {iex (gc ${scene.folder}\\${random.hex(4)}.txt -raw)}"`,
    ]),
  );
  connects(world, time + 500, client, {
    ip: target.ip,
    name: target.fqdn,
    port: random.pick([5985, 5986]),
  });
  networkLogon(world, scene, time + 600, target);
  const provider = run(
    world,
    time + 1200,
    running(world, target, PROGRAMS.svchost),
    PROGRAMS.wsmprovhost,
    "-Embedding",
    { account: scene.stolen.account, integrity: "High" },
  );
  scene.fileServerShell = run(
    world,
    time + 2 * SECOND,
    provider,
    random.pick([PROGRAMS.powershell, PROGRAMS.cmd]),
    random.pick(["/c hostname & whoami", "/c whoami /all & net localgroup Administratoren"]),
  );
  return time + 6 * SECOND;
}

function remoteDesktop(world: World, scene: Scene, time: number): number {
  const target = scene.fileServer;
  const parent = held(scene.implant);
  const from = scene.victim.host;
  const { account } = scene.stolen;
  const client = run(
    world,
    time,
    parent,
    PROGRAMS.mstsc,
    `/v:${target.ip}${world.random.pick([" /restrictedadmin", "", " /admin"])}`,
  );
  connects(world, time + 800, client, { ip: target.ip, name: target.fqdn, port: 3389 });
  traffic(world, time + 40 * MINUTE, {
    from: from.ip,
    to: target.ip,
    port: 3389,
    direction: "internal",
    durationSeconds: 2400,
    sent: 4_100_000,
    received: 60_000_000,
  });
  explicitLogon(world, time + 900, {
    host: from,
    by: scene.victim.account,
    as: account,
    target,
    process: "C:\\Windows\\System32\\lsass.exe",
  });
  kerberosTicket(world, time + 1000, { account, from, controller: scene.controller });
  const session = logon(world, time + 2 * SECOND, {
    account,
    host: target,
    type: 10,
    from,
    method: "Negotiate",
    privileged: true,
    lastsMinutes: 40,
  });
  const shell = desktop(world, target, account, session);
  scene.fileServerShell = run(world, time + 30 * SECOND, shell, PROGRAMS.cmd, "", {
    integrity: "High",
  });
  run(world, time + 50 * SECOND, scene.fileServerShell, PROGRAMS.net, "localgroup Administratoren");
  return time + 60 * SECOND;
}

function remoteTask(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const target = scene.fileServer;
  const parent = held(scene.implant);
  const name = random.pick([scene.alias, random.hex(6), "Wartung"]);
  const command = `${scene.folder}\\${scene.alias}.exe`;
  networkLogon(world, scene, time, target);
  shareAccess(world, time + 300, {
    host: target,
    account: scene.stolen.account,
    from: scene.victim.host,
    share: "C$",
    path: "\\??\\C:\\",
  });
  shareFile(world, time + 500, {
    host: target,
    account: scene.stolen.account,
    from: scene.victim.host,
    share: "C$",
    path: "\\??\\C:\\",
    file: command.slice(3),
    access: "write",
  });
  run(
    world,
    time + SECOND,
    parent,
    PROGRAMS.schtasks,
    `/create /s ${target.name} /ru SYSTEM /tn ${name} /tr "${command}" /sc once /st 23:59 /f`,
  );
  windows(world, time + 1400, target, WINDOWS_EVENTS.taskCreated, {
    ...subject(scene.stolen.account, "0x3a91f7"),
    TaskName: `\\${name}`,
    TaskContent: `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2"><Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals><Actions Context="Author"><Exec><Command>${command}</Command></Exec></Actions></Task>`,
  });
  run(world, time + 2 * SECOND, parent, PROGRAMS.schtasks, `/run /s ${target.name} /tn ${name}`);
  const scheduler = running(world, target, PROGRAMS.svchost);
  const started: Process = run(world, time + 2500, scheduler, program(command), "");
  scene.fileServerShell = run(world, time + 4 * SECOND, started, PROGRAMS.cmd, "/c whoami");
  return time + 6 * SECOND;
}

export const LATERAL: Step = {
  id: "07-lateral-movement",
  tactic: "lateral-movement",
  knownToRules: true,
  variants: [
    {
      technique: "T1569.002",
      title: "Dienst auf dem Dateiserver aus der Ferne gestartet",
      ...atFileServer,
      run: remoteService,
    },
    {
      technique: "T1047",
      title: "Dateiserver über WMI übernommen",
      ...atFileServer,
      run: remoteManagement,
    },
    {
      technique: "T1021.006",
      title: "Dateiserver über WinRM übernommen",
      ...atFileServer,
      run: remotePowerShell,
    },
    {
      technique: "T1021.001",
      title: "Anmeldung am Dateiserver über Remotedesktop",
      ...atFileServer,
      run: remoteDesktop,
    },
    {
      technique: "T1053.005",
      title: "Geplante Aufgabe auf dem Dateiserver angelegt",
      ...atFileServer,
      run: remoteTask,
    },
  ],
};
