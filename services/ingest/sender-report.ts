// Tells the operator of senders that are refused: counts each, logs the first of a kind.
import type { Logger } from "pino";
import type { IngestMetrics } from "./metrics.ts";

/** The same reason is logged once in so long: a flood of bad senders shall not flood the log. */
const LOG_EVERY_MS = 10_000;

/** @param source of the sender, when it is known */
export type ReportSender = (
  reason: string,
  message: string,
  address: string,
  source?: string,
) => void;

/** @param name of the protocol, as logs name it */
export function createSenderReport(
  name: string,
  { metrics, logger }: { readonly metrics: IngestMetrics; readonly logger: Logger },
): ReportSender {
  const loggedAt = new Map<string, number>();
  return (reason, message, address, source) => {
    metrics.rejected.inc({ reason });
    const now = performance.now();
    if (now - (loggedAt.get(reason) ?? Number.NEGATIVE_INFINITY) < LOG_EVERY_MS) return;
    loggedAt.set(reason, now);
    logger.warn({ address, source, reason }, `a ${name} sender was refused: ${message}`);
  };
}
