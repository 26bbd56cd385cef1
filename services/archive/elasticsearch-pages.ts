// A long read over a point in time: what is written or deleted meanwhile does not move its pages. Where
// Elasticsearch loses the point (a restart), a new one goes on behind the last event given out.
import { errors, type estypes } from "@elastic/elasticsearch";
import { orMissing } from "../elasticsearch/indices.ts";
import { SOURCE_FIELDS, type StoredEvent } from "./elasticsearch-document.ts";
import type { Reached } from "./elasticsearch-indices.ts";

/** How long a point is kept from one page to the next: a reader may work on a page for a while. */
const KEEP_ALIVE = "5m";
const HITS_MIN = 50;
const HITS_MAX = 1000;
/** Pages grow while they are lighter, in characters of documents. */
const LIGHT_CHARS = 2_000_000;
/** Points lost one after the other without a page between them. */
const LOST_MAX = 5;
/** Behind every document of the same time and id: greater than any place in a shard. */
const LAST_PLACE = Number.MAX_SAFE_INTEGER;

type Hit = estypes.SearchHit<StoredEvent>;

/** All hits by (time, id), in pages of bounded size. */
export async function* scanHits(
  reached: Reached,
  alias: string,
  filter: estypes.QueryDslQueryContainer[],
  signal: AbortSignal,
): AsyncGenerator<Hit> {
  const { client } = reached.elasticsearch;
  let id = await openPoint(reached, alias);
  try {
    let after: estypes.SortResults | undefined;
    let size = HITS_MIN;
    for (let lost = 0; id !== undefined; ) {
      signal.throwIfAborted();
      const pit = { id, keep_alive: KEEP_ALIVE };
      const page = await onePage(reached, { pit, filter, size, after }, signal);
      if (page === undefined) {
        lost += 1;
        if (lost > LOST_MAX) throw new Error("the point in time is lost again and again");
        id = await openPoint(reached, alias);
        if (after !== undefined) after = [...after.slice(0, 2), LAST_PLACE];
        continue;
      }
      lost = 0;
      id = page.pointId ?? id;
      yield* page.hits;
      if (page.hits.length < size) return;
      after = page.hits.at(-1)?.sort;
      size = nextSize(size, page.hits);
    }
  } finally {
    // It ends by itself when this can't reach the server.
    if (id !== undefined) await client.closePointInTime({ id }).catch(() => undefined);
  }
}

async function openPoint({ elasticsearch, retry }: Reached, alias: string) {
  const opened = await retry.run(() =>
    orMissing(
      elasticsearch.client.openPointInTime({
        index: alias,
        keep_alive: KEEP_ALIVE,
        ignore_unavailable: true,
      }),
    ),
  );
  return opened?.id;
}

/** @returns undefined when the point in time is lost */
async function onePage(
  { elasticsearch, retry }: Reached,
  ask: {
    readonly pit: { readonly id: string; readonly keep_alive: string };
    readonly filter: estypes.QueryDslQueryContainer[];
    readonly size: number;
    readonly after: estypes.SortResults | undefined;
  },
  signal: AbortSignal,
) {
  const request: estypes.SearchRequest = {
    pit: ask.pit,
    query: { bool: { filter: ask.filter } },
    sort: [{ "archive.time": "asc" }, { "archive.key": "asc" }],
    size: ask.size,
    track_total_hits: false,
    allow_partial_search_results: false,
    _source: SOURCE_FIELDS,
    ...(ask.after === undefined ? {} : { search_after: ask.after }),
  };
  try {
    const answer = await retry.run(() => {
      signal.throwIfAborted();
      return orMissing(elasticsearch.client.search<StoredEvent>(request, { signal }));
    });
    return answer && { pointId: answer.pit_id, hits: answer.hits.hits };
  } catch (error) {
    if (error instanceof errors.RequestAbortedError) signal.throwIfAborted();
    throw error;
  }
}

function nextSize(size: number, hits: readonly Hit[]): number {
  const chars = hits.reduce((sum, hit) => sum + (hit._source?.archive.document.length ?? 0), 0);
  if (chars > LIGHT_CHARS) return Math.max(HITS_MIN, Math.floor(size / 2));
  return Math.min(HITS_MAX, size * 2);
}
