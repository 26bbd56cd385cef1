// The domain's own traffic: tickets, service accounts, machine accounts, and staff who open shares
// and files on the file servers.
import { NETBIOS } from "../county/county.ts";
import {
  kerberosTicket,
  logon,
  logonFailed,
  machineAccount,
  ntlmValidation,
  preAuthFailed,
  serviceTicket,
  shareAccess,
  shareFile,
  windows,
} from "../emit/security.ts";
import { WINDOWS_EVENTS } from "../emit/windows-event.ts";
import { type Activity, OFFICE, ROUND_THE_CLOCK } from "../rhythm.ts";
import { MINUTE, SECOND, type World } from "../world.ts";
import { anyDesk, anyStaff, fileName } from "./desk.ts";
import { controllerOf } from "./workday.ts";

function openShare(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const host = random.chance(0.7) ? county.servers.files1 : county.servers.files2;
  const from = member.host;
  const { account } = member;
  const share = random.chance(0.8)
    ? member.department.name
    : random.pick(["Austausch", "Vorlagen", "Intern"]);
  const path = `\\??\\D:\\Freigaben\\${share}`;
  serviceTicket(world, time, {
    account,
    from,
    controller: controllerOf(world, from),
    service: host,
  });
  const session = logon(world, time + 30, {
    account,
    host,
    type: 3,
    from,
    lastsMinutes: random.int(2, 14),
  });
  shareAccess(world, time + 60, { host, account, from, share, path, logon: session });
  for (let file = random.int(1, 3); file > 0; file--) {
    shareFile(world, time + file * 3 * SECOND, {
      host,
      account,
      from,
      share,
      path,
      file: `${random.pick(["Vorgaenge", "Ablage", "Team", "Projekte"])}\\${fileName(world, random.pick(["docx", "xlsx", "pdf"]))}`,
      access: random.chance(0.3) ? "write" : random.chance(0.04) ? "delete" : "read",
      logon: session,
    });
  }
}

function ticketTraffic(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const { servers, services } = county;
  const target = random.pick([
    servers.print,
    servers.registry,
    servers.exchange,
    services.database,
    services.registry,
  ]);
  serviceTicket(world, time, {
    account: member.account,
    from: member.host,
    controller: controllerOf(world, member.host),
    service: target,
    // The old registry application still has an RC4-only key: every county has one.
    encryption: target === services.registry ? "0x17" : "0x12",
  });
}

function machineTraffic(world: World, time: number): void {
  const { host } = anyDesk(world);
  const account = machineAccount(host);
  const controller = controllerOf(world, host);
  kerberosTicket(world, time, { account, from: host, controller });
  logon(world, time + 90, { account, host: controller, type: 3, from: host, lastsMinutes: 1 });
}

function serviceLogon(world: World, time: number): void {
  const { random, county } = world;
  const { servers, services } = county;
  const [account, host, type] = random.pick([
    [services.database, servers.registry, 5],
    [services.registry, servers.registry, 4],
    [services.monitoring, servers.files1, 3],
    [services.monitoring, servers.dc1, 3],
    [services.monitoring, servers.exchange, 3],
    [services.deploy, servers.deploy, 5],
  ] as const);
  const from = type === 3 ? servers.monitor : undefined;
  kerberosTicket(world, time, { account, from: from ?? host, controller: servers.dc1 });
  logon(world, time + 50, {
    account,
    host,
    type,
    from,
    method: type === 3 ? "NTLM" : "Negotiate",
    lastsMinutes: 1,
    privileged: type === 5,
  });
  if (type === 3)
    ntlmValidation(world, time + 55, {
      account,
      workstation: servers.monitor.name,
      controller: servers.dc1,
    });
}

/** A device or service that still knows an old password: it fails for hours without being an attack. */
function stalePassword(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  const controller = controllerOf(world, member.host);
  const device = `ANDROID-${random.hex(6).toUpperCase()}`;
  const tries = random.int(4, 9);
  for (let attempt = 0; attempt < tries; attempt++) {
    const at = time + attempt * random.int(50, 70) * SECOND;
    ntlmValidation(world, at, {
      account: member.account,
      workstation: device,
      controller,
      status: "0xc000006a",
    });
  }
  if (tries < 7) return;
  const lockedAt = time + tries * 70 * SECOND;
  windows(world, lockedAt, controller, WINDOWS_EVENTS.lockedOut, {
    TargetUserName: member.account.name,
    TargetDomainName: device,
    TargetSid: member.account.sid,
    SubjectUserSid: "S-1-5-18",
    SubjectUserName: `${controller.name}$`,
    SubjectDomainName: NETBIOS,
    SubjectLogonId: "0x3e7",
  });
  const helper = random.pick(county.helpdesk);
  windows(world, lockedAt + random.int(3, 25) * MINUTE, controller, WINDOWS_EVENTS.unlocked, {
    TargetUserName: member.account.name,
    TargetDomainName: NETBIOS,
    TargetSid: member.account.sid,
    SubjectUserSid: helper.account.sid,
    SubjectUserName: helper.account.name,
    SubjectDomainName: NETBIOS,
    SubjectLogonId: `0x${random.hex(7)}`,
  });
}

function strayFailure(world: World, time: number): void {
  const { random, county } = world;
  const member = anyStaff(world);
  if (random.chance(0.5)) {
    preAuthFailed(world, time, {
      account: member.account,
      from: member.host,
      controller: controllerOf(world, member.host),
      status: random.pick(["0x18", "0x18", "0x17", "0x25"]),
    });
    return;
  }
  logonFailed(world, time, {
    account: {
      ...member.account,
      name: random.chance(0.3) ? `${member.account.name}s` : member.account.name,
    },
    host: random.pick([county.servers.files1, county.servers.registry, county.servers.print]),
    type: 3,
    from: member.host,
    subStatus: random.pick(["0xc000006a", "0xc0000064", "0xc0000071", "0xc0000234"]),
  });
}

export const DIRECTORY_ACTIVITIES: readonly Activity[] = [
  { name: "open-share", perDay: 1000, rhythm: OFFICE, run: openShare },
  { name: "ticket-traffic", perDay: 2600, rhythm: OFFICE, run: ticketTraffic },
  { name: "machine-traffic", perDay: 900, rhythm: ROUND_THE_CLOCK, run: machineTraffic },
  { name: "service-logon", perDay: 700, rhythm: ROUND_THE_CLOCK, run: serviceLogon },
  { name: "stray-failure", perDay: 60, rhythm: OFFICE, run: strayFailure },
  { name: "stale-password", perDay: 5, rhythm: OFFICE, run: stalePassword },
];
