// What `heidewacht rules check` prints: for people, for programs, as annotations of a GitHub workflow, or
// as SARIF.
import {
  type LintFinding,
  SEVERITIES,
  type Severity,
  severityRank,
} from "../rules/lint-finding.ts";
import { LINT_MESSAGES } from "../rules/lint-messages.ts";
import type { RuleCheck } from "../rules/rule-check.ts";
import type { CliLanguage } from "./messages.ts";
import { sarifReport } from "./rules-check-sarif.ts";
import { countBySeverity, summary, textReport } from "./rules-check-text.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { faultKind, jsonText, printable, splitPlace } from "./rules-text.ts";

export const CHECK_FORMATS = ["text", "json", "github", "sarif"] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

export interface CheckView {
  readonly format: CheckFormat;
  /** Weaker findings are left out. */
  readonly minSeverity: Severity;
  /** All findings of each code, and not only the first ones. */
  readonly isAll: boolean;
}

/** A finding in the reader's words. */
export interface SaidFinding extends LintFinding {
  readonly message: string;
  readonly mend: string;
}

/** The report, ending with a line break. */
export function checkReport(check: RuleCheck, view: CheckView, language: CliLanguage): string {
  const rankMax = severityRank(view.minSeverity);
  const findings = check.findings
    .filter(({ severity }) => severityRank(severity) <= rankMax)
    .map((finding) => said(finding, language));
  switch (view.format) {
    case "text":
      return textReport(check, findings, view.isAll, language);
    case "json":
      return jsonReport(check, findings);
    case "github":
      return githubReport(check, findings, language);
    case "sarif":
      return sarifReport(findings, language);
  }
}

/** Whether the check fails: for errors, and for warnings too when it is strict. */
export function isFailed(check: RuleCheck, isStrict: boolean): boolean {
  const rankMax = severityRank(isStrict ? "warning" : "error");
  return check.findings.some(({ severity }) => severityRank(severity) <= rankMax);
}

function said(finding: LintFinding, language: CliLanguage): SaidFinding {
  const { code, detail, other } = finding;
  const message = LINT_MESSAGES[language][code];
  const kind =
    code === "HW_RULE_INVALID" ? faultKind({ ...finding, code, message: detail }) : undefined;
  return {
    ...finding,
    message: message.text(detail, other),
    mend: kind === undefined ? message.mend(other) : RULES_MESSAGES[language].mends[kind],
  };
}

function jsonReport(check: RuleCheck, findings: readonly SaidFinding[]): string {
  const { files, rules, correlations, filters, costs } = check;
  const report = {
    files,
    rules: rules.length,
    correlations: correlations.length,
    filters: filters.length,
    counts: countBySeverity(check.findings),
    findings: findings.map(({ place, code, severity, title, message, mend }) => ({
      ...splitPlace(place),
      code,
      severity,
      title,
      message,
      mend,
    })),
    costs: costs.map(({ rule, class: costClass, score, reasons }) => ({
      ...splitPlace(rule.place),
      id: rule.info.id,
      title: rule.info.title,
      cost: costClass,
      score,
      reasons,
    })),
  };
  return jsonText(report);
}

// Format: GitHub Actions, "Workflow commands", error, warning and notice messages.
const GITHUB_KINDS = { error: "error", warning: "warning", note: "notice" } as const;

function githubReport(
  check: RuleCheck,
  findings: readonly SaidFinding[],
  language: CliLanguage,
): string {
  const ordered = SEVERITIES.flatMap((one) => findings.filter(({ severity }) => severity === one));
  return `${[...ordered.map(annotation), summary(check, language)].join("\n")}\n`;
}

function annotation({ severity, place, code, message, mend }: SaidFinding): string {
  const { file, line, column } = splitPlace(place);
  const where = line === undefined ? "" : `,line=${line},col=${column}`;
  const name = escapeData(file).replaceAll(":", "%3A").replaceAll(",", "%2C");
  const text = escapeData(printable(`${message} → ${mend}`));
  return `::${GITHUB_KINDS[severity]} file=${name}${where},title=${code}::${text}`;
}

function escapeData(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
