// `heidewacht backup`, `restore` and `migrate`: everything that an installation knows, carried to another
// place and compared there.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { type LoadedConfig, loadConfig } from "../../config/load.ts";
import { EXIT } from "./exit-codes.ts";
import { CLI_MESSAGES, type CliLanguage } from "./messages.ts";
import { tableLines, terminalWidth } from "./text-table.ts";
import { backup, restore } from "./transfer/backup.ts";
import type { CarryOptions } from "./transfer/carry.ts";
import { migrate } from "./transfer/migrate.ts";
import { partName } from "./transfer/place.ts";
import type { MoveResult } from "./transfer/result.ts";
import { TRANSFER_MESSAGES } from "./transfer-messages.ts";

const CHECKSUM_DIGITS = 16;

interface Common {
  readonly config?: string;
  readonly data?: string;
  readonly json: boolean;
}

/** Adds the three commands. */
export function addTransferCommands(program: Command, language: CliLanguage): void {
  const text = TRANSFER_MESSAGES[language];
  const { configOption, startData } = CLI_MESSAGES[language];
  const onPart: CarryOptions["onPart"] = (part, step) => {
    process.stderr.write(`${text.step[step]} ${partName(part)}\n`);
  };
  program
    .command("backup")
    .description(text.backup)
    .requiredOption("--to <folder>", text.backupTo)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .option("--json", text.json, false)
    .action(async (options: Common & { to: string }) => {
      const result = await backup(loadedOf(options), options.to, versionOf(), onPart);
      print(result, (rows) => text.backedUp(rows, options.to), options.json, language);
    });
  program
    .command("restore")
    .description(text.restore)
    .requiredOption("--from <folder>", text.restoreFrom)
    .option("-c, --config <file>", configOption)
    .option("--data <folder>", startData)
    .option("--json", text.json, false)
    .action(async (options: Common & { from: string }) => {
      const result = await restore(loadedOf(options), options.from, onPart);
      print(result, text.restored, options.json, language);
    });
  program
    .command("migrate")
    .description(text.migrate)
    .requiredOption("--from <file>", text.migrateFrom)
    .requiredOption("--to <file>", text.migrateTo)
    .option("--json", text.json, false)
    .action(async (options: { from: string; to: string; json: boolean }) => {
      // Each file says all that is its own: a variable could only mean one of the two.
      const result = await migrate(
        loadConfig(options.from, {}),
        loadConfig(options.to, {}),
        onPart,
      );
      print(result, text.migrated, options.json, language);
    });
}

function loadedOf({ config, data }: Common): LoadedConfig {
  const overrides =
    data === undefined
      ? {}
      : { dataFolder: data, privacy: { masterKeyFile: `${data}/keys/master.key` } };
  return loadConfig(config, process.env, overrides);
}

function print(
  result: MoveResult,
  done: (rows: number) => string,
  json: boolean,
  language: CliLanguage,
): void {
  const text = json ? `${JSON.stringify(result, undefined, 2)}\n` : tableOf(result, done, language);
  process.stdout.write(text);
  if (!result.equal) process.exitCode = EXIT.found;
}

function tableOf(
  { equal, parts, left, brokenChains, unread }: MoveResult,
  done: (rows: number) => string,
  language: CliLanguage,
): string {
  const text = TRANSFER_MESSAGES[language];
  const [name, source, target, checksum, state] = text.columns;
  const right = { align: "right" } as const;
  const rows = parts.map((part) => [
    partName(part),
    String(part.source.rows),
    String(part.target.rows),
    part.target.checksum.slice(0, CHECKSUM_DIGITS),
    part.same ? text.same : text.different,
  ]);
  const lines = tableLines(
    [
      { title: name, shrinks: true },
      { title: source, ...right },
      { title: target, ...right },
      { title: checksum },
      { title: state },
    ],
    rows,
    terminalWidth(process.stdout),
  );
  const all = parts.reduce((sum, part) => sum + part.target.rows, 0);
  return [
    ...lines,
    ...left.map((one) => text.left[one.reason](one.name)),
    ...brokenChains.map(text.brokenChain),
    ...(unread > 0 ? [text.unread(unread)] : []),
    equal ? done(all) : text.failed,
    "",
  ].join("\n");
}

function versionOf(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string }; // npm guarantees it.
  return version;
}
