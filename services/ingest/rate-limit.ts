// How many records a sender may send: a token bucket for each, which fills by the permitted rate and
// holds one second's worth. A batch is never split: it may go into debt, which has to fill up first.

export interface RateLimit {
  /** Counts records that were taken from a sender. */
  spend(sender: string, records: number): void;
  /** Until the sender may send again, milliseconds; 0: now. */
  waitMs(sender: string): number;
}

interface Bucket {
  tokens: number;
  /** When the tokens were counted, milliseconds on the clock. */
  at: number;
}

/** Senders with a bucket; a flood of forged addresses only forgets what the others have spent. */
const SENDERS_MAX = 10_000;
const SECOND_MS = 1000;
/** A token, but for what adding fractions leaves out. */
const WHOLE = 1 - 1e-6;

/** @param clock milliseconds that only go forward */
export function createRateLimit(
  recordsPerSecondMax: number,
  clock: () => number = () => performance.now(),
): RateLimit {
  const buckets = new Map<string, Bucket>();
  const fill = (sender: string): Bucket => {
    const now = clock();
    let bucket = buckets.get(sender);
    if (bucket === undefined) {
      if (buckets.size >= SENDERS_MAX) buckets.clear();
      bucket = { tokens: recordsPerSecondMax, at: now };
      buckets.set(sender, bucket);
    }
    const gained = ((now - bucket.at) * recordsPerSecondMax) / SECOND_MS;
    bucket.tokens = Math.min(recordsPerSecondMax, bucket.tokens + gained);
    bucket.at = now;
    return bucket;
  };
  return {
    spend(sender, records) {
      fill(sender).tokens -= records;
    },
    waitMs(sender) {
      const { tokens } = fill(sender);
      return tokens >= WHOLE ? 0 : Math.ceil(((1 - tokens) * SECOND_MS) / recordsPerSecondMax);
    },
  };
}
