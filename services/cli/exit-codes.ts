// Exit codes of every command, documented in `heidewacht --help` and the README.
import { type ErrorCode, isAppError } from "../../config/errors.ts";

export const EXIT = {
  ok: 0,
  /**
   * `scan`: findings at or above --min-severity; `rules check|test`: faults; `parse`: lines of no format,
   * failed tests; `demo --exit`: not found; `paging check`: errors;
   * `report verify`: the chain does not hold.
   */
  found: 1,
  /** Wrong arguments or configuration. */
  usage: 2,
  /** Some input could not be read; the rest was. */
  input: 3,
  /** A port or folder is taken. */
  taken: 4,
  /** An error that should not happen. */
  internal: 70,
} as const;

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  HW_CONFIG_INVALID: EXIT.usage,
  HW_USAGE: EXIT.usage,
  HW_INPUT_UNREADABLE: EXIT.input,
  HW_INPUT_TOO_LARGE: EXIT.input,
  HW_NOT_FOUND: EXIT.usage,
  HW_TOO_FEW: EXIT.input,
  // What a running Heidewacht refuses.
  HW_REQUEST_INVALID: EXIT.usage,
  HW_CONFLICT: EXIT.usage,
  HW_UNAUTHENTICATED: EXIT.usage,
  HW_FORBIDDEN: EXIT.usage,
  HW_UNAVAILABLE: EXIT.input,
  HW_PLACE_TAKEN: EXIT.taken,
};

/** The exit code for a thrown value. */
export function exitCodeOf(error: unknown): number {
  return isAppError(error) ? (BY_CODE[error.code] ?? EXIT.internal) : EXIT.internal;
}
