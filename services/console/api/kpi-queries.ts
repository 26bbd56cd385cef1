// What the management page asks of the server: a period with what has changed, and the incidents behind it.
import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { kpiIncidents, kpiReview } from "../../api/kpi-schemas.ts";
import { request } from "./client.ts";

export type KpiReview = z.infer<typeof kpiReview>;
export type KpiIncidents = z.infer<typeof kpiIncidents>;

const POLL_MS = 60_000;

/** @param period undefined: the running month */
export function reviewQuery(period: string | undefined) {
  return queryOptions({
    queryKey: ["kpi-review", period ?? ""],
    queryFn: ({ signal }) =>
      request<KpiReview>("GET", `/kpi/review${asked(period)}`, undefined, signal),
    refetchInterval: POLL_MS,
  });
}

export function kpiIncidentsQuery(period: string) {
  return queryOptions({
    queryKey: ["kpi-incidents", period],
    queryFn: ({ signal }) =>
      request<KpiIncidents>("GET", `/kpi/incidents${asked(period)}`, undefined, signal),
  });
}

function asked(period: string | undefined): string {
  return period === undefined ? "" : `?${new URLSearchParams({ period })}`;
}
