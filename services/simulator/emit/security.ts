// Records of the Windows security log about accounts: log-ons, Kerberos, share access, administration.
// Field names and their order follow Windows Server 2022; values are the county's.
import type { Account, Host } from "../county/county.ts";
import { DOMAIN, NETBIOS } from "../county/county.ts";
import { ephemeralPort, logonId, processId, type World } from "../world.ts";
import { WINDOWS_EVENTS, type WindowsEventType } from "./windows-event.ts";

type Data = Readonly<Record<string, string>>;

/** Gives out one Windows record. */
export function windows(
  world: World,
  time: number,
  host: Host,
  type: WindowsEventType,
  data: Data,
): void {
  world.emit({ kind: "windows", time: Math.round(time), host, type, data });
}

/** The `Subject…` fields of an audited event. */
export function subject(account: Account, logon = "0x3e7"): Record<string, string> {
  return {
    SubjectUserSid: account.sid,
    SubjectUserName: account.name,
    SubjectDomainName: account.domain,
    SubjectLogonId: logon,
  };
}

/** The machine's own account, as services on it appear on the network. */
export function machineAccount(host: Host): Account {
  return { name: `${host.name}$`, domain: NETBIOS, sid: host.sid, kind: "machine" };
}

const NOBODY = {
  SubjectUserSid: "S-1-0-0",
  SubjectUserName: "-",
  SubjectDomainName: "-",
  SubjectLogonId: "0x0",
};
const PRIVILEGES = [
  "SeSecurityPrivilege",
  "SeBackupPrivilege",
  "SeRestorePrivilege",
  "SeTakeOwnershipPrivilege",
  "SeDebugPrivilege",
  "SeSystemEnvironmentPrivilege",
  "SeLoadDriverPrivilege",
  "SeImpersonatePrivilege",
].join("\r\n\t\t\t");

export interface LogonOptions {
  readonly account: Account;
  /** Machine that is logged on to. */
  readonly host: Host;
  /** 2 console, 3 network, 4 batch, 5 service, 7 unlock, 10 remote desktop, 11 cached. */
  readonly type: number;
  readonly from?: Host | string | undefined;
  readonly method?: "Kerberos" | "NTLM" | "Negotiate";
  readonly privileged?: boolean;
  readonly process?: string;
  /** Minutes until the log-off is written; none when undefined. */
  readonly lastsMinutes?: number;
}

/** A successful log-on (4624, with 4672 when privileged, with 4634 later). Returns its log-on id. */
export function logon(world: World, time: number, options: LogonOptions): string {
  const { account, host, from } = options;
  const id = logonId(world.random);
  const method = options.method ?? "Kerberos";
  const remote = options.type === 3 || options.type === 10;
  const address = typeof from === "string" ? from : from?.ip;
  windows(world, time, host, WINDOWS_EVENTS.logon, {
    ...(remote && options.type === 3 ? NOBODY : subject(machineAccount(host))),
    TargetUserSid: account.sid,
    TargetUserName: account.name,
    TargetDomainName: account.domain,
    TargetLogonId: id,
    LogonType: String(options.type),
    LogonProcessName: logonProcess(options.type, method),
    AuthenticationPackageName: method,
    WorkstationName: logonWorkstation(options),
    LogonGuid: "{00000000-0000-0000-0000-000000000000}",
    TransmittedServices: "-",
    LmPackageName: method === "NTLM" ? "NTLM V2" : "-",
    KeyLength: method === "NTLM" ? "128" : "0",
    ProcessId: options.type === 3 ? "0x0" : `0x${processId(world.random).toString(16)}`,
    ProcessName:
      options.type === 3 ? "-" : (options.process ?? "C:\\Windows\\System32\\svchost.exe"),
    IpAddress: address ?? (options.type === 2 ? "127.0.0.1" : "-"),
    IpPort: address === undefined ? "-" : String(ephemeralPort(world.random)),
    ImpersonationLevel: "%%1833",
    RestrictedAdminMode: "-",
    TargetOutboundUserName: "-",
    TargetOutboundDomainName: "-",
    VirtualAccount: "%%1843",
    TargetLinkedLogonId: "0x0",
    ElevatedToken: options.privileged === true ? "%%1842" : "%%1843",
  });
  if (options.privileged === true) {
    windows(world, time, host, WINDOWS_EVENTS.specialLogon, {
      ...subject(account, id),
      PrivilegeList: PRIVILEGES,
    });
  }
  if (options.lastsMinutes !== undefined) {
    windows(world, time + options.lastsMinutes * 60_000, host, WINDOWS_EVENTS.logoff, {
      TargetUserSid: account.sid,
      TargetUserName: account.name,
      TargetDomainName: account.domain,
      TargetLogonId: id,
      LogonType: String(options.type),
    });
  }
  return id;
}

/** Names as Windows writes them, with their trailing blanks. */
function logonProcess(type: number, method: string): string {
  if (method === "NTLM") return "NtLmSsp ";
  if (type === 4 || type === 5) return "Advapi  ";
  return method === "Kerberos" ? "Kerberos" : "User32 ";
}

function logonWorkstation(options: LogonOptions): string {
  if (options.method === "NTLM" && typeof options.from === "object") return options.from.name;
  return options.type === 3 ? "-" : options.host.name;
}

/** A failed log-on (4625); `subStatus` says why, e.g. 0xc000006a wrong password, 0xc0000064 no such account. */
export function logonFailed(
  world: World,
  time: number,
  options: { account: Account; host: Host; type: number; from?: Host | string; subStatus: string },
): void {
  const { account, host, from } = options;
  const address = typeof from === "string" ? from : from?.ip;
  windows(world, time, host, WINDOWS_EVENTS.logonFailed, {
    ...(options.type === 3 ? NOBODY : subject(machineAccount(host))),
    TargetUserSid: "S-1-0-0",
    TargetUserName: account.name,
    TargetDomainName: account.domain,
    Status: "0xc000006d",
    FailureReason: "%%2313",
    SubStatus: options.subStatus,
    LogonType: String(options.type),
    LogonProcessName: options.type === 3 ? "NtLmSsp " : "User32 ",
    AuthenticationPackageName: options.type === 3 ? "NTLM" : "Negotiate",
    WorkstationName: typeof from === "object" ? from.name : host.name,
    TransmittedServices: "-",
    LmPackageName: "-",
    KeyLength: "0",
    ProcessId: options.type === 3 ? "0x0" : `0x${processId(world.random).toString(16)}`,
    ProcessName: options.type === 3 ? "-" : "C:\\Windows\\System32\\svchost.exe",
    IpAddress: address ?? "127.0.0.1",
    IpPort: address === undefined ? "0" : String(ephemeralPort(world.random)),
  });
}

/** A ticket-granting ticket (4768), or its refusal with a status. */
export function kerberosTicket(
  world: World,
  time: number,
  options: {
    account: Account;
    from: Host | string;
    controller: Host;
    status?: string;
    encryption?: string;
    preAuth?: string;
  },
): void {
  const { account, controller, status } = options;
  const ok = status === undefined || status === "0x0";
  windows(
    world,
    time,
    controller,
    ok ? WINDOWS_EVENTS.kerberosTicket : WINDOWS_EVENTS.kerberosTicketFailed,
    {
      TargetUserName: account.name,
      TargetDomainName: account.kind === "machine" ? DOMAIN.toUpperCase() : account.domain,
      TargetSid: ok ? account.sid : "S-1-0-0",
      ServiceName: ok ? "krbtgt" : `krbtgt/${DOMAIN.toUpperCase()}`,
      ServiceSid: ok ? `${world.county.domainSid}-502` : "S-1-0-0",
      TicketOptions: "0x40810010",
      Status: status ?? "0x0",
      TicketEncryptionType: ok ? (options.encryption ?? "0x12") : "0xffffffff",
      PreAuthType: options.preAuth ?? (ok ? "2" : "-"),
      IpAddress: `::ffff:${typeof options.from === "string" ? options.from : options.from.ip}`,
      IpPort: String(ephemeralPort(world.random)),
      CertIssuerName: "",
      CertSerialNumber: "",
      CertThumbprint: "",
    },
  );
}

/** A wrong password at Kerberos (4771, status 0x18). */
export function preAuthFailed(
  world: World,
  time: number,
  options: { account: Account; from: Host; controller: Host; status?: string },
): void {
  windows(world, time, options.controller, WINDOWS_EVENTS.kerberosPreAuthFailed, {
    TargetUserName: options.account.name,
    TargetSid: options.account.sid,
    ServiceName: `krbtgt/${options.account.domain}`,
    TicketOptions: "0x40810010",
    Status: options.status ?? "0x18",
    PreAuthType: "2",
    IpAddress: `::ffff:${options.from.ip}`,
    IpPort: String(ephemeralPort(world.random)),
    CertIssuerName: "",
    CertSerialNumber: "",
    CertThumbprint: "",
  });
}

/** A service ticket (4769); encryption 0x12 is AES-256, 0x17 is RC4. */
export function serviceTicket(
  world: World,
  time: number,
  options: {
    account: Account;
    from: Host;
    controller: Host;
    service: Host | Account;
    encryption?: string;
    ticketOptions?: string;
  },
): void {
  const service = "fqdn" in options.service ? machineAccount(options.service) : options.service;
  windows(world, time, options.controller, WINDOWS_EVENTS.kerberosService, {
    TargetUserName: `${options.account.name}@${DOMAIN.toUpperCase()}`,
    TargetDomainName: DOMAIN.toUpperCase(),
    ServiceName: service.name,
    ServiceSid: service.sid,
    TicketOptions: options.ticketOptions ?? "0x40810000",
    TicketEncryptionType: options.encryption ?? "0x12",
    IpAddress: `::ffff:${options.from.ip}`,
    IpPort: String(ephemeralPort(world.random)),
    Status: "0x0",
    LogonGuid: "{00000000-0000-0000-0000-000000000000}",
    TransmittedServices: "-",
  });
}

/** An NTLM check at a controller (4776); status 0x0 is success. */
export function ntlmValidation(
  world: World,
  time: number,
  options: { account: Account; workstation: string; controller: Host; status?: string },
): void {
  const ok = options.status === undefined || options.status === "0x0";
  windows(
    world,
    time,
    options.controller,
    ok ? WINDOWS_EVENTS.validation : WINDOWS_EVENTS.validationFailed,
    {
      PackageName: "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
      TargetUserName: options.account.name,
      Workstation: options.workstation,
      Status: options.status ?? "0x0",
    },
  );
}

/** Credentials used explicitly (4648), e.g. runas or a connection as somebody else. */
export function explicitLogon(
  world: World,
  time: number,
  options: { host: Host; by: Account; as: Account; target: Host; process: string },
): void {
  windows(world, time, options.host, WINDOWS_EVENTS.explicitLogon, {
    ...subject(options.by, logonId(world.random)),
    LogonGuid: "{00000000-0000-0000-0000-000000000000}",
    TargetUserName: options.as.name,
    TargetDomainName: options.as.domain,
    TargetLogonGuid: "{00000000-0000-0000-0000-000000000000}",
    TargetServerName: options.target === options.host ? "localhost" : options.target.fqdn,
    TargetInfo: options.target === options.host ? "localhost" : options.target.fqdn,
    ProcessId: `0x${processId(world.random).toString(16)}`,
    ProcessName: options.process,
    IpAddress: "-",
    IpPort: "-",
  });
}

/** Access to a share (5140). */
export function shareAccess(
  world: World,
  time: number,
  options: {
    host: Host;
    account: Account;
    from: Host | string;
    share: string;
    path?: string;
    logon?: string;
  },
): void {
  windows(world, time, options.host, WINDOWS_EVENTS.share, {
    ...subject(options.account, options.logon ?? logonId(world.random)),
    ObjectType: "File",
    IpAddress: typeof options.from === "string" ? options.from : options.from.ip,
    IpPort: String(ephemeralPort(world.random)),
    ShareName: `\\\\*\\${options.share}`,
    ShareLocalPath: options.path ?? "",
    AccessMask: "0x1",
    AccessList: "%%4416\r\n\t\t\t\t",
  });
}

/** Access to a file in a share (5145); `write` asks for WriteData, else ReadData. */
export function shareFile(
  world: World,
  time: number,
  options: {
    host: Host;
    account: Account;
    from: Host | string;
    share: string;
    path?: string;
    file: string;
    access?: "read" | "write" | "delete";
    logon?: string;
  },
): void {
  const access = options.access ?? "read";
  const lists = { read: "%%4416", write: "%%4417", delete: "%%1537" };
  windows(world, time, options.host, WINDOWS_EVENTS.shareDetail, {
    ...subject(options.account, options.logon ?? logonId(world.random)),
    ObjectType: "File",
    IpAddress: typeof options.from === "string" ? options.from : options.from.ip,
    IpPort: String(ephemeralPort(world.random)),
    ShareName: `\\\\*\\${options.share}`,
    ShareLocalPath: options.path ?? "",
    RelativeTargetName: options.file,
    AccessMask: access === "read" ? "0x1" : access === "write" ? "0x2" : "0x10000",
    AccessList: `${lists[access]}\r\n\t\t\t\t`,
    AccessReason: "-",
  });
}
