// What the report itself shows as evidence for a requirement: a closed list of facts, each with the section
// that tells it and the rule by which it is there or not. A requirement whose facts are all missing is
// printed as "kein Nachweis".
import type { ReportSections } from "./report.ts";

type Gathered = Omit<ReportSections, "controls">;

interface EvidenceRule {
  readonly section: string;
  readonly isThere: (data: Gathered) => boolean;
}

const rule = (section: string, isThere: EvidenceRule["isThere"]): EvidenceRule => ({
  section,
  isThere,
});

/** Keys that `config/report-controls.yml` may name. */
export const EVIDENCE = {
  kpi: rule("3", ({ kpi }) => kpi.tiles.some(({ value }) => value !== null)),
  kpi_targets: rule("1", ({ kpi }) => kpi.target !== null),
  incidents: rule("2", ({ situation }) => situation.incidents.rows.length > 0),
  exercises: rule("2", ({ situation }) => situation.incidents.exercises > 0),
  verdicts: rule("4", ({ situation }) => situation.findings.byVerdict.length > 0),
  time_to_verdict: rule("6", ({ response }) => response.judged.n > 0),
  tuning: rule("4", ({ detection }) => detection.rules.length > 0),
  exceptions: rule("4", ({ detection }) => detection.exceptions.rows.length > 0),
  rule_changes: rule("4", ({ detection }) => detection.ruleChanges > 0),
  coverage: rule("4", ({ detection }) => detection.state.rules > 0),
  rule_tests: rule("4", ({ detection: { ruleTests } }) => ruleTests !== null),
  source_gaps: rule("5", ({ sources: { gaps, state } }) => gaps.rows.length > 0 || state.seen > 0),
  sources: rule("5", ({ sources }) => sources.state.seen > 0),
  ndig_classes: rule(
    "5",
    ({ sources: { state } }) => state.sources.length > 0 && state.withoutClass === 0,
  ),
  clock_skew: rule("5", ({ sources: { state } }) =>
    state.sources.some(({ skewMs }) => skewMs !== null),
  ),
  paging: rule("6", ({ response }) => response.paging.byChannel.length > 0),
  duty: rule("6", ({ response }) => response.paging.duty.length > 0),
  test_pages: rule("6", ({ response }) =>
    response.paging.tests.some(({ handedOver }) => handedOver > 0),
  ),
  escalation: rule("6", ({ response }) => response.paging.byPriority.length > 0),
  legal_clocks: rule("7", ({ legal }) => legal.rows.length > 0),
  notifications: rule("7", ({ legal }) => legal.rows.some(({ sentAt }) => sentAt !== null)),
  identity_requests: rule("8", ({ privacy }) => privacy.requests.asked > 0),
  deletions: rule(
    "8",
    ({ privacy: { deletions } }) =>
      deletions.auditPayloads.n + deletions.keysDestroyed.n > 0 || deletions.events !== null,
  ),
  backups: rule("8", ({ privacy }) => privacy.exports.backups !== null),
  audit_exports: rule("8", ({ privacy }) => privacy.exports.audit !== null),
  llm_log: rule("9", ({ ai }) => ai.calls > 0),
  ai_manipulation: rule("9", ({ ai }) => ai.manipulations > 0 || ai.suspicions.length > 0),
  measures: rule(
    "11",
    ({ measures }) => measures.completed + measures.open.length + measures.notListed > 0,
  ),
  audit_chain: rule(
    "12",
    ({ integrity }) => integrity.state.head !== null && integrity.state.brokenAt === null,
  ),
  audit_anchor: rule("12", ({ integrity }) => integrity.state.anchoredOn !== null),
} as const satisfies Readonly<Record<string, EvidenceRule>>;

export type EvidenceKey = keyof typeof EVIDENCE;
// Object.keys loses that they are those of EVIDENCE.
export const EVIDENCE_KEYS = Object.keys(EVIDENCE) as EvidenceKey[];
