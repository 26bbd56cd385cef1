// Why the server refuses what somebody entered: its own sentence where it has one, because only the server
// knows the facts that stand against it.
import { ApiError } from "../api/client.ts";
import type { Messages } from "../messages/de.ts";
import { errorText } from "./error-text.ts";

/** Codes whose sentence says more than the code. */
const SAID: ReadonlySet<string> = new Set([
  ...["HW_REQUEST_INVALID", "HW_CONFLICT", "HW_EXISTS", "HW_FORBIDDEN", "HW_NOT_FOUND"],
  ...["HW_UNAVAILABLE", "HW_BUSY"],
]);

/** The sentence to be shown beside the form. */
export function formFault(error: unknown, messages: Messages): string {
  if (!(error instanceof ApiError) || !SAID.has(error.code)) return errorText(error, messages);
  const { sentence, details } = error;
  return sentence === "" ? errorText(error, messages) : [sentence, ...placesOf(details)].join(" ");
}

/** What a schema found: `body/title: Ungültige Eingabe`. */
function placesOf(details: unknown): string[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((one: unknown) =>
    typeof one === "object" &&
    one !== null &&
    "message" in one &&
    "place" in one &&
    typeof one.message === "string" &&
    typeof one.place === "string"
      ? [`(${one.place}: ${one.message})`]
      : [],
  );
}
