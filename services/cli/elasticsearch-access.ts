// `heidewacht elasticsearch-access`: makes the role and the API key that Heidewacht works with in
// Elasticsearch, with the rights of an administrator who is asked for once. Started anew, it leaves a key
// that is accepted as it is.
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Client } from "@elastic/elasticsearch";
import type { Command } from "commander";
import { AppError } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { neededPrivileges } from "../elasticsearch/privileges.ts";
import { makeKey, writeKey } from "./elasticsearch-key.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";

interface AccessOptions {
  readonly config?: string;
  readonly user: string;
  readonly passwordFile: string;
}

export function addElasticsearchAccessCommand(program: Command, language: CliLanguage): void {
  const text = CLI_MESSAGES[language];
  program
    .command("elasticsearch-access")
    .description(text.access)
    .requiredOption("--user <name>", text.accessUser)
    .requiredOption("--password-file <file>", text.accessPassword)
    .option("-c, --config <file>", text.configOption)
    .action(async (options: AccessOptions) => {
      const { config, folder } = loadConfig(options.config, process.env);
      const at = (path: string) => (isAbsolute(path) ? path : join(folder, path));
      const { apiKeyFile, ...connection } = config.store;
      if (config.store.kind !== "elasticsearch" || apiKeyFile === undefined) {
        throw new AppError("HW_CONFIG_INVALID", text.accessUnset, { place: "store.apiKeyFile" });
      }
      const { openElasticsearch } = await import("../elasticsearch/connection.ts");
      const target = at(apiKeyFile);
      if (existsSync(target)) {
        const { client } = openElasticsearch(config.store, at);
        if (await isAccepted(client)) {
          process.stdout.write(`${text.accessKept(target)}\n`);
          return;
        }
      }
      const administrator = { username: options.user, passwordFile: options.passwordFile };
      const { client, prefix } = openElasticsearch({ ...connection, ...administrator }, at);
      // The role is there for people to look at and for users with a password; the key has the same rights.
      writeKey(target, await makeKey(client, `heidewacht-${prefix}`, neededPrivileges(prefix)));
      process.stdout.write(`${text.accessMade(target)}\n`);
    });
}

async function isAccepted(client: Client): Promise<boolean> {
  try {
    await client.security.authenticate();
    return true;
  } catch (error) {
    if (statusOf(error) === 401) return false;
    throw error;
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
}
