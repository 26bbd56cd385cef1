// `heidewacht rules check|list|test|backtest|import`: everything about rules that needs no running service.
import { type Command, Option } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadLogSources } from "../../config/log-sources.ts";
import { LEVELS, type Level } from "../../detectors/detector.ts";
import { usableMappings } from "../normalize/mapping/mapping-folder.ts";
import { INSERT_NAMES } from "../normalize/windows/windows-inserts.ts";
import { type LintFinding, SEVERITIES, type Severity } from "../rules/lint-finding.ts";
import { checkRules, type RuleCheck } from "../rules/rule-check.ts";
import { STARTER_PACK } from "../rules/rule-set.ts";
import { type RulePackage, readRuleFiles, readRulePackage } from "../rules/rule-source.ts";
import { EXIT } from "./exit-codes.ts";
import type { CliLanguage } from "./messages.ts";
import { addBacktestCommand } from "./rules-backtest.ts";
import { CHECK_FORMATS, type CheckFormat, checkReport, isFailed } from "./rules-check.ts";
import { importRules } from "./rules-import.ts";
import { LIST_FORMATS, type ListFormat, listReport } from "./rules-list.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { testReport, testRules } from "./rules-test.ts";

interface CheckOptions {
  readonly format: CheckFormat;
  readonly minSeverity: Severity;
  readonly strict: boolean;
  readonly all: boolean;
}

/** Adds the commands; each writes to standard output and sets the exit code. */
export function addRulesCommand(program: Command, language: CliLanguage): void {
  const text = RULES_MESSAGES[language];
  const command = program.command("rules").description(text.rules);
  command
    .command("check")
    .description(text.check)
    .argument("[path...]", text.paths)
    .addOption(new Option("--format <form>", text.format).choices(CHECK_FORMATS).default("text"))
    .addOption(
      new Option("--min-severity <severity>", text.minSeverity).choices(SEVERITIES).default("note"),
    )
    .option("--strict", text.strict, false)
    .option("--all", text.all, false)
    .action(async (paths: string[], options: CheckOptions) => {
      const { format, minSeverity, strict, all } = options;
      const check = await checkPaths(paths, language);
      finish(
        checkReport(check, { format, minSeverity, isAll: all }, language),
        isFailed(check, strict),
      );
    });
  command
    .command("list")
    .description(text.list)
    .argument("[path...]", text.paths)
    .addOption(new Option("--format <form>", text.format).choices(LIST_FORMATS).default("table"))
    .addOption(new Option("--level <level>", text.level).choices(LEVELS))
    .option("--product <name>", text.product)
    .action(
      async (paths: string[], options: { format: ListFormat; level?: Level; product?: string }) => {
        const check = await checkPaths(paths, language);
        finish(listReport(check, options, options.format, language), false);
      },
    );
  command
    .command("test")
    .description(text.test)
    .argument("[path...]", text.paths)
    .requiredOption("--samples <folder>", text.samples)
    .option("--mappings <folder>", text.mappings, (path, all: string[]) => [...all, path], [])
    .action(async (paths: string[], options: { samples: string; mappings: string[] }) => {
      const mapped = usableMappings(options.mappings, language);
      const check = await checkPaths(paths, language);
      const result = testRules(check, options.samples, loadLogSources(), mapped);
      finish(testReport(result, language), result.isFailed);
    });
  addBacktestCommand(command, language);
  command
    .command("import")
    .description(text.import)
    .argument("<source>", text.source)
    .requiredOption("--into <folder>", text.into)
    .option("--dry-run", text.dryRun, false)
    .action(async (source: string, options: { into: string; dryRun: boolean }) => {
      const found = await readRulePackage(source);
      requireRules([found], source, language);
      process.stdout.write(await importRules(found, options.into, options.dryRun, language));
    });
}

/**
 * Reads and checks the paths, or the starter pack when there are none.
 * @throws AppError HW_NOT_FOUND when no rule file is there, so that a wrong path never looks clean
 */
async function checkPaths(paths: readonly string[], language: CliLanguage): Promise<RuleCheck> {
  const given = paths.length === 0 ? [STARTER_PACK] : paths;
  const found = await Promise.all(given.map((path) => readRulePackage(path)));
  requireRules(found, given.join(" "), language);
  // The pack is loaded first wherever rules are loaded.
  const beside = paths.length === 0 ? [] : await readRuleFiles(STARTER_PACK);
  const check = checkRules(
    found.flatMap(({ rules }) => rules),
    { logSources: loadLogSources(), beside, eventFields: INSERT_NAMES },
  );
  const unread = found.flatMap(({ faults }) => faults);
  const findings = unread.map(({ code, place, title, message }): LintFinding => {
    return { code, severity: "error", place, title, detail: message, other: "" };
  });
  return {
    ...check,
    faults: [...unread, ...check.faults],
    findings: [...findings, ...check.findings],
  };
}

function requireRules(found: readonly RulePackage[], place: string, language: CliLanguage): void {
  if (found.some(({ rules, faults }) => rules.length + faults.length > 0)) return;
  const text = RULES_MESSAGES[language];
  throw new AppError("HW_NOT_FOUND", text.noRules, { place, mend: text.noRulesMend });
}

function finish(report: string, isFaulty: boolean): void {
  process.stdout.write(report);
  if (isFaulty) process.exitCode = EXIT.found;
}
