// Wires the report: what it is told by the KPI calculator, the rules, the sources and the configuration. Each
// report has a reading of its own, with the clock stopped, so that all its figures are of one moment.
import type { Config } from "../config/schema.ts";
import type { DetectorInfo } from "../detectors/detector.ts";
import packageJson from "../package.json" with { type: "json" };
import { MonthCalendar, periodBefore } from "./kpi/period.ts";
import { createKpiLink } from "./kpi-link.ts";
import { clockProfiles } from "./legal-clocks.ts";
import type { ReportContext, ReportKpi, ReportSource } from "./report/context.ts";
import { type Controls, readControls } from "./report/controls.ts";
import { kpiTargetsOf, timeZonesOf } from "./run.ts";
import type { KpiPeriod } from "./store/kpi.ts";
import type { Store } from "./store/store.ts";

const SECOND_MS = 1000;

export interface ReportLinkParts {
  readonly store: Store;
  readonly config: Config;
  /** Paths of the configuration made absolute. */
  readonly at: (path: string) => string;
  /** Rules of the running service. */
  readonly rules: () => {
    readonly rules: readonly DetectorInfo[];
    readonly faults: number;
    readonly leftOut: number;
  };
  readonly sources: (tenant: string) => Promise<readonly ReportSource[]>;
}

/**
 * What a report of a tenant and period is made from.
 * @param at the moment that it tells of, ms UTC
 * @throws AppError HW_REQUEST_INVALID for what is no period, HW_CONFIG_INVALID for a mapping that can't be read
 */
export function reportContext(
  parts: ReportLinkParts,
  tenantId: string,
  period: string,
  at: number,
): ReportContext {
  const { store, config } = parts;
  const tenant = config.tenants.find(({ id }) => id === tenantId);
  if (tenant === undefined) throw new TypeError("only configured tenants are asked for");
  const kpi = reportKpi(parts, tenantId, at);
  const { paging, retention, llm } = config;
  return {
    ...{ tenant, period: kpi.period(period), at, version: packageJson.version, store, kpi },
    rules: async () => parts.rules(),
    sources: () => parts.sources(tenantId),
    paging: paging.tenants[tenantId],
    clocks: clockProfiles(config)(tenantId),
    retention,
    llmModel: llm.url === undefined ? undefined : llm.model,
    controls: controlsOf(parts),
  };
}

function reportKpi({ store, config }: ReportLinkParts, tenant: string, at: number): ReportKpi {
  const timeZoneOf = timeZonesOf(config);
  // Made anew for each report: what it reads is read once, and not what somebody heard a while ago.
  const targetsOf = kpiTargetsOf(config);
  const link = createKpiLink({ store, timeZoneOf, targetsOf, now: () => at });
  return {
    period: (name) => link.period(tenant, { period: name }),
    before: periodBefore,
    monthsOf,
    figures: (period, scope) => link.figures(tenant, period, scope),
    review: (period) => link.review(tenant, period),
    tuning: (period, per) => link.tuning(tenant, period, per),
    published: () => link.published(tenant),
  };
}

function monthsOf({ from, to, timeZone }: KpiPeriod): KpiPeriod[] {
  const calendar = new MonthCalendar(timeZone);
  const first = calendar.monthOf(from / SECOND_MS);
  const last = calendar.monthOf(to / SECOND_MS - 1);
  if (first === last) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => calendar.periodOf(first + index));
}

function controlsOf({ config, at }: ReportLinkParts): Controls {
  const { controlsFile } = config.report;
  return controlsFile === undefined ? readControls() : readControls(at(controlsFile));
}
