// `heidewacht exceptions list|preview|propose|withdraw`: asks the running API. Agreeing is for a person who is
// signed in, so there is no command for it.
import type { Command } from "commander";
import { exceptionAnswer, exceptionList, hiddenPreview } from "../api/exception-schemas.ts";
import type { CliLanguage } from "./messages.ts";
import { PROPOSAL_CLI_MESSAGES } from "./proposal-messages.ts";
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

interface Scope extends ProposalOptions {
  readonly match: readonly string[];
  readonly from?: string;
}

/** Adds the commands. */
export function addExceptionsCommand(program: Command, language: CliLanguage): void {
  const text = PROPOSAL_CLI_MESSAGES[language];
  const command = program.command("exceptions").description(text.exceptions);
  const number = new Intl.NumberFormat(language);

  apiCommand(command, "list", text.exceptionsList, language).action(
    async (options: ProposalOptions) => {
      const answer = await clientOf(options, language)("GET", "/exceptions", exceptionList);
      const { id, state, rule, until, hidden, reason } = text.columns;
      printAnswer(answer, options, ({ exceptions }) =>
        proposalTable(
          [id, state, until, hidden, rule, reason],
          exceptions.map((one) => [
            ...[one.id, text.states[one.state], momentOf(one.until, language)],
            ...[number.format(one.findings), one.title, one.reason],
          ]),
          text,
        ),
      );
    },
  );

  const scoped = (name: string, description: string) =>
    apiCommand(command, name, description, language)
      .argument("<finding>", text.finding)
      .requiredOption("--match <matcher>", text.match, collected)
      .option("--from <time>", text.from);
  const scopeOf = (finding: string, { match, from }: Scope) => ({
    finding,
    matchers: matchersOf(match, text),
    ...(from === undefined ? {} : { from: timeOf(from, text) }),
  });

  scoped("preview", text.exceptionsPreview).action(async (finding: string, options: Scope) => {
    const asked = scopeOf(finding, options);
    const ask = clientOf(options, language);
    const answer = await ask("POST", "/exceptions/preview", hiddenPreview, asked);
    printAnswer(answer, options, ({ findings, signals, leaving, truePositives, needs }) => {
      const [all, hits, open] = [findings, signals, leaving].map((one) => number.format(one));
      const { id, level, title } = text.columns;
      const rows = truePositives.map((one) => [one.id, one.level, one.title]);
      return [
        text.preview(all ?? "", hits ?? "", open ?? ""),
        ...(rows.length === 0 ? [] : [text.truePositives(number.format(rows.length))]),
        ...(rows.length === 0 ? [] : proposalTable([id, level, title], rows, text)),
        ...(needs.length === 0 ? [] : [text.needs]),
      ];
    });
  });

  scoped("propose", text.exceptionsPropose)
    .requiredOption("--reason <text>", text.reason)
    .option("--days <number>", text.days, Number)
    .option("--owner <account>", text.owner)
    .action(
      async (
        finding: string,
        options: Scope & { reason: string; days?: number; owner?: string },
      ) => {
        const { reason, days, owner } = options;
        const body = { ...scopeOf(finding, options), reason, days, owner };
        const ask = clientOf(options, language);
        const answer = await ask("POST", "/exceptions", exceptionAnswer, body);
        printAnswer(answer, options, ({ id, state }) => [
          `${id}  ${text.states[state]}`,
          ...(state === "proposed" ? [text.needs] : []),
        ]);
      },
    );

  apiCommand(command, "withdraw", text.exceptionsWithdraw, language)
    .argument("<id>")
    .requiredOption("--reason <text>", text.reason)
    .action(async (id: string, options: ProposalOptions & { reason: string }) => {
      const path = `/exceptions/${encodeURIComponent(id)}/withdraw`;
      const { reason } = options;
      const answer = await clientOf(options, language)("POST", path, exceptionAnswer, { reason });
      printAnswer(answer, options, ({ state }) => [`${id}  ${text.states[state]}`]);
    });
}
