// What the screens ask of the server, as TanStack Query options: one place for keys and paths.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { berlinTime } from "../model/berlin-time.ts";
import { ApiError, rememberCsrf, request } from "./client.ts";
import type {
  EventPage,
  FindingContext,
  FindingPage,
  FindingRisk,
  History,
  RulesAnswer,
  Session,
  SilenceList,
  SilencePreview,
  SourcesAnswer,
  StatusAnswer,
  Summary,
  VersionedFinding,
} from "./contract.ts";

const EVENTS_PER_PAGE = 100;
const ROWS_BELOW_MAX = 20;
/** The status page draws one value per poll. */
const STATUS_POLL_MS = 5000;
const SESSION_CHECK_MS = 300_000;

/** The present session; `undefined` when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    try {
      const session = await request<Session>("GET", "/session", undefined, signal);
      rememberCsrf(session.csrfToken);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  refetchInterval: SESSION_CHECK_MS,
});

export function findingQuery(id: string) {
  return queryOptions({
    queryKey: ["finding", id],
    queryFn: ({ signal }) =>
      request<VersionedFinding>("GET", `/findings/${encodeURIComponent(id)}`, undefined, signal),
  });
}

export function historyQuery(id: string) {
  return queryOptions({
    queryKey: ["history", id],
    queryFn: ({ signal }) =>
      request<History>("GET", `/findings/${encodeURIComponent(id)}/history`, undefined, signal),
  });
}

export function riskQuery(id: string) {
  return queryOptions({
    queryKey: ["risk", id],
    queryFn: ({ signal }) =>
      request<FindingRisk>("GET", `/findings/${encodeURIComponent(id)}/risk`, undefined, signal),
  });
}

/** What is known around a finding; parts that were late are asked for again with the next opening. */
export function contextQuery(id: string) {
  return queryOptions({
    queryKey: ["context", id],
    queryFn: ({ signal }) =>
      request<FindingContext>(
        "GET",
        `/findings/${encodeURIComponent(id)}/context`,
        undefined,
        signal,
      ),
  });
}

/** The findings that stand below one. */
export function belowQuery(id: string) {
  return queryOptions({
    queryKey: ["findings", "below", id],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ inhibitedBy: id, limit: String(ROWS_BELOW_MAX) });
      return request<FindingPage>("GET", `/findings?${params}`, undefined, signal);
    },
  });
}

export const silencesQuery = queryOptions({
  queryKey: ["silences"],
  queryFn: ({ signal }) => request<SilenceList>("GET", "/silences", undefined, signal),
  refetchInterval: 30_000,
});

/** What a silence in the making is asked about. */
export interface PreviewQuestion {
  readonly matchers: readonly {
    readonly field: string;
    readonly operator: "equals" | "glob";
    readonly value: string;
  }[];
  /** ms UTC; undefined: now, and without end. */
  readonly from: number | undefined;
  readonly until: number | undefined;
}

export function silencePreviewQuery(question: PreviewQuestion) {
  return queryOptions({
    queryKey: ["silence-preview", question],
    queryFn: ({ signal }) => request<SilencePreview>("POST", "/silences/preview", question, signal),
    retry: false,
  });
}

export const summaryQuery = queryOptions({
  queryKey: ["summary"],
  queryFn: ({ signal }) => request<Summary>("GET", "/findings/summary", undefined, signal),
  refetchInterval: 30_000,
});

/** What is asked of the archive: words or `field:value`, and a span. */
export interface EventSearch {
  readonly query?: string;
  readonly from?: string;
  readonly to?: string;
}

export function eventsQuery(search: EventSearch) {
  return infiniteQueryOptions({
    queryKey: ["events", search],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: String(EVENTS_PER_PAGE) });
      if (search.query) params.set("text", search.query);
      const from = berlinTime(search.from ?? "");
      const to = berlinTime(search.to ?? "");
      if (from !== undefined) params.set("from", String(from));
      if (to !== undefined) params.set("to", String(to));
      if (pageParam !== "") params.set("cursor", pageParam);
      return request<EventPage>("GET", `/events?${params}`, undefined, signal);
    },
    initialPageParam: "",
    getNextPageParam: (last: EventPage) => last.cursor,
  });
}

export const rulesQuery = queryOptions({
  queryKey: ["rules"],
  queryFn: ({ signal }) => request<RulesAnswer>("GET", "/rules", undefined, signal),
});

export const sourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: ({ signal }) => request<SourcesAnswer>("GET", "/sources", undefined, signal),
  refetchInterval: STATUS_POLL_MS,
});

export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => request<StatusAnswer>("GET", "/status", undefined, signal),
  refetchInterval: STATUS_POLL_MS,
});
