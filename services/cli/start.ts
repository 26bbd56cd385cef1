// `heidewacht start`: runs everything until it is told to stop, then finishes what it began.
import type { Command } from "commander";
import { type Logger, pino } from "pino";
import { isAppError } from "../../config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { type Running, startHeidewacht } from "../main.ts";
import { SYSTEM } from "../rule-swap.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { untilStopped } from "./stop-signal.ts";

interface StartOptions {
  readonly config?: string;
  readonly data?: string;
  readonly port?: string;
  readonly services?: string;
}

export function addStartCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  program
    .command("start")
    .description(text.start)
    .option("-c, --config <file>", text.configOption)
    .option("--data <folder>", text.startData)
    .option("--port <number>", text.startPort)
    .option("--services <names>", text.startServices)
    .action(async (options: StartOptions) => {
      const loaded = loadConfig(options.config, process.env, overridesOf(options));
      const logger = pino({ level: loaded.config.log.level, base: { service: "heidewacht" } });
      const stopped = untilStopped();
      const running = await startUnlessStopped(loaded, logger, stopped);
      if (running === undefined) {
        logger.info({ signal: await stopped }, text.stopped);
        return;
      }
      const { consoleUrl, monitoringUrl, inputUrl } = running;
      const { services } = loaded.config;
      logger.info(
        { console: consoleUrl, monitoring: monitoringUrl, input: inputUrl, services },
        consoleUrl === undefined ? text.startedServices(services) : text.started(consoleUrl),
      );
      if (running.createdKey !== undefined) logger.warn(text.keyCreated(running.createdKey));
      if (running.setupCode !== undefined) logger.warn(text.setupCode(running.setupCode));
      // What service managers send for "reload".
      process.on("SIGHUP", () => {
        void running.reloadRules(SYSTEM);
      });
      logger.info({ signal: await stopped }, text.stopping);
      await running.close();
      logger.info(text.stopped);
    });
}

/** Undefined when it was told to stop before it ran. */
async function startUnlessStopped(
  loaded: LoadedConfig,
  logger: Logger,
  stopped: Promise<unknown>,
): Promise<Running | undefined> {
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
  try {
    return await startHeidewacht(loaded, { logger, signal: stop.signal });
  } catch (error) {
    if (stop.signal.aborted && isAppError(error, "HW_CLOSED")) return undefined;
    throw error;
  }
}

function overridesOf({ data, port, services }: StartOptions): Record<string, unknown> {
  return {
    ...(data === undefined
      ? {}
      : { dataFolder: data, privacy: { masterKeyFile: `${data}/keys/master.key` } }),
    ...(services === undefined ? {} : { services: services.split(",") }),
    ...(port === undefined ? {} : { console: { port: Number(port) } }),
  };
}
