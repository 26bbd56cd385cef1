// The program with all its commands, each a file of its own, before anything is read from the command line.
import { Command } from "commander";
import { addAuditCommand } from "./audit.ts";
import { addBlockListsCommand } from "./block-lists.ts";
import { addConfigCommand } from "./config.ts";
import { addDemoCommand } from "./demo.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addElasticsearchAccessCommand } from "./elasticsearch-access.ts";
import { addExceptionsCommand } from "./exceptions.ts";
import { addGrafanaCommand } from "./grafana.ts";
import { addIdentityCommand } from "./identity.ts";
import { addIncidentCommand } from "./incident.ts";
import { addReportCommand } from "./isb-report.ts";
import { addKpiCommand } from "./kpi.ts";
import { addLlmCommand } from "./llm.ts";
import { addMaintenanceCommand } from "./maintenance.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
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

/** @param version of the release */
export function makeProgram(language: CliLanguage, version: string): Command {
  const text = CLI_MESSAGES[language];
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
  addKpiCommand(program, language);
  addReportCommand(program, language);
  addAuditCommand(program, language);
  addDoctorCommand(program, language);
  addLlmCommand(program, language);
  addIdentityCommand(program, language);
  addTransferCommands(program, language);
  addElasticsearchAccessCommand(program, language);
  addGrafanaCommand(program, language);
  addConfigCommand(program, language);
  return program;
}
