// What the commands of exceptions, maintenance windows and block lists share: options for the API, matchers
// and times as people type them, and tables of what the API answers.
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import type { Matcher } from "../../config/matcher.ts";
import { type ApiClientOptions, type AskApi, createApiClient } from "./api-client.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { PROPOSAL_CLI_MESSAGES, type ProposalCliMessages } from "./proposal-messages.ts";
import { jsonText, printable } from "./rules-text.ts";
import { tableLines, terminalWidth } from "./text-table.ts";

/** Options that every one of these commands has. */
export interface ProposalOptions extends ApiClientOptions {
  readonly json: boolean;
}

/** A command below `parent` that asks the API. */
export function apiCommand(
  parent: Command,
  name: string,
  description: string,
  language: CliLanguage,
): Command {
  const api = API_CLIENT_MESSAGES[language];
  return parent
    .command(name)
    .description(description)
    .option("--tenant <id>", api.tenantOption)
    .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
    .option("--api <url>", api.apiOption)
    .option("--token-file <file>", api.tokenOption)
    .option("--json", PROPOSAL_CLI_MESSAGES[language].json, false);
}

/** The client of a command. @throws AppError HW_USAGE without a token */
export function clientOf(options: ProposalOptions, language: CliLanguage): AskApi {
  return createApiClient(options, language);
}

/** Adds up options that may be repeated. */
export function collected(one: string, before: readonly string[] = []): string[] {
  return [...before, one];
}

/** `field=value` or `field~pattern*`. @throws AppError HW_USAGE */
export function matchersOf(given: readonly string[], text: ProposalCliMessages): Matcher[] {
  return given.map((one) => {
    const [, field, sign, value] = /^([^=~]+)([=~])(.+)$/s.exec(one) ?? [];
    if (field === undefined || value === undefined) {
      throw new AppError("HW_USAGE", text.matchUnfit(one), { mend: text.matchMend });
    }
    return { field: field.trim(), operator: sign === "~" ? "glob" : "equals", value };
  });
}

/** ms UTC. @throws AppError HW_USAGE for a time without a zone */
export function timeOf(given: string, text: ProposalCliMessages): number {
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(given);
  const time = hasZone ? Date.parse(given) : Number.NaN;
  if (Number.isFinite(time)) return time;
  throw new AppError("HW_USAGE", text.timeUnfit(given), { mend: text.timeMend });
}

/** Prints the answer as JSON, or the lines that are made of it. */
export function printAnswer<T>(
  answer: T,
  options: ProposalOptions,
  lines: (answer: T) => readonly string[],
): void {
  const text = options.json ? jsonText(answer) : `${lines(answer).join("\n")}\n`;
  process.stdout.write(text);
}

/** Rows under titles; what comes from logs and people is made printable. */
export function proposalTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  text: ProposalCliMessages,
): string[] {
  if (rows.length === 0) return [text.none];
  const last = titles.length - 1;
  return tableLines(
    titles.map((title, at) => (at === last ? { title, shrinks: true } : { title })),
    rows.map((row) => row.map(printable)),
    terminalWidth(process.stdout),
  );
}

/** A moment as lists show it. */
export function momentOf(at: number, language: CliLanguage): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    dateStyle: "short",
    timeStyle: "short",
    timeZone: "Europe/Berlin",
  }).format(at);
}
