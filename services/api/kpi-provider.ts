// What the API needs of the KPI calculator; the wiring hands it over, for stages don't import each other.
import type { z } from "zod";
import type { KpiTarget } from "../../config/kpi.ts";
import type { PeriodReview } from "../cases/kpi-sentences.ts";
import type { KpiDocument, KpiPeriod, KpiScope, PublishedPeriod } from "../store/kpi.ts";
import type { AuditInput } from "../store/store.ts";
import type { kpiIncidents, kpiTuning, publishedAnswer } from "./kpi-schemas.ts";

/** Figures of one tenant. */
export interface KpiProvider {
  /**
   * A named period, or the span between two dates.
   * @throws AppError HW_REQUEST_INVALID for what is neither
   */
  readonly period: (
    tenant: string,
    asked: { readonly period?: string; readonly from?: string; readonly to?: string },
  ) => KpiPeriod;
  readonly figures: (tenant: string, period: KpiPeriod, scope: KpiScope) => Promise<KpiDocument>;
  /** Of the whole tenant, newest first. */
  readonly months: (tenant: string) => Promise<readonly KpiDocument[]>;
  /** Newest first, each with what has changed since. */
  readonly published: (tenant: string) => Promise<readonly PublishedView[]>;
  /** @throws AppError HW_REQUEST_INVALID while the period runs, HW_EXISTS when it was published already */
  readonly publish: (
    tenant: string,
    period: KpiPeriod,
    by: Pick<AuditInput, "at" | "actor">,
  ) => Promise<PublishedPeriod>;
  /** With their history, oldest first. */
  readonly targets: (tenant: string) => readonly KpiTarget[];
  /** A period beside the one before it, with what sentences about the change are made of. */
  readonly review: (tenant: string, period: KpiPeriod) => Promise<PeriodReview>;
  /** The period and those of its kind before it, oldest first; of spans between dates the one alone. */
  readonly series: (tenant: string, period: KpiPeriod) => Promise<readonly KpiDocument[]>;
  /** Without title, findings or people. */
  readonly incidents: (
    tenant: string,
    period: KpiPeriod,
  ) => Promise<Pick<z.infer<typeof kpiIncidents>, "total" | "incidents">>;
  /** How much of a period was made up for a demonstration. */
  readonly simulated: (
    tenant: string,
    period: KpiPeriod,
  ) => Promise<{ readonly incidents: number; readonly findings: number }>;
  readonly tuning: (
    tenant: string,
    period: KpiPeriod,
    per: "rule" | "source",
  ) => Promise<z.infer<typeof kpiTuning>["rows"]>;
}

/** A published period and what the same one gives today. */
export interface PublishedView
  extends Pick<z.infer<typeof publishedAnswer>, "isIntact" | "differences"> {
  readonly published: PublishedPeriod;
}
