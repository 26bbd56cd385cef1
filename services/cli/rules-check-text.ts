// The linter's findings for people: grouped by severity and code, so that thousands stay readable, then
// the dearest rules, then the sums.
import { type LintFinding, SEVERITIES, type Severity } from "../rules/lint-finding.ts";
import { COST_REASONS, LINT_MESSAGES } from "../rules/lint-messages.ts";
import type { RuleCheck } from "../rules/rule-check.ts";
import type { RuleCost } from "../rules/rule-cost.ts";
import type { CliLanguage } from "./messages.ts";
import type { SaidFinding } from "./rules-check.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { printable } from "./rules-text.ts";

/** Findings of one code that are shown unless all are asked for. */
const SHOWN_PER_CODE = 10;
const DEAREST_SHOWN = 10;
/** With fewer codes the headlines have said it already. */
const CODES_SUMMED_MIN = 6;

/** The report, ending with a line break. */
export function textReport(
  check: RuleCheck,
  findings: readonly SaidFinding[],
  isAll: boolean,
  language: CliLanguage,
): string {
  const text = RULES_MESSAGES[language];
  // Dear rules have a table of their own, which says more.
  const listed = isAll ? findings : findings.filter(({ code }) => code !== "cost-dear");
  const groups = SEVERITIES.flatMap((severity) => {
    const own = listed.filter((one) => one.severity === severity);
    return [...Map.groupBy(own, ({ code }) => code).values()].map((group) =>
      groupLines(group, isAll ? group.length : SHOWN_PER_CODE, language),
    );
  });
  const codes = codeLines(findings, language);
  const sections = [
    ...groups,
    dearestLines(check.costs, language),
    codes.length < CODES_SUMMED_MIN ? [] : [text.sums, ...codes],
    [summary(check, language)],
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** How much was looked at, and the number of findings. */
export function summary(check: RuleCheck, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const { files, rules, correlations, filters } = check;
  const sums = text.checked(files, rules.length, countBySeverity(check.findings));
  if (correlations.length + filters.length === 0) return sums;
  return `${sums}\n${text.joining(correlations.length, filters.length)}`;
}

export function countBySeverity(findings: readonly LintFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Findings of one code: what it stands for, each with its place, and what to do. */
function groupLines(
  group: readonly SaidFinding[],
  shownMax: number,
  language: CliLanguage,
): string[] {
  const text = RULES_MESSAGES[language];
  const [first] = group;
  if (first === undefined) return [];
  const { severity, code } = first;
  const count = group.length === 1 ? "" : ` (${group.length})`;
  const headline = `${text.severity[severity]}  ${code}: ${LINT_MESSAGES[language][code].title}${count}`;
  const isSameMend = group.every(({ mend }) => mend === first.mend);
  const shown = group
    .slice(0, shownMax)
    .flatMap(({ place, message, mend }) => [
      `  ${printable(place)}`,
      `      ${printable(message)}`,
      ...(isSameMend ? [] : [`      ${text.mend}: ${printable(mend)}`]),
    ]);
  const more = group.length - shownMax;
  return [
    headline,
    ...shown,
    ...(more > 0 ? [`  ${text.moreFindings(more)}`] : []),
    ...(isSameMend ? [`  ${text.mend}: ${printable(first.mend)}`] : []),
  ];
}

function codeLines(findings: readonly SaidFinding[], language: CliLanguage): string[] {
  const groups = [...Map.groupBy(findings, ({ code }) => code)];
  const width = Math.max(0, ...groups.map(([, group]) => String(group.length).length));
  return SEVERITIES.flatMap((severity) =>
    groups
      .filter(([, group]) => group[0]?.severity === severity)
      .sort(([, a], [, b]) => b.length - a.length)
      .map(
        ([code, group]) =>
          `  ${String(group.length).padStart(width)}  ${code}  (${RULES_MESSAGES[language].severity[severity]})`,
      ),
  );
}

function dearestLines(costs: readonly RuleCost[], language: CliLanguage): string[] {
  const text = RULES_MESSAGES[language];
  const dearest = costs
    .filter((cost) => cost.class !== "cheap")
    .sort((a, b) => b.score - a.score)
    .slice(0, DEAREST_SHOWN);
  if (dearest.length === 0) return [];
  const width = Math.max(...dearest.map(({ score }) => String(score).length));
  const count = (wanted: string) => costs.filter((cost) => cost.class === wanted).length;
  return [
    text.dearest(count("dear"), count("medium"), count("cheap")),
    ...dearest.flatMap(({ rule, score, reasons }) => [
      `  ${String(score).padStart(width)}  ${printable(rule.info.title)}  (${printable(rule.place)})`,
      `  ${" ".repeat(width)}  ${reasons.map((reason) => COST_REASONS[language][reason]).join("; ")}`,
    ]),
  ];
}
