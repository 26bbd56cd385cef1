// What the common Windows events mean in ECS terms: event.action, category, type, and the outcome where
// the id alone decides it. Actions are named as Elastic's Windows integrations name them.

/** ECS categorisation of one event id. */
export interface EventMeaning {
  readonly action: string;
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly outcome?: "success" | "failure";
}

type Row = readonly [
  ids: string,
  action: string,
  category: string,
  type: string,
  outcome?: EventMeaning["outcome"],
];

const ROWS: readonly Row[] = [
  ["Security/1102 System/104", "audit-log-cleared", "iam", "admin change"],
  ["Security/4624", "logged-in", "authentication", "start", "success"],
  ["Security/4625", "logon-failed", "authentication", "start", "failure"],
  ["Security/4634 Security/4647", "logged-out", "authentication", "end", "success"],
  ["Security/4648", "logged-in-explicit", "authentication", "start", "success"],
  ["Security/4662", "object-operation-performed", "iam", "admin change"],
  ["Security/4663 Security/4656", "object-access", "file", "access"],
  ["Security/4672", "logged-in-special", "iam", "admin"],
  ["Security/4673 Security/4674", "privileged-service-called", "iam", "admin"],
  ["Security/4688 Sysmon/1", "created-process", "process", "start"],
  ["Security/4689 Sysmon/5", "exited-process", "process", "end"],
  ["Security/4697 System/7045", "service-installed", "configuration", "creation"],
  ["Security/4698", "scheduled-task-created", "configuration", "creation"],
  ["Security/4699", "scheduled-task-deleted", "configuration", "deletion"],
  ["Security/4700", "scheduled-task-enabled", "configuration", "change"],
  ["Security/4701", "scheduled-task-disabled", "configuration", "change"],
  ["Security/4702", "scheduled-task-updated", "configuration", "change"],
  ["Security/4719", "changed-audit-config", "configuration", "change"],
  ["Security/4720", "added-user-account", "iam", "user creation"],
  ["Security/4722", "enabled-user-account", "iam", "user change"],
  ["Security/4723", "changed-password", "iam", "user change"],
  ["Security/4724", "reset-password", "iam", "user change"],
  ["Security/4725", "disabled-user-account", "iam", "user change"],
  ["Security/4726", "deleted-user-account", "iam", "user deletion"],
  ["Security/4727 Security/4731 Security/4754", "added-group-account", "iam", "group creation"],
  ["Security/4728 Security/4732 Security/4756", "added-member-to-group", "iam", "group change"],
  ["Security/4729 Security/4733 Security/4757", "removed-member-from-group", "iam", "group change"],
  ["Security/4730 Security/4734 Security/4758", "deleted-group-account", "iam", "group deletion"],
  ["Security/4735 Security/4737 Security/4755", "modified-group-account", "iam", "group change"],
  ["Security/4738", "modified-user-account", "iam", "user change"],
  ["Security/4739", "changed-domain-policy", "configuration", "change"],
  ["Security/4740", "locked-out-user-account", "iam", "user change"],
  ["Security/4741", "added-computer-account", "iam", "admin creation"],
  ["Security/4742", "changed-computer-account", "iam", "admin change"],
  ["Security/4743", "deleted-computer-account", "iam", "admin deletion"],
  ["Security/4764", "type-changed-group-account", "iam", "group change"],
  ["Security/4765 Security/4766", "sid-history-added", "iam", "user change"],
  ["Security/4767", "unlocked-user-account", "iam", "user change"],
  ["Security/4768", "kerberos-authentication-ticket-requested", "authentication", "start"],
  ["Security/4769", "kerberos-service-ticket-requested", "authentication", "start"],
  ["Security/4770", "kerberos-service-ticket-renewed", "authentication", "start"],
  ["Security/4771", "kerberos-preauth-failed", "authentication", "start", "failure"],
  ["Security/4776", "credential-validated", "authentication", "start"],
  ["Security/4778", "session-reconnected", "session", "start"],
  ["Security/4779", "session-disconnected", "session", "end"],
  ["Security/4781", "renamed-user-account", "iam", "user change"],
  ["Security/4798", "group-membership-enumerated", "iam", "user info"],
  ["Security/4799", "user-member-enumerated", "iam", "group info"],
  ["Security/5136", "directory-object-modified", "configuration", "change"],
  ["Security/5137", "directory-object-created", "configuration", "creation"],
  ["Security/5140", "network-share-object-accessed", "network file", "info access"],
  ["Security/5145", "network-share-object-access-checked", "network file", "info access"],
  ["Security/5156", "windows-firewall-connection", "network", "connection allowed"],
  ["Security/5157", "windows-firewall-packet-block", "network", "connection denied"],
  ["System/7036", "service-state-changed", "configuration", "change"],
  ["System/7040", "service-start-type-changed", "configuration", "change"],
  ["PowerShell/4103", "module-logging", "process", "info"],
  ["PowerShell/4104", "execute-a-remote-command", "process", "info"],
  ["Sysmon/2", "file-creation-time-changed", "file", "change"],
  ["Sysmon/3", "network-connection", "network", "start connection protocol"],
  ["Sysmon/6", "driver-loaded", "driver", "start"],
  ["Sysmon/7", "image-loaded", "process", "change"],
  ["Sysmon/8", "create-remote-thread", "process", "change"],
  ["Sysmon/9", "raw-access-read", "process", "access"],
  ["Sysmon/10", "process-accessed", "process", "access"],
  ["Sysmon/11", "file-created", "file", "creation"],
  ["Sysmon/12 Sysmon/13 Sysmon/14", "registry-changed", "configuration registry", "change"],
  ["Sysmon/15", "file-stream-created", "file", "access"],
  ["Sysmon/17", "pipe-created", "file", "creation"],
  ["Sysmon/18", "pipe-connected", "file", "access"],
  ["Sysmon/19 Sysmon/20 Sysmon/21", "wmi-event", "process", "creation"],
  ["Sysmon/22", "dns-query", "network", "connection protocol info"],
  ["Sysmon/23 Sysmon/26", "file-deleted", "file", "deletion"],
  ["Sysmon/25", "process-tampering", "process", "change"],
];

/** `<log>/<event id>` → meaning; log as `logOf` gives it. */
export const MEANINGS: ReadonlyMap<string, EventMeaning> = new Map(
  ROWS.flatMap(([ids, action, category, type, outcome]) =>
    ids.split(" ").map((id): [string, EventMeaning] => [
      id,
      {
        action,
        category: category.split(" "),
        type: type.split(" "),
        ...(outcome === undefined ? {} : { outcome }),
      },
    ]),
  ),
);

/** Short name of an event channel: `Security`, `System`, `Sysmon`, `PowerShell`, or the channel itself. */
export function logOf(channel: string): string {
  if (channel.startsWith("Microsoft-Windows-Sysmon/") || channel.startsWith("Linux-Sysmon/"))
    return "Sysmon";
  if (
    channel.startsWith("Microsoft-Windows-PowerShell/") ||
    channel.startsWith("PowerShellCore/")
  ) {
    return "PowerShell";
  }
  return channel;
}

/** Names of Windows logon types (Microsoft, event 4624), as Winlogbeat writes them. */
export const LOGON_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "2": "Interactive",
    "3": "Network",
    "4": "Batch",
    "5": "Service",
    "7": "Unlock",
    "8": "NetworkCleartext",
    "9": "NewCredentials",
    "10": "RemoteInteractive",
    "11": "CachedInteractive",
  }),
);
