// What `heidewacht rules check` prints: for people, for programs, or as annotations of a GitHub workflow.
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { RuleCheck, RuleWarning } from "../rules/rule-check.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { faultKind, faultLine, printable, splitPlace } from "./rules-text.ts";

export const CHECK_FORMATS = ["text", "json", "github"] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** The report, ending with a line break. Faults come first, then warnings, then the sums. */
export function checkReport(check: RuleCheck, format: CheckFormat, language: CliLanguage): string {
  switch (format) {
    case "text":
      return textReport(check, language);
    case "json":
      return jsonReport(check, language);
    case "github":
      return githubReport(check, language);
  }
}

function textReport(check: RuleCheck, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const faults = check.faults.flatMap((fault) => {
    const mend = mendOf(fault, language);
    return mend === undefined
      ? [faultLine(fault)]
      : [faultLine(fault), `    ${text.mend}: ${mend}`];
  });
  const warnings = check.warnings.map(
    (warning) =>
      `${printable(warning.place)}  ${warning.code}  ${printable(warningText(warning, language))}`,
  );
  const parts = [faults, warnings, [summary(check, language)]].filter((part) => part.length > 0);
  return `${parts.map((part) => part.join("\n")).join("\n\n")}\n`;
}

function summary(check: RuleCheck, language: CliLanguage): string {
  const text = RULES_MESSAGES[language];
  const { files, rules, faults, warnings, correlations, filters } = check;
  const sums = text.checked(files, rules.length, faults.length, warnings.length);
  if (correlations.length + filters.length === 0) return sums;
  return `${sums}\n${text.joining(correlations.length, filters.length)}`;
}

function jsonReport(check: RuleCheck, language: CliLanguage): string {
  const report = {
    files: check.files,
    rules: check.rules.length,
    correlations: check.correlations.length,
    filters: check.filters.length,
    faults: check.faults.map((fault) => ({
      ...splitPlace(fault.place),
      code: fault.code,
      title: fault.title,
      message: fault.message,
      mend: mendOf(fault, language),
    })),
    warnings: check.warnings.map((warning) => ({
      ...splitPlace(warning.place),
      code: warning.code,
      title: warning.title,
      message: warningText(warning, language),
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

// Format: GitHub Actions, "Workflow commands", error and warning messages.
function githubReport(check: RuleCheck, language: CliLanguage): string {
  const faults = check.faults.map((fault) =>
    annotation("error", fault.place, fault.code, fault.message),
  );
  const warnings = check.warnings.map((warning) =>
    annotation("warning", warning.place, warning.code, warningText(warning, language)),
  );
  return `${[...faults, ...warnings, summary(check, language)].join("\n")}\n`;
}

function annotation(
  kind: "error" | "warning",
  place: string,
  title: string,
  message: string,
): string {
  const { file, line, column } = splitPlace(place);
  const where = line === undefined ? "" : `,line=${line},col=${column}`;
  const name = escapeData(file).replaceAll(":", "%3A").replaceAll(",", "%2C");
  return `::${kind} file=${name}${where},title=${title}::${escapeData(printable(message))}`;
}

function escapeData(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function mendOf(fault: RuleFault, language: CliLanguage): string | undefined {
  const kind = faultKind(fault);
  return kind === undefined ? undefined : RULES_MESSAGES[language].mends[kind];
}

function warningText({ code, detail }: RuleWarning, language: CliLanguage): string {
  return RULES_MESSAGES[language].warning[code](detail);
}
