#!/usr/bin/env node
// The command line: runs what was asked for, and turns errors into messages and exit codes.
import { readFileSync } from "node:fs";
import { isAppError, messageOf } from "../../config/errors.ts";
import { guardProcessRegexes } from "../../detectors/sigma/regex-guard.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { setHeapFlags } from "./heap-flags.ts";
import { CLI_MESSAGES, cliLanguage } from "./messages.ts";
import { makeProgram } from "./program.ts";

guardProcessRegexes();
setHeapFlags();
const language = cliLanguage(process.argv, process.env);
const text = CLI_MESSAGES[language];
const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string }; // npm guarantees a version in package.json.

try {
  await makeProgram(language, version).parseAsync();
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
