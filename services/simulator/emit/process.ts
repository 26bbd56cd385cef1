// Processes on Windows machines: a start is written by Sysmon (1) and by the audit log (4688) as on a
// machine that has both; what the process then does (files, registry, network, names) comes from Sysmon.
import { type Account, type Host, NETBIOS, SYSTEM } from "../county/county.ts";
import { hash32 } from "../random.ts";
import { ephemeralPort, logonId, processId, type World } from "../world.ts";
import { PROGRAMS, type Program } from "./programs.ts";
import { subject, windows } from "./security.ts";
import { WINDOWS_EVENTS } from "./windows-event.ts";

/** A process that runs on a machine. */
export interface Process {
  readonly host: Host;
  readonly image: string;
  readonly pid: number;
  readonly guid: string;
  readonly account: Account;
  readonly logon: string;
  readonly commandLine: string;
  readonly integrity: "Low" | "Medium" | "High" | "System";
}

export interface StartOptions {
  readonly parent: Process;
  readonly program: Program;
  readonly commandLine: string;
  readonly account?: Account;
  readonly integrity?: Process["integrity"];
  readonly currentDirectory?: string;
}

const LABELS = {
  Low: "S-1-16-4096",
  Medium: "S-1-16-8192",
  High: "S-1-16-12288",
  System: "S-1-16-16384",
};

/** A process that was there before the records begin: it leaves no start record. */
export function running(
  world: World,
  host: Host,
  program: Program,
  account: Account = SYSTEM,
  logon = account.kind === "system" ? "0x3e7" : logonId(world.random),
): Process {
  const image = imagePath(program, account);
  const pid = processId(world.random);
  return {
    host,
    image,
    pid,
    guid: processGuid(host, world.dayStart - 36_000_000, pid),
    account,
    logon,
    commandLine: account.kind === "system" ? image : `"${image}"`,
    integrity: account.kind === "system" ? "System" : "Medium",
  };
}

/** Starts a process (Sysmon 1 and security 4688). */
export function start(world: World, time: number, options: StartOptions): Process {
  const { parent, program, commandLine } = options;
  const account = options.account ?? parent.account;
  const pid = processId(world.random);
  const sameLogon = account.sid === parent.account.sid;
  const child: Process = {
    host: parent.host,
    image: imagePath(program, account),
    pid,
    guid: processGuid(parent.host, time, pid),
    account,
    logon: sameLogon ? parent.logon : logonId(world.random),
    commandLine,
    integrity: options.integrity ?? (sameLogon ? parent.integrity : "Medium"),
  };
  windows(world, time, child.host, WINDOWS_EVENTS.processSysmon, {
    RuleName: "-",
    UtcTime: sysmonTime(time),
    ProcessGuid: child.guid,
    ProcessId: String(pid),
    Image: child.image,
    FileVersion: program.version,
    Description: program.description,
    Product: program.product,
    Company: program.company,
    OriginalFileName: program.original,
    CommandLine: commandLine,
    CurrentDirectory:
      options.currentDirectory ??
      (child.account.kind === "staff" ? `${profile(account)}\\` : "C:\\Windows\\system32\\"),
    User: userName(account),
    LogonGuid: processGuid(child.host, world.dayStart, Number.parseInt(child.logon, 16)),
    LogonId: child.logon,
    TerminalSessionId: account.kind === "staff" || account.kind === "admin" ? "1" : "0",
    IntegrityLevel: child.integrity,
    Hashes: hashes(child.image),
    ParentProcessGuid: parent.guid,
    ParentProcessId: String(parent.pid),
    ParentImage: parent.image,
    ParentCommandLine: parent.commandLine,
    ParentUser: userName(parent.account),
  });
  windows(world, time + 1, child.host, WINDOWS_EVENTS.processCreated, {
    ...subject(account.kind === "system" ? machine(child.host) : account, child.logon),
    NewProcessId: `0x${pid.toString(16)}`,
    NewProcessName: child.image,
    TokenElevationType:
      child.integrity === "High" ? "%%1937" : child.integrity === "System" ? "%%1936" : "%%1938",
    ProcessId: `0x${parent.pid.toString(16)}`,
    CommandLine: commandLine,
    TargetUserSid: "S-1-0-0",
    TargetUserName: "-",
    TargetDomainName: "-",
    TargetLogonId: "0x0",
    ParentProcessName: parent.image,
    MandatoryLabel: LABELS[child.integrity],
  });
  return child;
}

/** The end of a process (Sysmon 5). */
export function ended(world: World, time: number, process: Process): void {
  windows(world, time, process.host, WINDOWS_EVENTS.processEnded, {
    ...actor(time, process),
    User: userName(process.account),
  });
}

/** A file written by a process (Sysmon 11). */
export function writesFile(world: World, time: number, process: Process, file: string): void {
  windows(world, time, process.host, WINDOWS_EVENTS.fileCreated, {
    ...actor(time, process),
    TargetFilename: file,
    CreationUtcTime: sysmonTime(time),
    User: userName(process.account),
  });
}

/** A registry value set by a process (Sysmon 13). */
export function setsRegistry(
  world: World,
  time: number,
  process: Process,
  key: string,
  value: string,
): void {
  windows(world, time, process.host, WINDOWS_EVENTS.registryValue, {
    RuleName: "-",
    EventType: "SetValue",
    UtcTime: sysmonTime(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    Image: process.image,
    TargetObject: key,
    Details: value,
    User: userName(process.account),
  });
}

/** A connection made by a process (Sysmon 3). */
export function connects(
  world: World,
  time: number,
  process: Process,
  target: { ip: string; name?: string; port: number },
): number {
  const port = ephemeralPort(world.random);
  windows(world, time, process.host, WINDOWS_EVENTS.network, {
    ...actor(time, process),
    User: userName(process.account),
    Protocol: "tcp",
    Initiated: "true",
    SourceIsIpv6: "false",
    SourceIp: process.host.ip,
    SourceHostname: process.host.fqdn,
    SourcePort: String(port),
    SourcePortName: "-",
    DestinationIsIpv6: "false",
    DestinationIp: target.ip,
    DestinationHostname: target.name ?? "-",
    DestinationPort: String(target.port),
    DestinationPortName: target.port === 443 ? "https" : target.port === 80 ? "http" : "-",
  });
  return port;
}

/** A name looked up by a process (Sysmon 22). */
export function resolves(
  world: World,
  time: number,
  process: Process,
  name: string,
  address: string,
): void {
  windows(world, time, process.host, WINDOWS_EVENTS.dnsQuery, {
    RuleName: "-",
    UtcTime: sysmonTime(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    QueryName: name,
    QueryStatus: address === "" ? "9003" : "0",
    QueryResults: address === "" ? "-" : `::ffff:${address};`,
    Image: process.image,
    User: userName(process.account),
  });
}

/** A process opening another one (Sysmon 10). */
export function opensProcess(
  world: World,
  time: number,
  source: Process,
  target: Process,
  access: string,
  trace: string,
): void {
  windows(world, time, source.host, WINDOWS_EVENTS.processAccess, {
    RuleName: "-",
    UtcTime: sysmonTime(time),
    SourceProcessGUID: source.guid,
    SourceProcessId: String(source.pid),
    SourceThreadId: String(processId(world.random)),
    SourceImage: source.image,
    TargetProcessGUID: target.guid,
    TargetProcessId: String(target.pid),
    TargetImage: target.image,
    GrantedAccess: access,
    CallTrace: trace,
    SourceUser: userName(source.account),
    TargetUser: userName(target.account),
  });
}

/** A named pipe made (Sysmon 17) or joined (18) by a process. */
export function pipe(
  world: World,
  time: number,
  process: Process,
  name: string,
  kind: "created" | "connected",
): void {
  const type = kind === "created" ? WINDOWS_EVENTS.pipeCreated : WINDOWS_EVENTS.pipeConnected;
  windows(world, time, process.host, type, {
    RuleName: "-",
    EventType: kind === "created" ? "CreatePipe" : "ConnectPipe",
    UtcTime: sysmonTime(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    PipeName: name,
    Image: process.image,
    User: userName(process.account),
  });
}

/** Where the profile of an account lies. */
export function profile(account: Account): string {
  return account.kind === "system"
    ? "C:\\Windows\\System32\\config\\systemprofile"
    : `C:\\Users\\${account.name}`;
}

/** A user's desktop shell. */
export function desktop(world: World, host: Host, account: Account, logon?: string): Process {
  return running(world, host, PROGRAMS.explorer, account, logon);
}

function actor(time: number, process: Process): Record<string, string> {
  return {
    RuleName: "-",
    UtcTime: sysmonTime(time),
    ProcessGuid: process.guid,
    ProcessId: String(process.pid),
    Image: process.image,
  };
}

function machine(host: Host): Account {
  return { name: `${host.name}$`, domain: NETBIOS, sid: SYSTEM.sid, kind: "machine" };
}

function imagePath(program: Program, account: Account): string {
  return program.path.replace("%PROFILE%", profile(account));
}

/** `DOMAIN\name` as Sysmon writes it. */
export function userName(account: Account): string {
  return `${account.domain}\\${account.name}`;
}

/** Times inside Sysmon's data: UTC, milliseconds, a blank between. */
export function sysmonTime(time: number): string {
  return new Date(time).toISOString().slice(0, 23).replace("T", " ");
}

function processGuid(host: Host, time: number, pid: number): string {
  const machinePart = hash32(host.name).toString(16).padStart(8, "0");
  const seconds = Math.floor(time / 1000)
    .toString(16)
    .padStart(8, "0");
  return `{${machinePart}-${seconds.slice(0, 4)}-${seconds.slice(4, 8)}-${(pid & 0xffff).toString(16).padStart(4, "0")}-000000000a00}`;
}

function hashes(image: string): string {
  const part = (salt: string) =>
    hash32(salt + image)
      .toString(16)
      .padStart(8, "0")
      .toUpperCase();
  const eight = ["1", "2", "3", "4", "5", "6", "7", "8"].map(part).join("");
  return `SHA256=${eight},IMPHASH=${eight.slice(7, 39)}`;
}
