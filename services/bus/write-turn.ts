// Group commit: everything that is asked for within one turn of the event loop goes into one
// transaction, so that many small publishes share one wait for the disk.

/** How long a write that nobody waits for may stay in memory. */
const LAZY_WRITE_MS = 20;

/** Calls `flush` once per turn after `soon`, or a little later after `lazily`. */
export class WriteTurn {
  readonly #flush: () => void;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  soon(): void {
    this.#immediate ??= setImmediate(() => this.now());
  }

  lazily(): void {
    if (this.#immediate !== undefined) return;
    this.#timer ??= setTimeout(() => this.now(), LAZY_WRITE_MS);
  }

  now(): void {
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#immediate = undefined;
    this.#timer = undefined;
    this.#flush();
  }
}
