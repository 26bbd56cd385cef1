// Topics, records and a collecting consumer for the tests of buses.
import { isAppError } from "../../config/errors.ts";
import type {
  Batch,
  Bus,
  ConsumeOptions,
  OutgoingRecord,
  TopicSettings,
} from "../../services/bus/bus.ts";

export interface BusUnderTest {
  readonly bus: Bus;
  /** Another bus on the same data; the first one is abandoned, not closed. */
  readonly reopen: () => Promise<Bus>;
  readonly dispose: () => Promise<void>;
}

export const HOUR_MS = 3_600_000;
export const text = new TextDecoder();
export const bytes = (value: string) => new TextEncoder().encode(value);

/** Topics that `open` has to offer. */
export const CONTRACT_TOPICS: readonly TopicSettings[] = [
  { name: "raw", partitions: 4 },
  { name: "single", partitions: 1 },
  { name: "narrow", partitions: 1, backlogBytesMax: 10_000 },
  { name: "state", partitions: 1, compacted: true },
].map((topic) => ({
  retentionMs: HOUR_MS,
  retentionBytes: 1_000_000_000,
  compacted: false,
  backlogBytesMax: 500_000_000,
  ...topic,
}));

export const numbered = (count: number, key?: string): OutgoingRecord[] =>
  Array.from({ length: count }, (_, index) => ({ key, value: bytes(`${key ?? "-"}:${index}`) }));

export const options = (
  topic: string,
  handle: ConsumeOptions["handle"],
  more: Partial<ConsumeOptions> = {},
): ConsumeOptions => ({
  topic,
  group: "detect",
  recordsPerBatchMax: 100,
  lingerMs: 0,
  retryDelayMs: 5,
  handle,
  ...more,
});

/** Collects what a consumer gets, and waits for a number of records. */
export function collector() {
  const values: string[] = [];
  const batches: Batch[] = [];
  let wake: () => void = () => undefined;
  return {
    values,
    batches,
    handle: async (batch: Batch) => {
      batches.push(batch);
      values.push(...batch.records.map((record) => text.decode(record.value)));
      wake();
    },
    async until(count: number) {
      while (values.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (isAppError(error) ? error.code : String(error)),
  );
}

export const idle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
