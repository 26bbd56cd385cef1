// The set `kpi`: the numbers of a KPI document as a row, and the targets that the period is measured against,
// the same as everywhere. A number that the document does not have is missing.
import type { KpiTarget } from "../../../config/kpi.ts";
import type { FigureRow } from "../../store/figure-row.ts";
import type { KpiFigures, KpiPeriod, KpiScope } from "../../store/kpi.ts";
import { targetOfPeriod } from "../../store/kpi-target.ts";
import { hasContent } from "../calculator.ts";

const HOUR_S = 3600;

/** Figures of one scope. */
export interface ScopedFigures {
  readonly scope: KpiScope;
  readonly figures: KpiFigures;
}

/** @param targets in order of their days */
export function kpiRows(
  all: readonly ScopedFigures[],
  granularity: "month" | "quarter",
  period: KpiPeriod,
  { tenant, targets }: { readonly tenant: string; readonly targets: readonly KpiTarget[] },
): FigureRow[] {
  return all.flatMap(({ scope, figures }): FigureRow[] => {
    const isWhole = scope.severity === undefined && scope.category === undefined;
    if (!isWhole && !hasContent(figures)) return [];
    // A target is one of the whole, not of each kind of incident.
    const target = isWhole ? targetOfPeriod(targets, period) : undefined;
    return [
      {
        ...{ tenant, set: "kpi", at: period.from },
        dimensions: {
          granularity,
          ...(scope.severity === undefined ? {} : { severity: scope.severity }),
          ...(scope.category === undefined ? {} : { category: scope.category }),
        },
        measures: present({ ...measuresOf(figures), ...targetMeasures(target) }),
      },
    ];
  });
}

function measuresOf(figures: KpiFigures): Record<string, number | null | undefined> {
  const { corrective, identification, recovery, falseAlarms, containment, headline } = figures;
  const unknown = identification.excluded.find(({ reason }) => reason === "start_unknown");
  return {
    k1MeanS: corrective.meanS,
    k1MedianS: corrective.medianS,
    k1P90S: corrective.p90S,
    k1N: corrective.n,
    k1Open: corrective.open.n,
    k1LowerBoundS: corrective.open.lowerBoundMeanS,
    k1OverdueShare: corrective.overdue.share,
    k2MeanS: identification.meanS,
    k2MedianS: identification.medianS,
    k2P90S: identification.p90S,
    k2N: identification.n,
    k2DetectionS: identification.detection.meanS,
    k2TriageS: identification.triage.meanS,
    k2Unknown: unknown?.n ?? 0,
    k3MeanS: recovery.meanS,
    k3MedianS: recovery.medianS,
    k3P90S: recovery.p90S,
    k3N: recovery.n,
    k3Open: recovery.open.n,
    k3LowerBoundS: recovery.open.lowerBoundMeanS,
    k3ReopenedShare: recovery.reopened.share,
    k4FalseAlarms: falseAlarms?.falseAlarms,
    k4Incidents: falseAlarms?.incidents,
    k4PerIncident: falseAlarms?.perIncident,
    k4PrecisionShare: falseAlarms?.precision,
    k4FalseShare: headline.falsePositiveRate,
    k4Unjudged: falseAlarms?.unjudged,
    k5N: containment.n,
    k5Contained: containment.contained,
    k5Share: containment.share,
    k5LowShare: containment.wilson95?.[0],
    k5HighShare: containment.wilson95?.[1],
  };
}

function targetMeasures(target: KpiTarget | undefined): Record<string, number | undefined> {
  if (target === undefined) return {};
  const seconds = (hours: number | undefined) => (hours === undefined ? undefined : hours * HOUR_S);
  return {
    k1TargetS: seconds(target.correctiveHours),
    k2TargetS: seconds(target.identificationHours),
    k3TargetS: seconds(target.recoveryHours),
    k4Target: target.falseAlarmsPerIncident,
    k5TargetShare: target.containedShare,
  };
}

/** Only numbers that exist. */
export function present(
  measures: Readonly<Record<string, number | null | undefined>>,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(measures)) {
    if (typeof value === "number" && Number.isFinite(value)) found[name] = value;
  }
  return found;
}
