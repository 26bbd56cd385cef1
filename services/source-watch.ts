// Looks at the sources every few seconds: what fell silent or became unreadable is told as a record of
// our own, and what is over is noted in the finding's history. Stored once a minute and at the end.
import type { Logger } from "pino";
import { messageOf } from "../config/errors.ts";
import type { Bus } from "./bus/bus.ts";
import type { Activity } from "./detect/activity.ts";
import type { SourceNotice } from "./detect/source-health.ts";
import type { SourceMonitor } from "./detect/source-monitor.ts";
import { encodeNotice } from "./detect/source-notice.ts";
import type { Store } from "./store/store.ts";
import { findingId } from "./triage/finding-id.ts";

const LOOK_MS = 15_000;
const LOOKS_PER_SAVE = 4;

/** Rules of the starter pack that the notices raise, by the notice that says that it is over. */
const ENDED_RULES: Partial<Readonly<Record<SourceNotice["action"], string>>> = {
  "source.resumed": "2c29cae9-456c-43c1-af7d-53e9b2af5e9c",
  "dead_letter.over": "c7985b0f-699c-4af6-a34d-59a1608559e2",
};

export interface SourceWatchParts {
  readonly bus: Bus;
  readonly store: Store;
  readonly monitor: SourceMonitor;
  readonly activity: Pick<Activity, "reachedAt">;
  readonly tenants: readonly string[];
  readonly findingWindowMs: number;
  readonly startedAt: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Starts the rounds; the result stops them and stores what is known. */
export function startSourceWatch(parts: SourceWatchParts): () => Promise<void> {
  let running = Promise.resolve();
  let looks = 0;
  const round = async () => {
    looks += 1;
    const isSaving = looks % LOOKS_PER_SAVE === 0;
    for (const tenant of parts.tenants) {
      try {
        await lookAtSources(tenant, parts);
        if (isSaving) await parts.monitor.save(tenant);
      } catch (error) {
        parts.logger.error({ tenant, reason: messageOf(error) }, "the watch over sources failed");
      }
    }
  };
  const timer = setInterval(() => {
    running = running.then(round);
  }, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
    for (const tenant of parts.tenants) await parts.monitor.save(tenant);
  };
}

/** One look: publishes what is due and remembers that it was told. */
export async function lookAtSources(tenant: string, parts: SourceWatchParts): Promise<void> {
  const { bus, monitor, store, now } = parts;
  const lag = await bus.lag(tenant, "raw", "detect");
  const reachedAt =
    lag.records === 0 ? now() : (parts.activity.reachedAt(tenant) ?? parts.startedAt);
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
