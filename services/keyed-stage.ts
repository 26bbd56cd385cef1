// Wires the keyed stage: its state and limits from the configuration, and what it tells of itself.
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";
import type { Config } from "../config/schema.ts";
import {
  type Baseline,
  type BaselineStatus,
  type KeyedDetectors,
  startBaseline,
} from "./baseline/baseline.ts";
import type { Activity } from "./detect/activity.ts";
import { startDriftReport } from "./drift-report.ts";
import type { Ports } from "./ports.ts";

const RETRY_DELAY_MS = 1000;
const SNAPSHOT_INTERVAL_MS = 10_000;
/** Observations that wait for their time, per partition and level. */
const PENDING_MAX = 200_000;

export interface KeyedStageParts {
  readonly config: Config;
  readonly tenants: readonly string[];
  readonly ports: Ports;
  readonly detectors: () => KeyedDetectors;
  readonly activity: Activity;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface KeyedStage {
  status(tenant: string): BaselineStatus;
  /** After `detect` has stopped, where both run here. */
  close(): Promise<void>;
}

export async function startKeyedStage(parts: KeyedStageParts): Promise<KeyedStage> {
  const { config, tenants, ports, logger, now } = parts;
  const { partitions } = config.queue;
  const latenessMs = config.detection.correlation.latenessSeconds * 1000;
  const baseline = await startBaseline(
    tenants,
    {
      ...{ bus: ports.bus, archive: ports.archive, detectors: parts.detectors, logger },
      onSignal: (tenant, detector) => parts.activity.hit(tenant, detector, now()),
    },
    {
      ...{ latenessMs, pendingMax: PENDING_MAX, rawPartitions: partitions, partitions, now },
      recordsPerBatchMax: config.detection.recordsPerBatchMax,
      retryDelayMs: RETRY_DELAY_MS,
      snapshotIntervalMs: SNAPSHOT_INTERVAL_MS,
    },
  );
  registerMetrics(parts.registry, tenants, baseline);
  const drift = startDriftReport({
    ...{ tenants, store: ports.store, registry: parts.registry, logger, now },
    drifts: (tenant) => baseline.status(tenant).drifts,
  });
  return {
    status: (tenant) => baseline.status(tenant),
    close: async () => {
      await drift.close();
      await baseline.close();
    },
  };
}

const FIGURES = [
  ["pending", "heidewacht_baseline_pending", "Observations that wait for their time"],
  ["keys", "heidewacht_baseline_keys", "Groups that keyed detectors remember"],
  ["evicted", "heidewacht_baseline_evicted", "Groups forgotten early since the start, too many"],
  ["faults", "heidewacht_baseline_faults", "Observations that detectors failed at since the start"],
  ["late", "heidewacht_baseline_late", "Observations judged apart since the start, too late"],
  [
    "dropped",
    "heidewacht_baseline_dropped",
    "Observations not judged since the start, far too late",
  ],
  ["hurried", "heidewacht_baseline_hurried", "Observations judged early since the start, too many"],
] as const;

function registerMetrics(registry: Registry, tenants: readonly string[], baseline: Baseline): void {
  for (const [key, name, help] of FIGURES) {
    new Gauge({
      ...{ name, help, labelNames: ["tenant"], registers: [registry] },
      collect() {
        for (const tenant of tenants) this.set({ tenant }, baseline.status(tenant)[key]);
      },
    });
  }
}
