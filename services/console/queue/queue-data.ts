// The rows of the queue: pages from the server, live changes written into them in place (a row never
// moves while somebody reads), and a count of what is new since the list was loaded.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { FindingPage, FindingRow } from "../api/contract.ts";
import { fetchFirstPage, findingsQuery } from "../api/queries.ts";
import { useLiveFindings } from "../api/stream.ts";
import { fitsSearch, type QueueSearch } from "../model/queue-search.ts";

type Pages = InfiniteData<FindingPage, string>;

/** Changes are applied in batches, so that a burst of signals costs one paint. */
const BATCH_MS = 250;

export interface QueueRows {
  readonly rows: readonly FindingRow[];
  /** Findings under this filter on the server when the list was loaded. */
  readonly total: number;
  readonly indexOf: (id: string) => number;
  /** Ids of findings that came since the list was loaded. */
  readonly freshCount: number;
  readonly reload: () => void;
  /** Writes a changed row in its place. */
  readonly change: (row: FindingRow) => void;
  readonly loadMore: () => void;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly live: boolean;
}

/** Rows under a filter. `mayReload` says whether new rows may appear by themselves (nobody reads). */
export function useQueueRows(search: QueueSearch, mayReload: () => boolean): QueueRows {
  const client = useQueryClient();
  const options = useMemo(() => findingsQuery(search), [search]);
  const query = useInfiniteQuery(options);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () => query.data?.pages.flatMap((page) => page.findings) ?? [],
    [query.data],
  );
  const index = useMemo(() => new Map(rows.map((row, at) => [row.id, at])), [rows]);

  const reload = useCallback(() => {
    setFresh(new Set());
    client.setQueryData<Pages>(options.queryKey, firstPageOnly);
    void client.invalidateQueries({ queryKey: options.queryKey });
    void client.invalidateQueries({ queryKey: ["summary"] });
  }, [client, options]);

  const apply = (changes: ReadonlyMap<string, FindingRow>) => {
    client.setQueryData<Pages>(options.queryKey, (data) => withChanges(data, changes));
    for (const id of changes.keys()) {
      void client.invalidateQueries({ queryKey: ["finding", id] });
      void client.invalidateQueries({ queryKey: ["history", id] });
    }
    void client.invalidateQueries({ queryKey: ["summary"] });
    const unseen = [...changes.values()].filter(
      (row) => !index.has(row.id) && fitsSearch(search, row),
    );
    if (unseen.length === 0) return;
    if (mayReload()) reload();
    else setFresh((known) => new Set([...known, ...unseen.map((row) => row.id)]));
  };
  const catchUp = async () => {
    const page = await fetchFirstPage(search);
    apply(new Map(page.findings.map((row) => [row.id, row])));
  };
  const live = useLiveFindings(BATCH_MS, apply, () => void catchUp().catch(reload));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts a new count
  useEffect(() => setFresh(new Set()), [options]);

  return {
    rows,
    total: query.data?.pages[0]?.total ?? 0,
    indexOf: (id) => index.get(id) ?? -1,
    freshCount: fresh.size,
    reload,
    change: (row) =>
      client.setQueryData<Pages>(options.queryKey, (data) =>
        withChanges(data, new Map([[row.id, row]])),
      ),
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
    loading: query.isPending,
    error: query.error,
    live,
  };
}

function firstPageOnly(data: Pages | undefined): Pages | undefined {
  return data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) };
}

/** The pages with changed rows replaced in place; pages without changes stay the same objects. */
function withChanges(
  data: Pages | undefined,
  changes: ReadonlyMap<string, FindingRow>,
): Pages | undefined {
  if (data === undefined) return undefined;
  const pages = data.pages.map((page) =>
    page.findings.some((row) => isNewer(changes.get(row.id), row))
      ? {
          ...page,
          findings: page.findings.map((row) => {
            const change = changes.get(row.id);
            return change !== undefined && isNewer(change, row) ? change : row;
          }),
        }
      : page,
  );
  return { ...data, pages };
}

function isNewer(change: FindingRow | undefined, row: FindingRow): boolean {
  return change !== undefined && change.version > row.version;
}
