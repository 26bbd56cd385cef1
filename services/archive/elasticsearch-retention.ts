// Deletes whole indices of events: those whose days are over, then the oldest over the byte limit.
import { errors } from "@elastic/elasticsearch";
import { deleteIndices, orMissing } from "../elasticsearch/indices.ts";
import type { Archive } from "./archive.ts";
import type { EventIndices, Reached } from "./elasticsearch-indices.ts";
import { DAY_MS, type EventIndex, type EventPlaces } from "./elasticsearch-places.ts";

type RetainRules = Parameters<Archive["retain"]>[2];

/** What belongs to one tenant. */
interface RetainedParts {
  readonly reached: Reached;
  readonly indices: EventIndices;
  readonly places: EventPlaces;
}

/** @returns how many events went */
export async function deleteExpired(
  parts: RetainedParts,
  now: number,
  rules: RetainRules,
): Promise<number> {
  const expired: EventIndex[] = [];
  const kept: EventIndex[] = [];
  const daysOf = new Map(Object.entries(rules.daysByClass));
  for (const one of await parts.indices.list(parts.places)) {
    const days = daysOf.get(one.dataClass) ?? rules.daysDefault;
    const end = one.kind === "day" ? one.end : await endOf(parts, one);
    (end <= now - days * DAY_MS ? expired : kept).push(one);
  }
  const bytesOf = await storedBytes(parts);
  let bytes = kept.reduce((sum, { index }) => sum + (bytesOf.get(index) ?? 0), 0);
  for (const one of kept) {
    if (bytes <= rules.bytesMax) break;
    expired.push(one);
    bytes -= bytesOf.get(one.index) ?? 0;
  }
  let deleted = 0;
  for (const { index } of expired) {
    const { elasticsearch, retry } = parts.reached;
    const counted = await retry.run(() => orMissing(elasticsearch.client.count({ index })));
    await retry.run(() => deleteIndices(elasticsearch.client, [index]));
    parts.indices.forget(index);
    deleted += counted?.count ?? 0;
  }
  return deleted;
}

/** Bytes on disk by index, with all copies; empty where the right to ask is missing. */
export async function storedBytes({
  reached,
  places,
}: RetainedParts): Promise<Map<string, number>> {
  const { elasticsearch, retry } = reached;
  try {
    const answer = await retry.run(() =>
      orMissing(
        elasticsearch.client.indices.stats({
          index: places.alias,
          metric: "store",
          filter_path: "indices.*.total.store.size_in_bytes",
        }),
      ),
    );
    return new Map(
      Object.entries(answer?.indices ?? {}).map(([index, { total }]) => [
        index,
        total?.store?.size_in_bytes ?? 0,
      ]),
    );
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof errors.ResponseError) || cause.statusCode !== 403) throw error;
    reached.logger.warn(
      { alias: places.alias },
      "the right monitor is missing: the archive's bytes are unknown and its byte limit is not kept",
    );
    return new Map();
  }
}

// Very old events age by their own time; those from the future by when they came, or they would stay forever.
async function endOf({ reached }: RetainedParts, one: EventIndex): Promise<number> {
  const { elasticsearch, retry } = reached;
  const answer = await retry.run(() =>
    orMissing(
      elasticsearch.client.search<unknown, { newest: { value?: number | null } }>({
        index: one.index,
        size: 0,
        // A part of the answer would make it look older than it is.
        allow_partial_search_results: false,
        aggs: { newest: { max: { field: "archive.time" } } },
      }),
    ),
  );
  return Math.min(one.end, answer?.aggregations?.newest.value ?? one.end);
}
