// `heidewacht config check|show`: what the configuration says, and everything that is wrong with it.
import type { Command } from "commander";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { refusePagingFaults } from "../paging-check.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";

export function addConfigCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  const command = program.command("config").description(text.config);
  command
    .command("check")
    .description(text.configCheck)
    .option("-c, --config <file>", text.configOption)
    .action((options: { config?: string }) => {
      refusePagingFaults(loadConfig(options.config, process.env), Date.now());
      process.stdout.write(`${text.configGood(options.config ?? text.defaults)}\n`);
    });
  command
    .command("show")
    .description(text.configShow)
    .option("-c, --config <file>", text.configOption)
    .action((options: { config?: string }) => {
      process.stdout.write(stringify(loadConfig(options.config, process.env).config));
    });
}
