// Deletes what has been kept long enough, once an hour, tenant by tenant. How many events went stands in the
// audit chain, so that it can be shown later that they did.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { Config } from "../config/schema.ts";
import type { Archive } from "./archive/archive.ts";
import type { Bus } from "./bus/bus.ts";
import { forgetRows, ROW_DAYS } from "./models/row-store.ts";
import type { Store } from "./store/store.ts";

const EVERY_MS = 3_600_000;
const DAY_MS = 24 * EVERY_MS;
/** Events are kept by their own time, which may lie before their receipt. */
const SIGNAL_GRACE_DAYS = 31;

/** Starts the hourly round; the result stops it and waits for the round at hand. */
export function startRetention(
  tenants: readonly string[],
  ports: {
    readonly archive: Pick<Archive, "retain">;
    readonly bus: Pick<Bus, "retain">;
    readonly store: Store;
  },
  retention: Config["retention"],
  now: () => number,
  logger: Logger,
): () => Promise<void> {
  let running = Promise.resolve();
  let stopped = false;
  // What could not be written down is told with the next round.
  const untold = new Map<string, number>();
  const record = async (tenant: string, eventsDeleted: number) => {
    const events = eventsDeleted + (untold.get(tenant) ?? 0);
    if (events === 0) return;
    untold.set(tenant, events);
    logger.info({ tenant, eventsDeleted }, "retention deleted events");
    const { securityDays, networkDays, contentDays } = retention;
    await ports.store.appendAudit(tenant, {
      ...{ at: now(), actor: "system", action: "retention.delete", subject: "events" },
      payload: { events, securityDays, networkDays, contentDays },
    });
    untold.delete(tenant);
  };
  const round = async () => {
    for (const tenant of tenants) {
      if (stopped) return;
      try {
        await ports.bus.retain(tenant, now());
        // Beyond this nothing is kept of which a signal could be raised again.
        const signalsBefore = now() - (longestDays(retention) + SIGNAL_GRACE_DAYS) * DAY_MS;
        await ports.store.retainSignals?.(tenant, signalsBefore);
        const { eventsDeleted } = await ports.archive.retain(tenant, now(), {
          daysByClass: {
            security: retention.securityDays,
            network: retention.networkDays,
            content: retention.contentDays,
          },
          daysDefault: retention.securityDays,
          bytesMax: retention.archiveBytesMax,
        });
        // What was made of events is kept no longer than those.
        const rowDays = Math.min(ROW_DAYS, retention.securityDays);
        await forgetRows(ports.store, tenant, now() - rowDays * DAY_MS);
        await record(tenant, eventsDeleted);
      } catch (error) {
        logger.error({ tenant, reason: messageOf(error) }, "retention failed and comes again");
      }
    }
  };
  const timer = setInterval(() => {
    running = running.then(round);
  }, EVERY_MS);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
    return running;
  };
}

function longestDays(retention: Config["retention"]): number {
  const { securityDays, networkDays, contentDays, originalDays, deadLetterDays } = retention;
  return Math.max(securityDays, networkDays, contentDays, originalDays, deadLetterDays);
}
