// `heidewacht rules …`: checking, explaining, proving and taking over rules, and whatever else about them needs
// no running service.
import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadLogSources } from "../../config/log-sources.ts";
import { LEVELS, type Level } from "../../detectors/detector.ts";
import type { RuleReading } from "../../detectors/sigma/reading.ts";
import { usableMappings } from "../normalize/mapping/mapping-folder.ts";
import { INSERT_NAMES } from "../normalize/windows/windows-inserts.ts";
import { type AttackCoverage, attackCoverage } from "../rules/attack-coverage.ts";
import { type LintFinding, SEVERITIES, type Severity } from "../rules/lint-finding.ts";
import { checkRules, type RuleCheck } from "../rules/rule-check.ts";
import { loadRuleReading } from "../rules/rule-reading.ts";
import { STARTER_PACK } from "../rules/rule-set.ts";
import { type RulePackage, readRuleFiles, readRulePackage } from "../rules/rule-source.ts";
import { EXIT } from "./exit-codes.ts";
import type { CliLanguage } from "./messages.ts";
import { addBacktestCommand } from "./rules-backtest.ts";
import { CHECK_FORMATS, type CheckFormat, checkReport, isFailed } from "./rules-check.ts";
import { coverageReport, navigatorLayer, SCORES, type Score } from "./rules-coverage.ts";
import { COVERAGE_MESSAGES } from "./rules-coverage-messages.ts";
import { explain, findEvent, findRule } from "./rules-explain.ts";
import { EXPLAIN_MESSAGES } from "./rules-explain-messages.ts";
import { EXPLAIN_FORMATS, type ExplainFormat, explainReport } from "./rules-explain-text.ts";
import { importRules } from "./rules-import.ts";
import { LIST_FORMATS, type ListFormat, listReport } from "./rules-list.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { addReloadCommand } from "./rules-reload.ts";
import { TEST_FORMATS, type TestFormat, testReport, testRules } from "./rules-test.ts";
import { type RecordOptions, recordOptions, recordTest } from "./rules-test-record.ts";
import { terminalWidth } from "./text-table.ts";

interface CheckOptions {
  readonly format: CheckFormat;
  readonly minSeverity: Severity;
  readonly strict: boolean;
  readonly all: boolean;
  readonly pipeline: string[];
}

interface ExplainOptions {
  readonly line?: number;
  readonly inputFormat?: string;
  readonly rules: string[];
  readonly mappings: string[];
  readonly pipeline: string[];
  readonly format: ExplainFormat;
}

interface TestOptions extends RecordOptions {
  readonly samples: string;
  readonly mappings: string[];
  readonly pipeline: string[];
  readonly format: TestFormat;
}

interface ListOptions {
  readonly format: ListFormat;
  readonly level?: Level;
  readonly product?: string;
  readonly pipeline: string[];
}

interface CoverageOptions {
  readonly out?: string;
  readonly score: Score;
  readonly compare: string[];
}

/** Adds the commands; each writes to standard output and sets the exit code. */
export function addRulesCommand(program: Command, language: CliLanguage): void {
  const command = program.command("rules").description(RULES_MESSAGES[language].rules);
  addCheck(command, language);
  addExplain(command, language);
  addTest(command, language);
  addBacktestCommand(command, language);
  addCoverage(command, language);
  addList(command, language);
  addImport(command, language);
  addReloadCommand(command, language);
}

function addCheck(command: Command, language: CliLanguage): void {
  const text = RULES_MESSAGES[language];
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
    .option("--pipeline <file>", text.pipeline, collect, [])
    .action(async (paths: string[], options: CheckOptions) => {
      const { format, minSeverity, strict, all, pipeline } = options;
      const check = await checkPaths(paths, language, pipeline);
      finish(
        checkReport(check, { format, minSeverity, isAll: all }, language),
        isFailed(check, strict),
      );
    });
}

function addExplain(command: Command, language: CliLanguage): void {
  const text = EXPLAIN_MESSAGES[language];
  command
    .command("explain")
    .description(text.explain)
    .argument("<rule>", text.rule)
    .argument("<event>", text.event)
    .option("--line <number>", text.line, lineNumber)
    .option("--input-format <id>", text.inputFormat)
    .option("--rules <path>", text.rules, collect, [])
    .option("--mappings <folder>", RULES_MESSAGES[language].mappings, collect, [])
    .option("--pipeline <file>", RULES_MESSAGES[language].pipeline, collect, [])
    .addOption(
      new Option("--format <form>", RULES_MESSAGES[language].format)
        .choices(EXPLAIN_FORMATS)
        .default("text"),
    )
    .action(async (wanted: string, path: string, options: ExplainOptions) => {
      const formats = usableMappings(options.mappings, language);
      const choice = { line: options.line, format: options.inputFormat, formats };
      const reading = readingOf(options.pipeline, language);
      const rule = await findRule(wanted, options.rules, reading, language);
      const event = await findEvent(path, choice, language);
      const explained = explain(rule, event, loadLogSources());
      finish(explainReport(rule, event, explained, options.format, language), false);
    });
}

function addTest(command: Command, language: CliLanguage): void {
  const text = RULES_MESSAGES[language];
  recordOptions(command.command("test"), language)
    .description(text.test)
    .argument("[path...]", text.paths)
    .requiredOption("--samples <folder>", text.samples)
    .option("--mappings <folder>", text.mappings, collect, [])
    .option("--pipeline <file>", text.pipeline, collect, [])
    .addOption(new Option("--format <form>", text.format).choices(TEST_FORMATS).default("text"))
    .action(async (paths: string[], options: TestOptions) => {
      const mapped = usableMappings(options.mappings, language);
      const check = await checkPaths(paths, language, options.pipeline);
      const result = testRules(check, options.samples, loadLogSources(), mapped);
      if (options.record) await recordTest(result, options, language);
      finish(testReport(result, options.format, language), result.isFailed);
    });
}

function addCoverage(command: Command, language: CliLanguage): void {
  const text = COVERAGE_MESSAGES[language];
  command
    .command("coverage")
    .description(text.coverage)
    .argument("[path...]", RULES_MESSAGES[language].paths)
    .option("--out <file>", text.out)
    .addOption(new Option("--score <kind>", text.score).choices(SCORES).default("rules"))
    .option("--compare <path>", text.compare, collect, [])
    .action(async (paths: string[], options: CoverageOptions) => {
      const { out, score, compare } = options;
      const coverage = await coverageOf(paths, language);
      const layer = navigatorLayer(coverage, score, language);
      if (out === "-") {
        finish(layer, false);
        return;
      }
      const other = compare.length === 0 ? undefined : await coverageOf(compare, language);
      const width = terminalWidth(process.stdout);
      finish(coverageReport(coverage, other, width, language), false);
      if (out === undefined) return;
      writeFileSync(out, layer);
      finish(`\n${text.written(out)}\n`, false);
    });
}

async function coverageOf(
  paths: readonly string[],
  language: CliLanguage,
): Promise<AttackCoverage> {
  const { rules, correlations } = await checkPaths(paths, language);
  return attackCoverage([...rules, ...correlations].map(({ info }) => info));
}

function addList(command: Command, language: CliLanguage): void {
  const text = RULES_MESSAGES[language];
  command
    .command("list")
    .description(text.list)
    .argument("[path...]", text.paths)
    .addOption(new Option("--format <form>", text.format).choices(LIST_FORMATS).default("table"))
    .addOption(new Option("--level <level>", text.level).choices(LEVELS))
    .option("--product <name>", text.product)
    .option("--pipeline <file>", text.pipeline, collect, [])
    .action(async (paths: string[], options: ListOptions) => {
      const check = await checkPaths(paths, language, options.pipeline);
      finish(listReport(check, options, options.format, language), false);
    });
}

function addImport(command: Command, language: CliLanguage): void {
  const text = RULES_MESSAGES[language];
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

function collect(path: string, all: string[]): string[] {
  return [...all, path];
}

function lineNumber(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("1, 2, 3 …");
}

/**
 * Reads and checks the paths, or the starter pack when there are none.
 * @throws AppError HW_NOT_FOUND when no rule file is there, so that a wrong path never looks clean
 */
async function checkPaths(
  paths: readonly string[],
  language: CliLanguage,
  pipelines: readonly string[] = [],
): Promise<RuleCheck> {
  const reading = readingOf(pipelines, language);
  const given = paths.length === 0 ? [STARTER_PACK] : paths;
  const found = await Promise.all(given.map((path) => readRulePackage(path)));
  requireRules(found, given.join(" "), language);
  // The pack is loaded first wherever rules are loaded.
  const beside = paths.length === 0 ? [] : await readRuleFiles(STARTER_PACK);
  const check = checkRules(
    found.flatMap(({ rules }) => rules),
    { logSources: loadLogSources(), beside, eventFields: INSERT_NAMES, reading },
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

function readingOf(pipelines: readonly string[], language: CliLanguage): RuleReading {
  return loadRuleReading({ placeholders: {}, pipelines }, (path) => path, language).reading;
}

function requireRules(found: readonly RulePackage[], place: string, language: CliLanguage): void {
  if (found.some(({ rules, faults }) => rules.length + faults.length > 0)) return;
  const text = RULES_MESSAGES[language];
  throw new AppError("HW_NOT_FOUND", text.noRules, { place, mend: text.noRulesMend });
}

function finish(report: string, isFaulty: boolean): void {
  // Whoever reads on through `head` closes the pipe when it has seen enough.
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", passClosedPipe);
  process.stdout.write(report);
  if (isFaulty) process.exitCode = EXIT.found;
}

function passClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
