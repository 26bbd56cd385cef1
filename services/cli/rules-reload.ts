// `heidewacht rules reload`: asks the service that works on the data folder to read its rules anew.
import { isAbsolute, join } from "node:path";
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { folderOwner } from "../folder-lock.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { RELOAD_MESSAGES } from "./rules-reload-messages.ts";

/** Adds the command. It sends the signal that service managers send, too. */
export function addReloadCommand(command: Command, language: CliLanguage): void {
  const text = RELOAD_MESSAGES[language];
  command
    .command("reload")
    .description(text.reload)
    .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
    .option("--data <folder>", CLI_MESSAGES[language].startData)
    .action((options: { config?: string; data?: string }) => {
      const overrides = options.data === undefined ? {} : { dataFolder: options.data };
      const { config, folder } = loadConfig(options.config, process.env, overrides);
      const { dataFolder } = config;
      const place = isAbsolute(dataFolder) ? dataFolder : join(folder, dataFolder);
      const owner = folderOwner(place);
      if (owner === undefined) {
        throw new AppError("HW_NOT_FOUND", text.notRunning, { place, mend: text.notRunningMend });
      }
      process.kill(owner, "SIGHUP");
      process.stdout.write(`${text.asked(owner)}\n`);
    });
}
