// The rows of the queue: pages from the server, live changes written into them in place (a row never
// moves while somebody reads), and a count of what is new since the list was loaded.
import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { FindingRow, ProposalAnswer, QueueAnswer } from "../api/contract.ts";
import { fetchFirstPage, proposalQuery, queuePagesQuery } from "../api/queue-queries.ts";
import { useLiveFindings } from "../api/stream.ts";
import { type QueueItem, queueItems } from "../model/queue-items.ts";
import { fitsSearch, type QueueSearch } from "../model/queue-search.ts";

type Pages = InfiniteData<QueueAnswer, string>;
type Changes = ReadonlyMap<string, FindingRow>;

/** Changes are applied in batches, so that a burst of signals costs one paint. */
const BATCH_MS = 250;

export interface QueueRows {
  readonly rows: readonly QueueItem[];
  /** Items under this filter on the server when the list was loaded. */
  readonly total: number;
  /** Rows in all, loaded or not, with those of the opened proposal. */
  readonly rowCount: number;
  readonly indexOf: (id: string) => number;
  /** Ids of findings that came since the list was loaded. */
  readonly freshCount: number;
  readonly reload: () => void;
  /** Writes a changed finding in its place. */
  readonly change: (row: FindingRow) => void;
  readonly loadMore: () => void;
  readonly loading: boolean;
  readonly error: Error | null;
  readonly live: boolean;
}

/**
 * Rows under a filter.
 * @param openedId the proposal whose findings stand below it
 * @param mayReload whether new rows may appear by themselves (nobody reads)
 */
export function useQueueRows(
  search: QueueSearch,
  openedId: string | undefined,
  mayReload: () => boolean,
): QueueRows {
  const client = useQueryClient();
  const options = useMemo(() => queuePagesQuery(search), [search]);
  const query = useInfiniteQuery(options);
  const { data: opened } = useQuery({
    ...proposalQuery(openedId ?? ""),
    enabled: openedId !== undefined,
  });
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const rows = useMemo(() => queueItems(items, openedId, opened), [items, openedId, opened]);
  const index = useMemo(() => new Map(rows.map((row, at) => [row.id, at])), [rows]);

  const reload = useCallback(() => {
    setFresh(new Set());
    client.setQueryData<Pages>(options.queryKey, firstPageOnly);
    void client.invalidateQueries({ queryKey: options.queryKey });
    void client.invalidateQueries({ queryKey: ["proposal"] });
    void client.invalidateQueries({ queryKey: ["summary"] });
  }, [client, options]);

  const write = (changes: Changes) => {
    client.setQueryData<Pages>(options.queryKey, (data) => withChanges(data, changes));
    if (openedId !== undefined) writeMembers(client, openedId, changes);
  };
  const apply = (changes: Changes) => {
    write(changes);
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
    const findings = page.items.flatMap((item) => (item.type === "finding" ? [item.finding] : []));
    apply(new Map(findings.map((row) => [row.id, row])));
  };
  const live = useLiveFindings(BATCH_MS, apply, () => void catchUp().catch(reload));

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts a new count
  useEffect(() => setFresh(new Set()), [options]);

  const total = query.data?.pages[0]?.total ?? 0;
  return {
    rows,
    total,
    rowCount: Math.max(rows.length, total + rows.length - items.length),
    indexOf: (id) => index.get(id) ?? -1,
    freshCount: fresh.size,
    reload,
    change: (row) => write(new Map([[row.id, row]])),
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

/** The findings of the opened proposal in place; what the proposal makes of them is asked for anew. */
function writeMembers(client: QueryClient, openedId: string, changes: Changes): void {
  const { queryKey } = proposalQuery(openedId);
  const present = client.getQueryData<ProposalAnswer>(queryKey);
  if (!present?.findings.some((row) => isNewer(changes.get(row.id), row))) return;
  const findings = present.findings.map((row) => newerOf(changes.get(row.id), row));
  client.setQueryData<ProposalAnswer>(queryKey, { ...present, findings });
  void client.invalidateQueries({ queryKey });
}

/** The pages with changed rows replaced in place; pages without changes stay the same objects. */
function withChanges(data: Pages | undefined, changes: Changes): Pages | undefined {
  if (data === undefined) return undefined;
  const pages = data.pages.map((page) =>
    page.items.some(
      (item) => item.type === "finding" && isNewer(changes.get(item.finding.id), item.finding),
    )
      ? {
          ...page,
          items: page.items.map((item) =>
            item.type === "finding"
              ? { ...item, finding: newerOf(changes.get(item.finding.id), item.finding) }
              : item,
          ),
        }
      : page,
  );
  return { ...data, pages };
}

function newerOf(change: FindingRow | undefined, row: FindingRow): FindingRow {
  return change !== undefined && isNewer(change, row) ? change : row;
}

function isNewer(change: FindingRow | undefined, row: FindingRow): boolean {
  return change !== undefined && change.version > row.version;
}
