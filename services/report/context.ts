// What the report is made from: the store, and behind ports what other stages and the configuration know.
// Whoever wires it hands all of it over, for one tenant, one period and one moment.
import type { TenantPaging } from "../../config/paging.ts";
import type { Config } from "../../config/schema.ts";
import type { DetectorInfo } from "../../detectors/detector.ts";
import type { PeriodReview } from "../cases/kpi-sentences.ts";
import type { ClockProfile } from "../cases/legal-clocks.ts";
import type { KpiDocument, KpiPeriod, KpiScope, PublishedPeriod } from "../store/kpi.ts";
import type { Store } from "../store/store.ts";
import type { Controls } from "./controls.ts";

/** Figures of KPIs as the KPI stage calculates them; the report never does so itself. */
export interface ReportKpi {
  /** @throws AppError HW_REQUEST_INVALID for what is no period */
  readonly period: (name: string) => KpiPeriod;
  readonly before: (period: KpiPeriod) => KpiPeriod;
  /** Months within a period, the oldest first; none where it is no longer than one. */
  readonly monthsOf: (period: KpiPeriod) => readonly KpiPeriod[];
  readonly figures: (period: KpiPeriod, scope: KpiScope) => Promise<KpiDocument>;
  /** Beside the period before, for the sentences. */
  readonly review: (period: KpiPeriod) => Promise<PeriodReview>;
  readonly tuning: (period: KpiPeriod, per: "rule" | "source") => Promise<readonly TuningRow[]>;
  /** Published figures of periods, with what is another one today. */
  readonly published: () => Promise<readonly PublishedFigures[]>;
}

/** Judged alarms of a rule or source. */
interface TuningRow {
  readonly name: string;
  readonly falseAlarms: number;
  readonly truePositives: number;
  readonly undetermined: number;
  readonly benignTruePositives: number;
  readonly duplicates: number;
  readonly precision: number | null;
}

interface PublishedFigures {
  readonly published: PublishedPeriod;
  readonly isIntact: boolean;
  readonly differences: readonly {
    readonly figure: string;
    readonly published: number | string | null;
    readonly now: number | string | null;
  }[];
}

/** The rules of the running service. */
export interface ReportRules {
  readonly rules: readonly DetectorInfo[];
  readonly faults: number;
  readonly leftOut: number;
}

/** A log source; what is not known is missing. Times in ms UTC, spans in ms. */
export interface ReportSource {
  readonly name: string;
  readonly state: "never" | "silent" | "unreadable" | "clock" | "learning" | "well";
  readonly inputs: readonly string[];
  readonly ndigClass?: number | undefined;
  readonly dataClass?: string | undefined;
  readonly firstSeenAt?: number | undefined;
  readonly lastSeenAt?: number | undefined;
  readonly records: number;
  readonly failed: number;
  readonly parseShare?: number | undefined;
  readonly lagMedianMs?: number | undefined;
  readonly lagMaxMs?: number | undefined;
  readonly skewMs?: number | undefined;
  readonly silentSince?: number | undefined;
}

export interface ReportContext {
  readonly tenant: Pick<
    Config["tenants"][number],
    "id" | "name" | "timeZone" | "kpiTargets" | "legalClocks"
  >;
  readonly period: KpiPeriod;
  /** The moment that the report is made for, ms UTC: "as of". */
  readonly at: number;
  readonly version: string;
  readonly store: Store;
  readonly kpi: ReportKpi;
  readonly rules: () => Promise<ReportRules>;
  readonly sources: () => Promise<readonly ReportSource[]>;
  /** As configured now; undefined: nobody would be paged. */
  readonly paging: TenantPaging | undefined;
  readonly clocks: ClockProfile;
  readonly retention: Config["retention"];
  /** The language model as configured now; undefined: none. */
  readonly llmModel: string | undefined;
  readonly controls: Controls;
}

/** Up to where things count: the end of the period, or the present moment while it runs. */
export function endOf({ period, at }: Pick<ReportContext, "period" | "at">): number {
  return Math.min(period.to, at);
}

/** Whether a moment lies in the period, as far as it has come. */
export function isIn(at: number | undefined, context: Pick<ReportContext, "period" | "at">) {
  return at !== undefined && at >= context.period.from && at < endOf(context);
}
