// `heidewacht sources list|onboard`: which log sources there are, and the way to a new one.
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { AppError, isAppError } from "../../config/errors.ts";
import { inputsSchema } from "../../config/inputs.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { NDIG_CLASSES, type NdigClass } from "../../config/ndig.ts";
import { configuredSources } from "../../config/sources.ts";
import { createSourceMonitor } from "../detect/source-monitor.ts";
import { lockFolder } from "../folder-lock.ts";
import { openEmbeddedStore } from "../store/embedded.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { askMissing, type OnboardAnswers } from "./sources-ask.ts";
import { type SeenSource, sourceRows, sourceTable } from "./sources-list.ts";
import { SOURCES_MESSAGES } from "./sources-messages.ts";
import {
  DATA_CLASSES,
  type NewSource,
  needsNetwork,
  onboard,
  SOURCE_KINDS,
  type SourceKind,
} from "./sources-onboard.ts";
import { terminalWidth } from "./text-table.ts";

interface OnboardOptions {
  readonly config?: string;
  readonly tenant?: string;
  readonly kind?: SourceKind;
  readonly source?: string;
  readonly format?: string;
  readonly timeZone?: string;
  readonly ndigClass?: string;
  readonly dataClass?: (typeof DATA_CLASSES)[number];
  readonly silenceMinutes?: number;
  readonly network?: string;
  readonly path?: string;
}

/** Adds the commands. */
export function addSourcesCommand(program: Command, language: CliLanguage): void {
  const text = SOURCES_MESSAGES[language];
  const { configOption, startData } = CLI_MESSAGES[language];
  const command = program.command("sources").description(text.sources);
  command
    .command("list")
    .description(text.list)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .option("--json", text.jsonOption, false)
    .action((options: { config?: string; data?: string; json: boolean }) =>
      listSources(options, language),
    );
  const classes = NDIG_CLASSES.map((one) => `  ${one}  ${text.ndig[one]}`).join("\n");
  command
    .command("onboard")
    .description(text.onboard)
    .option("-c, --config <file>", configOption)
    .option("--tenant <id>", text.tenantOption)
    .addOption(new Option("--kind <kind>", text.kindOption).choices(SOURCE_KINDS))
    .option("--source <name>", text.sourceOption)
    .option("--format <id>", text.formatOption)
    .option("--time-zone <name>", text.timeZoneOption)
    .addOption(
      new Option("--ndig-class <number>", text.ndigOption).choices(NDIG_CLASSES.map(String)),
    )
    .addOption(new Option("--data-class <class>", text.dataClassOption).choices(DATA_CLASSES))
    .option("--silence-minutes <number>", text.silenceOption, wholeNumber)
    .option("--network <address>", text.networkOption)
    .option("--path <path>", text.pathOption)
    .addHelpText("after", `\n${text.askNdig}:\n${classes}`)
    .action((options: OnboardOptions) => onboardSource(options, language));
}

async function listSources(
  options: { readonly config?: string; readonly data?: string; readonly json: boolean },
  language: CliLanguage,
): Promise<void> {
  const overrides = options.data === undefined ? {} : { dataFolder: options.data };
  const loaded = loadConfig(options.config, process.env, overrides);
  const seen = await seenSources(loaded);
  const rows = sourceRows(configuredSources(loaded.config.inputs), seen);
  const width = terminalWidth(process.stdout);
  const table = () => sourceTable(rows, seen !== undefined, language, width);
  process.stdout.write(options.json ? `${JSON.stringify(rows, undefined, 2)}\n` : table());
}

/** What the store remembers; undefined while the service works on it. */
async function seenSources({ config, folder }: LoadedConfig): Promise<SeenSource[] | undefined> {
  const { dataFolder } = config;
  const dataDir = isAbsolute(dataFolder) ? dataFolder : join(folder, dataFolder);
  if (!existsSync(dataDir)) return [];
  let unlock: () => void;
  try {
    unlock = lockFolder(dataDir);
  } catch (error) {
    if (isAppError(error, "HW_PLACE_TAKEN")) return undefined;
    throw error;
  }
  const store = openEmbeddedStore({ dataDir });
  try {
    const known = new Set(await store.tenants());
    const tenants = config.tenants.map(({ id }) => id).filter((id) => known.has(id));
    const now = Date.now();
    const monitor = createSourceMonitor({ store, startedAt: now, silenceMsOf: () => undefined });
    for (const tenant of tenants) await monitor.open(tenant);
    return tenants.flatMap((tenant) =>
      monitor.report(tenant, now).map((report) => ({ tenant, ...report })),
    );
  } finally {
    await store.close();
    unlock();
  }
}

async function onboardSource(options: OnboardOptions, language: CliLanguage): Promise<void> {
  const text = SOURCES_MESSAGES[language];
  const { config } = loadConfig(options.config, process.env);
  const tenants = config.tenants.map(({ id }) => id);
  const zoneOf = (tenant: string | undefined) =>
    config.tenants.find(({ id }) => id === tenant)?.timeZone ?? "Europe/Berlin";
  const [only] = tenants;
  const tenant = options.tenant ?? (tenants.length === 1 ? only : undefined);
  const given: OnboardAnswers = { ...options, tenant };
  const terminal = { input: process.stdin, output: process.stderr };
  const answers = process.stdin.isTTY
    ? await askMissing(given, tenants, zoneOf(tenant), text, terminal)
    : { ...given, timeZone: given.timeZone ?? zoneOf(tenant) };
  const source = checked(answers, options, language);
  if (!tenants.includes(source.tenant)) {
    throw new AppError("HW_USAGE", text.unknownTenant(source.tenant), {
      mend: tenants.join(", "),
    });
  }
  if (
    configuredSources(config.inputs).some(
      (one) => one.tenant === source.tenant && one.source === source.source,
    )
  ) {
    process.stderr.write(`${text.exists(source.source)}\n`);
  }
  const { yaml, key } = onboard(source, text);
  checkInputs(yaml);
  process.stdout.write(`${text.intoConfig}\n${yaml}`);
  if (key !== undefined) {
    process.stderr.write(`\n${text.keyOnce}\n  ${key.secret}\n${text.keyUse(key.id)}\n`);
  }
}

/** @throws AppError HW_USAGE naming every option that is missing */
function checked(
  answers: OnboardAnswers,
  options: OnboardOptions,
  language: CliLanguage,
): NewSource {
  const { tenant, kind, source, timeZone, network, path } = answers;
  const text = SOURCES_MESSAGES[language];
  const ndigClass = NDIG_CLASSES.find((one): one is NdigClass => String(one) === answers.ndigClass);
  const dataClass = DATA_CLASSES.find((one) => one === answers.dataClass);
  const asksNetwork = kind !== undefined && needsNetwork(kind) && network === undefined;
  const missing = [
    ...(tenant === undefined ? ["--tenant"] : []),
    ...(kind === undefined ? ["--kind"] : []),
    ...(source === undefined ? ["--source"] : []),
    ...(ndigClass === undefined ? ["--ndig-class"] : []),
    ...(asksNetwork ? ["--network"] : []),
    ...(kind === "files" && path === undefined ? ["--path"] : []),
  ];
  if (
    tenant === undefined ||
    kind === undefined ||
    source === undefined ||
    ndigClass === undefined ||
    missing.length > 0
  ) {
    throw new AppError("HW_USAGE", text.needed(missing.join(", ")), { mend: text.neededMend });
  }
  const { format, silenceMinutes } = options;
  const binding = { tenant, source, format, timeZone: timeZone ?? "Europe/Berlin" };
  return { ...binding, kind, ndigClass, dataClass, silenceMinutes, network, path };
}

// The schema of the configuration has the last word on what was answered.
function checkInputs(yaml: string): void {
  const { inputs } = z.object({ inputs: z.unknown() }).parse(parse(yaml));
  const result = inputsSchema.safeParse(inputs, { error: z.locales.de().localeError });
  if (result.success) return;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new AppError("HW_USAGE", faults.join("; "));
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("");
}
