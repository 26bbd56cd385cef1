// Gathers single records into batches for the bus, for inputs that get them one by one (syslog). The
// queue is bounded: senders that can wait wait for room, what can't wait is turned away.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type BatchOrigin, type RawSink, untilAccepted } from "./raw-sink.ts";

interface QueuedText {
  readonly origin: BatchOrigin;
  readonly text: string;
}

export interface RecordQueue {
  /** Takes the record if there is room. */
  offer(record: QueuedText): boolean;
  /**
   * Takes the records of one tenant and resolves when there is room for more.
   * @returns false when there is no room and will be none: the queue is closing
   */
  put(records: readonly QueuedText[]): Promise<boolean>;
  /** From now on `put` takes without waiting: the senders were told to stop. */
  stopWaiting(): void;
  /** Publishes what is queued, for `graceMs` at most; resolves to the number of records left. */
  close(graceMs: number): Promise<number>;
}

export interface RecordQueueOptions {
  readonly sink: RawSink;
  readonly queueBytesMax: number;
  readonly batchRecordsMax: number;
  readonly batchMs: number;
  readonly busyRetryMs: number;
  readonly onFault: (error: unknown) => void;
}

/** What a queued record costs besides its text. */
const RECORD_OVERHEAD_BYTES = 200;

/** A queue that publishes by itself until it is closed. */
export function createRecordQueue(options: RecordQueueOptions): RecordQueue {
  let waiting: QueuedText[] = [];
  let bytes = 0;
  let published: Promise<void> | undefined;
  let wakeUp = new AbortController();
  let isClosing = false;
  const roomWanted: (() => void)[] = [];
  const stop = new AbortController();

  const add = (record: QueuedText): void => {
    waiting.push(record);
    bytes += costOf(record);
    published ??= run();
    if (waiting.length >= options.batchRecordsMax) wakeUp.abort();
  };
  const run = async (): Promise<void> => {
    try {
      // The first record waits a moment for others; a full batch does not wait.
      if (!isClosing) {
        wakeUp = new AbortController();
        await sleep(options.batchMs, undefined, { signal: wakeUp.signal }).catch(() => undefined);
      }
      while (waiting.length > 0) {
        const batch = waiting.slice(0, options.batchRecordsMax);
        await publishBatch(batch, options, stop.signal);
        waiting = waiting.slice(batch.length);
        bytes -= batch.reduce((sum, record) => sum + costOf(record), 0);
        for (const wake of roomWanted.splice(0)) wake();
      }
    } catch (error) {
      // Only the end of the grace stops the retries; what is left is counted by `close`.
      if (!stop.signal.aborted) options.onFault(error);
    } finally {
      published = undefined;
    }
  };
  return {
    offer(record) {
      if (bytes + costOf(record) > options.queueBytesMax || stop.signal.aborted) return false;
      add(record);
      return true;
    },
    async put(records) {
      for (const record of records) add(record);
      while (bytes > options.queueBytesMax && !isClosing) {
        await new Promise<void>((resolve) => roomWanted.push(resolve));
      }
      return bytes <= options.queueBytesMax;
    },
    stopWaiting() {
      isClosing = true;
      wakeUp.abort();
      for (const wake of roomWanted.splice(0)) wake();
    },
    async close(graceMs) {
      this.stopWaiting();
      const timer = setTimeout(() => stop.abort(), graceMs);
      while (published !== undefined && !stop.signal.aborted) await published;
      clearTimeout(timer);
      stop.abort();
      return waiting.length;
    },
  };
}

// One publish for each origin, because a publish is one tenant's; order within an origin stays.
async function publishBatch(
  batch: readonly QueuedText[],
  options: RecordQueueOptions,
  signal: AbortSignal,
): Promise<void> {
  const batchId = randomUUID();
  const groups = Map.groupBy(batch.entries(), ([, { origin }]) =>
    JSON.stringify([origin.binding.tenant, origin.binding.source, origin.input]),
  );
  for (const entries of groups.values()) {
    const [first] = entries;
    if (first === undefined) continue;
    const records = entries.map(([position, { origin, text }]) =>
      options.sink.encode(origin, { id: `${batchId}/${position}`, idFromSender: false, text }),
    );
    await untilAccepted(() => options.sink.publish(first[1].origin, records), {
      retryMs: options.busyRetryMs,
      signal,
      onFault: options.onFault,
    });
  }
}

function costOf(record: QueuedText): number {
  return record.text.length + RECORD_OVERHEAD_BYTES;
}
