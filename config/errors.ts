// All errors that Heidewacht expects, in one list: a stable code, and a class that carries the place
// where it happened. Programmer errors are not here: they are assertions and crash.

/** Code → what it means (English, for developers; screens translate by code). */
const ERROR_CODES = {
  HW_CONFIG_INVALID: "the configuration has faults; every one is listed with its path and mend",
  HW_USAGE: "the command was called with arguments that do not fit together",
  HW_RULE_INVALID: "a rule file could not be read, resolved or compiled",
  HW_PATTERN_UNSAFE: "a regular expression can't be evaluated in linear time",
  HW_PARSE_FAILED: "a log line does not have the shape of its format",
  HW_INPUT_UNREADABLE: "a file or stream could not be read to its end",
  HW_INPUT_TOO_LARGE: "a record or request is over its named limit",
  HW_BUSY: "the queue behind an input is full; the sender should retry later",
  HW_UNAVAILABLE: "a server behind us is away or refuses us; nothing is lost, try again later",
  HW_TOO_FEW: "there is too little yet to learn from; wait, or take in more of what there is",
  HW_NOT_FOUND: "no such document for this tenant",
  HW_EXISTS: "a document with this id exists already",
  HW_CONFLICT: "the document was changed by somebody else since it was read",
  HW_UNAUTHENTICATED: "no valid sign-in or key came with the request",
  HW_FORBIDDEN: "the signed-in account lacks the right for this",
  HW_RATE_LIMITED: "too many requests in a short time",
  HW_REQUEST_INVALID: "a request does not fit its schema",
  HW_STORE_CORRUPT: "a stored file is damaged; the place is named",
  HW_STORE_VERSION: "the data on disk was written by a newer version",
  HW_CLOSED: "the thing was used after it was closed",
  HW_PLACE_TAKEN: "a port or folder is in use by something else",
  HW_INTERNAL: "an error in the program itself; its log has the details",
  HW_DECRYPT_FAILED: "sealed bytes could not be opened with the tenant's keys",
} as const;

/** One of the stable error codes. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** An expected error: what went wrong, where, and how to mend it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** `file:line:column` for rules and configuration, `topic/partition/offset` for events. */
  readonly place: string | undefined;
  /** What the reader can do about it, as a sentence. */
  readonly mend: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { place?: string | undefined; mend?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.place = options.place;
    this.mend = options.mend;
  }
}

/** Whether an unknown thrown value is an expected error, optionally of one code. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The message of any thrown value, for logs and results. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
