// When a page that was not taken is tried again: doubling, with a jitter that its id gives, so that pages
// which failed together do not come back together and a test knows when they come.
import { createHash } from "node:crypto";
import type { FaultKind } from "../channels/channel.ts";

const FIRST_MS = 5000;
/** Who waits for a page that can't wait is not served by longer pauses. */
const LONGEST_MS = 60_000;
/** What a peer may ask for. */
const ASKED_MS_MAX = 600_000;
const JITTER = 0.25;
/** Then somebody else has long been called, and what the page says is old. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/** Milliseconds until the next attempt after this many. */
export function retryDelayMs(page: string, attempts: number, askedMs = 0): number {
  const plain = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 10));
  const digest = createHash("sha256").update(`${page} ${attempts}`).digest();
  const share = digest.readUInt32BE(0) / 2 ** 32;
  const jittered = Math.round(plain * (1 - JITTER + 2 * JITTER * share));
  return Math.max(jittered, Math.min(askedMs, ASKED_MS_MAX));
}

/** Whether a fault is worth another attempt. */
export function isWorthRetry(kind: FaultKind): boolean {
  return kind !== "refused";
}
