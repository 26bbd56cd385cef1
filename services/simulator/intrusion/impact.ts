// Steps 11 and 12: backups are destroyed, files are encrypted.
import { FILE_WORDS } from "../county/names.ts";
import { connects, ended, running, writesFile } from "../emit/process.ts";
import { PROGRAMS, program } from "../emit/programs.ts";
import { logon, shareFile, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { SECOND, type World } from "../world.ts";
import { atFileServer, held, run, type Scene, type Step } from "./scene.ts";

function shadowsDeleted(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  random.pick([
    () =>
      run(
        world,
        time,
        shell,
        PROGRAMS.vssadmin,
        random.pick([
          "delete shadows /all /quiet",
          "Delete Shadows /All /Quiet",
          "delete shadows /for=d: /all",
        ]),
      ),
    () =>
      run(
        world,
        time,
        shell,
        PROGRAMS.wmic,
        random.pick(["shadowcopy delete", "SHADOWCOPY DELETE /nointeractive"]),
      ),
    () =>
      run(
        world,
        time,
        shell,
        PROGRAMS.powershell,
        '-c "Get-WmiObject Win32_Shadowcopy | ForEach-Object { $_.Delete(); }"',
      ),
    () =>
      run(
        world,
        time,
        shell,
        PROGRAMS.vssadmin,
        "resize shadowstorage /for=d: /on=d: /maxsize=401MB",
      ),
  ])();
  run(
    world,
    time + 4 * SECOND,
    shell,
    PROGRAMS.bcdedit,
    random.pick([
      "/set {default} recoveryenabled no",
      "/set {default} bootstatuspolicy ignoreallfailures",
    ]),
  );
  return time + 6 * SECOND;
}

function catalogDeleted(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  run(
    world,
    time,
    shell,
    PROGRAMS.wbadmin,
    random.pick([
      "delete catalog -quiet",
      "DELETE SYSTEMSTATEBACKUP -keepVersions:0",
      "delete backup -keepVersions:0 -quiet",
    ]),
  );
  run(world, time + 3 * SECOND, shell, PROGRAMS.bcdedit, "/set {default} recoveryenabled No");
  run(world, time + 5 * SECOND, shell, PROGRAMS.vssadmin, "delete shadows /all /quiet");
  return time + 7 * SECOND;
}

function backupStopped(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const { backup } = county.servers;
  logon(world, time, {
    account: scene.stolen.account,
    host: backup,
    type: 3,
    from: scene.fileServer,
    privileged: true,
    lastsMinutes: 12,
  });
  const provider = running(world, backup, PROGRAMS.wmiprvse);
  const shell = run(world, time + SECOND, provider, PROGRAMS.cmd, "/c whoami", {
    account: scene.stolen.account,
    integrity: "High",
  });
  for (const [index, name] of [
    "VeeamBackupSvc",
    "VeeamTransportSvc",
    "VeeamCatalogSvc",
  ].entries()) {
    const at = time + (3 + index) * SECOND;
    run(
      world,
      at,
      shell,
      random.pick([PROGRAMS.net, PROGRAMS.sc]),
      `stop ${random.chance(0.5) ? name : name.toLowerCase()}`,
    );
    windows(world, at + 400, backup, WINDOWS_EVENTS.serviceState, {
      param1: name,
      param2: "stopped",
      Binary: "",
    });
  }
  run(world, time + 9 * SECOND, shell, PROGRAMS.taskkill, "/F /IM Veeam.Backup.Manager.exe");
  run(
    world,
    time + 12 * SECOND,
    shell,
    PROGRAMS.cmd,
    `/c ${random.pick(["del /f /s /q D:\\Sicherung\\*.vbk D:\\Sicherung\\*.vib", "rd /s /q D:\\Sicherung"])}`,
  );
  windows(world, time + 14 * SECOND, backup, WINDOWS_EVENTS.serviceStartType, {
    param1: "Veeam Backup Service",
    param2: "auto start",
    param3: "disabled",
    param4: "VeeamBackupSvc",
  });
  run(
    world,
    time + 20 * SECOND,
    held(scene.fileServerShell),
    PROGRAMS.vssadmin,
    `delete shadows /all /quiet`,
  );
  return time + 22 * SECOND;
}

export const BACKUPS: Step = {
  id: "11-backup-destruction",
  tactic: "impact",
  knownToRules: true,
  variants: [
    { technique: "T1490", title: "Schattenkopien gelöscht", ...atFileServer, run: shadowsDeleted },
    {
      technique: "T1490",
      title: "Sicherungskatalog gelöscht",
      ...atFileServer,
      run: catalogDeleted,
    },
    {
      technique: "T1489",
      title: "Sicherungsdienste gestoppt und Sicherungen gelöscht",
      host: (scene) => scene.backupServer,
      account: atFileServer.account,
      run: backupStopped,
    },
  ],
};

function fileNames(world: World, count: number, folder: (share: string) => string): string[] {
  const { random } = world;
  return Array.from({ length: count }, () => {
    const share = random.pick([
      "Soziales",
      "Jugend",
      "Bauen",
      "Finanzen",
      "Personal",
      "Umwelt",
      "Ordnung",
    ]);
    return `${folder(share)}\\${random.pick(["Vorgaenge", "Ablage", "Team"])}\\${random.pick(FILE_WORDS)}_${random.int(2015, 2026)}-${random.int(1, 9999)}.${random.pick(["docx", "xlsx", "pdf", "pptx"])}`;
  });
}

function encryptedLocally(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const binary = program(
    `${scene.folder}\\${random.pick([scene.alias, random.hex(6), "lock"])}.exe`,
  );
  const shell = held(scene.fileServerShell);
  writesFile(world, time, shell, binary.path);
  const locker = run(
    world,
    time + 2 * SECOND,
    shell,
    binary,
    random.pick(["-path D:\\Freigaben", "--mode fast -nomutex", `-k ${random.hex(32)}`]),
  );
  let at = time + 4 * SECOND;
  for (const file of fileNames(
    world,
    random.int(500, 1100),
    (share) => `D:\\Freigaben\\${share}`,
  )) {
    writesFile(world, at, locker, `${file}.${scene.extension}`);
    if (random.chance(0.04))
      writesFile(world, at + 3, locker, `${file.slice(0, file.lastIndexOf("\\"))}\\${scene.note}`);
    at += random.int(20, 400);
  }
  return at;
}

function encryptedOverNetwork(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const binary = program(`${scene.folder}\\${random.hex(6)}.exe`);
  writesFile(world, time, parent, binary.path);
  const locker = run(
    world,
    time + 2 * SECOND,
    parent,
    binary,
    `-net ${scene.fileServer.name} -size 20`,
  );
  connects(world, time + 3 * SECOND, locker, {
    ip: scene.fileServer.ip,
    name: scene.fileServer.fqdn,
    port: 445,
  });
  const system = running(world, scene.fileServer, program("System"));
  let at = time + 4 * SECOND;
  for (const file of fileNames(world, random.int(350, 700), (share) => share)) {
    const slash = file.indexOf("\\");
    const share = file.slice(0, slash);
    const path = `\\??\\D:\\Freigaben\\${share}`;
    const relative = file.slice(slash + 1);
    const common = {
      host: scene.fileServer,
      account: scene.stolen.account,
      from: scene.victim.host,
      share,
      path,
    };
    shareFile(world, at, { ...common, file: relative, access: "delete" });
    shareFile(world, at + 4, {
      ...common,
      file: `${relative}.${scene.extension}`,
      access: "write",
    });
    writesFile(world, at + 6, system, `D:\\Freigaben\\${file}.${scene.extension}`);
    if (random.chance(0.04)) {
      writesFile(
        world,
        at + 8,
        system,
        `D:\\Freigaben\\${file.slice(0, file.lastIndexOf("\\"))}\\${scene.note}`,
      );
      shareFile(world, at + 8, {
        ...common,
        file: `${relative.slice(0, relative.lastIndexOf("\\"))}\\${scene.note}`,
        access: "write",
      });
    }
    at += random.int(20, 500);
  }
  return at;
}

function encryptedBySystem(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const shell = held(scene.fileServerShell);
  const library = `${scene.folder}\\${random.hex(6)}.dll`;
  writesFile(world, time, shell, library);
  const locker = run(
    world,
    time + 2 * SECOND,
    shell,
    PROGRAMS.rundll32,
    `${library},${random.pick(["Start", "#2", "encrypt"])} D:\\`,
  );
  let at = time + 5 * SECOND;
  const shares = new Set<string>();
  for (const file of fileNames(
    world,
    random.int(500, 1000),
    (share) => `D:\\Freigaben\\${share}`,
  )) {
    writesFile(world, at, locker, file.replace(/\.[a-z]+$/, `.${scene.extension}`));
    const folder = file.slice(0, file.lastIndexOf("\\"));
    if (!shares.has(folder)) writesFile(world, at + 2, locker, `${folder}\\${scene.note}`);
    shares.add(folder);
    at += random.int(15, 300);
  }
  ended(world, at, locker);
  return at;
}

export const ENCRYPTION: Step = {
  id: "12-encryption",
  tactic: "impact",
  knownToRules: true,
  variants: [
    {
      technique: "T1486",
      title: "Dateien auf dem Dateiserver verschlüsselt",
      ...atFileServer,
      run: encryptedLocally,
    },
    {
      technique: "T1486",
      title: "Freigaben vom Arbeitsplatz aus verschlüsselt",
      ...atFileServer,
      run: encryptedOverNetwork,
    },
    {
      technique: "T1486",
      title: "Dateien über rundll32 verschlüsselt",
      ...atFileServer,
      run: encryptedBySystem,
    },
  ],
};
