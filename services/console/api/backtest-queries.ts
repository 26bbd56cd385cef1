// What the page of backtests asks of the server: the newest ones, one of them while it runs, and changes.
import { queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";
import type { BacktestBody, BacktestJob, BacktestList } from "./contract.ts";

const POLL_MS = 500;

/** Newest first, without results. */
export const backtestsQuery = queryOptions({
  queryKey: ["backtests"],
  queryFn: ({ signal }) => request<BacktestList>("GET", "/backtests", undefined, signal),
});

/** One backtest, asked for again and again until it is over. */
export function backtestQuery(id: string | undefined) {
  return queryOptions({
    queryKey: ["backtest", id],
    queryFn: ({ signal }) =>
      request<BacktestJob>("GET", `/backtests/${encodeURIComponent(id ?? "")}`, undefined, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? POLL_MS : false),
  });
}

/** @throws ApiError */
export function startBacktest(body: BacktestBody): Promise<BacktestJob> {
  return request<BacktestJob>("POST", "/backtests", body);
}

/** Ends a running one. @throws ApiError */
export function cancelBacktest(id: string): Promise<void> {
  return request<void>("DELETE", `/backtests/${encodeURIComponent(id)}`);
}
