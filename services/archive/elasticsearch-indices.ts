// The indices of events that there are: made when the first event of a day comes, by any number of processes
// at once, and told of afterwards.
import { errors } from "@elastic/elasticsearch";
import type { Logger } from "pino";
import type { Elasticsearch } from "../elasticsearch/connection.ts";
import { createIndex, ensureTemplate, orMissing } from "../elasticsearch/indices.ts";
import type { Retry } from "../elasticsearch/retry.ts";
import { eventTemplate } from "./elasticsearch-mapping.ts";
import type { EventIndex, EventPlaces } from "./elasticsearch-places.ts";

/** Names that are remembered as made; beyond, all are asked for again. */
const MADE_MAX = 20_000;

export interface Reached {
  readonly elasticsearch: Elasticsearch;
  readonly retry: Retry;
  readonly logger: Logger;
}

export class EventIndices {
  readonly #reached: Reached;
  readonly #made = new Map<string, Promise<void>>();
  #template: Promise<void> | undefined;

  constructor(reached: Reached) {
    this.#reached = reached;
  }

  /**
   * The name of the index, once it is there.
   * @param shared takes its place when the cluster refuses to hold one more
   */
  async ensure(places: EventPlaces, index: string, shared: string): Promise<string> {
    try {
      await this.#making(places, index);
      return index;
    } catch (error) {
      const full = error instanceof errors.ResponseError && error.statusCode === 400;
      if (!full || index === shared) throw error;
      this.#reached.logger.warn(
        { index, shared, reason: error.message },
        "no further index of events can be made; its events go to a shared one",
      );
      await this.#making(places, shared);
      return shared;
    }
  }

  /** An index is gone: the next event for it makes it anew. */
  forget(index: string): void {
    this.#made.delete(index);
  }

  /** All of a tenant, the oldest first. */
  async list(places: EventPlaces): Promise<EventIndex[]> {
    const { elasticsearch, retry } = this.#reached;
    const found = await retry.run(() =>
      orMissing(
        elasticsearch.client.indices.getAlias({ name: places.alias, filter_path: "*.aliases" }),
      ),
    );
    return Object.keys(found ?? {})
      .flatMap((index) => places.parse(index) ?? [])
      .sort((a, b) => a.end - b.end || (a.index < b.index ? -1 : 1));
  }

  #making(places: EventPlaces, index: string): Promise<void> {
    const known = this.#made.get(index);
    if (known !== undefined) return known;
    if (this.#made.size >= MADE_MAX) this.#made.clear();
    const making = this.#make(places.alias, index);
    this.#made.set(index, making);
    making.catch(() => this.#made.delete(index));
    return making;
  }

  async #make(alias: string, index: string): Promise<void> {
    const { elasticsearch, retry } = this.#reached;
    const { client } = elasticsearch;
    this.#template ??= retry.run(() => ensureTemplate(client, eventTemplate(elasticsearch)));
    try {
      await this.#template;
    } catch (error) {
      this.#template = undefined;
      throw error;
    }
    await retry.run(async () => {
      const created = await createIndex(client, { index, alias, mappings: { dynamic: false } });
      // Whoever made it may have died before, or not have known of aliases.
      if (!created) await client.indices.putAlias({ index, name: alias });
    });
  }
}
