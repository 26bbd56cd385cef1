// Reads a tenant's events: by id, page by page, and as a stream. Elasticsearch narrows down and sorts; whether
// an event is what was asked for is decided by query.ts, as in the embedded archive.
import type { estypes } from "@elastic/elasticsearch";
import { errors } from "@elastic/elasticsearch";
import { orMissing } from "../elasticsearch/indices.ts";
import type { ArchivedEvent, ArchivePage, ArchiveQuery } from "./archive.ts";
import { eventOf, keyOf, SOURCE_FIELDS, type StoredEvent } from "./elasticsearch-document.ts";
import type { EventIndices, Reached } from "./elasticsearch-indices.ts";
import { scanHits } from "./elasticsearch-pages.ts";
import type { EventPlaces } from "./elasticsearch-places.ts";
import { wordsFilter } from "./elasticsearch-words.ts";
import { decodeCursor, encodeCursor, eventMatcher } from "./query.ts";

/** Hits of one request. */
const HITS_MAX = 1000;
/** Where some hits are not what is asked for, a page looks at this many at least. */
const NARROWED_HITS_MIN = 100;

export class EventReader {
  readonly #reached: Reached;
  readonly #indices: EventIndices;
  readonly #tenant: string;
  readonly #places: EventPlaces;

  constructor(reached: Reached, indices: EventIndices, tenant: string, places: EventPlaces) {
    this.#reached = reached;
    this.#indices = indices;
    this.#tenant = tenant;
    this.#places = places;
  }

  /** Also right behind its writing: a get by id needs no refresh. */
  async get(id: string, time: number): Promise<ArchivedEvent | undefined> {
    const likely = this.#places.likelyIndices(time);
    const found = await this.#getFrom(likely, id);
    if (found?.time === time) return found;
    const tried = new Set(likely);
    const others = (await this.#indices.list(this.#places))
      .filter((one) => !tried.has(one.index) && this.#places.mayHold(one, time))
      .map(({ index }) => index);
    return (await this.#getFrom(others, id, time)) ?? found;
  }

  /** @param time is preferred where the same id lies in several indices */
  async #getFrom(
    indices: readonly string[],
    id: string,
    time?: number,
  ): Promise<ArchivedEvent | undefined> {
    if (indices.length === 0) return undefined;
    const { elasticsearch, retry } = this.#reached;
    const docs = indices.map((index) => ({ _index: index, _id: keyOf(id) }));
    const answer = await retry.run(() =>
      elasticsearch.client.mget<StoredEvent>({ docs, _source_includes: SOURCE_FIELDS }),
    );
    const events = answer.docs.flatMap((doc) =>
      "found" in doc && doc.found ? (this.#eventOf(doc) ?? []) : [],
    );
    const own = events.filter((event) => event.id === id);
    return own.find((event) => event.time === time) ?? own[0];
  }

  async page(query: ArchiveQuery, signal: AbortSignal | undefined): Promise<ArchivePage> {
    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const filter = this.#filter(query, wordsFilter(query));
    const order = query.order === "oldest" ? ("asc" as const) : ("desc" as const);
    const narrowed = Object.keys(query.terms ?? {}).length > 0 || (query.text ?? "") !== "";
    const size = Math.min(HITS_MAX, Math.max(query.limit, narrowed ? NARROWED_HITS_MIN : 1));
    const matches = eventMatcher(query);
    const found = new Map<string, ArchivedEvent>();
    let searchAfter = after && [after.time, keyOf(after.id)];
    for (;;) {
      signal?.throwIfAborted();
      const hits = await this.#hits({ filter, order, size, searchAfter }, signal);
      for (const hit of hits) {
        const event = this.#eventOf(hit);
        if (event === undefined || found.has(event.id) || !matches(event)) continue;
        found.set(event.id, event);
        if (found.size < query.limit) continue;
        return { events: [...found.values()], cursor: encodeCursor(event) };
      }
      const last = hits.at(-1);
      if (last === undefined || hits.length < size)
        return { events: [...found.values()], cursor: undefined };
      searchAfter = placeOf(last);
    }
  }

  async *scan(
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): AsyncGenerator<ArchivedEvent> {
    const matches = eventMatcher(range);
    let last: ArchivedEvent | undefined;
    for await (const hit of scanHits(
      this.#reached,
      this.#places.alias,
      this.#filter(range),
      signal,
    )) {
      const event = this.#eventOf(hit);
      if (event === undefined) continue;
      const twice = last !== undefined && last.id === event.id && last.time === event.time;
      if (twice || !matches(event)) continue;
      last = event;
      yield event;
    }
  }

  // What somebody else put into our indices must not hide what is ours.
  #eventOf(hit: {
    readonly _source?: StoredEvent;
    readonly _index: string;
    readonly _id?: string;
  }): ArchivedEvent | undefined {
    const event = eventOf(hit._source);
    if (event === undefined) {
      const place = `${hit._index}/${hit._id}`;
      this.#reached.logger.error({ place }, "a document in the archive is not one of ours");
    }
    return event;
  }

  /** Number of events, and the times of the first and the last one. */
  async statistics() {
    const [first, last] = await Promise.all([this.#end("asc"), this.#end("desc")]);
    return { events: first.events, oldest: first.time, newest: last.time };
  }

  async #end(order: "asc" | "desc") {
    const { elasticsearch, retry } = this.#reached;
    const answer = await retry.run(() =>
      elasticsearch.client.search<StoredEvent>({
        ...this.#shared(),
        query: { bool: { filter: this.#filter() } },
        sort: [{ "archive.time": order }],
        size: 1,
        track_total_hits: order === "asc",
      }),
    );
    const total = answer.hits.total ?? 0;
    const time = answer.hits.hits[0]?._source?.archive.time;
    return { events: typeof total === "number" ? total : total.value, time };
  }

  async #hits(
    ask: {
      readonly filter: estypes.QueryDslQueryContainer[];
      readonly order: "asc" | "desc";
      readonly size: number;
      readonly searchAfter: readonly (string | number)[] | undefined;
    },
    signal: AbortSignal | undefined,
  ): Promise<estypes.SearchHit<StoredEvent>[]> {
    const { filter, order, size, searchAfter } = ask;
    const { elasticsearch, retry } = this.#reached;
    const request: estypes.SearchRequest = {
      ...this.#shared(),
      query: { bool: { filter } },
      sort: [{ "archive.time": order }, { "archive.key": order }],
      size,
      track_total_hits: false,
      ...(searchAfter === undefined ? {} : { search_after: [...searchAfter] }),
    };
    try {
      const answer = await retry.run(async () => {
        signal?.throwIfAborted();
        // A shard that is gone meanwhile makes the whole fail, and that is asked for again.
        return orMissing(
          elasticsearch.client.search<StoredEvent>(request, signal === undefined ? {} : { signal }),
        );
      });
      return answer?.hits.hits ?? [];
    } catch (error) {
      if (error instanceof errors.RequestAbortedError) signal?.throwIfAborted();
      throw error;
    }
  }

  #shared() {
    return {
      index: this.#places.alias,
      ignore_unavailable: true,
      // Half an answer would look like a whole one.
      allow_partial_search_results: false,
      // Days outside of the span are not even opened.
      pre_filter_shard_size: 1,
      _source: SOURCE_FIELDS,
    };
  }

  #filter(
    range: { readonly from: number; readonly to: number } = {
      from: Number.NEGATIVE_INFINITY,
      to: Number.POSITIVE_INFINITY,
    },
    more?: estypes.QueryDslQueryContainer,
  ): estypes.QueryDslQueryContainer[] {
    const bounds = {
      ...(Number.isFinite(range.from) ? { gte: range.from } : {}),
      ...(Number.isFinite(range.to) ? { lt: range.to } : {}),
    };
    return [
      // Beside the alias: nobody reads another's events, even if an alias were wrong.
      { term: { tenant: this.#tenant } },
      ...(Object.keys(bounds).length === 0 ? [] : [{ range: { "archive.time": bounds } }]),
      ...(more === undefined ? [] : [more]),
    ];
  }
}

function placeOf(hit: estypes.SearchHit<StoredEvent>): [number, string] | undefined {
  const { archive } = hit._source ?? {};
  return archive && [archive.time, keyOf(archive.id)];
}
