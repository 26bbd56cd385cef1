// The audit entry of a closed finding that new signals have put back into the queue: an event like one that
// a human has caused, with the verdict that no longer holds.
import type { Finding } from "./finding.ts";
import type { AuditInput } from "./store.ts";

/** Of many signals that come at once the first ones are named. */
const SIGNALS_NAMED_MAX = 20;

/**
 * Undefined when the finding was not re-opened.
 * @param at ms UTC
 * @param signals ids of what has re-opened it
 */
export function reopenedEntry(
  before: Finding,
  after: Finding,
  at: number,
  signals: readonly string[],
): AuditInput | undefined {
  if (before.status !== "closed" || after.status === "closed") return undefined;
  const { status, verdict } = before;
  return {
    ...{ at, actor: "system", action: "finding.reopen", subject: after.id },
    payload: {
      before: { status, ...(verdict === undefined ? {} : { verdict }) },
      after: { status: after.status },
      signals: signals.slice(0, SIGNALS_NAMED_MAX),
    },
  };
}
