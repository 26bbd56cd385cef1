// The circuit breaker: a server that failed several times in a row is left alone for a while, then one
// request tries whether it is back. So a dead server costs nothing but the first few tries.

const FAILURES_TO_OPEN = 3;
const OPEN_FIRST_MS = 5000;
const OPEN_LONGEST_MS = 120_000;

export type CircuitState = "closed" | "open" | "half_open";

export class Circuit {
  readonly #now: () => number;
  readonly #onChange: (state: CircuitState) => void;
  #failures = 0;
  #state: CircuitState = "closed";
  #openMs = OPEN_FIRST_MS;
  #until = 0;

  /** @param now ms; any clock that does not jump */
  constructor(now: () => number, onChange: (state: CircuitState) => void) {
    this.#now = now;
    this.#onChange = onChange;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** While it is open: when the next request may go, by the clock given. */
  get openUntil(): number {
    return this.#until;
  }

  /** Whether a request may go; after the pause only one, whose outcome decides. */
  admit(): boolean {
    if (this.#state === "closed") return true;
    if (this.#state === "half_open" || this.#now() < this.#until) return false;
    this.#become("half_open");
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openMs = OPEN_FIRST_MS;
    this.#become("closed");
  }

  failed(): void {
    this.#failures += 1;
    if (this.#state === "closed" && this.#failures < FAILURES_TO_OPEN) return;
    if (this.#state === "open") return;
    this.open();
  }

  /** A request that was let in half-open ended without saying anything of the server. */
  undecided(): void {
    if (this.#state === "half_open") this.#become("open");
  }

  /** At once: the server is known to be away. */
  open(): void {
    if (this.#state === "half_open") this.#openMs = Math.min(this.#openMs * 2, OPEN_LONGEST_MS);
    this.#until = this.#now() + this.#openMs;
    this.#become("open");
  }

  #become(state: CircuitState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onChange(state);
  }
}
