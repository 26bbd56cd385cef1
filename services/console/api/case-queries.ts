// What the screens of incidents, exceptions, maintenance windows and block lists ask of the server.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { spanParams } from "../model/address-span.ts";
import type { IncidentFilter } from "../model/incident-filter.ts";
import type {
  BlockList,
  Clock,
  Containment,
  DraftAnswer,
  ExceptionList,
  HiddenPreview,
  IncidentAnswer,
  IncidentPageAnswer,
  MaintenanceList,
} from "./case-contract.ts";
import { request } from "./client.ts";
import type { CommentPage, History, VersionedFinding } from "./contract.ts";
import type { PreviewQuestion } from "./queries.ts";

const ROWS_PER_PAGE = 100;
const COMMENTS_PER_PAGE = 100;
const POLL_MS = 30_000;
/** Titles of findings do not change. */
const TITLE_STALE_MS = 600_000;

const incidentPath = (id: string) => `/incidents/${encodeURIComponent(id)}`;

/** Incidents page by page, newest first. */
export function incidentsQuery(filter: IncidentFilter) {
  return infiniteQueryOptions({
    queryKey: ["incidents", filter],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(ROWS_PER_PAGE) });
      for (const key of ["status", "verdict", "severity", "category", "text"] as const) {
        const value = filter[key];
        if (value !== undefined && value !== "") params.set(key, value);
      }
      if (filter.mine) params.set("mine", "true");
      for (const [name, time] of Object.entries(spanParams(filter))) params.set(name, time);
      if (pageParam !== "") params.set("cursor", pageParam);
      return request<IncidentPageAnswer>("GET", `/incidents?${params}`, undefined, signal);
    },
    initialPageParam: "",
    getNextPageParam: (last: IncidentPageAnswer) => last.cursor,
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });
}

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ["incident", id],
    queryFn: ({ signal }) => request<IncidentAnswer>("GET", incidentPath(id), undefined, signal),
    refetchInterval: POLL_MS,
  });
}

export function incidentHistoryQuery(id: string) {
  return queryOptions({
    queryKey: ["incident-history", id],
    queryFn: ({ signal }) =>
      request<History>("GET", `${incidentPath(id)}/history`, undefined, signal),
  });
}

/** Newest or oldest first as the server gives them. */
export function incidentCommentsQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ["incident-comments", id],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(COMMENTS_PER_PAGE) });
      if (pageParam !== "") params.set("cursor", pageParam);
      const path = `${incidentPath(id)}/comments?${params}`;
      return request<CommentPage>("GET", path, undefined, signal);
    },
    initialPageParam: "",
    getNextPageParam: (last: CommentPage) => last.cursor,
  });
}

/** What completed blocks propose as the time of containment. */
export function containmentQuery(id: string) {
  return queryOptions({
    queryKey: ["containment", id],
    queryFn: ({ signal }) =>
      request<Containment>("GET", `${incidentPath(id)}/containment-proposals`, undefined, signal),
  });
}

/** Facts only; a person checks and sends it. */
export function draftQuery(id: string, clock: Clock["clock"]) {
  return queryOptions({
    queryKey: ["notification-draft", id, clock],
    queryFn: ({ signal }) => {
      const path = `${incidentPath(id)}/notifications/draft?clock=${clock}`;
      return request<DraftAnswer>("GET", path, undefined, signal);
    },
    staleTime: 0,
  });
}

/** A finding for its title alone. */
export function findingTitleQuery(id: string) {
  return queryOptions({
    queryKey: ["finding-title", id],
    queryFn: ({ signal }) =>
      request<VersionedFinding>("GET", `/findings/${encodeURIComponent(id)}`, undefined, signal),
    staleTime: TITLE_STALE_MS,
  });
}

export const exceptionsQuery = queryOptions({
  queryKey: ["exceptions"],
  queryFn: ({ signal }) => request<ExceptionList>("GET", "/exceptions", undefined, signal),
  refetchInterval: POLL_MS,
});

export const maintenanceQuery = queryOptions({
  queryKey: ["maintenance"],
  queryFn: ({ signal }) => request<MaintenanceList>("GET", "/maintenance", undefined, signal),
  refetchInterval: POLL_MS,
});

export const blocksQuery = queryOptions({
  queryKey: ["block-lists"],
  queryFn: ({ signal }) => request<BlockList>("GET", "/block-lists", undefined, signal),
  refetchInterval: POLL_MS,
});

/** What would have been hidden; an exception's question names its finding. */
export type HiddenQuestion = Pick<PreviewQuestion, "matchers" | "from"> & {
  readonly finding?: string;
};

export function hiddenPreviewQuery(question: HiddenQuestion) {
  const path = question.finding === undefined ? "/maintenance/preview" : "/exceptions/preview";
  return queryOptions({
    queryKey: ["hidden-preview", question],
    queryFn: ({ signal }) => request<HiddenPreview>("POST", path, question, signal),
    retry: false,
  });
}
