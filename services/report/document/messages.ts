// German words of the report that several sections use: names of codes, and what stands where there is
// nothing. The sentences of the sections are in section-messages.ts and evidence-messages.ts.

import type { ANNOTATION_STATES } from "../../store/annotation.ts";
import type { FINDING_STATUS, VERDICTS } from "../../store/finding.ts";
import type { IDENTITY_REASONS } from "../../store/identity.ts";
import type { KpiName, TargetState } from "../../store/kpi-target.ts";
import type { SUSPICION_KINDS } from "../../store/suspicion.ts";
import type { DetectionData } from "../collect/detection.ts";
import type { CLOCK_OUTCOMES } from "../collect/legal.ts";
import type { ReportSource } from "../context.ts";
import type { EvidenceKey } from "../evidence.ts";

export const WORDS = {
  none: "–",
  accumulatedRisk: "Risiko-Häufung",
  noRecord: "kein Nachweis",
  noData: "keine Daten",
  yes: "ja",
  no: "nein",
  entry: "Nr.",
  again: "Nachrechnen:",
  againRow: "Nachrechnen, hier die erste Zeile:",
  simulated: "simuliert",
  simulatedNote: "Enthält simulierte Daten.",
  idNote: "Kennungen sind gekürzt, soweit sie eindeutig bleiben; ganz stehen sie in der CSV-Datei.",
  csvNote: "In der CSV-Datei stehen Dauern in Sekunden und Zeiten in UTC.",
  state: (time: string) => `Stand ${time} Uhr; gilt nicht rückwirkend für den Zeitraum.`,
};

export const KPI_SHORT: Readonly<Record<KpiName, string>> = {
  corrective: "K1 Korrekturmaßnahmen",
  identification: "K2 Kompromittierung bis Identifizierung",
  recovery: "K3 Erkennung bis Behebung",
  falseAlarms: "K4 Fehlalarme je Vorfall",
  containment: "K5 vor Schaden eingedämmt",
};

export const TARGET_WORDS: Readonly<Record<TargetState, string>> = {
  met: "Ziel erreicht",
  at_risk: "Ziel gefährdet: mit den offenen Vorfällen verfehlt",
  missed: "Ziel verfehlt",
  no_value: "keine Daten",
  no_target: "kein Ziel festgelegt",
};

export const VERDICT_WORDS: Readonly<Record<(typeof VERDICTS)[number], string>> = {
  true_positive: "echt",
  benign_true_positive: "harmlos",
  false_positive: "Fehlalarm",
  duplicate: "doppelt",
  undetermined: "unentschieden",
};

export const STATUS_WORDS: Readonly<
  Record<Exclude<(typeof FINDING_STATUS)[number], "new" | "in_progress"> | "open", string>
> = {
  open: "offen",
  closed: "geschlossen",
};

export const OUTCOME_WORDS: Readonly<Record<(typeof CLOCK_OUTCOMES)[number], string>> = {
  in_time: "fristgerecht",
  late: "verspätet",
  sent: "abgegeben",
  not_required: "nicht erforderlich",
  running: "läuft",
  overdue: "überschritten",
  undated: "offen, ohne Frist",
};

export const REASON_WORDS: Readonly<Record<(typeof IDENTITY_REASONS)[number], string>> = {
  incident_response: "Vorfallsbehandlung",
  notify_person: "Benachrichtigung der Person",
  account_lock: "Sperrung des Kontos",
  legal_duty: "gesetzliche Pflicht",
  criminal_complaint: "Strafanzeige",
};

export const SOURCE_WORDS: Readonly<Record<ReportSource["state"], string>> = {
  never: "nie gemeldet",
  silent: "verstummt",
  unreadable: "nicht lesbar",
  clock: "Uhr falsch",
  learning: "wird eingelernt",
  well: "in Ordnung",
};

export const EXCEPTION_WORDS: Readonly<
  Record<DetectionData["exceptions"]["rows"][number]["state"], string>
> = {
  waiting: "wartet auf Zustimmung",
  active: "gilt",
  ending: "gilt, läuft bald ab",
  expired: "abgelaufen",
  withdrawn: "zurückgenommen",
};

export const ANNOTATION_WORDS: Readonly<Record<(typeof ANNOTATION_STATES)[number], string>> = {
  requested: "angefordert",
  proposed: "nicht entschieden",
  accepted: "angenommen",
  edited: "geändert übernommen",
  rejected: "verworfen",
};

/** What came of a call to the language model; others stand there as they are. */
export const CALL_WORDS: Readonly<Record<string, string>> = {
  verified: "geprüft und gezeigt",
  replaced: "durch die Vorlage ersetzt",
  unreachable: "nicht erreichbar",
  timeout: "Zeit überschritten",
  overloaded: "überlastet",
  server_error: "Fehler des Servers",
  refused: "abgelehnt",
  too_large: "Antwort zu groß",
  not_json: "Antwort nicht lesbar",
  truncated: "Antwort unvollständig",
  wrong_schema: "Antwort in falscher Form",
  circuit_open: "nach Ausfällen nicht gefragt",
  cancelled: "abgebrochen",
};

export const SUSPICION_WORDS: Readonly<Record<(typeof SUSPICION_KINDS)[number], string>> = {
  injection: "Manipulation",
  bias: "Ungleichbehandlung",
  error: "Fehler",
};

/** What a requirement rests on. */
export const EVIDENCE_WORDS: Readonly<Record<EvidenceKey, string>> = {
  kpi: "Kennzahlen",
  kpi_targets: "Ziele der Kennzahlen",
  incidents: "Vorfälle mit Verlauf",
  exercises: "Übungen",
  verdicts: "Bewertungen der Befunde",
  time_to_verdict: "Zeit bis zur Bewertung",
  tuning: "Fehlalarme je Regel",
  exceptions: "Ausnahmen",
  rule_changes: "Änderungen der Regeln",
  coverage: "Abdeckung von ATT&CK",
  rule_tests: "Erprobung der Regeln",
  source_gaps: "Lücken je Quelle",
  sources: "Quellen und ihr Zustand",
  ndig_classes: "NDIG-Klassen aller Quellen",
  clock_skew: "Abweichung der Uhren",
  paging: "zugestellte Alarmierungen",
  duty: "Dienstpläne",
  test_pages: "Probealarme",
  escalation: "Alarmierung nach Dringlichkeit",
  legal_clocks: "Meldefristen",
  notifications: "Meldungen",
  identity_requests: "Anträge auf Klarnamen",
  deletions: "Löschungen",
  backups: "Sicherungen",
  audit_exports: "Ausgaben des Prüfprotokolls",
  llm_log: "Protokoll der KI-Aufrufe",
  ai_manipulation: "Verdacht auf Manipulation der KI",
  measures: "Korrekturmaßnahmen",
  audit_chain: "Prüfprotokoll",
  audit_anchor: "Anker des Prüfprotokolls außerhalb",
};
