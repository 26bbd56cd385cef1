// What the page of reports asks of the server.
import { queryOptions } from "@tanstack/react-query";
import type {
  ReportAnswer,
  ReportFileExtract,
  ReportFileForm,
  ReportList,
  Verification,
} from "../../api/report-schemas.ts";
import { request } from "./client.ts";

export type { ReportAnswer, ReportFileExtract, ReportFileForm, ReportList, Verification };

export const reportsQuery = queryOptions({
  queryKey: ["reports"],
  queryFn: ({ signal }) => request<ReportList>("GET", "/reports", undefined, signal),
});

export function reportQuery(sequence: number) {
  return queryOptions({
    queryKey: ["report", sequence],
    queryFn: ({ signal }) =>
      request<ReportAnswer>("GET", `/reports/${sequence}`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function publishReport(period: string): Promise<ReportAnswer> {
  return request("POST", "/reports", { period });
}

export function verifyReports(): Promise<Verification> {
  return request("GET", "/reports/verification");
}

/** Where a file of a draft is fetched from. */
export function draftFile(
  period: string,
  form: ReportFileForm,
  extract: ReportFileExtract,
): string {
  return `/api/v1/reports/draft/files/${form}?${new URLSearchParams({ period, extract })}`;
}

/** Where a file of a published report is fetched from. */
export function reportFile(
  sequence: number,
  form: ReportFileForm,
  extract: ReportFileExtract,
): string {
  return `/api/v1/reports/${sequence}/files/${form}?${new URLSearchParams({ extract })}`;
}

/** The short form, for those who see figures only. */
export function summaryFile(sequence: number, form: ReportFileForm): string {
  return `/api/v1/reports/${sequence}/summary/${form}`;
}
