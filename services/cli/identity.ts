// `heidewacht identity resolve|approve|refuse`: asks the running API as a person who signs in. Tokens of
// programs have no way to a name, so each command signs in and out again.
import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import type { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { sessionAnswer } from "../api/account-schemas.ts";
import { identityAnswer } from "../api/identity-schemas.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { IDENTITY_REASONS } from "../store/identity.ts";
import { IDENTITY_MESSAGES } from "./identity-messages.ts";
import type { CliLanguage } from "./messages.ts";
import { printable } from "./rules-text.ts";

const TIMEOUT_MS = 60_000;

interface PersonOptions {
  readonly api: string;
  readonly account: string;
  readonly passwordFile: string;
}

interface ResolveOptions extends PersonOptions {
  readonly reason?: string;
  readonly incident?: string;
  readonly request?: string;
}

/** Adds the commands. */
export function addIdentityCommand(program: Command, language: CliLanguage): void {
  const text = IDENTITY_MESSAGES[language];
  const command = program.command("identity").description(text.identity);
  const personal = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .requiredOption("--api <url>", text.api)
      .requiredOption("--account <name>", text.account)
      .requiredOption("--password-file <file>", text.passwordFile);
  personal("resolve", text.resolve)
    .argument("[pseudonym]")
    .addOption(new Option("--reason <reason>", text.reason).choices(IDENTITY_REASONS))
    .option("--incident <id>", text.incident)
    .option("--request <id>", text.request)
    .action((pseudonym: string | undefined, options: ResolveOptions) => {
      const { reason, incident, request } = options;
      if (request !== undefined) {
        return tell(options, language, "GET", `/${encodeURIComponent(request)}`);
      }
      if (pseudonym === undefined || reason === undefined || incident === undefined) {
        throw new AppError("HW_USAGE", text.needed);
      }
      return tell(options, language, "POST", "", { pseudonym, reason, incident });
    });
  for (const step of ["approve", "refuse"] as const) {
    personal(step, text[step])
      .argument("<request>")
      .action((id: string, options: PersonOptions) =>
        tell(options, language, "POST", `/${encodeURIComponent(id)}/${step}`),
      );
  }
}

async function tell(
  options: PersonOptions,
  language: CliLanguage,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<void> {
  const text = IDENTITY_MESSAGES[language];
  const password = readFileSync(options.passwordFile, "utf8").trim();
  const base = `${options.api.replace(/\/$/, "")}/api/v1`;
  const refused = (status: number) =>
    new AppError("HW_FORBIDDEN", text.refusedBy(status), { place: options.api });
  const ask = async (verb: string, url: string, headers: Record<string, string>, sent?: object) => {
    const content = sent === undefined ? {} : { body: JSON.stringify(sent) };
    const type = sent === undefined ? {} : { "content-type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const all = { ...headers, ...type };
    return fetch(`${base}${url}`, { method: verb, headers: all, signal, ...content });
  };
  const signIn = await ask("POST", "/session", {}, { name: options.account, password });
  if (!signIn.ok) throw refused(signIn.status);
  const { csrfToken } = parsed(sessionAnswer, await signIn.text());
  const cookie = signIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0] ?? "")
    .join("; ");
  const headers = { cookie, "x-csrf-token": csrfToken };
  try {
    const answer = await ask(method, `/identity/requests${path}`, headers, body);
    if (!answer.ok) throw refused(answer.status);
    const { id, state, name } = parsed(identityAnswer, await answer.text());
    process.stdout.write(`${text.answer(id, text.states[state])}\n`);
    if (name !== undefined) process.stdout.write(`${printable(name)}\n`);
  } finally {
    await ask("DELETE", "/session", headers);
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  return schema.parse(parseOutsideJson(text));
}
