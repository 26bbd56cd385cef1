// Commands that change what a running Heidewacht holds ask its API, with a token that an administrator made
// (POST /api/v1/tokens). The token comes from a file or the environment, never from the command line, where
// other users of the machine could read it.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { AppError, type ErrorCode, messageOf } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import type { CliLanguage } from "./messages.ts";

const TIMEOUT_MS = 60_000;
const ANSWER_CHARS_MAX = 50_000_000;
const TOKEN_VARIABLE = "HEIDEWACHT_TOKEN";

/** Options that every such command has. */
export interface ApiClientOptions {
  readonly config?: string;
  /** Address of the API; without it that of the configuration's console. */
  readonly api?: string;
  readonly tokenFile?: string;
}

/** Sends a request below /api/v1 and gives its answer back. */
export type AskApi = <Schema extends z.ZodType>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  answer: Schema,
  body?: unknown,
) => Promise<z.infer<Schema>>;

const errorAnswer = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    place: z.string().optional(),
    mend: z.string().optional(),
  }),
});

/**
 * Makes the client.
 * @throws AppError HW_USAGE without a token; each request: the API's own refusal, HW_UNAVAILABLE when
 * nothing answers
 */
export function createApiClient(
  options: ApiClientOptions,
  language: CliLanguage,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AskApi {
  const text = API_CLIENT_MESSAGES[language];
  const token = tokenOf(options, environment);
  if (token === undefined) {
    throw new AppError("HW_USAGE", text.noToken, { mend: text.noTokenMend(TOKEN_VARIABLE) });
  }
  const base = options.api ?? consoleUrl(options.config, environment);
  return async (method, path, answer, body) => {
    const { status, sent } = await exchange(`${base}/api/v1${path}`, method, token, body).catch(
      (cause: unknown) => {
        throw new AppError("HW_UNAVAILABLE", text.noAnswer(messageOf(cause)), {
          ...{ place: base, mend: text.noAnswerMend, cause },
        });
      },
    );
    const content = parsed(sent);
    const strange = () =>
      new AppError("HW_UNAVAILABLE", text.strangeAnswer(status), { place: base });
    if (status >= 200 && status < 300) {
      const fit = answer.safeParse(content);
      if (!fit.success) throw strange();
      return fit.data;
    }
    const refused = errorAnswer.safeParse(content);
    if (!refused.success) throw strange();
    const { code, message, place, mend } = refused.data.error;
    throw new AppError(knownCode(code), message, { place, mend });
  };
}

async function exchange(url: string, method: string, token: string, body: unknown) {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: response.status, sent: await response.text() };
}

/** Undefined for what is no JSON: whatever answers there need not be ours. */
function parsed(sent: string): unknown {
  if (sent.length > ANSWER_CHARS_MAX) return undefined;
  try {
    return parseOutsideJson(sent);
  } catch {
    return undefined;
  }
}

function tokenOf(
  { tokenFile }: ApiClientOptions,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const token =
    tokenFile === undefined ? environment[TOKEN_VARIABLE] : readFileSync(tokenFile, "utf8");
  return token === undefined || token.trim() === "" ? undefined : token.trim();
}

function consoleUrl(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { host, port, publicUrl } = loadConfig(file, environment).config.console;
  if (publicUrl !== undefined) return publicUrl.replace(/\/$/, "");
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const KNOWN: ReadonlySet<string> = new Set<ErrorCode>([
  "HW_UNAUTHENTICATED",
  "HW_FORBIDDEN",
  "HW_NOT_FOUND",
  "HW_EXISTS",
  "HW_CONFLICT",
  "HW_REQUEST_INVALID",
  "HW_INPUT_TOO_LARGE",
  "HW_RATE_LIMITED",
  "HW_BUSY",
  "HW_TOO_FEW",
  "HW_STORE_CORRUPT",
  "HW_STORE_VERSION",
  "HW_UNAVAILABLE",
]);

/** As the server names it; that of another release may name others. */
export function knownCode(code: string): ErrorCode {
  // The set holds nothing but such codes.
  return KNOWN.has(code) ? (code as ErrorCode) : "HW_INTERNAL";
}
