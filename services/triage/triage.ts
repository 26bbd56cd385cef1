// The triage stage: signals from the bus become findings in the store, scored and summarised.
import type { Logger } from "pino";
import type { Signal } from "../../detectors/detector.ts";
import type { Batch, Bus, Consumer } from "../bus/bus.ts";
import { decodeSignal } from "../bus/signal-record.ts";
import { FINDING_KIND } from "../store/kinds.ts";
import type { Store } from "../store/store.ts";
import { findingId } from "./finding-id.ts";
import { type FoldOptions, foldSignals } from "./fold.ts";
import { createProgress, type Progress } from "./progress.ts";

export interface TriageOptions extends Omit<FoldOptions, "timeZone"> {
  /** IANA zone in which a tenant's summaries tell times. */
  readonly timeZoneOf: (tenant: string) => string;
  /** Hits of one detector on one entity within this window are one finding. */
  readonly findingWindowMs: number;
  readonly recordsPerBatchMax: number;
  readonly retryDelayMs: number;
  readonly onFindings?: (tenant: string, count: number) => void;
}

/** Starts the stage; closing it waits for the batch at hand. */
export function startTriage(
  bus: Bus,
  store: Store,
  tenants: readonly string[],
  options: TriageOptions,
  logger: Logger,
): Promise<Consumer> {
  const progress = createProgress(store, options.isCriticalHost);
  return bus.consume(tenants, {
    topic: "signals",
    group: "triage",
    recordsPerBatchMax: options.recordsPerBatchMax,
    lingerMs: 0,
    retryDelayMs: options.retryDelayMs,
    handle: (batch) => triageBatch(batch, store, progress, options, logger),
    onError: (error, batch) =>
      logger.error({ err: error, topic: batch.topic, partition: batch.partition }, "triage failed"),
  });
}

async function triageBatch(
  batch: Batch,
  store: Store,
  progress: Progress,
  options: TriageOptions,
  logger: Logger,
): Promise<void> {
  const groups = groupSignals(batch.tenant, readSignals(batch, logger), options.findingWindowMs);
  if (groups.size === 0) return;
  const changed = await store.recordSignals(
    batch.tenant,
    FINDING_KIND,
    groups,
    (existing, fresh) => {
      const [signal] = fresh;
      if (signal === undefined) throw new RangeError("nothing fresh to fold");
      const id = idOf(batch.tenant, signal, options.findingWindowMs);
      return foldSignals(id, existing, fresh, {
        ...options,
        timeZone: options.timeZoneOf(batch.tenant),
      });
    },
  );
  // Also after a crash between the two writes: a repeated batch gives the same groups again.
  const findings = await Promise.all(
    [...groups.keys()].map((id) => store.get(batch.tenant, FINDING_KIND, id)),
  );
  await progress.refresh(
    batch.tenant,
    findings.flatMap((found) => (found === undefined ? [] : [found.document])),
  );
  options.onFindings?.(batch.tenant, changed.length);
}

function readSignals(batch: Batch, logger: Logger): Signal[] {
  return batch.records.flatMap((record) => {
    try {
      return [decodeSignal(record.value)];
    } catch (error) {
      const place = `${batch.topic}/${batch.partition}/${record.offset}`;
      logger.error({ err: error, place }, "a signal record can't be read and is left out");
      return [];
    }
  });
}

/** Finding id → its signals, in the order given. */
export function groupSignals(
  tenant: string,
  signals: readonly Signal[],
  windowMs: number,
): Map<string, Signal[]> {
  const groups = new Map<string, Signal[]>();
  for (const signal of signals) {
    const id = idOf(tenant, signal, windowMs);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [signal]);
    else group.push(signal);
  }
  return groups;
}

function idOf(tenant: string, signal: Signal, windowMs: number): string {
  const window = signal.groupWindowMs ?? windowMs;
  return findingId(tenant, signal.detector.id, signal.groupKey, signal.time, window);
}
