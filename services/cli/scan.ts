// `heidewacht scan PATH…`: searches log files and folders and prints findings.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import cliProgress from "cli-progress";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Multiline } from "../../config/inputs.ts";
import { LEVELS, type Level } from "../../detectors/detector.ts";
import { listInputFiles } from "../ingest/input-files.ts";
import { STARTER_PACK } from "../rules/rule-set.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { REPORT_MESSAGES } from "./report-messages.ts";
import { formatScan, SCAN_FORMATS, type ScanFormat } from "./scan-output.ts";
import { runScan } from "./scan-run.ts";
import type { ScanSummary } from "./scan-summary.ts";

const JOBS_MAX = 64;
const MIB = 1024 * 1024;

interface ScanOptions {
  readonly format: ScanFormat;
  readonly hits?: boolean;
  readonly rules: readonly string[];
  readonly pack: boolean;
  readonly minSeverity?: Level;
  readonly jobs: number;
  readonly inputFormat?: string;
  readonly mappings: readonly string[];
  readonly pipeline: readonly string[];
  readonly multiline: Multiline;
  readonly timeZone: string;
  readonly keyFile?: string;
}

export function addScanCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  program
    .command("scan")
    .description(text.scan)
    .argument("<path...>", text.scanPath)
    .addOption(
      new Option("--format <name>", text.scanFormat).choices(SCAN_FORMATS).default("table"),
    )
    .option("--hits", text.scanHits)
    .option("--rules <path>", text.scanRules, (path, all: string[]) => [...all, path], [])
    .option("--no-pack", text.scanNoPack)
    .addOption(new Option("--min-severity <level>", text.scanLevel).choices(LEVELS))
    .option("--jobs <number>", text.scanJobs, jobsOf, 1)
    .option("--input-format <name>", text.scanInput)
    .option("--mappings <folder>", text.scanMappings, (path, all: string[]) => [...all, path], [])
    .option("--pipeline <file>", text.scanPipeline, (path, all: string[]) => [...all, path], [])
    .addOption(
      new Option("--multiline <how>", text.scanMultiline)
        .choices(["none", "indent"])
        .default("none"),
    )
    .option("--time-zone <name>", text.scanZone, "Europe/Berlin")
    .option("--key-file <file>", text.scanKey)
    .action((paths: string[], options: ScanOptions) => scan(paths, options, language));
}

function jobsOf(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > JOBS_MAX) {
    throw new InvalidArgumentError(`1–${JOBS_MAX}`);
  }
  return jobs;
}

async function scan(paths: string[], options: ScanOptions, language: CliLanguage): Promise<void> {
  const input = await listInputFiles(paths);
  const bar = createBar(language, input.bytesTotal);
  const write = (line: string) => process.stdout.write(line);
  const summary = await runScan({
    settings: {
      rulePaths: [...(options.pack ? [STARTER_PACK] : []), ...options.rules],
      // Whoever counts hits wants all of them; an analyst does not want every hint.
      minLevel: options.minSeverity ?? (options.hits === true ? "informational" : "low"),
      timeZone: options.timeZone,
      key:
        options.keyFile === undefined
          ? randomBytes(32).toString("hex")
          : readFileSync(options.keyFile, "utf8").trim(),
      format: options.inputFormat,
      multiline: options.multiline,
      mappings: { paths: options.mappings, language },
      pipelines: { paths: options.pipeline, language },
      hitsOnly: options.hits === true,
    },
    files: input.files,
    jobs: options.jobs,
    language,
    onHit: (hit) => {
      if (options.hits === true) {
        const { rule, file, line, event } = hit;
        write(`${JSON.stringify({ rule_id: rule, file, line, event_id: event })}\n`);
      }
    },
    onProgress: bar.update,
  });
  bar.stop();
  if (options.hits !== true) {
    write(formatScan(summary, options.format, language, options.timeZone, Date.now()));
  }
  const unread = [
    ...input.faults.map((fault) => ({ place: fault.place ?? "", reason: fault.message })),
    ...summary.faults,
  ];
  for (const fault of unread) process.stderr.write(`${fault.place}: ${fault.reason}\n`);
  process.exitCode = exitOf(summary, unread.length);
}

function exitOf(summary: ScanSummary, unread: number): number {
  if (unread > 0) return EXIT.input;
  return summary.hits > 0 ? EXIT.found : EXIT.ok;
}

// On a terminal only, and on stderr, so that the output can be piped.
function createBar(language: CliLanguage, bytesTotal: number) {
  const text = REPORT_MESSAGES[language];
  const number = new Intl.NumberFormat(text.locale, { maximumFractionDigits: 1 });
  const startedAt = Date.now();
  const bar = new cliProgress.SingleBar({
    format: "{bar} {line}",
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  const shown = process.stderr.isTTY;
  if (shown) bar.start(Math.max(1, bytesTotal), 0, { line: "" });
  return {
    update(bytesDone: number, events: number) {
      if (!shown) return;
      const seconds = Math.max(0.001, (Date.now() - startedAt) / 1000);
      const rest = ((bytesTotal - bytesDone) / Math.max(1, bytesDone)) * seconds;
      const share = `${number.format((bytesDone / Math.max(1, bytesTotal)) * 100)} %`;
      const rate = `${number.format(events / seconds)}/s, ${number.format(bytesDone / MIB / seconds)} MiB/s`;
      bar.update(bytesDone, { line: text.scanning(share, rate, `${number.format(rest)} s`) });
    },
    stop: () => bar.stop(),
  };
}
