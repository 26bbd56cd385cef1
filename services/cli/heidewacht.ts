#!/usr/bin/env node
// The command line. Each command is a file of its own; this one only names them and turns errors into
// messages and exit codes.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { isAppError, messageOf } from "../../config/errors.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { addAuditCommand } from "./audit.ts";
import { addBlockListsCommand } from "./block-lists.ts";
import { addConfigCommand } from "./config.ts";
import { addDemoCommand } from "./demo.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addElasticsearchAccessCommand } from "./elasticsearch-access.ts";
import { addExceptionsCommand } from "./exceptions.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { addGrafanaCommand } from "./grafana.ts";
import { setHeapFlags } from "./heap-flags.ts";
import { addIdentityCommand } from "./identity.ts";
import { addIncidentCommand } from "./incident.ts";
import { addLlmCommand } from "./llm.ts";
import { addMaintenanceCommand } from "./maintenance.ts";
import { CLI_MESSAGES, cliLanguage } from "./messages.ts";
import { addModelsCommand } from "./models.ts";
import { addPagingCommand } from "./paging.ts";
import { addParseCommand } from "./parse.ts";
import { addReplayCommand } from "./replay.ts";
import { addRulesCommand } from "./rules.ts";
import { addScanCommand } from "./scan.ts";
import { addSourcesCommand } from "./sources.ts";
import { addStartCommand } from "./start.ts";
import { addTransferCommands } from "./transfer.ts";
import { addWatchdogCommand } from "./watchdog.ts";

guardProcessRegexes();
setHeapFlags();
const language = cliLanguage(process.argv, process.env);
const text = CLI_MESSAGES[language];
const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string }; // npm guarantees a version in package.json.

const program = new Command("heidewacht")
  .description(text.program)
  .version(version, "-V, --version", text.versionOption)
  .configureHelp({ styleTitle: (title) => text.helpTitles[title] ?? title })
  .option("--lang <de|en>", text.langOption, language)
  .helpOption("-h, --help", text.helpOption)
  .helpCommand(false)
  .addHelpText("after", text.exitCodes)
  .showHelpAfterError(text.showHelp)
  .exitOverride();

addDemoCommand(program, language);
addScanCommand(program, language);
addParseCommand(program, language);
addStartCommand(program, language);
addWatchdogCommand(program, language);
addRulesCommand(program, language);
addReplayCommand(program, language);
addSourcesCommand(program, language);
addExceptionsCommand(program, language);
addMaintenanceCommand(program, language);
addBlockListsCommand(program, language);
addModelsCommand(program, language);
addPagingCommand(program, language);
addIncidentCommand(program, language);
addAuditCommand(program, language);
addDoctorCommand(program, language);
addLlmCommand(program, language);
addIdentityCommand(program, language);
addTransferCommands(program, language);
addElasticsearchAccessCommand(program, language);
addGrafanaCommand(program, language);
addConfigCommand(program, language);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof Error && "exitCode" in error && "code" in error) {
    // Commander has printed its own message; help and version are no errors.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (isAppError(error)) {
    const place = error.place === undefined ? "" : `${error.place}: `;
    process.stderr.write(`${error.code}  ${place}${error.message}\n`);
    if (error.mend !== undefined) process.stderr.write(`${text.mend}: ${error.mend}\n`);
  } else {
    process.stderr.write(`${text.internal}: ${messageOf(error)}\n`);
    if (error instanceof Error && error.stack !== undefined)
      process.stderr.write(`${error.stack}\n`);
  }
  return exitCodeOf(error);
}
