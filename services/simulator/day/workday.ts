// The frame of a working day: machines start, people log on, lock, mistype their password, log off.
// It gives the rhythm that everything else of the day hangs on.
import type { Host, Staff } from "../county/county.ts";
import { vpn } from "../emit/fortigate.ts";
import { connects, running, start, writesFile } from "../emit/process.ts";
import { PROGRAMS } from "../emit/programs.ts";
import {
  kerberosTicket,
  logon,
  logonFailed,
  machineAccount,
  preAuthFailed,
  serviceTicket,
  shareAccess,
} from "../emit/security.ts";
import { HOUR, MINUTE, SECOND, type World, withRandom } from "../world.ts";

/** Share of the accounts that work on an ordinary day (holiday, illness, part time). */
const PRESENT_SHARE = 0.78;

/** Puts the day of every member of staff on the clock; `share` thins their records. */
export function scheduleWorkday(world: World, share: number): void {
  const own = withRandom(world, "workday");
  const present = PRESENT_SHARE * Math.min(1, share);
  for (const member of world.present ?? world.county.staff) {
    // Where there is a history it has said who comes.
    if (world.present === undefined && !own.random.chance(present)) continue;
    const arrival = world.dayStart + member.arrives * MINUTE + own.random.normal(0, 9) * MINUTE;
    own.at(Math.max(arrival, world.dayStart + 5 * HOUR), (time) => arrive(own, time, member));
  }
}

/** The domain controller that a machine talks to. */
export function controllerOf(world: World, host: Host): Host {
  const { dc1, dc2 } = world.county.servers;
  return host.ip.charCodeAt(host.ip.length - 1) % 3 === 0 ? dc2 : dc1;
}

function arrive(world: World, time: number, member: Staff): void {
  const { random } = world;
  const { host, account } = member;
  const controller = controllerOf(world, host);
  if (member.homeAddress !== undefined) openTunnel(world, time, member, member.homeAddress);
  const machine = machineAccount(host);
  kerberosTicket(world, time + 2 * SECOND, { account: machine, from: host, controller });
  let at = time + random.int(20, 120) * SECOND;
  if (random.chance(0.09)) at = mistype(world, at, member, controller);
  kerberosTicket(world, at, { account, from: host, controller });
  serviceTicket(world, at + 300, { account, from: host, controller, service: host });
  const session = logon(world, at + 400, {
    account,
    host,
    type: member.homeAddress !== undefined && random.chance(0.3) ? 11 : 2,
    method: "Negotiate",
    process: "C:\\Windows\\System32\\svchost.exe",
  });
  logonScript(world, at + 5 * SECOND, member, controller, session);
  const end = Math.max(at + HOUR, world.dayStart + member.leaves * MINUTE);
  if (random.chance(0.7)) {
    world.at(end, (leave) => {
      if (member.homeAddress !== undefined) {
        vpn(world, leave + 9 * SECOND, {
          kind: "down",
          user: account.name,
          from: member.homeAddress,
          tunnel: `10.212.1.${member.host.ip.split(".")[3]}`,
          seconds: Math.round((leave - at) / 1000),
          sent: random.int(2e6, 9e7),
        });
      }
    });
  }
}

function openTunnel(world: World, time: number, member: Staff, from: string): void {
  const tunnel = `10.212.1.${member.host.ip.split(".")[3]}`;
  const user = member.account.name;
  if (world.random.chance(0.07)) {
    vpn(world, time, {
      kind: "fail",
      user,
      from,
      tunnel,
      reason: "sslvpn_login_permission_denied",
    });
  }
  vpn(world, time + 1500, { kind: "up", user, from, tunnel });
}

/** One to three wrong passwords before the right one; after Monday's holidays that is ordinary. */
function mistype(world: World, time: number, member: Staff, controller: Host): number {
  let at = time;
  const tries = world.random.chance(0.75) ? 1 : world.random.int(2, 3);
  for (let attempt = 0; attempt < tries; attempt++) {
    preAuthFailed(world, at, { account: member.account, from: member.host, controller });
    if (world.random.chance(0.5)) {
      logonFailed(world, at + 20, {
        account: member.account,
        host: member.host,
        type: 2,
        subStatus: "0xc000006a",
      });
    }
    at += world.random.int(4, 20) * SECOND;
  }
  return at;
}

/** What the domain's log-on script does: fetch policy, map drives. */
function logonScript(
  world: World,
  time: number,
  member: Staff,
  controller: Host,
  session: string,
): void {
  const { random } = world;
  const { host, account } = member;
  shareAccess(world, time, {
    host: controller,
    account,
    from: host,
    share: "SYSVOL",
    path: "\\??\\C:\\Windows\\SYSVOL\\sysvol",
  });
  if (!random.chance(0.35)) return;
  const visualBasic = random.chance(0.6);
  const shell = start(world, time + 900, {
    parent: running(world, host, PROGRAMS.gpscript, account, session),
    program: visualBasic ? PROGRAMS.wscript : PROGRAMS.cmd,
    commandLine: visualBasic
      ? `"C:\\Windows\\System32\\WScript.exe" "\\\\lk-heide.example\\SYSVOL\\lk-heide.example\\scripts\\anmeldung.vbs"`
      : `C:\\Windows\\system32\\cmd.exe /c "\\\\lk-heide.example\\netlogon\\laufwerke.cmd" ${member.department.code}`,
  });
  start(world, time + 1500, {
    parent: shell,
    program: PROGRAMS.net,
    commandLine: `net use G: \\\\${world.county.servers.files1.name}\\${member.department.name} /persistent:no`,
  });
  writesFile(
    world,
    time + 2200,
    shell,
    `C:\\Users\\${account.name}\\AppData\\Local\\Temp\\anmeldung.log`,
  );
  connects(world, time + 2300, shell, {
    ip: world.county.servers.files1.ip,
    name: world.county.servers.files1.fqdn,
    port: 445,
  });
}
