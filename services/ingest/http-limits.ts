// The rate of records that each key of the HTTP input may send. A request is refused while its key is over
// the rate; one that was begun is never cut, however many records it holds.
import { setTimeout as sleep } from "node:timers/promises";
import { createRateLimit } from "./rate-limit.ts";
import type { BatchOrigin, RawSink } from "./raw-sink.ts";

export interface HttpLimits {
  /** Publishes, and counts what became durable for the key of the origin. */
  readonly sink: RawSink;
  /** Notes whose records will come from this origin. */
  attribute(origin: BatchOrigin, id: string): BatchOrigin;
  isOver(id: string): boolean;
  /** Waits until the key is within its rate. */
  pace(id: string, signal: AbortSignal): Promise<void>;
}

/** Limits in front of a sink. */
export function createHttpLimits(sink: RawSink, recordsPerSecondMax: number): HttpLimits {
  const rate = createRateLimit(recordsPerSecondMax);
  const ids = new WeakMap<BatchOrigin, string>();
  return {
    sink: {
      encode: sink.encode,
      async publish(origin, records) {
        await sink.publish(origin, records);
        const id = ids.get(origin);
        if (id !== undefined) rate.spend(id, records.length);
      },
    },
    attribute(origin, id) {
      ids.set(origin, id);
      return origin;
    },
    isOver: (id) => rate.waitMs(id) > 0,
    async pace(id, signal) {
      for (let waitMs = rate.waitMs(id); waitMs > 0 && !signal.aborted; ) {
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        waitMs = rate.waitMs(id);
      }
    },
  };
}
