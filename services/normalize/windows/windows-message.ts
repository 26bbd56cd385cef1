// Reads the data of an event out of its rendered message, for senders that give nothing else (Snare, and
// Fluent Bit without StringInserts): English and German Security events, Sysmon, PowerShell. Blanks and
// line breaks count alike, because Snare writes the message on one line.
import { setField } from "../field-table.ts";
import { logOf } from "./windows-events.ts";
import { INSERT_NAMES } from "./windows-inserts.ts";

/** Longest message that is read, in UTF-16 units. */
const MESSAGE_CHARACTERS_MAX = 64 * 1024;
/** Most labels of one message. */
const LABELS_MAX = 100;

/** Adds to the record what its message says; what the record has already stays. */
export function addMessageData(
  record: Record<string, unknown>,
  channel: string,
  eventId: string,
  message: string,
): void {
  const text = message.slice(0, MESSAGE_CHARACTERS_MAX);
  const log = logOf(channel);
  const add = (name: string, value: string): void => {
    if (value !== "" && !Object.hasOwn(record, name)) setField(record, name, value);
  };
  if (log === "Security" || (log === "System" && eventId === "7045"))
    readLabels(text, eventId, add);
  else if (log === "Sysmon") readSysmon(text, eventId, add);
  else if (log === "PowerShell" && eventId === "4104") readScript(text, add);
}

type Add = (name: string, value: string) => void;

/** What the labels under a heading are about. */
type Section = "subject" | "target" | "member" | "group" | "other";

// Headings without a value of their own, English | German.
const HEADINGS: readonly (readonly [Section, string])[] = [
  ["subject", "Subject|Creator Subject|Antragsteller|Erstellersubjekt"],
  [
    "target",
    "New Logon|Neue Anmeldung|Account For Which Logon Failed|Konto, für das die Anmeldung fehlgeschlagen ist|Account Whose Credentials Were Used|Konto, dessen Anmeldeinformationen verwendet wurden|Target Account|Zielkonto|Target Subject|Zielsubjekt|New Account|Neues Konto|Account Information|Kontoinformationen|Account That Was Locked Out|Gesperrtes Konto",
  ],
  ["member", "Member|Mitglied"],
  ["group", "Group|Gruppe|New Group|Neue Gruppe"],
  [
    "other",
    "Logon Information|Anmeldeinformationen|Failure Information|Fehlerinformationen|Process Information|Prozessinformationen|Network Information|Netzwerkinformationen|Detailed Authentication Information|Detaillierte Authentifizierungsinformationen|Service Information|Dienstinformationen|Additional Information|Zusätzliche Informationen|Target Server|Zielserver|Object|Objekt|Share Information|Freigabeinformationen|Access Request Information|Zugriffsanforderungsinformationen|Task Information|Aufgabeninformationen|Attributes|Attribute",
  ],
];

/** Labels whose name hangs on the heading above them. */
const ACCOUNT_LABELS: readonly (readonly [keyof typeof ACCOUNT_NAMES, string])[] = [
  ["sid", "Security ID|Sicherheits-ID"],
  ["name", "Account Name|Kontoname|Group Name|Gruppenname"],
  ["domain", "Account Domain|Kontodomäne|Group Domain|Gruppendomäne"],
  ["logon", "Logon ID|Anmelde-ID"],
];
const ACCOUNT_NAMES = {
  sid: {
    subject: "SubjectUserSid",
    target: "TargetUserSid",
    member: "MemberSid",
    group: "TargetSid",
  },
  name: {
    subject: "SubjectUserName",
    target: "TargetUserName",
    member: "MemberName",
    group: "TargetUserName",
  },
  domain: {
    subject: "SubjectDomainName",
    target: "TargetDomainName",
    member: "",
    group: "TargetDomainName",
  },
  logon: { subject: "SubjectLogonId", target: "TargetLogonId", member: "", group: "" },
} as const;

/** Labels that mean the same everywhere. */
const LABELS: readonly (readonly [string, string])[] = [
  ["LogonType", "Logon Type|Anmeldetyp"],
  ["NewProcessId", "New Process ID|Neue Prozess-ID"],
  ["NewProcessName", "New Process Name|Neuer Prozessname"],
  ["TokenElevationType", "Token Elevation Type|Tokenerhöhungstyp"],
  ["MandatoryLabel", "Mandatory Label|Verbindliche Beschriftung"],
  ["ParentProcessName", "Creator Process Name|Erstellerprozessname"],
  ["CommandLine", "Process Command Line|Prozessbefehlszeile"],
  [
    "ProcessId",
    "Creator Process ID|Erstellerprozess-ID|Caller Process ID|Aufrufprozess-ID|Process ID|Prozess-ID",
  ],
  ["ProcessName", "Caller Process Name|Aufrufprozessname|Process Name|Prozessname"],
  [
    "WorkstationName",
    "Workstation Name|Source Workstation|Arbeitsstationsname|Quellarbeitsstation",
  ],
  [
    "IpAddress",
    "Source Network Address|Quellnetzwerkadresse|Source Address|Quelladresse|Client Address|Clientadresse|Network Address|Netzwerkadresse",
  ],
  ["IpPort", "Source Port|Quellport|Client Port|Clientport|Port"],
  ["LogonProcessName", "Logon Process|Anmeldeprozess"],
  ["AuthenticationPackageName", "Authentication Package|Authentifizierungspaket"],
  ["LogonGuid", "Logon GUID|Anmelde-GUID"],
  ["Status", "Status|Failure Code|Fehlercode|Result Code|Ergebniscode"],
  ["SubStatus", "Sub Status|Unterstatus:|Unterstatus"],
  ["FailureReason", "Failure Reason|Fehlerursache"],
  ["PrivilegeList", "Privileges|Berechtigungen"],
  ["ServiceName", "Service Name|Dienstname"],
  ["ServiceFileName", "Service File Name|Dienstdateiname"],
  ["ServiceType", "Service Type|Diensttyp"],
  ["StartType", "Service Start Type|Startart des Diensts|Starttyp des Diensts"],
  ["AccountName", "Service Account|Dienstkonto"],
  ["TicketOptions", "Ticket Options|Ticketoptionen"],
  ["TicketEncryptionType", "Ticket Encryption Type|Ticketverschlüsselungstyp"],
  ["ShareName", "Share Name|Freigabename"],
  ["ShareLocalPath", "Share Path|Freigabepfad"],
  ["RelativeTargetName", "Relative Target Name|Relativer Zielname"],
  ["ObjectServer", "Object Server|Objektserver"],
  ["ObjectType", "Object Type|Objekttyp"],
  ["ObjectName", "Object Name|Objektname"],
  ["AccessMask", "Access Mask|Zugriffsmaske"],
  ["AccessList", "Accesses|Zugriffe"],
  ["TaskName", "Task Name|Aufgabenname"],
  ["TaskContent", "Task Content|Aufgabeninhalt"],
  ["TargetServerName", "Target Server Name|Zielservername"],
  ["LmPackageName", "Package Name (NTLM only)|Paketname (nur NTLM)"],
  ["TransmittedServices", "Transited Services|Übertragene Dienste"],
  ["KeyLength", "Key Length|Schlüssellänge"],
  ["TargetOutboundUserName", "Network Account Name|Netzwerkkontoname"],
  ["TargetOutboundDomainName", "Network Account Domain|Netzwerkkontodomäne"],
  [
    "",
    "Linked Logon ID|Verknüpfte Anmelde-ID|Virtual Account|Virtuelles Konto|Elevated Token|Token mit erhöhten Rechten|Restricted Admin Mode|Eingeschränkter Administratormodus|Impersonation Level|Identitätswechselebene",
  ],
];

type Meaning =
  | { readonly section: Section }
  | { readonly account: keyof typeof ACCOUNT_NAMES }
  | { readonly name: string };

const MEANINGS = new Map<string, Meaning>();
for (const [section, words] of HEADINGS)
  for (const word of words.split("|")) MEANINGS.set(word, { section });
for (const [account, words] of ACCOUNT_LABELS) {
  for (const word of words.split("|")) MEANINGS.set(word, { account });
}
for (const [name, words] of LABELS)
  for (const word of words.split("|")) MEANINGS.set(word, { name });

const LABEL = labelPattern([...MEANINGS.keys()]);

// Behind a blank or at the start, so that `Domain Name:` is not found in `Account Domain Name:`.
function labelPattern(labels: readonly string[]): RegExp {
  const longestFirst = [...labels].sort((one, other) => other.length - one.length);
  const escaped = longestFirst.map((label) => label.replace(/[()]/g, "\\$&"));
  return new RegExp(`(?<=^|\\s)(${escaped.join("|")}):(?=\\s|$)`, "g");
}

interface Part {
  readonly label: string;
  readonly value: string;
}

/** The text cut at its labels. */
function partsOf(text: string, pattern: RegExp): Part[] {
  const found: { label: string; start: number; end: number }[] = [];
  for (const match of text.matchAll(pattern)) {
    found.push({ label: match[1] ?? "", start: match.index, end: match.index + match[0].length });
    if (found.length >= LABELS_MAX) break;
  }
  return found.map(({ label, end }, index) => {
    const value = text.slice(end, found[index + 1]?.start ?? text.length);
    return { label, value: value.trim() };
  });
}

function readLabels(text: string, eventId: string, add: Add): void {
  let section: Section = "other";
  for (const { label, value } of partsOf(text, LABEL)) {
    const meaning = MEANINGS.get(label);
    if (meaning === undefined) continue;
    // The explanation of the event stands behind an empty line, after the last value.
    const plain = value.split(/\r?\n\s*\r?\n/, 1)[0]?.trim() ?? "";
    if ("section" in meaning) section = meaning.section;
    else if ("name" in meaning) {
      if (meaning.name !== "") add(nameIn(eventId, meaning.name), plain);
    } else if (section !== "other") {
      const name = ACCOUNT_NAMES[meaning.account][section];
      const isAccountEvent = name === "TargetUserSid" && /^47[2-9]/.test(eventId);
      if (name !== "") add(isAccountEvent ? "TargetSid" : name, plain);
    } else if (meaning.account === "name") add("TargetUserName", plain);
  }
}

// The same label is another name in some events.
function nameIn(eventId: string, name: string): string {
  if (eventId === "7045" && name === "ServiceFileName") return "ImagePath";
  if (eventId === "4697" && name === "StartType") return "ServiceStartType";
  if (eventId === "4697" && name === "AccountName") return "ServiceAccount";
  return eventId === "4776" && name === "WorkstationName" ? "Workstation" : name;
}

const sysmonPatterns = new Map<string, RegExp>();

function readSysmon(text: string, eventId: string, add: Add): void {
  const names = INSERT_NAMES.get(`Sysmon/${eventId}`);
  if (names === undefined) return;
  let pattern = sysmonPatterns.get(eventId);
  if (pattern === undefined) {
    pattern = labelPattern(names);
    sysmonPatterns.set(eventId, pattern);
  }
  // Each name once: a command line may hold what looks like the next label.
  for (const { label, value } of partsOf(text, pattern)) add(label, value);
}

// Creating Scriptblock text (1 of 2): … ScriptBlock ID: … Path: …
const SCRIPT_START = /^[^\n(]{1,80}\((\d{1,5}) (?:of|von) (\d{1,5})\):\s{0,4}/;
const SCRIPT_END =
  /^Script[Bb]lock[ -]ID:\s{1,4}([0-9a-f-]{36})(?:\s{1,4}(?:Path|Pfad):\s{0,4}([^\n]{0,1000}))?/;
const SCRIPT_END_LABELS = ["ScriptBlock ID:", "ScriptBlock-ID:", "Scriptblock-ID:"];

function readScript(text: string, add: Add): void {
  const start = SCRIPT_START.exec(text.slice(0, 120));
  if (start === null) return;
  const from = Math.max(...SCRIPT_END_LABELS.map((label) => text.lastIndexOf(label)));
  const end = SCRIPT_END.exec(text.slice(Math.max(from, 0)));
  add("MessageNumber", start[1] ?? "");
  add("MessageTotal", start[2] ?? "");
  add("ScriptBlockText", text.slice(start[0].length, end === null ? undefined : from).trimEnd());
  add("ScriptBlockId", end?.[1] ?? "");
  add("Path", end?.[2]?.trim() ?? "");
}
