// Commands that change what a running Heidewacht holds ask its API, with a token that an administrator made
// (POST /api/v1/tokens). The token comes from a file or the environment, never from the command line, where
// other users of the machine could read it.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { AppError, type ErrorCode, messageOf } from "../../config/errors.ts";
import { loadConfig } from "../../config/load.ts";
import { TENANT_HEADER } from "../api/tenant-header.ts";
import { parseOutsideJson } from "../normalize/json-nesting.ts";
import { API_CLIENT_MESSAGES } from "./api-client-messages.ts";
import type { CliLanguage } from "./messages.ts";

const TIMEOUT_MS = 60_000;
/** Setting a long PDF takes its time. */
const DOWNLOAD_TIMEOUT_MS = 180_000;
const ANSWER_CHARS_MAX = 50_000_000;
const TOKEN_VARIABLE = "HEIDEWACHT_TOKEN";

/** Options that every such command has. */
export interface ApiClientOptions {
  /** Refused where the token is of another one: figures of the wrong tenant would go unnoticed. */
  readonly tenant?: string;
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
  const { base, headers } = accessOf(options, language, environment);
  return async (method, path, answer, body) => {
    const { status, sent } = await exchange(`${base}/api/v1${path}`, method, headers, body).catch(
      (cause: unknown) => {
        throw new AppError("HW_UNAVAILABLE", text.noAnswer(messageOf(cause)), {
          ...{ place: base, mend: text.noAnswerMend, cause },
        });
      },
    );
    if (status >= 200 && status < 300) {
      const fit = answer.safeParse(parsed(sent));
      if (fit.success) return fit.data;
      throw new AppError("HW_UNAVAILABLE", text.strangeAnswer(status), { place: base });
    }
    throw refusal(status, sent, base, text);
  };
}

/** Fetches a file below /api/v1 as it is. */
export type DownloadFromApi = (path: string) => Promise<{
  /** As the API names it, without folders. */
  readonly name: string;
  readonly content: Buffer;
}>;

/**
 * As `createApiClient`, for files.
 * @throws AppError as there; each request also HW_INPUT_TOO_LARGE
 */
export function createApiDownload(
  options: ApiClientOptions,
  language: CliLanguage,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): DownloadFromApi {
  const text = API_CLIENT_MESSAGES[language];
  const { base, headers } = accessOf(options, language, environment);
  return async (path) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new AppError("HW_UNAVAILABLE", text.noAnswer(messageOf(cause)), {
        ...{ place: base, mend: text.noAnswerMend, cause },
      });
    });
    if (!response.ok) throw refusal(response.status, await response.text(), base, text);
    const disposition = response.headers.get("content-disposition") ?? "";
    const name = /filename="([a-z0-9][a-z0-9._-]{0,150})"$/.exec(disposition)?.[1];
    if (name === undefined) {
      throw new AppError("HW_UNAVAILABLE", text.strangeAnswer(response.status), { place: base });
    }
    return { name, content: Buffer.from(await response.arrayBuffer()) };
  };
}

function accessOf(
  options: ApiClientOptions,
  language: CliLanguage,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly base: string; readonly headers: Readonly<Record<string, string>> } {
  const text = API_CLIENT_MESSAGES[language];
  const token = tokenOf(options, environment);
  if (token === undefined) {
    throw new AppError("HW_USAGE", text.noToken, { mend: text.noTokenMend(TOKEN_VARIABLE) });
  }
  const { tenant } = options;
  return {
    base: options.api ?? consoleUrl(options.config, environment),
    headers: {
      authorization: `Bearer ${token}`,
      ...(tenant === undefined ? {} : { [TENANT_HEADER]: tenant }),
    },
  };
}

function refusal(
  status: number,
  sent: string,
  base: string,
  text: (typeof API_CLIENT_MESSAGES)[CliLanguage],
): AppError {
  const refused = errorAnswer.safeParse(parsed(sent));
  if (!refused.success) {
    return new AppError("HW_UNAVAILABLE", text.strangeAnswer(status), { place: base });
  }
  const { code, message, place, mend } = refused.data.error;
  return new AppError(knownCode(code), message, { place, mend });
}

async function exchange(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
) {
  const response = await fetch(url, {
    method,
    headers: {
      ...headers,
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
