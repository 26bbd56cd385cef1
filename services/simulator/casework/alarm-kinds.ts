// The detectors that speak in the past: rules of the starter pack and anomaly models, how often each has a
// finding on a working day, what its events look like, and how its findings are judged. The rates are
// assumptions about a county of the simulated size, not measured.
import type { Judgement } from "../../cases/finding-changes.ts";
import { CITIZENS, OFFICE, type Rhythm, ROUND_THE_CLOCK } from "../rhythm.ts";
import type { Place } from "./scenery.ts";

type Verdict = Judgement["verdict"];

export interface AlarmKind {
  /** Path of a rule in the starter pack. */
  readonly rule?: string;
  /** Or an anomaly model and what of it. */
  readonly model?: readonly [detector: string, kind: string, feature: string];
  readonly source: string;
  readonly place: Place;
  /** Field, value and pattern of the evidence. */
  readonly seen: readonly [field: string, value: string, pattern: string];
  /** Findings on a working day; 0: only in incidents. */
  readonly perDay: number;
  readonly rhythm: Rhythm;
  /** Of what happens on a working day, on a day off. */
  readonly offShare: number;
  /** Weights of verdicts. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Why it is wrong where it is. */
  readonly reason: NonNullable<Judgement["reason"]>;
  /** More in the bad month, and less from so many days before today on, when it was tuned. */
  readonly surge?: number;
  readonly tuned?: { readonly daysBack: number; readonly share: number };
  /** No log of the simulated day raises it: it may also happen on the days right before. */
  readonly isApart?: boolean;
}

const OFFICE_ONLY = { rhythm: OFFICE, offShare: 0.05 };
const AROUND = { rhythm: ROUND_THE_CLOCK, offShare: 0.8 };
const PUBLIC = { rhythm: CITIZENS, offShare: 0.8 };
const ONLY_IN_INCIDENTS = { perDay: 0, ...AROUND, verdicts: {}, reason: "logic" } as const;
const mostlyFalse = { false_positive: 78, benign_true_positive: 14, undetermined: 3, duplicate: 5 };
const mostlyBenign = {
  benign_true_positive: 74,
  false_positive: 20,
  undetermined: 2,
  duplicate: 4,
};
const mixed = { true_positive: 24, false_positive: 50, benign_true_positive: 14, duplicate: 12 };

export const ALARM_KINDS = {
  folder: {
    rule: "windows/execution-from-unusual-folder",
    ...{ source: "clients", place: "client", perDay: 3.1, ...OFFICE_ONLY, verdicts: mostlyFalse },
    seen: ["Image", "C:\\Users\\Public\\Fachverfahren\\Aktualisierung.exe", ":\\Users\\Public\\"],
    ...{ reason: "context_missing", surge: 2.1, tuned: { daysBack: 36, share: 0.12 } },
  },
  guessing: {
    rule: "windows/logon-guessing",
    ...{ source: "dc", place: "server", perDay: 2.1, ...OFFICE_ONLY, verdicts: mostlyFalse },
    seen: ["EventID", "4625", "4625"],
    ...{ reason: "threshold", surge: 1.3, tuned: { daysBack: 30, share: 0.35 } },
  },
  locked: {
    rule: "windows/account-locked-out",
    ...{ source: "dc", place: "server", perDay: 2.2, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["EventID", "4740", "4740"], reason: "context_missing" },
  },
  malware: {
    rule: "windows/defender-malware-found",
    ...{ source: "clients", place: "client", perDay: 0.7, ...OFFICE_ONLY },
    seen: ["EventID", "1116", "1116"],
    verdicts: { true_positive: 58, false_positive: 22, benign_true_positive: 14, duplicate: 6 },
    ...{ reason: "data", surge: 1.6 },
  },
  attachment: {
    rule: "windows/mail-program-saved-risky-file",
    ...{ source: "clients", place: "client", perDay: 0.9, ...OFFICE_ONLY, verdicts: mixed },
    seen: ["TargetFilename", "C:\\Users\\Public\\Downloads\\Bewerbung.iso", ".iso"],
    ...{ reason: "context_missing", surge: 1.8 },
  },
  localAdmin: {
    rule: "windows/local-admin-member-added",
    ...{ source: "servers", place: "client", perDay: 0.5, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["EventID", "4732", "4732"], reason: "context_missing" },
  },
  psexec: {
    rule: "windows/psexec-service-installed",
    ...{ source: "servers", place: "server", perDay: 0.4, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["ServiceName", "PSEXESVC", "PSEXESVC"], reason: "context_missing" },
  },
  remoteDesktop: {
    rule: "windows/remote-desktop-enabled",
    ...{ source: "clients", place: "client", perDay: 0.4, ...OFFICE_ONLY, verdicts: mostlyBenign },
    seen: [
      "TargetObject",
      "HKLM\\System\\CurrentControlSet\\Control\\Terminal Server\\fDenyTSConnections",
      "fDenyTSConnections",
    ],
    reason: "context_missing",
  },
  download: {
    rule: "windows/script-host-from-downloads",
    ...{ source: "clients", place: "client", perDay: 0.5, ...OFFICE_ONLY, verdicts: mixed },
    seen: ["CommandLine", "wscript.exe C:\\Users\\Public\\Downloads\\Antrag.js", "\\Downloads\\"],
    reason: "logic",
  },
  site: {
    rule: "fortigate/malicious-site-passed",
    ...{ source: "firewall", place: "client", perDay: 1.3, ...OFFICE_ONLY },
    seen: ["catdesc", "Malicious Websites", "Malicious Websites"],
    verdicts: { true_positive: 30, false_positive: 52, duplicate: 18 },
    ...{ reason: "data", surge: 1.5 },
  },
  country: {
    rule: "fortigate/vpn-login-unusual-country",
    ...{ source: "firewall", place: "edge", perDay: 0.7, ...PUBLIC },
    seen: ["remip", "203.0.113.240", "country"],
    verdicts: { benign_true_positive: 62, false_positive: 20, undetermined: 14, true_positive: 4 },
    reason: "context_missing",
  },
  inside: {
    rule: "fortigate/ips-from-inside",
    ...{ source: "firewall", place: "client", perDay: 0.3, ...AROUND, verdicts: mostlyFalse },
    ...{ seen: ["subtype", "ips", "ips"], reason: "logic" },
  },
  ssh: {
    rule: "linux/ssh-guessing",
    ...{ source: "linux", place: "web", perDay: 0.6, ...AROUND },
    seen: ["keywords", "Failed password for invalid user", "Failed password"],
    verdicts: { true_positive: 38, false_positive: 28, duplicate: 34 },
    ...{ reason: "threshold", surge: 1.4 },
  },
  guessed: {
    rule: "linux/ssh-guessed",
    ...{ source: "linux", place: "server", ...ONLY_IN_INCIDENTS },
    seen: ["keywords", "Accepted password", "Accepted password"],
  },
  sql: {
    rule: "webserver/sql-injection",
    ...{ source: "web", place: "web", perDay: 0.9, ...PUBLIC },
    seen: ["cs-uri-query", "id=1%27%20or%201=1", "or 1=1"],
    verdicts: { true_positive: 30, false_positive: 52, undetermined: 12, duplicate: 6 },
    reason: "logic",
  },
  executable: {
    rule: "mail/executable-attachment-delivered",
    ...{ source: "mail", place: "server", perDay: 0.4, ...OFFICE_ONLY, verdicts: mixed },
    ...{ seen: ["attachment.name", "Rechnung.pdf.exe", ".exe"], reason: "data", surge: 2 },
  },
  mfa: {
    rule: "azure/signin-mfa-denied",
    ...{ source: "entra", place: "cloud", perDay: 0.5, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["resultType", "500121", "500121"], reason: "context_missing", isApart: true },
  },
  deviceCode: {
    rule: "azure/signin-device-code",
    ...{ source: "entra", place: "cloud", perDay: 0.3, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["authenticationProtocol", "deviceCode", "deviceCode"], isApart: true },
    reason: "context_missing",
  },
  risk: {
    rule: "azure/signin-high-risk-success",
    ...{ source: "entra", place: "cloud", ...ONLY_IN_INCIDENTS, isApart: true },
    seen: ["riskLevelDuringSignIn", "high", "high"],
  },
  hides: {
    rule: "m365/inbox-rule-hides-mail",
    ...{ source: "m365", place: "cloud", perDay: 0.2, ...OFFICE_ONLY, verdicts: mostlyFalse },
    ...{ seen: ["Operation", "New-InboxRule", "New-InboxRule"], reason: "logic", isApart: true },
  },
  forwards: {
    rule: "m365/inbox-rule-forwarding",
    ...{ source: "m365", place: "cloud", perDay: 0.3, ...OFFICE_ONLY, verdicts: mostlyBenign },
    ...{ seen: ["Operation", "New-InboxRule", "New-InboxRule"], reason: "context_missing" },
    isApart: true,
  },
  silent: {
    rule: "heidewacht/source-silent",
    ...{ source: "heidewacht", place: "server", ...ONLY_IN_INCIDENTS, isApart: true },
    seen: ["action", "source.silent", "source.silent"],
  },
  encoded: {
    rule: "windows/powershell-encoded-download",
    ...{ source: "clients", place: "client", ...ONLY_IN_INCIDENTS },
    seen: ["CommandLine", "powershell.exe -NoP -W Hidden -EncodedCommand SQBFAFgA", "SQBFAFgA"],
  },
  shadow: {
    rule: "windows/shadow-copies-deleted",
    ...{ source: "fileserver", place: "server", ...ONLY_IN_INCIDENTS },
    seen: ["CommandLine", "vssadmin delete shadows /all /quiet", "delete shadows"],
  },
  extension: {
    rule: "windows/documents-get-foreign-extension-on-share",
    ...{ source: "fileserver", place: "server", ...ONLY_IN_INCIDENTS },
    seen: ["RelativeTargetName", "Haushalt\\Plan.xlsx.heidecrypt", ".xlsx."],
  },
  note: {
    rule: "windows/ransom-note-on-share",
    ...{ source: "fileserver", place: "server", ...ONLY_IN_INCIDENTS },
    seen: ["RelativeTargetName", "Haushalt\\HOW_TO_DECRYPT.txt", "HOW_TO_DECRYPT"],
  },
  vpnUser: {
    rule: "fortigate/vpn-user-added",
    ...{ source: "firewall", place: "edge", ...ONLY_IN_INCIDENTS },
    seen: ["cfgpath", "user.local", "user.local"],
  },
  spoofed: {
    rule: "fortigate/admin-login-jsconsole-spoofed",
    ...{ source: "firewall", place: "edge", ...ONLY_IN_INCIDENTS },
    seen: ["ui", "jsconsole(198.51.100.240)", "jsconsole"],
  },
  botnet: {
    rule: "fortigate/botnet-contact",
    ...{ source: "firewall", place: "client", ...ONLY_IN_INCIDENTS },
    seen: ["logdesc", "Botnet C&C communication", "Botnet"],
  },
  webShell: {
    rule: "linux/web-service-spawned-shell",
    ...{ source: "audit", place: "web", ...ONLY_IN_INCIDENTS },
    seen: ["comm", "sh", "sh"],
  },
  webShellAsked: {
    rule: "webserver/webshell-access",
    ...{ source: "web", place: "web", perDay: 0.1, ...PUBLIC, verdicts: mostlyFalse },
    ...{ seen: ["cs-uri-stem", "/formulare/upload/cmd.php", "/cmd.php"], reason: "logic" },
  },
  remoteTool: {
    rule: "windows/remote-access-tool-silent",
    ...{ source: "clients", place: "client", ...ONLY_IN_INCIDENTS },
    seen: ["CommandLine", "anydesk.exe --install --start-with-win --silent", "--install"],
  },
  rclone: {
    rule: "windows/rclone-exfiltration",
    ...{ source: "servers", place: "client", ...ONLY_IN_INCIDENTS },
    seen: ["CommandLine", "rclone.exe copy D:\\Bauakten ziel: --transfers 16", "rclone"],
  },
  spraying: {
    rule: "windows/password-spraying",
    ...{ source: "dc", place: "edge", ...ONLY_IN_INCIDENTS },
    seen: ["EventID", "4625", "4625"],
  },
  volume: {
    model: ["volume", "many_bytes_out", "volume.bytes_out_hour"],
    ...{ source: "firewall", place: "client", perDay: 0.5, ...OFFICE_ONLY, verdicts: mixed },
    ...{ seen: ["", "", ""], reason: "context_missing", isApart: true },
  },
  requests: {
    model: ["volume", "many_requests", "volume.requests_hour"],
    ...{ source: "web", place: "web", ...ONLY_IN_INCIDENTS, isApart: true },
    seen: ["", "", ""],
  },
  rarity: {
    model: ["rarity", "rare_process", "rarity.process"],
    ...{ source: "clients", place: "client", perDay: 0.8, ...OFFICE_ONLY, verdicts: mostlyFalse },
    ...{ seen: ["", "", ""], reason: "context_missing", isApart: true, surge: 1.8 },
    tuned: { daysBack: 33, share: 0.6 },
  },
  logons: {
    model: ["logons", "odd_hour", "logons.hour"],
    ...{ source: "dc", place: "server", perDay: 0.4, ...AROUND, verdicts: mostlyBenign },
    ...{ seen: ["", "", ""], reason: "context_missing", isApart: true },
  },
  beacon: {
    model: ["beacon", "beacon", "beacon.contacts"],
    ...{ source: "firewall", place: "client", perDay: 0.15, ...AROUND, verdicts: mixed },
    ...{ seen: ["", "", ""], reason: "data", isApart: true },
  },
} as const satisfies Readonly<Record<string, AlarmKind>>;

export type AlarmKindName = keyof typeof ALARM_KINDS;

/** All of them, under the shape that they share. */
export function alarmKinds(): readonly AlarmKind[] {
  return Object.values(ALARM_KINDS);
}
