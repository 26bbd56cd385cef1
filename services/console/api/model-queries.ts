// What the page of models asks of the server: versions and jobs, what was compared, drift, and the days of the
// alarm budget.
import { queryOptions } from "@tanstack/react-query";
import { isOpenJob } from "../model/model-view.ts";
import { request } from "./client.ts";
import type { AnomalyDays, DriftList, ModelComparisonAnswer, ModelList } from "./contract.ts";

/** While a training runs its end is waited for. */
const RUNNING_POLL_MS = 2000;
const POLL_MS = 30_000;

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => request<ModelList>("GET", "/models", undefined, signal),
  refetchInterval: ({ state }) => (state.data?.jobs.some(isOpenJob) ? RUNNING_POLL_MS : POLL_MS),
});

export function comparisonQuery(name: string) {
  return queryOptions({
    queryKey: ["model-comparison", name],
    queryFn: ({ signal }) =>
      request<ModelComparisonAnswer>(
        "GET",
        `/models/${encodeURIComponent(name)}/comparison`,
        undefined,
        signal,
      ),
    refetchInterval: POLL_MS,
  });
}

export const anomalyDaysQuery = queryOptions({
  queryKey: ["anomaly-days"],
  queryFn: ({ signal }) => request<AnomalyDays>("GET", "/anomalies/days", undefined, signal),
  refetchInterval: POLL_MS,
});

export const driftQuery = queryOptions({
  queryKey: ["anomaly-drift"],
  queryFn: ({ signal }) => request<DriftList>("GET", "/anomalies/drift", undefined, signal),
  refetchInterval: POLL_MS,
});
