// A failure in the words of the screen.
import { ApiError } from "../api/client.ts";
import type { Messages } from "../messages/de.ts";

/** The sentence for any thrown value. */
export function errorText(error: unknown, messages: Messages): string {
  const texts = messages.errors;
  if (!(error instanceof ApiError)) return messages.common.failed;
  const known: Readonly<Record<string, string>> = {
    offline: texts.offline,
    HW_UNAUTHENTICATED: texts.unauthenticated,
    HW_FORBIDDEN: texts.forbidden,
    HW_RATE_LIMITED: texts.rateLimited,
    HW_REQUEST_INVALID: texts.invalid,
    HW_NOT_FOUND: texts.notFound,
    HW_CONFLICT: texts.conflict,
  };
  return known[error.code] ?? texts.other(error.code);
}
