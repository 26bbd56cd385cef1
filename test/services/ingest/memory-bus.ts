// A bus in memory for the inputs' tests: keeps what was published and can be full.
import { AppError } from "../../../config/errors.ts";
import type { Bus } from "../../../services/bus/bus.ts";
import { decodeRaw, type RawRecord } from "../../../services/bus/raw-record.ts";

export interface MemoryBus extends Bus {
  readonly taken: {
    readonly tenant: string;
    readonly topic: string;
    readonly key: string | undefined;
    readonly record: RawRecord;
  }[];
  /** Records per call of `publish`. */
  readonly batches: number[];
  /** While set, `publish` refuses with HW_BUSY. */
  full: boolean;
  texts(): string[];
}

export function createMemoryBus(): MemoryBus {
  const bus: MemoryBus = {
    taken: [],
    batches: [],
    full: false,
    texts: () => bus.taken.map((one) => one.record.text),
    async publish(tenant, topic, records) {
      if (bus.full) throw new AppError("HW_BUSY", "the backlog is full");
      bus.batches.push(records.length);
      for (const { key, value } of records) {
        bus.taken.push({ tenant, topic, key, record: decodeRaw(value) });
      }
    },
    consume: () => Promise.reject(new Error("not in this bus")),
    lag: async () => ({ records: 0, bytes: 0 }),
    async *read() {
      yield* [];
    },
    seek: () => Promise.resolve(),
    retain: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  return bus;
}

/** Waits until a condition holds; the test's own time limit ends a wait in vain. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
