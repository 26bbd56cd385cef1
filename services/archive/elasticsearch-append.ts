// Writes batches of events. The same event again is a conflict of its id, and that is how a replay changes
// nothing. A document that Elasticsearch refuses for what is in it never stops the others.
import { AppError, messageOf } from "../../config/errors.ts";
import { type BulkResult, BulkWriter } from "../elasticsearch/bulk.ts";
import { assertDataClass, withSafeTime } from "./accepted-event.ts";
import type { ArchivedEvent } from "./archive.ts";
import { keyOf, storedLine } from "./elasticsearch-document.ts";
import type { EventIndices, Reached } from "./elasticsearch-indices.ts";
import type { EventPlaces } from "./elasticsearch-places.ts";
import type { Freshness } from "./elasticsearch-refresh.ts";

/** Written out at a time, so that a long batch is not in memory twice. */
const EVENTS_AT_ONCE_MAX = 2000;
/** An index may be deleted again and again while it is written. */
const ROUNDS_MAX = 5;

/** Takes an event that Elasticsearch refuses; the batch comes again when it fails. */
export type RefusedEvent = (tenant: string, event: ArchivedEvent, reason: string) => Promise<void>;

export class EventWriter {
  readonly #bulk: BulkWriter;
  readonly #reached: Reached;
  readonly #indices: EventIndices;
  readonly #now: () => number;
  readonly #refused: RefusedEvent | undefined;

  constructor(
    reached: Reached,
    indices: EventIndices,
    now: () => number,
    refused: RefusedEvent | undefined,
  ) {
    this.#bulk = new BulkWriter({ client: reached.elasticsearch.client, retry: reached.retry });
    this.#reached = reached;
    this.#indices = indices;
    this.#now = now;
    this.#refused = refused;
  }

  /**
   * Durable when it resolves.
   * @throws AppError HW_UNAVAILABLE when Elasticsearch stays away: the batch may then come again
   */
  async write(
    tenant: string,
    places: EventPlaces,
    freshness: Freshness,
    events: readonly ArchivedEvent[],
  ): Promise<void> {
    for (const event of events) assertDataClass(event);
    for (let from = 0; from < events.length; from += EVENTS_AT_ONCE_MAX) {
      let open = events.slice(from, from + EVENTS_AT_ONCE_MAX).map(withSafeTime);
      for (let round = 0; open.length > 0; round += 1) {
        if (round === ROUNDS_MAX)
          throw new AppError("HW_UNAVAILABLE", "indices of events are deleted while they are made");
        open = await this.#attempt(tenant, places, freshness, open);
      }
    }
  }

  /** @returns the events whose index is gone */
  async #attempt(
    tenant: string,
    places: EventPlaces,
    freshness: Freshness,
    events: readonly ArchivedEvent[],
  ): Promise<ArchivedEvent[]> {
    const indexOf = await this.#indicesFor(places, events);
    const operations = events.map((event, at) => ({
      action: "create" as const,
      index: indexOf[at] ?? "",
      id: keyOf(event.id),
      source: storedLine(tenant, event),
    }));
    let results: readonly BulkResult[];
    try {
      results = await this.#bulk.write(operations);
    } finally {
      // Also of a write that failed some may be there.
      for (const index of new Set(indexOf)) freshness.written(index);
    }
    const again: ArchivedEvent[] = [];
    for (const [at, event] of events.entries()) {
      const result = results[at];
      if (result === undefined || result.ok || result.status === 409) continue;
      if (result.type === "index_not_found_exception") {
        this.#indices.forget(indexOf[at] ?? "");
        again.push(event);
      } else await this.#refuse(tenant, event, `${result.type}: ${result.reason}`);
    }
    return again;
  }

  async #indicesFor(places: EventPlaces, events: readonly ArchivedEvent[]): Promise<string[]> {
    const now = this.#now();
    const real = new Map<string, string>();
    const wanted = events.map((event) => places.indexOf(event.dataClass, event.time, now));
    for (const [at, index] of wanted.entries()) {
      if (real.has(index)) continue;
      const shared = places.sharedIndexOf(events[at]?.dataClass ?? "", now);
      real.set(index, await this.#indices.ensure(places, index, shared));
    }
    return wanted.map((index) => real.get(index) ?? index);
  }

  async #refuse(tenant: string, event: ArchivedEvent, reason: string): Promise<void> {
    this.#reached.logger.error(
      { tenant, id: event.id, source: event.source, reason },
      "Elasticsearch refuses an event",
    );
    try {
      await this.#refused?.(tenant, event, reason);
    } catch (cause) {
      throw new AppError("HW_UNAVAILABLE", `a refused event can't be kept: ${messageOf(cause)}`, {
        place: event.id,
        cause,
      });
    }
  }
}
