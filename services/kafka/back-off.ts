// How long to wait before the next try: doubling, with some chance in it, so that many clients of a broker
// that comes back don't all come at once.
import { setTimeout as sleep } from "node:timers/promises";

const FIRST_MS = 50;
const LONGEST_MS = 3000;

export class BackOff {
  #nextMs = FIRST_MS;

  reset(): void {
    this.#nextMs = FIRST_MS;
  }

  /** Waits, or until the signal. */
  async wait(signal: AbortSignal): Promise<void> {
    const ms = this.#nextMs * (0.5 + Math.random());
    this.#nextMs = Math.min(this.#nextMs * 2, LONGEST_MS);
    // Being told to stop ends the wait; who waits looks at the signal next.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
