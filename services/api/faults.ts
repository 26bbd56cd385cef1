// Every failure's way out: an expected error becomes its HTTP status and `{ error: { code, message … } }`
// in the reader's language; everything else becomes a plain 500, and only the log knows more.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type $ZodIssue, type $ZodType, safeParse } from "zod/v4/core";
import { AppError, type ErrorCode } from "../../config/errors.ts";
import type { ApiMessages } from "./messages.ts";
import type { ErrorAnswer } from "./schemas.ts";

type FaultCode = keyof ApiMessages["errors"];

const HTTP_STATUS: Readonly<Record<FaultCode, number>> = {
  HW_UNAUTHENTICATED: 401,
  HW_FORBIDDEN: 403,
  HW_NOT_FOUND: 404,
  HW_EXISTS: 409,
  HW_CONFLICT: 409,
  HW_INPUT_TOO_LARGE: 413,
  HW_REQUEST_INVALID: 422,
  HW_RATE_LIMITED: 429,
  HW_BUSY: 503,
  HW_UNAVAILABLE: 503,
  HW_INTERNAL: 500,
};

interface FaultOptions {
  /** Picks a sentence that says more than the code's own. */
  readonly text?: (messages: ApiMessages) => string;
  readonly mend?: (messages: ApiMessages) => string;
  readonly place?: string;
  /** Goes to the caller as it is. */
  readonly details?: unknown;
}

/** An expected failure of a request, with what its sender is told. */
export class ApiFault extends AppError {
  readonly options: FaultOptions;

  constructor(code: FaultCode, options: FaultOptions = {}) {
    super(code, code, { place: options.place });
    this.name = "ApiFault";
    this.options = options;
  }
}

/** Checks requests by zod schemas; what does not fit becomes HW_REQUEST_INVALID with all places at once. */
export function requestChecker(language: "de" | "en") {
  const { localeError } = z.locales[language]();
  return ({ schema, httpPart }: { schema: $ZodType; httpPart?: string | undefined }) =>
    (data: unknown) => {
      const result = safeParse(schema, data, { error: localeError });
      if (result.success) return { value: result.data };
      const issues = result.error.issues.map((issue) => issueAnswer(httpPart ?? "body", issue));
      const place = issues[0]?.place ?? "body";
      return { error: new ApiFault("HW_REQUEST_INVALID", { place, details: issues }) };
    };
}

/** Place and sentence only: the value that did not fit may be a password. */
function issueAnswer(part: string, issue: $ZodIssue): { place: string; message: string } {
  return { place: [part, ...issue.path.map(String)].join("/"), message: issue.message };
}

/** The error handler of the server. */
export function answerFault(messages: ApiMessages) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const code = codeOf(thrown);
    if (code === "HW_INTERNAL") request.log.error({ err: thrown }, "request failed");
    return reply.code(HTTP_STATUS[code]).send(faultAnswer(messages, code, thrown, request.id));
  };
}

function faultAnswer(
  messages: ApiMessages,
  code: FaultCode,
  thrown: unknown,
  requestId: string,
): ErrorAnswer {
  if (code === "HW_INTERNAL") {
    return { error: { code, message: messages.errors[code], details: { requestId } } };
  }
  const { text, mend, place, details } = thrown instanceof ApiFault ? thrown.options : {};
  return {
    error: {
      code,
      message: text?.(messages) ?? messages.errors[code],
      ...(place === undefined ? {} : { place }),
      ...(mend === undefined ? {} : { mend: mend(messages) }),
      ...(details === undefined ? {} : { details }),
    },
  };
}

function codeOf(thrown: unknown): FaultCode {
  if (thrown instanceof AppError) return isFaultCode(thrown.code) ? thrown.code : "HW_INTERNAL";
  switch (statusOf(thrown)) {
    case 400:
    case 415:
      return "HW_REQUEST_INVALID";
    case 404:
      return "HW_NOT_FOUND";
    case 413:
      return "HW_INPUT_TOO_LARGE";
    case 429:
      return "HW_RATE_LIMITED";
    default:
      return "HW_INTERNAL";
  }
}

/** The status that Fastify and its plugins put on their own errors. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("statusCode" in thrown)) return undefined;
  return typeof thrown.statusCode === "number" ? thrown.statusCode : undefined;
}

function isFaultCode(code: ErrorCode | FaultCode): code is FaultCode {
  return Object.hasOwn(HTTP_STATUS, code);
}
