// Steps without a mark of their own: each record alone is ordinary, only the comparison with what is
// usual for account, host and address shows them. They are what anomaly models are measured by.
import { traffic } from "../emit/fortigate.ts";
import { desktop, resolves, running, start, writesFile } from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import { kerberosTicket, logon, serviceTicket, shareAccess } from "../emit/security.ts";
import { HOUR, MINUTE, SECOND, type World } from "../world.ts";
import { atFileServer, atVictim, held, type Scene, type Step } from "./scene.ts";

/** Regular short sessions to an address that nobody else of the county talks to. */
function beacon(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const interval = random.pick([90, 180, 300]) * SECOND;
  const jitter = random.pick([0.05, 0.1, 0.2]);
  const end = Math.min(time + 4 * HOUR, world.dayStart + 20 * HOUR);
  let at = time;
  let count = 0;
  while (at < end && count++ < 120) {
    traffic(world, at, {
      from: scene.victim.host.ip,
      to: scene.controlAddress,
      port: 443,
      sent: random.int(700, 820),
      received: random.int(300, 360),
      durationSeconds: 1,
    });
    if (count % 10 === 1)
      resolves(world, at, held(scene.implant), scene.controlHost, scene.controlAddress);
    at += interval * (1 + jitter * (2 * random.next() - 1));
  }
  return at;
}

/** The victim's own account logs on where and when it never did. */
function oddLogon(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const { account } = scene.victim;
  const other = random.pick(county.staff.filter((member) => member !== scene.victim));
  const at = Math.max(time, world.dayStart + 19 * HOUR) + random.int(5, 50) * MINUTE;
  kerberosTicket(world, at, { account, from: other.host, controller: scene.controller });
  serviceTicket(world, at + 200, {
    account,
    from: other.host,
    controller: scene.controller,
    service: other.host,
  });
  const session = logon(world, at + 300, {
    account,
    host: other.host,
    type: 10,
    from: scene.victim.host,
    method: "Negotiate",
    lastsMinutes: 22,
  });
  writesFile(
    world,
    at + 40 * SECOND,
    desktop(world, other.host, account, session),
    `C:\\Users\\${account.name}\\NTUSER.DAT.LOG1`,
  );
  return at + MINUTE;
}

/** Administrative shares of many machines opened one after the other, each as an administrator may. */
function shareSpree(world: World, scene: Scene, time: number): number {
  const { random, county } = world;
  const { account } = scene.stolen;
  let at = time;
  for (let machine = random.int(25, 60); machine > 0; machine--) {
    const { host } = random.pick(county.staff);
    serviceTicket(world, at, {
      account,
      from: scene.victim.host,
      controller: scene.controller,
      service: host,
    });
    logon(world, at + 60, {
      account,
      host,
      type: 3,
      from: scene.victim.host,
      privileged: true,
      lastsMinutes: 1,
    });
    shareAccess(world, at + 120, {
      host,
      account,
      from: scene.victim.host,
      share: random.pick(["C$", "ADMIN$"]),
      path: "\\??\\C:\\",
    });
    at += random.int(1500, 9000);
  }
  return at;
}

/** Two programs that everybody has, one started by the other as nobody does. */
function rareParent(world: World, scene: Scene, time: number): number {
  const { random } = world;
  const { host, account } = scene.victim;
  const [parent, child, line] = random.pick([
    [PROGRAMS.splwow64, PROGRAMS.backgroundTask, `"${PROGRAMS.backgroundTask.path}"`],
    [PROGRAMS.reader, PROGRAMS.taskhostw, "taskhostw.exe"],
    [PROGRAMS.meldewesen, PROGRAMS.edge, `"${PROGRAMS.edge.path}" --headless --disable-gpu`],
    [PROGRAMS.notepad, PROGRAMS.gpupdate, "gpupdate.exe"],
  ] as const);
  const started = start(world, time, {
    parent: running(world, host, parent, account),
    program: child,
    commandLine: line,
  });
  resolves(world, time + 900, started, scene.controlHost, scene.controlAddress);
  return time + SECOND;
}

/** Much more data to one address than the file server ever sends. */
function largeUpload(world: World, scene: Scene, time: number): number {
  const { random } = world;
  let at = time;
  for (let part = random.int(4, 9); part > 0; part--) {
    traffic(world, at, {
      from: scene.fileServer.ip,
      to: scene.dropAddress,
      port: 443,
      sent: random.int(1.2e9, 4.8e9),
      received: random.int(2e6, 9e6),
      durationSeconds: random.int(200, 900),
    });
    at += random.int(200, 900) * SECOND;
  }
  return at;
}

function subtle(
  id: string,
  tactic: string,
  technique: string,
  title: string,
  where: typeof atVictim,
  run: Step["variants"][number]["run"],
): Step {
  return { id, tactic, knownToRules: false, variants: [{ technique, title, ...where, run }] };
}

export const BEACON = subtle(
  "s1-beacon",
  "command-and-control",
  "T1071.001",
  "Regelmäßige Verbindungen zur Fernsteuerung",
  atVictim,
  beacon,
);
export const RARE_PARENT = subtle(
  "s2-rare-parent",
  "defense-evasion",
  "T1055",
  "Ungewöhnlicher Aufruf zwischen bekannten Programmen",
  atVictim,
  rareParent,
);
export const SHARE_SPREE = subtle(
  "s3-share-spree",
  "lateral-movement",
  "T1021.002",
  "Administrative Freigaben vieler Rechner geöffnet",
  { host: atVictim.host, account: atFileServer.account },
  shareSpree,
);
export const ODD_LOGON = subtle(
  "s4-odd-logon",
  "lateral-movement",
  "T1078.002",
  "Anmeldung zu ungewohnter Zeit an einem fremden Rechner",
  atVictim,
  oddLogon,
);
export const LARGE_UPLOAD = subtle(
  "s5-large-upload",
  "exfiltration",
  "T1030",
  "Ungewöhnlich große Übertragung nach außen",
  atFileServer,
  largeUpload,
);
