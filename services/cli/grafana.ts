// `heidewacht grafana setup|key`: makes what files can't provide in Grafana (an organisation for each tenant),
// and the key with which Grafana reads one tenant's figures and nothing else.
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import type { NeededPrivileges } from "../elasticsearch/privileges.ts";
import { figureReadingPrivileges } from "../elasticsearch/privileges.ts";
import { kindAlias } from "../store/elasticsearch-names.ts";
import { FIGURE_ROW_KIND } from "../store/figure-row.ts";
import { makeKey, writeKey } from "./elasticsearch-key.ts";
import { createGrafanaApi } from "./grafana-api.ts";
import { boardsFor, SOURCES } from "./grafana-boards.ts";
import { GRAFANA_MESSAGES, type GrafanaMessages } from "./grafana-messages.ts";
import { type Organisation, type Step, setUpOrganisation } from "./grafana-organisation.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { collected } from "./proposal-options.ts";
import { jsonText, printable } from "./rules-text.ts";
import { tableLines, terminalWidth } from "./text-table.ts";

/** Whoever runs Grafana's container reads the key by its group. */
const KEY_FILE_MODE = 0o640;

interface AdministratorOptions {
  readonly config?: string;
  readonly user?: string;
  readonly passwordFile?: string;
}
interface KeyOptions extends AdministratorOptions {
  readonly tenant: string;
  readonly to: string;
}
interface SetupOptions extends AdministratorOptions {
  readonly url: string;
  readonly grafanaUser: string;
  readonly grafanaPasswordFile: string;
  readonly tenant: readonly string[];
  readonly elasticsearch?: string;
  readonly prometheus?: string;
  readonly console?: string;
  readonly viewer: readonly string[];
  readonly dryRun: boolean;
  readonly renewKey: boolean;
  readonly json: boolean;
}

export function addGrafanaCommand(program: Command, language: CliLanguage): void {
  const text = GRAFANA_MESSAGES[language];
  const { configOption } = CLI_MESSAGES[language];
  const command = program.command("grafana").description(text.grafana);
  command
    .command("key")
    .description(text.key)
    .requiredOption("--tenant <id>", text.tenant)
    .requiredOption("--to <file>", text.to)
    .requiredOption("--user <name>", text.user)
    .requiredOption("--password-file <file>", text.password)
    .option("-c, --config <file>", configOption)
    .action((options: KeyOptions) => writeFigureKey(options, text));
  command
    .command("setup")
    .description(text.setup)
    .requiredOption("--url <address>", text.url)
    .requiredOption("--grafana-user <name>", text.grafanaUser)
    .requiredOption("--grafana-password-file <file>", text.grafanaPassword)
    .option("--tenant <id>", text.tenants, collected, [])
    .option("--user <name>", text.user)
    .option("--password-file <file>", text.password)
    .option("--elasticsearch <address>", text.elasticsearch)
    .option("--prometheus <address>", text.prometheus)
    .option("--console <address>", text.console)
    .option("--viewer <tenant=login>", text.viewer, collected, [])
    .option("--renew-key", text.renewKey, false)
    .option("--dry-run", text.dryRun, false)
    .option("--json", text.json, false)
    .option("-c, --config <file>", configOption)
    .action(async (options: SetupOptions) => {
      const steps = await setUp(options, text);
      const lines = options.json ? [jsonText(steps).trimEnd()] : stepLines(steps, text);
      const end = options.dryRun && !options.json ? [text.dry] : [];
      process.stdout.write(`${[...lines, ...end].join("\n")}\n`);
    });
}

async function writeFigureKey(options: KeyOptions, text: GrafanaMessages): Promise<void> {
  const { config, at } = settingsOf(options, text);
  tenantOf(config, options.tenant, text);
  const alias = figuresAlias(config, options.tenant);
  const target = at(options.to);
  if (existsSync(target) && (await mayRead(config, at, target, alias))) {
    process.stdout.write(`${text.keyKept(target, alias)}\n`);
    return;
  }
  writeKey(target, await makeFigureKey(options, text, alias), KEY_FILE_MODE);
  process.stdout.write(`${text.keyMade(target, alias)}\n`);
}

/** Whether Elasticsearch takes the key in a file for this alias. */
async function mayRead(
  config: Config,
  at: (path: string) => string,
  apiKeyFile: string,
  alias: string,
): Promise<boolean> {
  const { openElasticsearch } = await import("../elasticsearch/connection.ts");
  const { username: _user, passwordFile: _file, ...connection } = config.store;
  const { client } = openElasticsearch({ ...connection, apiKeyFile }, at);
  try {
    const index = [{ names: [alias], privileges: ["read" as const] }];
    return (await client.security.hasPrivileges({ index })).has_all_requested;
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 401) return false;
    throw error;
  } finally {
    await client.close();
  }
}

async function makeFigureKey(
  options: AdministratorOptions,
  text: GrafanaMessages,
  alias: string,
): Promise<string> {
  const { user: username, passwordFile } = options;
  if (username === undefined || passwordFile === undefined) {
    throw new AppError("HW_USAGE", text.administratorMissing, { mend: text.administratorMend });
  }
  const { config, at } = settingsOf(options, text);
  const { apiKeyFile: _, ...connection } = config.store;
  const { openElasticsearch } = await import("../elasticsearch/connection.ts");
  const { client } = openElasticsearch({ ...connection, username, passwordFile }, at);
  const rights: NeededPrivileges = figureReadingPrivileges(alias);
  try {
    return await makeKey(client, `heidewacht-grafana-${alias}`, rights);
  } finally {
    await client.close();
  }
}

async function setUp(options: SetupOptions, text: GrafanaMessages): Promise<Step[]> {
  const { config, at } = settingsOf(options, text);
  const wanted = [
    ...tenantsOf(config, options, text).map((id) => tenantOrganisation(config, id, options, text)),
    ...operationOrganisation(config, options, text),
  ];
  const password = readFileSync(at(options.grafanaPasswordFile), "utf8").trim();
  const access = { url: trimmed(options.url), user: options.grafanaUser, password };
  const api = createGrafanaApi(access, text);
  const { dryRun: isDry, renewKey: renewsKey } = options;
  const steps: Step[] = [];
  for (const one of wanted) {
    const work = { api, administrator: options.grafanaUser, isDry, renewsKey };
    steps.push(...(await setUpOrganisation(one, work)));
  }
  return steps;
}

function tenantOrganisation(
  config: Config,
  id: string,
  options: SetupOptions,
  text: GrafanaMessages,
): Organisation {
  const alias = figuresAlias(config, id);
  const { timeZone } = tenantOf(config, id, text);
  return {
    name: text.organisation(id),
    folderTitle: text.folder,
    boards: boardsFor("figures", placeOf(config, options, text, timeZone)),
    viewers: viewersOf(config, options, text).flatMap(({ tenant, login }) =>
      tenant === id ? [login] : [],
    ),
    source: {
      ...{ uid: SOURCES.figures, name: text.figures, type: "elasticsearch" },
      url: trimmed(options.elasticsearch ?? config.store.nodes[0] ?? ""),
      jsonData: { index: alias, timeField: "@timestamp", httpHeaderName1: "Authorization" },
      secret: {
        field: "httpHeaderValue1",
        make: async () => `ApiKey ${await makeFigureKey(options, text, alias)}`,
      },
    },
  };
}

/** Metrics are of the whole installation: tenants don't get to see them. */
function operationOrganisation(
  config: Config,
  options: SetupOptions,
  text: GrafanaMessages,
): Organisation[] {
  if (options.prometheus === undefined) return [];
  const timeZone = config.tenants[0]?.timeZone ?? "Europe/Berlin";
  const url = trimmed(options.prometheus);
  return [
    {
      ...{ name: text.operation, folderTitle: text.folder, viewers: [] },
      boards: boardsFor("metrics", placeOf(config, options, text, timeZone)),
      source: {
        ...{ uid: SOURCES.metrics, name: text.metrics, type: "prometheus", url },
        jsonData: { timeInterval: "15s" },
      },
    },
  ];
}

function settingsOf(options: AdministratorOptions, text: GrafanaMessages) {
  const { config, folder } = loadConfig(options.config, process.env);
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  if (config.store.kind !== "elasticsearch") {
    throw new AppError("HW_CONFIG_INVALID", text.embedded, {
      place: "store.kind",
      mend: text.embeddedMend,
    });
  }
  return { config, at };
}

function placeOf(config: Config, options: SetupOptions, text: GrafanaMessages, timeZone: string) {
  const consoleUrl = options.console ?? config.console.publicUrl;
  if (consoleUrl === undefined) {
    throw new AppError("HW_CONFIG_INVALID", text.consoleMissing, {
      place: "console.publicUrl",
      mend: text.consoleMend,
    });
  }
  return { language: config.language, timeZone, consoleUrl: trimmed(consoleUrl) };
}

function tenantsOf(config: Config, { tenant }: SetupOptions, text: GrafanaMessages): string[] {
  const asked = tenant.length > 0 ? tenant : config.tenants.map(({ id }) => id);
  return asked.map((id) => tenantOf(config, id, text).id);
}

function tenantOf(config: Config, id: string, text: GrafanaMessages) {
  const found = config.tenants.find((one) => one.id === id);
  if (found !== undefined) return found;
  const known = config.tenants.map((one) => one.id);
  throw new AppError("HW_USAGE", text.unknownTenant(id, known));
}

function viewersOf(config: Config, { viewer }: SetupOptions, text: GrafanaMessages) {
  return viewer.map((one) => {
    const [, tenant, login] = /^([^=]+)=(.+)$/.exec(one) ?? [];
    if (tenant === undefined || login === undefined) {
      throw new AppError("HW_USAGE", text.viewerUnfit(one));
    }
    return { tenant: tenantOf(config, tenant, text).id, login };
  });
}

function figuresAlias({ store }: Config, tenant: string): string {
  return kindAlias(store.prefix, FIGURE_ROW_KIND.name, tenant);
}

function trimmed(address: string): string {
  return address.replace(/\/+$/, "");
}

function stepLines(steps: readonly Step[], text: GrafanaMessages): string[] {
  const columns = text.columns.map((title) => ({ title }));
  const rows = steps.map(({ organisation, part, name, became }) => [
    ...[printable(organisation), text.parts[part], printable(name), text.became[became]],
  ]);
  return tableLines(columns, rows, terminalWidth(process.stdout));
}
