// The watch over sources: takes what the detect processes publish of them and looks at it every few
// seconds. What fell silent or became unreadable is told as a record of our own, and what is over is noted
// in the finding's history. Stored once a minute and at the end. One process at a time does it for a
// tenant: the one that has the topic's partition.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { Batch, Bus } from "./bus/bus.ts";
import { decodeSourceCounts } from "./bus/source-counts-record.ts";
import type { SourceNotice } from "./detect/source-health.ts";
import type { SourceMonitor } from "./detect/source-monitor.ts";
import { encodeNotice } from "./detect/source-notice.ts";
import type { Store } from "./store/store.ts";
import { findingId } from "./triage/finding-id.ts";

const LOOK_MS = 15_000;
const LOOKS_PER_SAVE = 4;
/** Screens read what is told so often. */
const PUBLISH_MS = 1000;
const RECORDS_PER_BATCH_MAX = 500;
const LINGER_MS = 20;
const RETRY_DELAY_MS = 1000;

/** Rules of the starter pack that the notices raise, by the notice that says that it is over. */
const ENDED_RULES: Partial<Readonly<Record<SourceNotice["action"], string>>> = {
  "source.resumed": "2c29cae9-456c-43c1-af7d-53e9b2af5e9c",
  "dead_letter.over": "c7985b0f-699c-4af6-a34d-59a1608559e2",
};

export interface SourceWatchParts {
  readonly bus: Bus;
  readonly store: Store;
  readonly monitor: SourceMonitor;
  readonly tenants: readonly string[];
  readonly findingWindowMs: number;
  readonly startedAt: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Starts to take and to look; the result ends that and stores what is known. */
export async function startSourceWatch(parts: SourceWatchParts): Promise<() => Promise<void>> {
  const { bus, monitor, logger, now } = parts;
  const owned = new Set<string>();
  const changed = new Set<string>();
  const reach = createReach(parts);
  let running = Promise.resolve();
  let looks = 0;
  const forOwned = (work: (tenant: string) => Promise<void>) => async () => {
    for (const tenant of [...owned]) {
      try {
        await work(tenant);
      } catch (error) {
        logger.error({ tenant, reason: messageOf(error) }, "the watch over sources failed");
      }
    }
  };
  const look = forOwned(async (tenant) => {
    await lookAtSources(tenant, await reach(tenant), parts);
    changed.add(tenant);
    if (looks % LOOKS_PER_SAVE === 0) await monitor.save(tenant);
  });
  const publish = forOwned(async (tenant) => {
    if (changed.delete(tenant)) await monitor.publish(tenant, now());
  });
  const every = (ms: number, round: () => Promise<void>) => {
    const timer = setInterval(() => {
      running = running.then(round);
    }, ms);
    timer.unref();
    return timer;
  };
  const consumer = await bus.consume(parts.tenants, {
    topic: "source-counts",
    group: "sources",
    recordsPerBatchMax: RECORDS_PER_BATCH_MAX,
    lingerMs: LINGER_MS,
    retryDelayMs: RETRY_DELAY_MS,
    handle: async (batch) => {
      takeCounts(batch, parts);
      changed.add(batch.tenant);
    },
    onAssigned: async (tenant) => {
      await monitor.open(tenant);
      owned.add(tenant);
      changed.add(tenant);
    },
    onRevoked: async (tenant) => {
      owned.delete(tenant);
      if (changed.delete(tenant)) await monitor.publish(tenant, now());
      await monitor.release(tenant);
    },
    onError: (error) => logger.error({ err: error }, "counts of sources could not be taken"),
  });
  const timers = [
    every(PUBLISH_MS, publish),
    every(LOOK_MS, () => {
      looks += 1;
      return look();
    }),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await running;
    await consumer.close();
  };
}

function takeCounts(batch: Batch, { monitor, logger }: SourceWatchParts): void {
  for (const { value, offset } of batch.records) {
    try {
      monitor.take(batch.tenant, decodeSourceCounts(value));
    } catch (error) {
      const place = `${batch.topic}/${batch.partition}/${offset}`;
      logger.error({ err: error, place }, "counts of a source can't be read and are left out");
    }
  }
}

/**
 * Until when everything that was received is counted. Nothing unread at one look was processed then; at the
 * next one the processes have published what they saw of it, and when nothing of that is unread, it is
 * counted. Otherwise as far as the newest record that was counted.
 */
function createReach({ bus, monitor, startedAt, now }: SourceWatchParts) {
  const processedAt = new Map<string, number>();
  return async (tenant: string): Promise<number> => {
    const at = now();
    const raw = await bus.lag(tenant, "raw", "detect");
    const counts = await bus.lag(tenant, "source-counts", "sources");
    const before = processedAt.get(tenant);
    if (raw.records === 0) processedAt.set(tenant, at);
    const counted = monitor.reachedAt(tenant) ?? startedAt;
    return counts.records === 0 && before !== undefined ? Math.max(before, counted) : counted;
  };
}

/**
 * One look: publishes what is due and remembers that it was told.
 * @param reachedAt everything received until then was counted, ms UTC
 */
export async function lookAtSources(
  tenant: string,
  reachedAt: number,
  parts: Pick<SourceWatchParts, "bus" | "monitor" | "store" | "findingWindowMs" | "logger" | "now">,
): Promise<void> {
  const { bus, monitor, store, now } = parts;
  const notices = monitor.notices(tenant, reachedAt);
  if (notices.length === 0) return;
  const records = notices.map((notice) => ({
    key: undefined,
    value: encodeNotice(notice, now()),
  }));
  await bus.publish(tenant, "raw", records);
  for (const notice of notices) {
    parts.logger.warn({ tenant, source: notice.source, action: notice.action }, "source notice");
    const rule = ENDED_RULES[notice.action];
    if (rule === undefined || notice.beganAt === undefined) continue;
    const { action, source, facts, beganAt } = notice;
    const key = `service:${source}`;
    const subject = findingId(tenant, rule, key, beganAt, parts.findingWindowMs);
    await store.appendAudit(tenant, {
      at: now(),
      actor: "system",
      action,
      subject,
      payload: { source, ...facts },
    });
  }
  await monitor.save(tenant);
}
