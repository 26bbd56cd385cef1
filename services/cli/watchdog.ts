// `heidewacht watchdog`: a small process of its own that pages when the service is silent. It opens neither
// store nor bus, so that nothing that stops the service stops it.
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { pino } from "pino";
import { loadOwnConfig } from "../../config/load.ts";
import { watchdogSchema } from "../../config/watchdog.ts";
import { channelFiles } from "../channels/channel-files.ts";
import { fileMemory } from "../channels/channel-memory.ts";
import { openChannel } from "../channels/open.ts";
import { startWatchdog } from "../watchdog/watchdog.ts";
import type { CliLanguage } from "./messages.ts";
import { untilStopped } from "./stop-signal.ts";
import { WATCHDOG_MESSAGES } from "./watchdog-messages.ts";

const NS_PER_MS = 1_000_000n;

export function addWatchdogCommand(program: Command, language: CliLanguage): void {
  const text = WATCHDOG_MESSAGES[language];
  program
    .command("watchdog")
    .description(text.watchdog)
    .requiredOption("-c, --config <file>", text.config)
    .action(async (options: { readonly config: string }) => {
      const { config, folder } = loadOwnConfig(options.config, watchdogSchema, text.mend);
      const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
      const logger = pino({ base: { service: "heidewacht-watchdog" } });
      const channels = new Map(
        Object.entries(config.channels).map(
          ([name, one]) => [name, openChannel(one, at, `channels.${name}`)] as const,
        ),
      );
      const authorities = new Map(
        Object.entries(config.targets).map(([name, { caFile }]) => [
          name,
          channelFiles(at, `targets.${name}`).authorities(caFile),
        ]),
      );
      const stopped = untilStopped();
      const watchdog = await startWatchdog({
        ...{ config, channels, logger },
        authoritiesOf: (target) => authorities.get(target),
        memory: fileMemory(at(config.stateFile)),
        steadyNow: () => Number(process.hrtime.bigint() / NS_PER_MS),
        now: Date.now,
      });
      const targets = Object.keys(config.targets);
      logger.info({ heartbeat: watchdog.heartbeatUrl, targets }, text.started);
      logger.info({ signal: await stopped }, text.stopping);
      await watchdog.close();
    });
}
