// Everything that can go wrong with a model's server, as one closed list: none of it is an error of ours,
// and all of it ends in the template summary.

export type LlmFailure =
  | "unreachable"
  | "timeout"
  | "overloaded"
  | "server_error"
  | "refused"
  | "too_large"
  | "not_json"
  | "truncated"
  | "wrong_schema"
  | "circuit_open"
  | "cancelled";

/** A request that gave no usable answer. */
export class LlmError extends Error {
  readonly failure: LlmFailure;
  /** Milliseconds after which the server wants to be asked again, where it says so. */
  readonly retryAfterMs: number | undefined;
  /** Tries that were made in all. */
  readonly attempts: number;

  constructor(
    failure: LlmFailure,
    options: {
      readonly cause?: unknown;
      readonly retryAfterMs?: number | undefined;
      readonly attempts?: number;
    } = {},
  ) {
    super(failure, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LlmError";
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
    this.attempts = options.attempts ?? 0;
  }
}

/** The failure of any thrown value. */
export function failureOf(error: unknown): LlmError {
  if (error instanceof LlmError) return error;
  // The library wraps what the transport threw.
  if (error instanceof Error && error.cause instanceof LlmError) return error.cause;
  return new LlmError("unreachable", { cause: error });
}
