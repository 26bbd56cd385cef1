// `heidewacht block-lists list|propose|complete|withdraw`: asks the running API. Approving is for a second
// person who is signed in, so there is no command for it.
import { type Command, Option } from "commander";
import { blockAnswer, blockList } from "../api/block-schemas.ts";
import { BLOCK_TYPES } from "../store/block-list.ts";
import type { CliLanguage } from "./messages.ts";
import { PROPOSAL_CLI_MESSAGES } from "./proposal-messages.ts";
import {
  apiCommand,
  clientOf,
  momentOf,
  type ProposalOptions,
  printAnswer,
  proposalTable,
  timeOf,
} from "./proposal-options.ts";

interface ProposeOptions extends ProposalOptions {
  readonly type: string;
  readonly finding?: string;
  readonly incident?: string;
  readonly task?: string;
  readonly days?: number;
  readonly reason: string;
}

/** Adds the commands. */
export function addBlockListsCommand(program: Command, language: CliLanguage): void {
  const text = PROPOSAL_CLI_MESSAGES[language];
  const command = program.command("block-lists").description(text.blocks);

  apiCommand(command, "list", text.blocksList, language).action(
    async (options: ProposalOptions) => {
      const answer = await clientOf(options, language)("GET", "/block-lists", blockList);
      const { id, state, type, until, value, reason } = text.columns;
      printAnswer(answer, options, ({ entries }) =>
        proposalTable(
          [id, state, type, value, until, reason],
          entries.map((one) => [
            ...[one.id, text.states[one.state], text.types[one.type], one.value],
            ...[momentOf(one.until, language), one.reason],
          ]),
          text,
        ),
      );
    },
  );

  apiCommand(command, "propose", text.blocksPropose, language)
    .argument("<value>")
    .addOption(
      new Option("--type <type>", text.columns.type).choices(BLOCK_TYPES).makeOptionMandatory(),
    )
    .option("--finding <id>", text.blockFinding)
    .option("--incident <id>", text.blockIncident)
    .option("--task <id>", text.blockTask)
    .option("--days <number>", text.days, Number)
    .requiredOption("--reason <text>", text.reason)
    .action(async (value: string, options: ProposeOptions) => {
      const { type, finding, incident, task, days, reason } = options;
      const body = { type, value, finding, incident, task, days, reason };
      const answer = await clientOf(options, language)("POST", "/block-lists", blockAnswer, body);
      printAnswer(answer, options, ({ id, state }) => [`${id}  ${text.states[state]}`, text.needs]);
    });

  apiCommand(command, "complete", text.blocksComplete, language)
    .argument("<id>")
    .option("--at <time>", text.completedAt)
    .action(async (id: string, options: ProposalOptions & { at?: string }) => {
      const path = `/block-lists/${encodeURIComponent(id)}/complete`;
      const body = options.at === undefined ? {} : { at: timeOf(options.at, text) };
      const answer = await clientOf(options, language)("POST", path, blockAnswer, body);
      printAnswer(answer, options, ({ state }) => [`${id}  ${text.states[state]}`]);
    });

  apiCommand(command, "withdraw", text.blocksWithdraw, language)
    .argument("<id>")
    .requiredOption("--reason <text>", text.reason)
    .action(async (id: string, options: ProposalOptions & { reason: string }) => {
      const path = `/block-lists/${encodeURIComponent(id)}/withdraw`;
      const { reason } = options;
      const answer = await clientOf(options, language)("POST", path, blockAnswer, { reason });
      printAnswer(answer, options, ({ state }) => [`${id}  ${text.states[state]}`]);
    });
}
