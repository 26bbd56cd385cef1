// `heidewacht kpi show|months|targets|periods|publish|definitions`: asks the running API, so that the command line
// shows the same numbers as everything else.
import { type Command, Option } from "commander";
import { LEVELS } from "../../detectors/detector.ts";
import {
  kpiAnswer,
  kpiDefinitions,
  kpiMonths,
  kpiPeriods,
  kpiTargets,
  publishedAnswer,
} from "../api/kpi-schemas.ts";
import { INCIDENT_CATEGORIES } from "../store/incident.ts";
import { type ApiClientOptions, createApiClient } from "./api-client.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import { KPI_CLI_MESSAGES } from "./kpi-messages.ts";
import { figuresText, monthsText, periodsText, targetsText } from "./kpi-text.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { terminalWidth } from "./text-table.ts";

interface KpiOptions extends ApiClientOptions {
  readonly severity?: string;
  readonly category?: string;
  readonly json?: boolean;
}

/** Adds the commands. */
export function addKpiCommand(program: Command, language: CliLanguage): void {
  const text = KPI_CLI_MESSAGES[language];
  const command = program.command("kpi").description(text.kpi);
  const add = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option("--tenant <id>", API_CLIENT_MESSAGES[language].tenantOption)
      .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
      .option("--api <url>", API_CLIENT_MESSAGES[language].apiOption)
      .option("--token-file <file>", API_CLIENT_MESSAGES[language].tokenOption)
      .option("--json", text.jsonOption);
  const print = ({ json }: KpiOptions, answer: unknown, shown: () => string) =>
    process.stdout.write(json === true ? `${JSON.stringify(answer, undefined, 2)}\n` : shown());
  const width = () => terminalWidth(process.stdout);

  add("show", text.show)
    .argument("[period]", text.period)
    .addOption(new Option("--severity <level>", text.severityOption).choices(LEVELS))
    .addOption(new Option("--category <name>", text.categoryOption).choices(INCIDENT_CATEGORIES))
    .action(async (period: string | undefined, options: KpiOptions) => {
      const { severity, category } = options;
      const asked = Object.entries({ period, severity, category });
      const query = new URLSearchParams(
        asked.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      );
      const answer = await createApiClient(options, language)("GET", `/kpi?${query}`, kpiAnswer);
      print(options, answer, () => figuresText(answer, language, width()));
    });
  add("months", text.months).action(async (options: KpiOptions) => {
    const answer = await createApiClient(options, language)("GET", "/kpi/months", kpiMonths);
    print(options, answer, () => monthsText(answer, language, width()));
  });
  add("targets", text.targets).action(async (options: KpiOptions) => {
    const answer = await createApiClient(options, language)("GET", "/kpi/targets", kpiTargets);
    print(options, answer, () => targetsText(answer, language, width()));
  });
  add("periods", text.periods).action(async (options: KpiOptions) => {
    const answer = await createApiClient(options, language)("GET", "/kpi/periods", kpiPeriods);
    print(options, answer, () => periodsText(answer, language));
  });
  add("publish", text.publish)
    .argument("<period>", text.period)
    .action(async (period: string, options: KpiOptions) => {
      const ask = createApiClient(options, language);
      const answer = await ask("POST", "/kpi/periods", publishedAnswer, { period });
      print(options, answer, () => `${text.published(answer.period.name, answer.hash)}\n`);
    });
  add("definitions", text.definitions).action(async (options: KpiOptions) => {
    const ask = createApiClient(options, language);
    const answer = await ask("GET", "/kpi/definitions", kpiDefinitions);
    const { scope, names, definitions } = answer;
    const meanings = Object.entries(definitions).map(
      // Both have the same five keys.
      ([name, meaning]) => `${names[name as keyof typeof names]}\n  ${meaning}\n`,
    );
    print(options, answer, () => `${meanings.join("\n")}\n${scope}\n`);
  });
}
