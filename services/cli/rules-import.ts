// `heidewacht rules import`: takes rules over and says what came, what did not and why, and what to do next.
import { join, resolve } from "node:path";
import { loadLogSources } from "../../config/log-sources.ts";
import type { RuleFault } from "../../detectors/sigma/rule.ts";
import type { LintCode } from "../rules/lint-finding.ts";
import {
  type ImportAction,
  type ImportPlan,
  planImport,
  writeImport,
} from "../rules/rule-import.ts";
import type { RulePackage } from "../rules/rule-source.ts";
import type { CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { faultLine, printable } from "./rules-text.ts";

const FAULTS_SHOWN_MAX = 50;
const CANNOT_FIRE: ReadonlySet<LintCode> = new Set(["logsource-unreached", "inactive"]);

/** Plans, writes unless it is a dry run, and gives the report, ending with a line break. */
export async function importRules(
  source: RulePackage,
  target: string,
  isDryRun: boolean,
  language: CliLanguage,
): Promise<string> {
  const plan = await planImport(source, target, loadLogSources());
  const unwritten = isDryRun ? [] : writeImport(plan, target);
  return importReport(plan, unwritten, target, isDryRun, language);
}

function importReport(
  plan: ImportPlan,
  unwritten: readonly RuleFault[],
  target: string,
  isDryRun: boolean,
  language: CliLanguage,
): string {
  const text = RULES_MESSAGES[language];
  const count = (action: ImportAction) => plan.files.filter((one) => one.action === action).length;
  const headline = isDryRun ? text.wouldImport : text.imported;
  const faults = [...plan.faults, ...unwritten];
  const missing = new Set(unwritten.map(({ place }) => place));
  const taken = plan.files.filter(({ path }) => !missing.has(join(target, path))).length;
  const licences = plan.licences.map(({ path }) => printable(path)).join(", ");
  const idle = plan.check.findings.filter(({ code }) => CANNOT_FIRE.has(code)).length;
  const others = plan.onlyInTarget.length;
  const lines = [
    headline(taken, target),
    `  ${text.importCounts(count("new"), count("changed"), count("same"))}`,
    `  ${text.importedRules(plan.check.rules.length)}`,
    ...(idle === 0 ? [] : [`  ${text.idle(idle)}`]),
    licences === "" ? text.noLicence : text.licences(licences),
    ...(faults.length === 0 ? [] : [text.leftOut(plan.leftOut.length, faults.length)]),
    ...faults.slice(0, FAULTS_SHOWN_MAX).map((fault) => `  ${faultLine(fault)}`),
    ...(faults.length > FAULTS_SHOWN_MAX
      ? [`  ${text.more(faults.length - FAULTS_SHOWN_MAX)}`]
      : []),
    ...(others === 0 ? [] : [text.onlyInTarget(others)]),
    "",
    text.use,
    "  detection:",
    `    ruleFolders: [${JSON.stringify(resolve(target))}]`,
  ];
  return `${lines.join("\n")}\n`;
}
