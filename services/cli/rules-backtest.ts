// `heidewacht rules backtest`: what rules would have found, over the archive of a data folder or over
// files. Needs no running service; a pipeline can let a rule in by its findings a day.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import cliProgress from "cli-progress";
import { type Command, InvalidArgumentError, Option } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadLogSources } from "../../config/log-sources.ts";
import { createSigmaEngine } from "../../detectors/sigma/engine.ts";
import type { BacktestResult } from "../backtest/result.ts";
import { type BacktestRules, backtestRules, withJoined } from "../backtest/rules.ts";
import { runBacktest } from "../backtest/run.ts";
import { ALONE } from "../backtest/turns.ts";
import { usableMappings } from "../normalize/mapping/mapping-folder.ts";
import { createNormalizer } from "../normalize/normalizer.ts";
import { createRecordJoiner } from "../normalize/record-joiner.ts";
import { createKeyRing } from "../privacy/keys.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { createPrivacy } from "../privacy/protect.ts";
import { loadRuleReading } from "../rules/rule-reading.ts";
import { loadRuleSet, STARTER_PACK } from "../rules/rule-set.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { BACKTEST_MESSAGES } from "./rules-backtest-messages.ts";
import {
  BACKTEST_FORMATS,
  type BacktestFormat,
  backtestReport,
  failureOf,
} from "./rules-backtest-report.ts";
import {
  archiveSource,
  type EventSource,
  fileSource,
  type TimeRange,
} from "./rules-backtest-source.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { terminalWidth } from "./text-table.ts";

const HOUR_MS = 3_600_000;
const WINDOW_HOURS_MAX = 24;
const SAMPLES_MAX = 100;
const FINDINGS_MAX = 1_000_000;
const OBSERVATIONS_MAX = 2_000_000;
/** Tenant name under which files are read. */
const FILES_TENANT = "scan";

interface BacktestCliOptions {
  readonly archive?: string;
  readonly tenant?: string;
  readonly events: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly format: BacktestFormat;
  readonly maxFindingsPerDay?: number;
  readonly expectHits: boolean;
  readonly samples: number;
  readonly windowHours: number;
  readonly timeZone: string;
  readonly inputFormat?: string;
  readonly mappings: readonly string[];
  readonly keyFile?: string;
  readonly pipeline: readonly string[];
}

/** Adds the command; it writes to standard output and sets the exit code. */
export function addBacktestCommand(rules: Command, language: CliLanguage): void {
  const text = BACKTEST_MESSAGES[language];
  const shared = CLI_MESSAGES[language];
  const gather = (value: string, all: readonly string[]) => [...all, value];
  rules
    .command("backtest")
    .description(text.command)
    .argument("[path...]", RULES_MESSAGES[language].paths)
    .option("--archive <folder>", text.archive)
    .option("--tenant <name>", text.tenant)
    .option("--events <path>", text.events, gather, [])
    .option("--from <time>", text.from)
    .option("--to <time>", text.to)
    .addOption(
      new Option("--format <form>", RULES_MESSAGES[language].format)
        .choices(BACKTEST_FORMATS)
        .default("text"),
    )
    .option("--max-findings-per-day <number>", text.maxFindings, countOf(0, FINDINGS_MAX))
    .option("--expect-hits", text.expectHits, false)
    .option("--samples <number>", text.samples, countOf(0, SAMPLES_MAX), 3)
    .option("--window-hours <number>", text.window, countOf(1, WINDOW_HOURS_MAX), 1)
    .option("--time-zone <name>", shared.scanZone, "Europe/Berlin")
    .option("--input-format <name>", shared.scanInput)
    .option("--mappings <folder>", shared.scanMappings, gather, [])
    .option("--key-file <file>", shared.scanKey)
    .option("--pipeline <file>", RULES_MESSAGES[language].pipeline, gather, [])
    .action((paths: string[], options: BacktestCliOptions) => backtest(paths, options, language));
}

function countOf(min: number, max: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (Number.isInteger(count) && count >= min && count <= max) return count;
    throw new InvalidArgumentError(`${min}–${max}`);
  };
}

async function backtest(
  paths: readonly string[],
  options: BacktestCliOptions,
  language: CliLanguage,
): Promise<void> {
  const privacy = createPrivacy(
    createKeyRing(
      options.keyFile === undefined
        ? randomBytes(32)
        : Buffer.from(readFileSync(options.keyFile, "utf8").trim(), "hex"),
    ),
  );
  const source = await openSource(options, privacy, language);
  try {
    const result = await run(paths, options, source, privacy, language);
    const bounds = { findingsPerDayMax: options.maxFindingsPerDay, mustHit: options.expectHits };
    const { damaged } = source.counts();
    const width = terminalWidth(process.stdout);
    const report = backtestReport({ result, bounds, damaged }, options.format, language, width);
    process.stdout.write(report);
    for (const { place, reason } of source.faults) process.stderr.write(`${place}: ${reason}\n`);
    const isFailed = result.rules.some((rule) => failureOf(rule, bounds, language) !== undefined);
    if (source.faults.length > 0 || damaged > 0) process.exitCode = EXIT.input;
    else if (isFailed || result.faults.length > 0) process.exitCode = EXIT.found;
  } finally {
    await source.close();
  }
}

async function run(
  paths: readonly string[],
  options: BacktestCliOptions,
  source: EventSource,
  privacy: Privacy,
  language: CliLanguage,
): Promise<BacktestResult> {
  const detection = await loadRules(paths, options.pipeline, language);
  const stop = new AbortController();
  // What was counted until then is reported; a second Ctrl-C ends the process as ever.
  const cancel = () => stop.abort();
  process.once("SIGINT", cancel);
  const bar = createBar(language);
  const { timeZone, windowHours, samples } = options;
  const result = await runBacktest(source.events(stop.signal), {
    ...{ tenant: source.tenant, isArchived: source.isArchived, privacy, timeZone },
    ...{ detection, tables: loadLogSources(), observationsMax: OBSERVATIONS_MAX },
    windowMs: windowHours * HOUR_MS,
    eventsMax: Number.POSITIVE_INFINITY,
    samplesPerRuleMax: samples,
    turns: ALONE,
    signal: stop.signal,
    shareAt: source.shareAt,
    unparsed: () => source.counts().unparsed,
    onProgress: ({ events, hits, share }) => bar.update(events, hits, share),
  });
  process.removeListener("SIGINT", cancel);
  bar.stop();
  return result;
}

/**
 * Rules that correlations join and that the paths don't have are taken from the starter pack.
 * @throws AppError HW_NOT_FOUND without any rule
 */
async function loadRules(
  paths: readonly string[],
  pipelines: readonly string[],
  language: CliLanguage,
): Promise<BacktestRules> {
  const source = { placeholders: {}, pipelines };
  const { reading } = loadRuleReading(source, (path) => path, language);
  const set = await loadRuleSet(paths.length === 0 ? [STARTER_PACK] : paths, { reading });
  if (set.rules.length + set.correlations.length + set.faults.length === 0) {
    const { noRules, noRulesMend } = RULES_MESSAGES[language];
    throw new AppError("HW_NOT_FOUND", noRules, { place: paths.join(" "), mend: noRulesMend });
  }
  const isJoining = paths.length > 0 && set.correlations.length > 0;
  const beside = isJoining ? await loadRuleSet([STARTER_PACK], { reading }) : undefined;
  const whole = withJoined(set, beside ?? set);
  const engine = createSigmaEngine({ rules: whole.rules, logSources: loadLogSources() });
  return backtestRules(whole, engine, set.faults);
}

/** @throws AppError HW_USAGE where not exactly one source is named, or times are none */
async function openSource(
  options: BacktestCliOptions,
  privacy: Privacy,
  language: CliLanguage,
): Promise<EventSource> {
  const text = BACKTEST_MESSAGES[language];
  const { archive, events, tenant, timeZone, inputFormat } = options;
  if ((archive === undefined) === (events.length === 0)) {
    throw new AppError("HW_USAGE", text.oneSource);
  }
  const range = rangeOf(options, language);
  const formats = usableMappings(options.mappings, language);
  if (archive !== undefined) return archiveSource(archive, tenant, range, formats, language);
  return fileSource(events, range, {
    ...{ tenant: FILES_TENANT, privacy, timeZone, format: inputFormat },
    normalizer: createNormalizer({ mappings: [], formats }),
    joiner: createRecordJoiner(),
    view: (event) => event,
    now: Date.now,
  });
}

function rangeOf({ from, to, timeZone }: BacktestCliOptions, language: CliLanguage): TimeRange {
  const text = BACKTEST_MESSAGES[language];
  const range = {
    from: from === undefined ? 0 : timeOf(from, timeZone, language),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : timeOf(to, timeZone, language),
  };
  if (range.to <= range.from) throw new AppError("HW_USAGE", text.reversed);
  return range;
}

/** The beginning of a day of the zone, or a time with its own zone. */
function timeOf(text: string, timeZone: string, language: CliLanguage): number {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text)
      ? Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds
      : Temporal.Instant.from(text).epochMilliseconds;
  } catch (cause) {
    throw new AppError("HW_USAGE", BACKTEST_MESSAGES[language].badTime(text), { cause });
  }
}

// On a terminal only, and on stderr, so that the output can be piped.
function createBar(language: CliLanguage) {
  const text = BACKTEST_MESSAGES[language];
  const number = new Intl.NumberFormat(text.locale);
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage} % {line}",
    ...{ stream: process.stderr, clearOnComplete: true, hideCursor: true, noTTYOutput: false },
  });
  const isShown = process.stderr.isTTY;
  if (isShown) bar.start(1, 0, { line: "" });
  return {
    update(events: number, hits: number, share: number) {
      const line = text.running(number.format(events), number.format(hits));
      if (isShown) bar.update(share, { line });
    },
    stop: () => bar.stop(),
  };
}
