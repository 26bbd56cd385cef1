// Which Windows event data name is which ECS field. The general table holds for every event; some
// events use a name in another sense (ProcessId of 4688 is the parent's), which their own table says.
// After Elastic's Windows integrations (sysmon_operational, security pipelines) and ECS 8.17.

/** Event data name → ECS name. `@account` is split into domain and name, `@hashes` into hash fields. */
export type NameTable = Readonly<Record<string, string>>;

/** Holds for all events. */
export const GENERAL: NameTable = {
  CommandLine: "process.command_line",
  ProcessCommandLine: "process.command_line",
  Image: "process.executable",
  NewProcessName: "process.executable",
  SourceImage: "process.executable",
  ProcessName: "process.executable",
  Application: "process.executable",
  NewProcessId: "process.pid",
  ProcessId: "process.pid",
  SourceProcessId: "process.pid",
  ProcessGuid: "process.entity_id",
  SourceProcessGUID: "process.entity_id",
  SourceProcessGuid: "process.entity_id",
  CurrentDirectory: "process.working_directory",
  OriginalFileName: "process.pe.original_file_name",
  Description: "process.pe.description",
  Product: "process.pe.product",
  Company: "process.pe.company",
  FileVersion: "process.pe.file_version",
  Hashes: "@process.hash",
  ParentImage: "process.parent.executable",
  ParentProcessName: "process.parent.executable",
  ParentCommandLine: "process.parent.command_line",
  ParentProcessId: "process.parent.pid",
  ParentProcessGuid: "process.parent.entity_id",
  User: "@account",
  SourceUser: "@account",
  SubjectUserName: "user.name",
  SubjectDomainName: "user.domain",
  SubjectUserSid: "user.id",
  TargetUserName: "user.target.name",
  TargetDomainName: "user.target.domain",
  TargetUserSid: "user.target.id",
  TargetSid: "user.target.id",
  IpAddress: "source.ip",
  IpPort: "source.port",
  SourceIp: "source.ip",
  SourceAddress: "source.ip",
  ClientAddress: "source.ip",
  SourcePort: "source.port",
  SourceHostname: "source.domain",
  WorkstationName: "source.domain",
  Workstation: "source.domain",
  DestinationIp: "destination.ip",
  DestAddress: "destination.ip",
  DestinationPort: "destination.port",
  DestPort: "destination.port",
  DestinationHostname: "destination.domain",
  QueryName: "dns.question.name",
  TargetObject: "registry.path",
  Details: "registry.data.strings",
  TargetFilename: "file.path",
  ImageLoaded: "dll.path",
  ScriptBlockText: "powershell.file.script_block_text",
  ScriptBlockId: "powershell.file.script_block_id",
  ServiceName: "service.name",
  LogonType: "winlog.logon.type",
  TargetLogonId: "winlog.logon.id",
  SubjectLogonId: "winlog.logon.id",
};

// The account that signs in (or is refused) is the user; the subject is the system that reports it.
const SIGN_IN: NameTable = {
  TargetUserName: "user.name",
  TargetDomainName: "user.domain",
  TargetUserSid: "user.id",
  TargetSid: "user.id",
  SubjectUserName: "winlog.event_data.SubjectUserName",
  SubjectDomainName: "winlog.event_data.SubjectDomainName",
  SubjectUserSid: "winlog.event_data.SubjectUserSid",
  SubjectLogonId: "winlog.event_data.SubjectLogonId",
};
const IMAGE_LOADED: NameTable = {
  Hashes: "@dll.hash",
  OriginalFileName: "dll.pe.original_file_name",
  Description: "dll.pe.description",
  Product: "dll.pe.product",
  Company: "dll.pe.company",
  FileVersion: "dll.pe.file_version",
};
const FILE_HASHES: NameTable = { Hashes: "@file.hash" };

const DEFENDER: NameTable = {
  "Threat Name": "threat.software.name",
  "Detection User": "@account",
  "Process Name": "process.executable",
};
const APPLOCKER: NameTable = { FilePath: "file.path", FileHash: "file.hash.sha256" };
const CERTIFICATE: NameTable = { Requester: "@account" };
// The network access server that asks is the observer, the client's station is the source.
const RADIUS: NameTable = {
  SubjectUserName: "user.name",
  CallingStationID: "source.mac",
  ClientIPAddress: "observer.ip",
  ClientName: "observer.name",
  NetworkPolicyName: "rule.name",
  Reason: "event.reason",
};

const SIGN_IN_EVENTS = ["4624", "4625", "4634", "4647", "4768", "4769", "4770", "4771", "4776"];

/** `<log>/<event id>` → names that this event uses in another sense. */
export const BY_EVENT: Readonly<Record<string, NameTable>> = {
  ...Object.fromEntries(SIGN_IN_EVENTS.map((id) => [`Security/${id}`, SIGN_IN])),
  "Security/4648": {
    TargetUserName: "user.effective.name",
    TargetDomainName: "user.effective.domain",
    TargetServerName: "destination.domain",
  },
  "Security/4688": { ProcessId: "process.parent.pid" },
  "Sysmon/6": { ...FILE_HASHES, ImageLoaded: "file.path" },
  "Sysmon/7": IMAGE_LOADED,
  "Sysmon/15": FILE_HASHES,
  "Sysmon/23": FILE_HASHES,
  "Sysmon/26": FILE_HASHES,
  "Sysmon/29": FILE_HASHES,
  "PowerShell/4104": { Path: "file.path" },
  "Defender/1116": DEFENDER,
  "Defender/1117": DEFENDER,
  "Defender/1118": DEFENDER,
  "Defender/1119": DEFENDER,
  "AppLocker/8003": APPLOCKER,
  "AppLocker/8004": APPLOCKER,
  "AppLocker/8006": APPLOCKER,
  "AppLocker/8007": APPLOCKER,
  "Print/307": { Param2: "file.name", Param3: "user.name", Param4: "source.domain" },
  "Security/4886": CERTIFICATE,
  "Security/4887": CERTIFICATE,
  "Security/4888": CERTIFICATE,
  "Security/6272": RADIUS,
  "Security/6273": RADIUS,
};

/** ECS name → event data names that may hold it, best first: the tables above turned round. */
export const NAMES_BY_ECS: ReadonlyMap<string, readonly string[]> = turnRound();

function turnRound(): Map<string, string[]> {
  const names = new Map<string, string[]>([
    // Without knowing the event: the account of a process or a sign-in comes before the subject.
    ["user.name", ["User", "TargetUserName", "SubjectUserName"]],
    ["user.domain", ["TargetDomainName", "SubjectDomainName"]],
    ["user.id", ["TargetUserSid", "TargetSid", "SubjectUserSid"]],
    ["process.pid", ["NewProcessId", "ProcessId", "SourceProcessId"]],
  ]);
  for (const table of [GENERAL, ...Object.values(BY_EVENT)]) {
    for (const [name, ecs] of Object.entries(table)) {
      if (ecs.startsWith("@") || ecs.startsWith("winlog.event_data.")) continue;
      const known = names.get(ecs);
      if (known === undefined) names.set(ecs, [name]);
      else if (!known.includes(name)) known.push(name);
    }
  }
  return names;
}
