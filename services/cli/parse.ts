// `heidewacht parse`: which format a log has, how sure that is, and what becomes of its lines; for unknown
// lines a mapping is proposed. `parse test` proves mapping files, `--follow` reads a live source along.
import { resolve } from "node:path";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { AppError, isAppError } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { readLines } from "../ingest/file-read.ts";
import { listInputFiles } from "../ingest/input-files.ts";
import { usableMappings } from "../normalize/mapping/mapping-folder.ts";
import { EXIT } from "./exit-codes.ts";
import type { CliLanguage } from "./messages.ts";
import { followSource } from "./parse-follow.ts";
import { parseJson } from "./parse-json.ts";
import { createJudge, type Judge } from "./parse-judge.ts";
import { PARSE_MESSAGES } from "./parse-messages.ts";
import { linesToPropose, proposalFor, proposalReport, writeProposal } from "./parse-propose.ts";
import { parseReport, type ReportView } from "./parse-report.ts";
import { createTally, type Tally } from "./parse-tally.ts";
import { testMappings } from "./parse-test.ts";
import { untilStopped } from "./stop-signal.ts";
import { terminalWidth } from "./text-table.ts";

const LINE_BYTES_MAX = 4 * 1024 * 1024;
const EVENTS_USUAL = 3;
const EVENTS_MAX = 100;

interface ParseOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly events: number;
  readonly timeZone: string;
  readonly clear?: boolean;
  readonly keyFile?: string;
  readonly mappings: readonly string[];
  readonly propose?: string;
  readonly follow?: string;
}

/** Adds the commands; each writes to standard output and sets the exit code. */
export function addParseCommand(program: Command, language: CliLanguage): void {
  const text = PARSE_MESSAGES[language];
  const command = program
    .command("parse")
    .description(text.parse)
    .argument("[path...]", text.parsePath)
    .option("--json", text.json)
    .option("--format <id>", text.format)
    .option("--events <number>", text.events, eventsOf, EVENTS_USUAL)
    .option("--time-zone <name>", text.timeZone, "Europe/Berlin")
    .option("--mappings <folder>", text.mappings, (path, all: string[]) => [...all, path], [])
    .option("--propose <folder>", text.propose)
    .option("--follow <source>", text.follow)
    .option("--clear", text.clear)
    .option("--key-file <file>", text.keyFile)
    .addHelpText("after", text.help)
    .action((paths: string[], options: ParseOptions) => run(paths, options, language));
  command
    .command("test")
    .description(text.test)
    .argument("[path...]", text.testPath)
    .action((paths: string[]) => {
      const folders = paths.length > 0 ? paths : configuredFolders();
      const { report, isFailed } = testMappings(folders, language);
      process.stdout.write(report);
      if (isFailed) process.exitCode = EXIT.found;
    });
}

function eventsOf(text: string): number {
  const events = Number(text);
  if (!Number.isInteger(events) || events < 0 || events > EVENTS_MAX) {
    throw new InvalidArgumentError(`0–${EVENTS_MAX}`);
  }
  return events;
}

function configuredFolders(): readonly string[] {
  const { config, folder } = loadConfig(process.env.HEIDEWACHT_CONFIG, process.env);
  return config.mappingFolders.map((path) => resolve(folder, path));
}

async function run(
  paths: readonly string[],
  options: ParseOptions,
  language: CliLanguage,
): Promise<void> {
  const judge = judgeOf(options, language);
  const view: ReportView = {
    language,
    timeZone: options.timeZone,
    width: terminalWidth(process.stdout),
    isClear: judge.isClear,
  };
  if (options.follow !== undefined) {
    const tally = await followSource({
      source: options.follow,
      stdin: process.stdin,
      judge,
      view,
      write: (line) => process.stdout.write(line),
      stopped: untilStopped(),
    });
    process.exitCode = exitOf(tally, 0);
    return;
  }
  const text = PARSE_MESSAGES[language];
  if (paths.length === 0) throw new AppError("HW_USAGE", text.noPath, { mend: text.noPathMend });
  const tally = createTally(judge, options.events);
  const faults = await readFiles(paths, tally);
  const unknown = linesToPropose(tally, options.propose !== undefined);
  const proposal = proposalFor(unknown, tally, judge, view);
  if (options.json === true) process.stdout.write(parseJson(tally, proposal));
  else {
    process.stdout.write(parseReport(tally, view));
    if (proposal !== undefined) process.stdout.write(`\n${proposalReport(proposal, view)}\n`);
    else if (unknown.length > 0) process.stdout.write(`\n${text.noProposal}\n`);
  }
  if (proposal !== undefined && options.json !== true) {
    const end =
      options.propose === undefined
        ? text.howToKeep
        : writeProposal(proposal, options.propose, view);
    process.stdout.write(`\n${end}\n`);
  } else if (proposal !== undefined && options.propose !== undefined) {
    writeProposal(proposal, options.propose, view);
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = exitOf(tally, faults.length);
}

function judgeOf(options: ParseOptions, language: CliLanguage): Judge {
  const text = PARSE_MESSAGES[language];
  try {
    return createJudge({
      format: options.format,
      configured: usableMappings(options.mappings, language),
      timeZone: options.timeZone,
      clear: options.clear === true,
      keyFile: options.keyFile,
    });
  } catch (error) {
    if (!isAppError(error, "HW_NOT_FOUND")) throw error;
    throw new AppError("HW_NOT_FOUND", text.noFormat(error.message), {
      mend: text.noFormatMend(error.mend ?? ""),
      cause: error,
    });
  }
}

/** Reads all files; what can't be read is told at the end, the rest goes on. */
async function readFiles(paths: readonly string[], tally: Tally): Promise<string[]> {
  const input = await listInputFiles(paths);
  const faults = input.faults.map((fault) => `${fault.place ?? ""}: ${fault.message}`);
  for (const { path } of input.files) {
    tally.openFile(path);
    try {
      for await (const batch of readLines(path, { lineBytesMax: LINE_BYTES_MAX })) {
        for (const { text, line } of batch.lines) tally.take(text, line);
        faults.push(...batch.faults.map((fault) => `${fault.place ?? path}: ${fault.message}`));
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      faults.push(`${error.place ?? path}: ${error.message}`);
    }
  }
  return faults;
}

function exitOf(tally: Tally, faults: number): number {
  if (faults > 0) return EXIT.input;
  return tally.unclaimed > 0 ? EXIT.found : EXIT.ok;
}
