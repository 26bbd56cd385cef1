// `heidewacht report [create]|show|list|verify`: asks the running API for reports, as the console does, and
// writes their files into a folder.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Command, type CommandOptions, Option } from "commander";
import { AppError, isAppError } from "../../config/errors.ts";
import {
  REPORT_FILE_EXTRACTS,
  type ReportAnswer,
  type ReportFileForm,
  reportAnswer,
  reportDataAnswer,
  reportList,
  verificationAnswer,
} from "../api/report-schemas.ts";
import { type ApiClientOptions, createApiClient, createApiDownload } from "./api-client.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import { EXIT } from "./exit-codes.ts";
import { ISB_REPORT_MESSAGES } from "./isb-report-messages.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { tableLines, terminalWidth } from "./text-table.ts";

const FILE_FORMS: readonly ReportFileForm[] = ["json", "html", "pdf-a", "pdf-ua", "csv", "dms"];
const EXTRACT_FORMS: readonly ReportFileForm[] = ["html", "pdf-a", "pdf-ua"];
const DIFFERENCES_SHOWN_MAX = 20;

interface ReportOptions extends ApiClientOptions {
  readonly json?: boolean;
}

interface CreateOptions extends ReportOptions {
  readonly period: string;
  readonly out?: string;
  readonly draft?: boolean;
  readonly extract: (typeof REPORT_FILE_EXTRACTS)[number];
}

interface ShowOptions extends ReportOptions {
  readonly section?: string;
  readonly report?: string;
}

/** Adds the commands. */
export function addReportCommand(program: Command, language: CliLanguage): void {
  const text = ISB_REPORT_MESSAGES[language];
  const command = program.command("report").description(text.report).usage(text.usage);
  const add = (name: string, description: string, options: CommandOptions = {}) =>
    command
      .command(name, options)
      .description(description)
      .option("--tenant <id>", API_CLIENT_MESSAGES[language].tenantOption)
      .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
      .option("--api <url>", API_CLIENT_MESSAGES[language].apiOption)
      .option("--token-file <file>", API_CLIENT_MESSAGES[language].tokenOption);

  // `heidewacht report --period 2026-Q4` is what it is for.
  add("create", text.create, { isDefault: true })
    .requiredOption("--period <period>", text.periodOption)
    .option("--out <folder>", text.outOption)
    .option("--draft", text.draftOption)
    .addOption(
      new Option("--extract <name>", text.extractOption)
        .choices(REPORT_FILE_EXTRACTS)
        .default("full"),
    )
    .action((options: CreateOptions) => create(options, language));
  add("show", text.show)
    .argument("[period]", text.periodOption)
    .option("--section <number>", text.sectionOption)
    .option("--report <number>", text.sequenceOption)
    .action((period: string | undefined, options: ShowOptions) => show(period, options, language));
  add("list", text.list)
    .option("--json", text.jsonOption)
    .action((options: ReportOptions) => list(options, language));
  add("verify", text.verify)
    .option("--json", text.jsonOption)
    .action((options: ReportOptions) => verify(options, language));
}

async function create(options: CreateOptions, language: CliLanguage): Promise<void> {
  const { period, tenant, draft, out, extract } = options;
  const text = ISB_REPORT_MESSAGES[language];
  if (draft === true && out === undefined) {
    throw new AppError("HW_USAGE", text.outMissing, { mend: text.outMend });
  }
  const path = draft === true ? undefined : await publish(options, language);
  if (out === undefined) return;
  const download = createApiDownload(options, language);
  await mkdir(out, { recursive: true });
  for (const form of extract === "full" ? FILE_FORMS : EXTRACT_FORMS) {
    const file = await download(
      path === undefined
        ? `/reports/draft/files/${form}?${query({ period, tenant, extract })}`
        : `${path}/files/${form}?${query({ extract })}`,
    );
    const target = join(out, file.name);
    await writeFile(target, file.content);
    print(text.written(target));
  }
}

/** @returns the report's path; where nothing has changed, that of the last revision */
async function publish(
  { period, tenant, ...options }: CreateOptions,
  language: CliLanguage,
): Promise<string> {
  const text = ISB_REPORT_MESSAGES[language];
  const ask = createApiClient(options, language);
  try {
    const body = { period, ...(tenant === undefined ? {} : { tenant }) };
    const published = await ask("POST", "/reports", reportAnswer, body);
    print(text.published(published.period.name, published.revision, published.hash));
    for (const line of differenceLines(published, language)) print(line);
    return `/reports/${published.sequence}`;
  } catch (error) {
    if (!isAppError(error, "HW_EXISTS")) throw error;
    const { reports } = await ask("GET", "/reports", reportList);
    const latest = reports.find((one) => one.period.name === period && one.isLatest);
    if (latest === undefined) throw error;
    print(text.unchanged(period, latest.revision));
    return `/reports/${latest.sequence}`;
  }
}

function differenceLines(
  { differences, differencesLeftOut }: ReportAnswer,
  language: CliLanguage,
): string[] {
  const text = ISB_REPORT_MESSAGES[language];
  const shown = differences.slice(0, DIFFERENCES_SHOWN_MAX);
  const rest = differences.length - shown.length + differencesLeftOut;
  return [
    ...shown.map(({ figure, before, now }) => text.changed(figure, String(before), String(now))),
    ...(rest === 0 ? [] : [text.more(rest)]),
  ];
}

async function show(
  period: string | undefined,
  { tenant, section, report, ...options }: ShowOptions,
  language: CliLanguage,
): Promise<void> {
  const text = ISB_REPORT_MESSAGES[language];
  if ((period === undefined) === (report === undefined)) {
    throw new AppError("HW_USAGE", text.whatMissing);
  }
  const path =
    report === undefined
      ? `/reports/draft?${query({ period, tenant, section })}`
      : `/reports/${encodeURIComponent(report)}/data?${query({ section })}`;
  const { data } = await createApiClient(options, language)("GET", path, reportDataAnswer);
  print(JSON.stringify(data, undefined, 2));
}

async function list({ tenant, json, ...options }: ReportOptions, language: CliLanguage) {
  const text = ISB_REPORT_MESSAGES[language];
  const ask = createApiClient(options, language);
  const answer = await ask("GET", `/reports?${query({ tenant })}`, reportList);
  if (json === true) return print(JSON.stringify(answer, undefined, 2));
  if (answer.reports.length === 0) return print(text.none);
  const { columns } = text;
  const titles = [
    columns.number,
    columns.period,
    columns.revision,
    columns.publishedAt,
    columns.changes,
    columns.hash,
  ].map((title) => ({ title }));
  const rows = answer.reports.map((one) => [
    ...[String(one.sequence), one.period.name, String(one.revision)],
    new Date(one.publishedAt).toISOString().slice(0, 16),
    ...[String(one.changes), one.hash],
  ]);
  for (const line of tableLines(titles, rows, terminalWidth(process.stdout))) print(line);
}

async function verify({ tenant, json, ...options }: ReportOptions, language: CliLanguage) {
  const text = ISB_REPORT_MESSAGES[language];
  const ask = createApiClient(options, language);
  const path = `/reports/verification?${query({ tenant })}`;
  const answer = await ask("GET", path, verificationAnswer);
  if (!answer.isIntact) process.exitCode = EXIT.found;
  if (json === true) return print(JSON.stringify(answer, undefined, 2));
  for (const { sequence, period, revision, hash, fault } of answer.reports) {
    const state = fault === undefined ? text.intact : text.faults[fault];
    print(`${sequence}  ${period}  ${text.columns.revision} ${revision}  ${hash}  ${state}`);
  }
  print(answer.isIntact ? text.allIntact(answer.reports.length) : text.notIntact);
}

/** Without what is not given. */
function query(asked: Readonly<Record<string, string | undefined>>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
