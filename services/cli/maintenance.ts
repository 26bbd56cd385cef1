// `heidewacht maintenance list|plan|end`: asks the running API.
import { type Command, Option } from "commander";
import { AppError } from "../../config/errors.ts";
import { maintenanceAnswer, maintenanceList } from "../api/exception-schemas.ts";
import { recurrenceSchema } from "../store/maintenance.ts";
import type { CliLanguage } from "./messages.ts";
import { PROPOSAL_CLI_MESSAGES, type ProposalCliMessages } from "./proposal-messages.ts";
import {
  apiCommand,
  clientOf,
  collected,
  matchersOf,
  momentOf,
  type ProposalOptions,
  printAnswer,
  proposalTable,
  timeOf,
} from "./proposal-options.ts";

interface PlanOptions extends ProposalOptions {
  readonly match: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly every?: string;
  readonly weekday?: number;
  readonly week?: number;
  readonly time?: string;
  readonly minutes?: number;
  readonly reason: string;
  readonly owner?: string;
}

/** Adds the commands. */
export function addMaintenanceCommand(program: Command, language: CliLanguage): void {
  const text = PROPOSAL_CLI_MESSAGES[language];
  const command = program.command("maintenance").description(text.maintenance);

  apiCommand(command, "list", text.maintenanceList, language).action(
    async (options: ProposalOptions) => {
      const answer = await clientOf(options, language)("GET", "/maintenance", maintenanceList);
      const { id, state, next, until, hidden, reason } = text.columns;
      printAnswer(answer, options, ({ maintenance }) =>
        proposalTable(
          [id, state, next, until, hidden, reason],
          maintenance.map((one) => [
            ...[one.id, text.states[one.state]],
            one.next === undefined ? "" : momentOf(one.next.from, language),
            ...[momentOf(one.endedAt ?? one.until, language), String(one.findings), one.reason],
          ]),
          text,
        ),
      );
    },
  );

  apiCommand(command, "plan", text.maintenancePlan, language)
    .requiredOption("--match <matcher>", text.match, collected)
    .requiredOption("--from <time>", text.from)
    .requiredOption("--until <time>", text.until)
    .addOption(new Option("--every <span>", text.every).choices(["week", "month"]))
    .option("--weekday <number>", text.weekday, Number)
    .option("--week <number>", text.week, Number)
    .option("--time <hh:mm>", text.time)
    .option("--minutes <number>", text.minutes, Number)
    .requiredOption("--reason <text>", text.reason)
    .option("--owner <account>", text.owner)
    .action(async (options: PlanOptions) => {
      const { reason, owner } = options;
      const body = {
        ...{ matchers: matchersOf(options.match, text), reason, owner },
        ...{ from: timeOf(options.from, text), until: timeOf(options.until, text) },
        ...repeatOf(options, text),
      };
      const ask = clientOf(options, language);
      const answer = await ask("POST", "/maintenance", maintenanceAnswer, body);
      printAnswer(answer, options, ({ id, state }) => [
        `${id}  ${text.states[state]}`,
        ...(state === "proposed" ? [text.needs] : []),
      ]);
    });

  apiCommand(command, "end", text.maintenanceEnd, language)
    .argument("<id>")
    .option("--withdraw", text.withdraw, false)
    .action(async (id: string, options: ProposalOptions & { withdraw: boolean }) => {
      const path = `/maintenance/${encodeURIComponent(id)}/end`;
      const { withdraw } = options;
      const ask = clientOf(options, language);
      const answer = await ask("POST", path, maintenanceAnswer, { withdraw });
      printAnswer(answer, options, ({ state }) => [`${id}  ${text.states[state]}`]);
    });
}

/** @throws AppError HW_USAGE when only a part of a repetition is given */
function repeatOf(options: PlanOptions, text: ProposalCliMessages) {
  const { every, weekday, week, time, minutes } = options;
  const given = [every, weekday, week, time, minutes].some((one) => one !== undefined);
  if (!given) return {};
  const turn = { every, weekday, time, durationMinutes: minutes };
  const repeat = recurrenceSchema.safeParse(week === undefined ? turn : { ...turn, week });
  if (repeat.success) return { repeat: repeat.data };
  throw new AppError("HW_USAGE", text.repeatUnfit, { mend: text.repeatMend });
}
