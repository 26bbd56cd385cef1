// What the queue asks of the server: its items page by page, a proposed incident with its findings, the
// decisions about grouping, and a bulk change while it runs.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { filterParams, isGrouped, type QueueSearch } from "../model/queue-search.ts";
import { request } from "./client.ts";
import type {
  BulkJob,
  DecidedAnswer,
  FindingPage,
  GroupingList,
  ProposalAnswer,
  QueueAnswer,
} from "./contract.ts";

const ROWS_PER_PAGE = 200;
const BULK_POLL_MS = 500;

/** The queue page by page; live changes are written into its pages, so it never refetches by itself. */
export function queuePagesQuery(search: QueueSearch) {
  return infiniteQueryOptions({
    queryKey: ["findings", search],
    queryFn: ({ pageParam, signal }) => fetchPage(search, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last: QueueAnswer) => last.cursor,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

/** The top of the queue as it is now, past the cache: what a lost connection has missed. */
export function fetchFirstPage(search: QueueSearch): Promise<QueueAnswer> {
  return fetchPage(search, "");
}

async function fetchPage(
  search: QueueSearch,
  cursor: string,
  signal?: AbortSignal,
): Promise<QueueAnswer> {
  const params = new URLSearchParams({ limit: String(ROWS_PER_PAGE) });
  if (cursor !== "") params.set("cursor", cursor);
  if (isGrouped(search)) {
    return request<QueueAnswer>("GET", `/queue?${params}`, undefined, signal);
  }
  params.set("sort", search.sort ?? "score");
  for (const [name, value] of Object.entries(filterParams(search))) params.set(name, value);
  const page = await request<FindingPage>("GET", `/findings?${params}`, undefined, signal);
  const items = page.findings.map((finding) => ({ type: "finding" as const, finding }));
  return {
    items,
    total: page.total,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  };
}

export function proposalQuery(id: string) {
  return queryOptions({
    queryKey: ["proposal", id],
    queryFn: ({ signal }) =>
      request<ProposalAnswer>("GET", `/proposals/${encodeURIComponent(id)}`, undefined, signal),
  });
}

export const groupingsQuery = queryOptions({
  queryKey: ["groupings"],
  queryFn: ({ signal }) => request<GroupingList>("GET", "/groupings", undefined, signal),
});

/** Takes a decision about grouping back. @throws ApiError */
export function endGrouping(id: string, version: number): Promise<DecidedAnswer> {
  return request<DecidedAnswer>("POST", `/groupings/${encodeURIComponent(id)}/end`, { version });
}

/** A bulk change, asked for again and again until it is over. */
export function bulkJobQuery(id: string | undefined) {
  return queryOptions({
    queryKey: ["bulk", id],
    queryFn: ({ signal }) =>
      request<BulkJob>("GET", `/findings/bulk/${encodeURIComponent(id ?? "")}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.state === "running" || state.data?.state === "undoing" ? BULK_POLL_MS : false,
  });
}
