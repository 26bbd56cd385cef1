// What changes in a county from week to week without anything being wrong: new software on a Tuesday, patches
// once a month, evenings of the council, a backup that is moved, programs that ask for news at fixed times.
import { strict as assert } from "node:assert";
import type { County, Staff } from "../county/county.ts";
import { traffic } from "../emit/fortigate.ts";
import { desktop, resolves, running, start, writesFile } from "../emit/process.ts";
import { PROGRAMS, type Program, program } from "../emit/programs.ts";
import { logon, windows } from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { createRandom } from "../random.ts";
import type { Activity, Rhythm } from "../rhythm.ts";
import { HOUR, MINUTE, SECOND, type World } from "../world.ts";
import type { Today } from "./workforce.ts";

/** 1970-01-01 was a Thursday. */
const THURSDAY = 3;
const TUESDAY = 1;
const WEDNESDAY = 2;
const WEEK = 7;
const NEW_SOFTWARE = ["Signatur", "Formular", "Konferenz", "Akte", "Beteiligung", "Karten"];
/** Every second week something new, and so many of them are in use side by side. */
const ROLL_OUT_WEEKS = 2;
const IN_USE = 4;
/** Part of the machines that get it on the day itself; the others follow. */
const FIRST_DAY_SHARE = 0.6;
const USER_SHARE = 0.25;
const COUNCIL_MEMBERS = 6;
const POLLERS = 5;
const POLLER_DAYS = 150;
const BACKUP_DAYS = 60;

/** Puts on the clock what this day has of its own. */
export function scheduleChanges(world: World, today: Today, present: readonly Staff[]): void {
  schedulePollers(world, today);
  if (today.isOff) return;
  scheduleSoftware(world, today, present);
  if (weekday(today) === TUESDAY && dayOfMonth(world) > WEEK && dayOfMonth(world) <= 2 * WEEK)
    schedulePatches(world);
  if (weekday(today) === WEDNESDAY && weekOf(today) % 2 === 1) scheduleCouncil(world, present);
}

/** The activity at other hours, from some day on. */
export function movedBackup(activity: Activity, world: World, today: Today): Activity {
  const own = createRandom(`${world.county.seed}/backup-window`);
  const turn = Math.floor((today.number + own.int(0, BACKUP_DAYS - 1)) / BACKUP_DAYS);
  const by = own.fork(String(turn)).int(-2, 2);
  const rhythm: Rhythm = activity.rhythm.map(
    (_, hour) => activity.rhythm[(hour + by + 24) % 24] ?? 0,
  );
  return { ...activity, rhythm };
}

function weekday({ number }: Today): number {
  return (number + THURSDAY) % WEEK;
}

function weekOf({ number }: Today): number {
  return Math.floor((number + THURSDAY) / WEEK);
}

function dayOfMonth({ dayStart, utcOffsetMs }: World): number {
  return new Date(dayStart + utcOffsetMs).getUTCDate();
}

function softwareOf(roll: number): Program {
  const name = `${NEW_SOFTWARE[roll % NEW_SOFTWARE.length]}Sim`;
  const version = 1 + Math.floor(roll / NEW_SOFTWARE.length);
  const path = `C:\\Program Files\\${name}\\${name}${version}.exe`;
  return program(path, `${name} Arbeitsplatz`, name, "Softwarehaus Heide (simuliert)");
}

/** New software comes on a Tuesday, to those who were away later; from then on some use it every day. */
function scheduleSoftware(world: World, today: Today, present: readonly Staff[]): void {
  const { seed } = world.county;
  const newest = Math.floor(weekOf(today) / ROLL_OUT_WEEKS);
  const begin = newest * ROLL_OUT_WEEKS * WEEK - THURSDAY + TUESDAY;
  const since = today.number - begin;
  for (const member of present) {
    const own = createRandom(`${seed}/software/${newest}/${member.account.name}`);
    const delay = own.chance(FIRST_DAY_SHARE) ? 0 : own.int(1, WEEK + 2);
    if (since === delay) {
      const at = world.dayStart + 7 * HOUR + own.int(0, 8 * 60) * MINUTE;
      world.at(at, (time) => install(world, time, member, softwareOf(newest)));
    }
    for (let back = since > delay ? 0 : 1; back < IN_USE; back += 1) {
      const roll = newest - back;
      const user = createRandom(`${seed}/user/${roll}/${member.account.name}`);
      if (!user.chance(USER_SHARE)) continue;
      const at = world.dayStart + 8 * HOUR + world.random.int(0, 7 * 60) * MINUTE;
      world.at(at, (time) => use(world, time, member, softwareOf(roll)));
    }
  }
}

function install(world: World, time: number, { host }: Staff, software: Program): void {
  const { deploy } = world.county.servers;
  const name = software.product;
  const installer = start(world, time, {
    parent: running(world, host, PROGRAMS.deployAgent),
    program: PROGRAMS.msiexec,
    commandLine: `msiexec.exe /i "\\\\${deploy.name}\\pakete$\\${name}.msi" /qn /norestart`,
  });
  writesFile(world, time + 9 * SECOND, installer, software.path);
  windows(world, time + 12 * SECOND, host, WINDOWS_EVENTS.serviceInstalled, {
    ServiceName: `${name} Aktualisierung`,
    ImagePath: `"C:\\Program Files\\${name}\\Dienst.exe"`,
    ServiceType: "user mode service",
    StartType: "auto start",
    AccountName: "LocalSystem",
  });
}

function use(world: World, time: number, { host, account }: Staff, software: Program): void {
  const started = start(world, time, {
    parent: desktop(world, host, account),
    program: software,
    commandLine: `"${software.path}"`,
  });
  const { registry } = world.county.servers;
  resolves(world, time + 700, started, registry.fqdn, registry.ip);
}

/** Once a month every machine that is on installs what the manufacturer has mended. */
function schedulePatches(world: World): void {
  const installer: Program = {
    ...PROGRAMS.svchost,
    path: "C:\\Windows\\servicing\\TrustedInstaller.exe",
    description: "Windows Modules Installer",
    original: "TrustedInstaller.exe",
  };
  for (const { host } of world.county.staff) {
    const at = world.dayStart + 12 * HOUR + world.random.int(0, 11 * 60) * MINUTE;
    world.at(at, (time) => {
      start(world, time, {
        parent: running(world, host, PROGRAMS.services),
        program: installer,
        commandLine: installer.path,
      });
    });
  }
}

/** Some stay until the council has gone home. */
function scheduleCouncil(world: World, present: readonly Staff[]): void {
  for (let left = COUNCIL_MEMBERS; left > 0; left -= 1) {
    const { account, host } = world.random.pick(present);
    const at = world.dayStart + 18 * HOUR + world.random.int(0, 150) * MINUTE;
    world.at(at, (time) => {
      logon(world, time, { account, host, type: 7, method: "Negotiate", lastsMinutes: 40 });
      start(world, time + 20 * SECOND, {
        parent: desktop(world, host, account),
        program: PROGRAMS.word,
        commandLine: `"${PROGRAMS.word.path}" /n "G:\\Landratsbuero\\Kreistag\\Vorlage.docx"`,
      });
    });
  }
}

/** The same one every day, as long as the account is there. */
function oneOf({ seed, staff }: County, what: string): Staff {
  const [first] = staff
    .map((member) => ({
      member,
      at: createRandom(`${seed}/${what}/${member.account.name}`).next(),
    }))
    .sort((a, b) => a.at - b.at);
  assert(first !== undefined, "a county has staff");
  return first.member;
}

/** A few machines have a program that asks its maker for news at a fixed distance, day and night. */
function schedulePollers(world: World, today: Today): void {
  const { county } = world;
  for (let poller = 0; poller < POLLERS; poller += 1) {
    const own = createRandom(`${county.seed}/poller/${poller}`);
    const turn = Math.floor((today.number + own.int(0, POLLER_DAYS - 1)) / POLLER_DAYS);
    const draw = own.fork(String(turn));
    const { host } = oneOf(county, `poller/${poller}/${turn}`);
    const to = `198.51.100.${draw.int(1, 254)}`;
    const everyMs = draw.pick([600, 900, 1800, 3600]) * SECOND;
    const jitter = draw.pick([0.02, 0.1, 0.3]);
    const poll = (time: number): void => {
      const next = time + everyMs * (1 + jitter * (2 * world.random.next() - 1));
      traffic(world, time, {
        ...{ from: host.ip, to, port: 443, durationSeconds: 2 },
        sent: world.random.int(900, 1400),
        received: world.random.int(300, 9000),
      });
      if (next < world.dayStart + 24 * HOUR) world.at(next, poll);
    };
    world.at(world.dayStart + world.random.int(1, everyMs), poll);
  }
}
