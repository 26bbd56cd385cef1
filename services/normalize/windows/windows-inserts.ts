// The names of an event's data in the order of its template, for senders that give only the values: the
// `StringInserts` of Fluent Bit. From Microsoft's documentation of the events and Sysmon's schema.

const SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId";
const TARGET = "TargetUserName TargetDomainName TargetSid";
const ACCOUNT =
  "SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours";
const LOGON = `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode`;
const LOGON_END =
  "TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken";
const SYSMON = "RuleName UtcTime ProcessGuid ProcessId";
const REGISTRY = "RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject";
const PIPE = "RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User";
const WMI = "RuleName EventType UtcTime Operation User";
const FILE = `${SYSMON} User Image TargetFilename Hashes`;
const SERVICE = "ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount";

const ROWS: readonly (readonly [events: string, names: string])[] = [
  ["Security/1102", SUBJECT],
  ["Security/4624", `${LOGON} ${LOGON_END}`],
  [
    "Security/4625",
    `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort`,
  ],
  ["Security/4634", "TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType"],
  ["Security/4647", "TargetUserSid TargetUserName TargetDomainName TargetLogonId"],
  [
    "Security/4648",
    `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId ProcessName IpAddress IpPort`,
  ],
  [
    "Security/4656",
    `${SUBJECT} ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ProcessId ProcessName ResourceAttributes`,
  ],
  [
    "Security/4662",
    `${SUBJECT} ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties AdditionalInfo AdditionalInfo2`,
  ],
  [
    "Security/4663",
    `${SUBJECT} ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ProcessId ProcessName ResourceAttributes`,
  ],
  ["Security/4672", `${SUBJECT} PrivilegeList`],
  [
    "Security/4688",
    `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
  ],
  ["Security/4689", `${SUBJECT} Status ProcessId ProcessName`],
  ["Security/4697", `${SUBJECT} ${SERVICE}`],
  ["Security/4698 Security/4699 Security/4700 Security/4701", `${SUBJECT} TaskName TaskContent`],
  ["Security/4702", `${SUBJECT} TaskName TaskContentNew`],
  ["Security/4719", `${SUBJECT} CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges`],
  ["Security/4720", `${TARGET} ${SUBJECT} PrivilegeList ${ACCOUNT}`],
  ["Security/4722 Security/4724 Security/4725 Security/4740 Security/4767", `${TARGET} ${SUBJECT}`],
  [
    "Security/4723 Security/4726 Security/4730 Security/4734 Security/4743 Security/4758",
    `${TARGET} ${SUBJECT} PrivilegeList`,
  ],
  [
    "Security/4728 Security/4729 Security/4732 Security/4733 Security/4756 Security/4757",
    `MemberName MemberSid ${TARGET} ${SUBJECT} PrivilegeList`,
  ],
  [
    "Security/4727 Security/4731 Security/4735 Security/4737 Security/4754 Security/4755",
    `${TARGET} ${SUBJECT} PrivilegeList SamAccountName SidHistory`,
  ],
  ["Security/4738", `Dummy ${TARGET} ${SUBJECT} PrivilegeList ${ACCOUNT}`],
  [
    "Security/4741",
    `${TARGET} ${SUBJECT} PrivilegeList ${ACCOUNT} DnsHostName ServicePrincipalNames`,
  ],
  [
    "Security/4742",
    `ComputerAccountChange ${TARGET} ${SUBJECT} PrivilegeList ${ACCOUNT} DnsHostName ServicePrincipalNames`,
  ],
  [
    "Security/4768",
    "TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint",
  ],
  [
    "Security/4769",
    "TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices",
  ],
  [
    "Security/4771",
    "TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint",
  ],
  ["Security/4776", "PackageName TargetUserName Workstation Status"],
  [
    "Security/5136",
    `OpCorrelationID AppCorrelationID ${SUBJECT} DSName DSType ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType`,
  ],
  [
    "Security/5140",
    `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList`,
  ],
  [
    "Security/5145",
    `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason`,
  ],
  [
    "Security/5156 Security/5157",
    "ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID",
  ],
  ["System/104", "SubjectUserName SubjectDomainName Data_Channel BackupPath"],
  ["System/7036", "param1 param2"],
  ["System/7040", "param1 param2 param3 param4"],
  ["System/7045", "ServiceName ImagePath ServiceType StartType AccountName"],
  ["PowerShell/4103", "ContextInfo UserData Payload"],
  ["PowerShell/4104", "MessageNumber MessageTotal ScriptBlockText ScriptBlockId Path"],
  [
    "Sysmon/1",
    `${SYSMON} Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`,
  ],
  ["Sysmon/2", `${SYSMON} Image TargetFilename CreationUtcTime PreviousCreationUtcTime User`],
  [
    "Sysmon/3",
    `${SYSMON} Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  ],
  ["Sysmon/5", `${SYSMON} Image User`],
  ["Sysmon/6", "RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus"],
  [
    "Sysmon/7",
    `${SYSMON} Image ImageLoaded FileVersion Description Product Company OriginalFileName Hashes Signed Signature SignatureStatus User`,
  ],
  [
    "Sysmon/8",
    "RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser",
  ],
  ["Sysmon/9", `${SYSMON} Image Device User`],
  [
    "Sysmon/10",
    "RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser",
  ],
  ["Sysmon/11", `${SYSMON} Image TargetFilename CreationUtcTime User`],
  ["Sysmon/12", `${REGISTRY} User`],
  ["Sysmon/13", `${REGISTRY} Details User`],
  ["Sysmon/14", `${REGISTRY} NewName User`],
  ["Sysmon/15", `${SYSMON} Image TargetFilename CreationUtcTime Hash Contents User`],
  ["Sysmon/16", "UtcTime Configuration ConfigurationFileHash"],
  ["Sysmon/17 Sysmon/18", PIPE],
  ["Sysmon/19", `${WMI} EventNamespace Name Query`],
  ["Sysmon/20", `${WMI} Name Type Destination`],
  ["Sysmon/21", `${WMI} Consumer Filter`],
  ["Sysmon/22", `${SYSMON} QueryName QueryStatus QueryResults Image User`],
  ["Sysmon/23", `${FILE} IsExecutable Archived`],
  ["Sysmon/24", `${SYSMON} Image Session ClientInfo Hashes Archived User`],
  ["Sysmon/25", `${SYSMON} Image Type User`],
  ["Sysmon/26 Sysmon/28", `${FILE} IsExecutable`],
  ["Sysmon/27 Sysmon/29", FILE],
];

/** `<log>/<event id>` → names of the data in order; log as `logOf` gives it. Later versions add at the end. */
export const INSERT_NAMES: ReadonlyMap<string, readonly string[]> = new Map(
  ROWS.flatMap(([events, names]) =>
    events.split(" ").map((event): [string, readonly string[]] => [event, names.split(" ")]),
  ),
);

// Windows 11 22H2 put a name into the middle of 4624.
const LOGON_4624_V3 = `${LOGON} RemoteCredentialGuard ${LOGON_END}`.split(" ");

/** Names of so many values of an event; undefined for events that are not known. */
export function insertNames(
  log: string,
  eventId: string,
  count: number,
): readonly string[] | undefined {
  if (eventId === "4624" && log === "Security" && count === LOGON_4624_V3.length) {
    return LOGON_4624_V3;
  }
  return INSERT_NAMES.get(`${log}/${eventId}`);
}
