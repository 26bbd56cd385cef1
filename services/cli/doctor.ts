// `heidewacht doctor`: looks at everything that an installation needs and says what to mend. Only looks,
// unless --create asks for more.
import { isAbsolute, join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { isAppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { ALL_GROUPS } from "../bus-metrics.ts";
import { topicsOf } from "../ports.ts";
import { type Check, type Checked, faultLine, runChecks, worstOf } from "./doctor/check.ts";
import { hostChecks } from "./doctor/host-checks.ts";
import { DOCTOR_MESSAGES, type DoctorText } from "./doctor/messages.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";

const PERCENT = 100;
const MARKS = { good: "✓", warning: "!", bad: "✗" } as const;

/** Options of the command. */
export interface DoctorOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json: boolean;
  /** Seconds. */
  readonly timeout: number;
  /** Percent. */
  readonly minFree: number;
  readonly create: boolean;
}

export function addDoctorCommand(program: Command, language: CliLanguage): void {
  const text = DOCTOR_MESSAGES[language];
  const { configOption, startData } = CLI_MESSAGES[language];
  program
    .command("doctor")
    .description(text.doctor)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .option("--json", text.jsonOption, false)
    .option("--timeout <seconds>", text.timeoutOption, number, 10)
    .option("--min-free <percent>", text.freeOption, number, 15)
    .option("--create", text.createOption, false)
    .action(async (options: DoctorOptions) => {
      const checked = await doctor(options, text);
      process.stdout.write(
        options.json ? `${JSON.stringify(checked, undefined, 2)}\n` : reportOf(checked, text),
      );
      const isBad = checked.some(({ lines }) => worstOf(lines) === "bad");
      if (isBad) process.exitCode = EXIT.found;
    });
}

/** Runs all checks that fit the configuration; a faulty configuration is the only result then. */
export async function doctor(options: DoctorOptions, text: DoctorText): Promise<Checked[]> {
  let loaded: LoadedConfig;
  try {
    loaded = loadConfig(options.config, process.env, overridesOf(options));
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [{ name: text.configuration, lines: [faultLine(error)] }];
  }
  const limitMs = options.timeout * 1000;
  const good = text.configurationGood(options.config ?? "default.yml");
  const closers: (() => Promise<void>)[] = [];
  try {
    const created = options.create ? [await create(loaded, options, text)] : [];
    const checks = [
      ...hostChecks({ ...common(loaded, options, text), config: loaded.config }),
      ...(await kafka(loaded, limitMs, text)),
      ...(await elasticsearch(loaded, options, text, closers)),
    ];
    return [
      { name: text.configuration, lines: [{ outcome: "good", text: good }] },
      ...created,
      ...(await runChecks(checks, limitMs, text)),
    ];
  } finally {
    for (const close of closers) await close();
  }
}

/** What people read. */
export function reportOf(checked: readonly Checked[], text: DoctorText): string {
  const lines = checked.flatMap(({ name, lines: all }) =>
    all.flatMap((line) => [
      `${MARKS[line.outcome]} ${name}: ${line.text}`,
      ...(line.mend === undefined ? [] : [`    ${text.mend}: ${line.mend}`]),
    ]),
  );
  const all = checked.flatMap((one) => one.lines);
  const count = (outcome: keyof typeof MARKS) =>
    all.filter((line) => line.outcome === outcome).length;
  return `${lines.join("\n")}\n${text.summary(count("good"), count("warning"), count("bad"))}\n`;
}

function common({ folder }: LoadedConfig, { minFree }: DoctorOptions, text: DoctorText) {
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return { at, freeShareMin: minFree / PERCENT, now: Date.now, text };
}

async function kafka(
  { config, folder }: LoadedConfig,
  limitMs: number,
  text: DoctorText,
): Promise<Check[]> {
  if (config.bus.kind !== "kafka") return [];
  const { kafkaChecks } = await import("./doctor/kafka-checks.ts");
  const { readKafkaConnection } = await import("../kafka/connection.ts");
  const { brokers, clientId, tls, sasl, prefix, replicationFactor } = config.bus;
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  try {
    const connection = readKafkaConnection({ brokers, clientId, tls, sasl }, at, "bus");
    const tenants = config.tenants.map(({ id }) => id);
    const asked = { connection, prefix, tenants, topics: topicsOf(config), groups: ALL_GROUPS };
    return kafkaChecks({ ...asked, replicationFactor, limitMs, now: Date.now, text });
  } catch (error) {
    return [{ name: "Kafka", run: () => [faultLine(error)] }];
  }
}

async function elasticsearch(
  loaded: LoadedConfig,
  options: DoctorOptions,
  text: DoctorText,
  closers: (() => Promise<void>)[],
): Promise<Check[]> {
  const { config } = loaded;
  if (config.store.kind !== "elasticsearch") return [];
  const { elasticsearchChecks } = await import("./doctor/elasticsearch-checks.ts");
  const { openElasticsearch } = await import("../elasticsearch/connection.ts");
  const { neededPrivileges } = await import("../elasticsearch/privileges.ts");
  const parts = common(loaded, options, text);
  try {
    const nodes = new Map(
      config.store.nodes.map((url) => {
        const one = openElasticsearch({ ...config.store, nodes: [url] }, parts.at);
        closers.push(() => one.client.close());
        return [url, one];
      }),
    );
    const [elasticsearch] = nodes.values();
    if (elasticsearch === undefined) return [];
    const tenants = config.tenants.map(({ id }) => id);
    const needed = neededPrivileges(config.store.prefix);
    return elasticsearchChecks({ ...parts, nodes, elasticsearch, tenants, needed });
  } catch (error) {
    return [{ name: "Elasticsearch", run: () => [faultLine(error)] }];
  }
}

async function create(
  loaded: LoadedConfig,
  options: DoctorOptions,
  text: DoctorText,
): Promise<Checked> {
  try {
    if (loaded.config.bus.kind !== "kafka") return { name: text.creating, lines: [] };
    const { createTopics } = await import("./doctor/create-topics.ts");
    const made = await createTopics(loaded.config, common(loaded, options, text).at);
    const lines = made.map((what) => ({ outcome: "good" as const, text: text.created(what) }));
    return { name: text.creating, lines };
  } catch (error) {
    return { name: text.creating, lines: [faultLine(error)] };
  }
}

function overridesOf({ data }: DoctorOptions): Record<string, unknown> {
  if (data === undefined) return {};
  return { dataFolder: data, privacy: { masterKeyFile: `${data}/keys/master.key` } };
}

function number(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("");
}
