// Reading one's own writes: what this process wrote becomes visible to searches before its next one looks.
// What others wrote is visible a second later, as Elasticsearch refreshes by itself.
import { refreshIndices } from "../elasticsearch/indices.ts";
import type { Reached } from "./elasticsearch-indices.ts";
import type { EventPlaces } from "./elasticsearch-places.ts";

/** Beyond, all of the tenant's indices are refreshed at once. */
const NAMES_MAX = 50;

export class Freshness {
  readonly #reached: Reached;
  readonly #places: EventPlaces;
  #stale: Set<string>;
  #running: Promise<unknown> = Promise.resolve();

  constructor(reached: Reached, places: EventPlaces) {
    this.#reached = reached;
    this.#places = places;
    // A process before this one may have ended right behind a write.
    this.#stale = new Set([places.alias]);
  }

  written(index: string): void {
    this.#stale.add(index);
  }

  /** Everything that was written before this call is visible when it resolves. */
  async refresh(): Promise<void> {
    const run = this.#running.then(() => this.#refreshStale());
    // The next one waits for this one, however it ends; its caller hears of a failure through `run`.
    this.#running = run.catch(() => undefined);
    return run;
  }

  async #refreshStale(): Promise<void> {
    const { elasticsearch, retry } = this.#reached;
    const stale = this.#stale;
    if (stale.size === 0) return;
    this.#stale = new Set();
    const all = stale.size > NAMES_MAX || stale.has(this.#places.alias);
    const index = all ? this.#places.alias : [...stale];
    try {
      await retry.run(() => refreshIndices(elasticsearch.client, index));
    } catch (error) {
      for (const one of stale) this.#stale.add(one);
      throw error;
    }
  }
}
