// Reads the store page by page, so that a report needs the memory of a page and of what it keeps, however
// many documents there are.
import { setImmediate } from "node:timers/promises";
import type { Kind, SearchQuery, Store } from "../store/store.ts";

const DOCUMENTS_PER_PAGE = 500;

/** All documents that fit, in the order asked for. */
export async function* documentsOf<D>(
  store: Store,
  tenant: string,
  kind: Kind<D>,
  query: Pick<SearchQuery, "terms" | "ranges" | "sort">,
): AsyncGenerator<D> {
  let cursor: string | undefined;
  do {
    const page = await store.search(tenant, kind, {
      ...query,
      limit: DOCUMENTS_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { document } of page.hits) yield document;
    cursor = page.cursor;
    // An embedded store answers without a pause.
    await setImmediate();
  } while (cursor !== undefined);
}

/** Sorted by one field, the lowest first. */
export function by(field: string): SearchQuery["sort"] {
  return [{ field, order: "asc" }];
}

/** One more of this key. */
export function tally(counts: Map<string, number>, key: string, more = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

/** Largest first, then by name. */
export function ranked(counts: ReadonlyMap<string, number>): { name: string; n: number }[] {
  return [...counts]
    .map(([name, n]) => ({ name, n }))
    .sort((one, other) => other.n - one.n || (one.name < other.name ? -1 : 1));
}
