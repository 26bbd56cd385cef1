// `heidewacht rules test --record`: tells the running service what a run came to, so that its audit chain and
// the security officer's report can show that rules were tried.
import type { Command } from "commander";
import { type RuleTestBody, ruleTestAnswer } from "../api/rule-test-schema.ts";
import { type ApiClientOptions, createApiClient } from "./api-client.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { RULES_MESSAGES } from "./rules-messages.ts";
import { provenRules, type RulesTest } from "./rules-test.ts";

export interface RecordOptions extends ApiClientOptions {
  readonly record: boolean;
}

/** Adds what it takes to ask the API. */
export function recordOptions(command: Command, language: CliLanguage): Command {
  const api = API_CLIENT_MESSAGES[language];
  return command
    .option("--record", RULES_MESSAGES[language].record, false)
    .option("--tenant <id>", api.tenantOption)
    .option("-c, --config <file>", CLI_MESSAGES[language].configOption)
    .option("--api <url>", api.apiOption)
    .option("--token-file <file>", api.tokenOption);
}

/** Failed runs too: a record of successes alone would show nothing. @throws AppError as the client's */
export async function recordTest(
  result: RulesTest,
  options: RecordOptions,
  language: CliLanguage,
): Promise<void> {
  const body: RuleTestBody = {
    ...{ rules: provenRules(result), samples: result.samples },
    ...{ failures: result.failures.length, faults: result.faults.length },
    untested: result.untested.length,
  };
  await createApiClient(options, language)("POST", "/rules/tests", ruleTestAnswer, body);
}
