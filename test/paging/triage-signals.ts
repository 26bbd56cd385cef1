// Signals on their way through the real triage, which opens the paging of the findings that it makes of them.
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { configSchema } from "../../config/schema.ts";
import type { Signal } from "../../detectors/detector.ts";
import { openEmbeddedBus } from "../../services/bus/embedded.ts";
import { encodeSignal } from "../../services/bus/signal-record.ts";
import { openPaging } from "../../services/paging/open.ts";
import type { PagingSetup } from "../../services/paging/setup.ts";
import type { Store } from "../../services/store/store.ts";
import { startTriage } from "../../services/triage/triage.ts";

const POLL_MS = 50;

export interface TriagePlace {
  /** Of the bus. */
  readonly folder: string;
  readonly store: Store;
  readonly setup: PagingSetup;
  /** The moment of the opening, ms UTC. */
  readonly now: () => number;
}

/** Resolves when all of them are written. */
export async function triageSignals(
  { folder, store, setup, now }: TriagePlace,
  signals: readonly Signal[],
): Promise<void> {
  const { tenant, timeZone } = setup;
  const { detection } = configSchema.parse({ tenants: [{ id: tenant, name: tenant }] });
  const limits = { retentionMs: 1e12, retentionBytes: 1e12, backlogBytesMax: 1e12 };
  const topics = [{ name: "signals", partitions: 1, compacted: false, ...limits }];
  const bus = openEmbeddedBus({ dataDir: folder, topics, sealedTopics: [] });
  const { recordsPerBatchMax, inhibitions, riskThreshold } = detection;
  for (let at = 0; at < signals.length; at += recordsPerBatchMax) {
    const part = signals.slice(at, at + recordsPerBatchMax);
    const records = part.map((one) => ({ key: undefined, value: encodeSignal(one) }));
    await bus.publish(tenant, "signals", records);
  }
  const stage = await startTriage(
    ...[bus, store, [tenant]],
    {
      ...{ findingWindowMs: detection.findingWindowHours * 3_600_000, inhibitions, riskThreshold },
      ...{ recordsPerBatchMax, retryDelayMs: 10, language: "de", timeZoneOf: () => timeZone },
      isCriticalHost: () => false,
      openPaging: (finding, before) => openPaging(finding, setup, now(), before),
    },
    pino({ level: "error" }),
  );
  while ((await bus.lag(tenant, "signals", "triage")).records > 0) await sleep(POLL_MS);
  await stage.close();
  await bus.close();
}
