// The kinds of Windows event records that the county's machines write: provider, task, first line of
// the message. Names and numbers are those of Windows Server 2022 and Sysmon 15 (manifests, schema 4.90).

export interface WindowsEventType {
  readonly id: number;
  readonly channel: string;
  readonly provider: string;
  readonly guid: string;
  readonly version: number;
  readonly task: string;
  readonly taskNumber: number;
  readonly level: "information" | "warning" | "error";
  /** Outcome of audited events; undefined for all others. */
  readonly outcome: "success" | "failure" | undefined;
  readonly message: string;
}

const AUDIT = {
  channel: "Security",
  provider: "Microsoft-Windows-Security-Auditing",
  guid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
} as const;
const SYSMON = {
  channel: "Microsoft-Windows-Sysmon/Operational",
  provider: "Microsoft-Windows-Sysmon",
  guid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
} as const;

function audit(
  id: number,
  task: string,
  taskNumber: number,
  message: string,
  version = 0,
): WindowsEventType {
  return {
    id,
    ...AUDIT,
    version,
    task,
    taskNumber,
    level: "information",
    outcome: "success",
    message,
  };
}

function failed(type: WindowsEventType): WindowsEventType {
  return { ...type, outcome: "failure" };
}

function sysmon(id: number, message: string, rule: string, version: number): WindowsEventType {
  return {
    id,
    ...SYSMON,
    version,
    task: `${message} (rule: ${rule})`,
    taskNumber: id,
    level: "information",
    outcome: undefined,
    message: `${message}:`,
  };
}

function system(
  id: number,
  provider: string,
  guid: string,
  message: string,
  level: WindowsEventType["level"] = "information",
): WindowsEventType {
  return {
    id,
    channel: "System",
    provider,
    guid,
    version: 0,
    task: "None",
    taskNumber: 0,
    level,
    outcome: undefined,
    message,
  };
}

const SERVICE_CONTROL = [
  "Service Control Manager",
  "{555908d1-a6d7-4695-8e1e-26931d2012f4}",
] as const;
const EVENTLOG = ["Microsoft-Windows-Eventlog", "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}"] as const;
const kerberosTicket = audit(
  4768,
  "Kerberos Authentication Service",
  14339,
  "A Kerberos authentication ticket (TGT) was requested.",
);
const kerberosService = audit(
  4769,
  "Kerberos Service Ticket Operations",
  14337,
  "A Kerberos service ticket was requested.",
);
const validation = audit(
  4776,
  "Credential Validation",
  14336,
  "The computer attempted to validate the credentials for an account.",
);

export const WINDOWS_EVENTS = {
  logCleared: {
    ...system(1102, ...EVENTLOG, "The audit log was cleared."),
    channel: "Security",
    task: "Log clear",
    taskNumber: 104,
  },
  systemLogCleared: {
    ...system(104, ...EVENTLOG, "The System log file was cleared."),
    task: "Log clear",
    taskNumber: 104,
  },
  logon: audit(4624, "Logon", 12544, "An account was successfully logged on.", 2),
  logonFailed: failed(audit(4625, "Logon", 12544, "An account failed to log on.")),
  logoff: audit(4634, "Logoff", 12545, "An account was logged off."),
  explicitLogon: audit(4648, "Logon", 12544, "A logon was attempted using explicit credentials."),
  objectAccess: audit(
    4662,
    "Directory Service Access",
    14080,
    "An operation was performed on an object.",
  ),
  objectTouched: audit(4663, "File System", 12800, "An attempt was made to access an object.", 1),
  specialLogon: audit(4672, "Special Logon", 12548, "Special privileges assigned to new logon."),
  processCreated: audit(4688, "Process Creation", 13312, "A new process has been created.", 2),
  serviceInstalledAudit: audit(
    4697,
    "Security System Extension",
    12289,
    "A service was installed in the system.",
    1,
  ),
  taskCreated: audit(4698, "Other Object Access Events", 12804, "A scheduled task was created.", 1),
  userCreated: audit(4720, "User Account Management", 13824, "A user account was created."),
  userEnabled: audit(4722, "User Account Management", 13824, "A user account was enabled."),
  passwordReset: audit(
    4724,
    "User Account Management",
    13824,
    "An attempt was made to reset an account's password.",
  ),
  userChanged: audit(4738, "User Account Management", 13824, "A user account was changed."),
  globalGroupMember: audit(
    4728,
    "Security Group Management",
    13826,
    "A member was added to a security-enabled global group.",
  ),
  localGroupMember: audit(
    4732,
    "Security Group Management",
    13826,
    "A member was added to a security-enabled local group.",
  ),
  universalGroupMember: audit(
    4756,
    "Security Group Management",
    13826,
    "A member was added to a security-enabled universal group.",
  ),
  lockedOut: audit(4740, "User Account Management", 13824, "A user account was locked out."),
  unlocked: audit(4767, "User Account Management", 13824, "A user account was unlocked."),
  kerberosTicket,
  kerberosTicketFailed: failed(kerberosTicket),
  kerberosService,
  kerberosPreAuthFailed: failed(
    audit(4771, "Kerberos Authentication Service", 14339, "Kerberos pre-authentication failed."),
  ),
  validation,
  validationFailed: failed(validation),
  share: audit(5140, "File Share", 12808, "A network share object was accessed.", 1),
  shareDetail: audit(
    5145,
    "Detailed File Share",
    12811,
    "A network share object was checked to see whether client can be granted desired access.",
  ),
  processSysmon: sysmon(1, "Process Create", "ProcessCreate", 5),
  network: sysmon(3, "Network connection detected", "NetworkConnect", 5),
  processEnded: sysmon(5, "Process terminated", "ProcessTerminate", 3),
  imageLoaded: sysmon(7, "Image loaded", "ImageLoad", 3),
  remoteThread: sysmon(8, "CreateRemoteThread detected", "CreateRemoteThread", 2),
  processAccess: sysmon(10, "Process accessed", "ProcessAccess", 3),
  fileCreated: sysmon(11, "File created", "FileCreate", 2),
  registryKey: sysmon(12, "Registry object added or deleted", "RegistryEvent", 2),
  registryValue: sysmon(13, "Registry value set", "RegistryEvent", 2),
  streamCreated: sysmon(15, "File stream created", "FileCreateStreamHash", 2),
  pipeCreated: sysmon(17, "Pipe Created", "PipeEvent", 1),
  pipeConnected: sysmon(18, "Pipe Connected", "PipeEvent", 1),
  wmiFilter: sysmon(19, "WmiEventFilter activity detected", "WmiEvent", 3),
  wmiConsumer: sysmon(20, "WmiEventConsumer activity detected", "WmiEvent", 3),
  wmiBinding: sysmon(21, "WmiEventConsumerToFilter activity detected", "WmiEvent", 3),
  dnsQuery: sysmon(22, "Dns query", "DnsQuery", 5),
  fileDeleted: sysmon(23, "File Delete archived", "FileDelete", 5),
  serviceInstalled: system(7045, ...SERVICE_CONTROL, "A service was installed in the system."),
  serviceState: system(7036, ...SERVICE_CONTROL, "The service entered a new state."),
  serviceStartType: system(7040, ...SERVICE_CONTROL, "The start type of the service was changed."),
  scriptBlock: {
    id: 4104,
    channel: "Microsoft-Windows-PowerShell/Operational",
    provider: "Microsoft-Windows-PowerShell",
    guid: "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}",
    version: 1,
    task: "Execute a Remote Command",
    taskNumber: 2,
    level: "information",
    outcome: undefined,
    message: "Creating Scriptblock text (1 of 1):",
  },
  defenderSetting: {
    id: 5007,
    channel: "Microsoft-Windows-Windows Defender/Operational",
    provider: "Microsoft-Windows-Windows Defender",
    guid: "{11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78}",
    version: 0,
    task: "None",
    taskNumber: 0,
    level: "information",
    outcome: undefined,
    message: "Microsoft Defender Antivirus Configuration has changed.",
  },
  defenderOff: {
    id: 5001,
    channel: "Microsoft-Windows-Windows Defender/Operational",
    provider: "Microsoft-Windows-Windows Defender",
    guid: "{11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78}",
    version: 0,
    task: "None",
    taskNumber: 0,
    level: "information",
    outcome: undefined,
    message: "Microsoft Defender Antivirus Real-time Protection scanning for malware was disabled.",
  },
} as const satisfies Record<string, WindowsEventType>;
